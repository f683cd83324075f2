// SPDX-License-Identifier: MIT
#include "http/pacer.hpp"

#include <algorithm>

#include "support/clock.hpp"

namespace venice {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The vendor locks a key for 30 seconds after more than 20 failed requests (one page says 50) within 30 seconds.
constexpr auto failure_window = seconds(30);
constexpr std::size_t failures_allowed = 20;
// So many of them make it likely that the next ones fail too: from here on, those in flight are counted as if they did.
constexpr std::size_t failures_that_tell = 10;

constexpr milliseconds default_wait_when_limited = seconds(30);  // the vendor's default where 429 comes without Retry-After
constexpr milliseconds first_backoff = seconds(1);
constexpr milliseconds longest_backoff = seconds(30);
constexpr milliseconds most_jitter = milliseconds(400);  // on top of what the server asked for, so that several clients do not come at once

// Two answers tell of the same period if its ends differ by no more than the clocks' resolution.
constexpr auto same_period = seconds(2);

constexpr long too_many_requests = 429;
constexpr long unavailable = 503;

std::optional<milliseconds> asked_wait(long http_status, const Headers& headers) {
    const std::int64_t now_ms = unix_time_ms();
    if (const auto wait = retry_after_ms(headers, now_ms)) {
        return milliseconds(*wait);
    }
    const auto until_reset = until_reset_ms(headers, now_ms);
    if (http_status == too_many_requests && read_server_state(headers).remaining_requests == 0 && until_reset) {
        return milliseconds(*until_reset);
    }
    return std::nullopt;
}

}  // namespace

std::optional<Pacer::TimePoint> Pacer::hold(std::string_view key, std::int64_t images, TimePoint now) {
    const auto found = lanes_.find(key);
    if (found == lanes_.end()) {
        return std::nullopt;
    }
    Lane& lane = found->second;
    TimePoint until = lane.paused_until;
    if (lane.remaining && *lane.remaining < images) {
        until = std::max(until, lane.reset_at);
    }
    forget_old_failures(lane, now);
    const std::size_t failures = lane.failures.size();
    if (failures >= failures_that_tell && failures + static_cast<std::size_t>(lane.in_flight) >= failures_allowed) {
        until = std::max(until, lane.failures.front() + failure_window);
    }
    return until > now ? std::optional(until) : std::nullopt;
}

Pacer::Lane& Pacer::lane_of(std::string_view key) {
    const auto found = lanes_.find(key);
    return found != lanes_.end() ? found->second : lanes_.emplace(Secret(key), Lane()).first->second;
}

void Pacer::started(std::string_view key, std::int64_t images) {
    Lane& lane = lane_of(key);
    ++lane.in_flight;
    if (lane.remaining) {
        *lane.remaining = std::max<std::int64_t>(0, *lane.remaining - images);
    }
}

void Pacer::ended(std::string_view key, long http_status, const Headers& headers, Milliseconds longest_wait, TimePoint now) {
    Lane& lane = lane_of(key);
    --lane.in_flight;
    forget_old_failures(lane, now);
    if (http_status >= 400) {
        lane.failures.push_back(now);
    }
    read_limit(lane, headers, now);
    if (http_status == too_many_requests) {
        const Milliseconds wait = asked_wait(http_status, headers).value_or(std::min(default_wait_when_limited, longest_wait));
        if (wait <= longest_wait) {  // else nobody would wait, and a wrong header must not stop the client
            lane.paused_until = std::max(lane.paused_until, now + wait);
        }
    }
}

void Pacer::forget_old_failures(Lane& lane, TimePoint now) {
    while (!lane.failures.empty() && lane.failures.front() + failure_window <= now) {
        lane.failures.pop_front();
    }
}

// An answer may be older than requests that were sent after its own: of the same period, the lowest count holds.
void Pacer::read_limit(Lane& lane, const Headers& headers, TimePoint now) {
    if (headers.find("x-ratelimit-remaining-requests") == nullptr) {
        return;
    }
    const ServerState state = read_server_state(headers);
    const auto until_reset = until_reset_ms(headers, unix_time_ms());
    if (!state.remaining_requests || !until_reset) {
        return;
    }
    const TimePoint reset_at = now + std::min(Milliseconds(*until_reset), Milliseconds(std::chrono::hours(24)));
    const auto apart = reset_at > lane.reset_at ? reset_at - lane.reset_at : lane.reset_at - reset_at;
    const bool same = lane.remaining && apart <= same_period;
    lane.remaining = same ? std::min(*lane.remaining, *state.remaining_requests) : *state.remaining_requests;
    lane.reset_at = reset_at;
}

std::optional<Pacer::Milliseconds> Pacer::wait_before_retry(long http_status, const Headers& headers, int tries, Milliseconds longest_wait) const {
    if (http_status != too_many_requests && http_status != unavailable) {
        return std::nullopt;
    }
    const auto asked = asked_wait(http_status, headers);
    if (asked && *asked > longest_wait) {
        return std::nullopt;
    }
    const Milliseconds full = std::min(longest_backoff, first_backoff * (1 << std::clamp(tries - 1, 0, 10)));
    const auto backoff = std::chrono::duration_cast<Milliseconds>(full * (0.5 + 0.5 * random_()));
    Milliseconds wait = asked.value_or(http_status == too_many_requests ? default_wait_when_limited : Milliseconds(0));
    if (wait > Milliseconds(0)) {
        wait += std::chrono::duration_cast<Milliseconds>(most_jitter * random_());
    }
    return std::min(std::max(wait, backoff), longest_wait);
}

}  // namespace venice
