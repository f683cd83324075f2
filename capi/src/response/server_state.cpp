// SPDX-License-Identifier: MIT
#include "response/server_state.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cmath>

#include "support/text.hpp"

namespace venice {
namespace {

// Larger than any time in seconds that can be meant (the year 5138), smaller than any in milliseconds (1973).
constexpr double first_milliseconds = 1e11;

// Numbers far outside what a header can mean say nothing.
constexpr double largest = 1e15;

std::optional<double> number_header(const Headers& headers, std::string_view name) {
    const char* text = headers.find(name);
    const auto value = text != nullptr ? parse_double(text) : std::nullopt;
    return value && std::isfinite(*value) && std::abs(*value) < largest ? value : std::nullopt;
}

std::optional<std::int64_t> count_header(const Headers& headers, std::string_view name) {
    const auto value = number_header(headers, name);
    return value && *value >= 0 ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt;
}

// Unix time in milliseconds, as are the others.
std::optional<std::int64_t> reset_header_ms(const Headers& headers) {
    const auto reset = number_header(headers, "x-ratelimit-reset-requests");
    if (!reset || *reset <= 0) {
        return std::nullopt;
    }
    // One of the vendor's pages says seconds, another milliseconds.
    return static_cast<std::int64_t>(*reset < first_milliseconds ? *reset * 1000 : *reset);
}

// An HTTP date (RFC 9110), in any of its three forms.
std::optional<std::int64_t> parse_http_date(const char* text) {
    const time_t seconds = text != nullptr ? curl_getdate(text, nullptr) : -1;  // independent of the locale, and takes all the forms
    return seconds > 0 ? std::optional(static_cast<std::int64_t>(seconds) * 1000) : std::nullopt;
}

// Until then from now, by the server's own clock where the answer tells it.
std::int64_t wait_ms(const Headers& headers, std::int64_t until_ms, std::int64_t now_ms) {
    return until_ms - parse_http_date(headers.find("Date")).value_or(now_ms);
}

}  // namespace

ServerState read_server_state(const Headers& headers) {
    ServerState state;
    state.balance_usd = number_header(headers, "x-venice-balance-usd");
    state.balance_diem = number_header(headers, "x-venice-balance-diem");
    state.limit_requests = count_header(headers, "x-ratelimit-limit-requests");
    state.remaining_requests = count_header(headers, "x-ratelimit-remaining-requests");
    state.reset_requests_ms = reset_header_ms(headers);
    return state;
}

std::optional<std::int64_t> retry_after_ms(const Headers& headers, std::int64_t now_ms) {
    const char* text = headers.find("Retry-After");
    if (text == nullptr) {
        return std::nullopt;
    }
    constexpr double longest_seconds = 365.0 * 24 * 3600;
    if (const auto seconds = parse_double(text)) {
        return *seconds >= 0 && *seconds <= longest_seconds ? std::optional(static_cast<std::int64_t>(std::llround(*seconds * 1000))) : std::nullopt;
    }
    const auto until = parse_http_date(text);
    if (!until) {
        return std::nullopt;
    }
    return std::max<std::int64_t>(0, wait_ms(headers, *until, now_ms));
}

std::optional<std::int64_t> until_reset_ms(const Headers& headers, std::int64_t now_ms) {
    const auto reset = reset_header_ms(headers);
    const std::int64_t wait = reset ? wait_ms(headers, *reset, now_ms) : 0;
    return wait > 0 ? std::optional(wait) : std::nullopt;
}

}  // namespace venice
