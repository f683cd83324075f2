// SPDX-License-Identifier: MIT
#include "store/run_id.hpp"

#include <glib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <random>
#include <string_view>

namespace venice_gimp {
namespace {

constexpr std::string_view time_shape = "00000000-000000-000000";  // of an id: date, time of day, microseconds

std::string time_part(const std::string& id) {
    return id.substr(0, time_shape.size());
}

bool has_time(const std::string& id) {
    const auto fits = [](char c, char shape) { return shape == '0' ? g_ascii_isdigit(c) != 0 : c == shape; };
    const std::string time = time_part(id);
    return time.size() == time_shape.size() && std::equal(time.begin(), time.end(), time_shape.begin(), fits);
}

// The next in the order of ids. It need be no time: after 59 seconds comes 60.
std::string counted_up(std::string time) {
    for (auto digit = time.rbegin(); digit != time.rend(); ++digit) {
        if (*digit >= '0' && *digit < '9') {
            ++*digit;
            break;
        }
        *digit = *digit == '9' ? '0' : *digit;
    }
    return time;
}

std::string time_now() {
    struct Unref {
        void operator()(GDateTime* time) const noexcept { g_date_time_unref(time); }
    };
    const std::unique_ptr<GDateTime, Unref> now(g_date_time_new_now_utc());
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d%02d%02d-%02d%02d%02d-%06d", g_date_time_get_year(now.get()),
                  g_date_time_get_month(now.get()), g_date_time_get_day_of_month(now.get()), g_date_time_get_hour(now.get()),
                  g_date_time_get_minute(now.get()), g_date_time_get_second(now.get()), g_date_time_get_microsecond(now.get()));
    return text.data();
}

}  // namespace

std::string new_run_id(const std::vector<std::string>& earlier) {
    const auto latest = std::find_if(earlier.rbegin(), earlier.rend(), has_time);
    std::string time = time_now();
    if (latest != earlier.rend() && time_part(*latest) >= time) {
        time = counted_up(time_part(*latest));
    }
    std::array<char, 16> unique{};
    std::snprintf(unique.data(), unique.size(), "-%08x", static_cast<unsigned>(std::random_device()()));
    return time + unique.data();
}

bool is_run_id(const std::string& name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return g_ascii_isalnum(c) != 0 || c == '-'; });
}

}  // namespace venice_gimp
