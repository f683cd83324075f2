// SPDX-License-Identifier: MIT
#include "ui/text_format.hpp"

#include <algorithm>
#include <cmath>

#include "i18n.hpp"
#include "ui/glib_support.hpp"

namespace venice_gimp {

namespace {

constexpr double cent_slack = 1e-6;  // 3 × 0.01 is a little more than 0.03

// Translators: an amount of US dollars.
std::string format_cents(double cents) { return format(_("$%.2f"), cents / 100.0); }

double megabytes(std::int64_t bytes) { return static_cast<double>(bytes) / 1e6; }

}  // namespace

std::string format_price(double usd) { return format_cents(std::ceil(usd * 100.0 - cent_slack)); }

std::string format_balance(double usd) { return format_cents(std::floor(usd * 100.0 + cent_slack)); }

std::string format_elapsed(double seconds) {
    const int whole = static_cast<int>(std::clamp(seconds, 0.0, 359999.0));
    // Translators: minutes and seconds.
    return format(_("%d:%02d"), whole / 60, whole % 60);
}

std::string format_time(std::int64_t time_us) {
    using Time = std::unique_ptr<GDateTime, void (*)(GDateTime*)>;
    const Time time(g_date_time_new_from_unix_local(time_us / G_USEC_PER_SEC), g_date_time_unref);
    const Time now(g_date_time_new_now_local(), g_date_time_unref);
    const bool is_today = g_date_time_get_year(time.get()) == g_date_time_get_year(now.get()) &&
                          g_date_time_get_day_of_year(time.get()) == g_date_time_get_day_of_year(now.get());
    // Translators: a time, and a day with a time, for g_date_time_format().
    const GFreePtr<char> text(g_date_time_format(time.get(), is_today ? _("%H:%M") : _("%b %e, %H:%M")));
    return text ? text.get() : "";
}

std::string format_megabytes(std::int64_t received, std::int64_t total) {
    if (total <= 0) {
        return format(_("%.1f MB"), megabytes(received));
    }
    return format(_("%.1f of %.1f MB"), megabytes(received), megabytes(total));
}

}  // namespace venice_gimp
