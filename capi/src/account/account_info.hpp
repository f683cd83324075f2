// SPDX-License-Identifier: MIT
// What GET /api_keys/rate_limits says of a key. (GET /billing/balance answers ordinary keys with 401, as if they were wrong: it is never asked.)
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venice {

struct RateLimit {
    std::string model;
    std::string type;  // "RPM", "RPD", "TPM", …
    double amount = 0;
};

struct AccountInfo {
    std::optional<bool> access_permitted;
    std::string tier;
    bool is_charged = false;
    std::optional<double> balance_usd;
    std::optional<double> balance_diem;
    std::string key_expiration;  // empty: never
    std::string next_epoch;      // empty: not told
    std::vector<RateLimit> limits;
    std::string json;  // the whole answer's "data"
};

// Throws Error (MALFORMED_RESPONSE). Members that are not known are ignored; one that is missing is unknown, not zero.
AccountInfo read_account(std::string_view body);

}  // namespace venice
