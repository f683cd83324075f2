// SPDX-License-Identifier: MIT
// When requests may be sent, and sent again: what the server said about its limits, for all requests of a client that use the same key.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string_view>

#include "response/headers.hpp"
#include "response/server_state.hpp"
#include "support/secret.hpp"

namespace venice {

class Pacer {
public:
    using Clock = std::chrono::steady_clock;
    using TimePoint = Clock::time_point;
    using Milliseconds = std::chrono::milliseconds;

    // `random`: from 0 to below 1.
    explicit Pacer(std::function<double()> random) : random_(std::move(random)) {}

    // Until when a request with this key should be held back; nothing if it may be sent now. `images`: how many it asks for, as the limit counts them.
    std::optional<TimePoint> hold(std::string_view key, std::int64_t images, TimePoint now);

    // Each request that was started ends once. `http_status` 0: without an answer.
    void started(std::string_view key, std::int64_t images);
    void ended(std::string_view key, long http_status, const Headers& headers, Milliseconds longest_wait, TimePoint now);

    // How long to wait before the request is sent once more, after `tries` of it were answered like this. Nothing: not again, because the server did not
    // say that it left the request undone, or wants a longer wait than `longest_wait`.
    std::optional<Milliseconds> wait_before_retry(long http_status, const Headers& headers, int tries, Milliseconds longest_wait) const;

private:
    struct Lane {
        TimePoint paused_until{};
        std::optional<std::int64_t> remaining;  // requests in the server's current period
        TimePoint reset_at{};                   // when that period ends
        std::deque<TimePoint> failures;         // of the last half minute
        int in_flight = 0;
    };

    static void forget_old_failures(Lane& lane, TimePoint now);
    static void read_limit(Lane& lane, const Headers& headers, TimePoint now);

    Lane& lane_of(std::string_view key);

    std::function<double()> random_;
    std::map<Secret, Lane, SecretLess> lanes_;  // by key
};

}  // namespace venice
