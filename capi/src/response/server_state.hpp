// SPDX-License-Identifier: MIT
// What the headers of any answer tell about the account and its limits.
#pragma once

#include <cstdint>
#include <optional>

#include "response/headers.hpp"

namespace venice {

struct ServerState {
    std::optional<double> balance_usd;  // before the request
    std::optional<double> balance_diem;
    std::optional<std::int64_t> limit_requests;
    std::optional<std::int64_t> remaining_requests;
    std::optional<std::int64_t> reset_requests_ms;  // Unix time
};

ServerState read_server_state(const Headers& headers);

// Retry-After, seconds or a date, as milliseconds from now; a date is seen from the server's own clock where the answer tells it. Nothing if there is
// none that makes sense. `now_ms`: Unix time.
std::optional<std::int64_t> retry_after_ms(const Headers& headers, std::int64_t now_ms);

// How long until the limit is reset, likewise. Nothing if it is not told or past.
std::optional<std::int64_t> until_reset_ms(const Headers& headers, std::int64_t now_ms);

}  // namespace venice
