// SPDX-License-Identifier: MIT
// The table of the API's request fields: the one place where types, ranges and defaults stand.
#pragma once

#include <venice/request.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

struct venice_parameter {
    const char* name;
    std::int32_t type;
    const char* unit;
    const char* default_json;  // null: none, or the model decides
    const char* summary;
    double minimum = 0;
    double maximum = 0;  // both 0: no bounds
    bool minimum_excluded = false;
    std::span<const char* const> choices = {};

    bool has_bounds() const { return minimum != 0 || maximum != 0; }
};

namespace venice {

std::span<const venice_parameter> parameters();

// Null if there is none.
const venice_parameter* find_parameter(std::string_view name);

// "a whole number from 1 to 1280 (px)", "one of png, jpeg, webp", …: for sentences that say what is allowed.
std::string allowed_values(const venice_parameter& parameter);

}  // namespace venice
