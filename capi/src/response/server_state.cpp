// SPDX-License-Identifier: MIT
#include "response/server_state.hpp"

#include <curl/curl.h>

#include <cmath>
#include <string>

#include "support/text.hpp"

namespace venice {
namespace {

// Larger than any time in seconds that can be meant (the year 5138), smaller than any in milliseconds (1973).
constexpr double first_milliseconds = 1e11;

// Numbers far outside what a header can mean say nothing.
constexpr double largest = 1e15;

std::optional<double> number_header(const Headers& headers, std::string_view name) {
    const std::string* text = headers.find(name);
    const auto value = text != nullptr ? parse_double(*text) : std::nullopt;
    return value && std::isfinite(*value) && std::abs(*value) < largest ? value : std::nullopt;
}

std::optional<std::int64_t> count_header(const Headers& headers, std::string_view name) {
    const auto value = number_header(headers, name);
    return value && *value >= 0 ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_http_date(std::string_view text) {
    const time_t seconds = curl_getdate(std::string(text).c_str(), nullptr);  // independent of the locale, and takes all the forms
    return seconds > 0 ? std::optional(static_cast<std::int64_t>(seconds) * 1000) : std::nullopt;
}

ServerState read_server_state(const Headers& headers) {
    ServerState state;
    state.balance_usd = number_header(headers, "x-venice-balance-usd");
    state.balance_diem = number_header(headers, "x-venice-balance-diem");
    state.limit_requests = count_header(headers, "x-ratelimit-limit-requests");
    state.remaining_requests = count_header(headers, "x-ratelimit-remaining-requests");
    // One of the vendor's pages says Unix seconds, another milliseconds.
    if (const auto reset = number_header(headers, "x-ratelimit-reset-requests"); reset && *reset > 0) {
        state.reset_requests_ms = static_cast<std::int64_t>(*reset < first_milliseconds ? *reset * 1000 : *reset);
    }
    if (const std::string* date = headers.find("Date")) {
        state.date_ms = parse_http_date(*date);
    }
    return state;
}

std::optional<std::int64_t> retry_after_ms(const Headers& headers, std::int64_t now_ms) {
    const std::string* text = headers.find("Retry-After");
    if (text == nullptr) {
        return std::nullopt;
    }
    constexpr double longest_seconds = 365.0 * 24 * 3600;
    if (const auto seconds = parse_double(*text)) {
        return *seconds >= 0 && *seconds <= longest_seconds ? std::optional(static_cast<std::int64_t>(std::llround(*seconds * 1000))) : std::nullopt;
    }
    const auto until = parse_http_date(*text);
    if (!until) {
        return std::nullopt;
    }
    const std::int64_t wait = *until - read_server_state(headers).date_ms.value_or(now_ms);
    return wait < 0 ? 0 : wait;
}

std::optional<std::int64_t> until_reset_ms(const ServerState& state, std::int64_t now_ms) {
    if (!state.reset_requests_ms) {
        return std::nullopt;
    }
    const std::int64_t wait = *state.reset_requests_ms - state.date_ms.value_or(now_ms);
    return wait > 0 ? std::optional(wait) : std::nullopt;
}

}  // namespace venice
