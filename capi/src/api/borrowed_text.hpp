// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace venice {

// What an accessor lends: null for a text that there is not.
inline const char* text_or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

}  // namespace venice
