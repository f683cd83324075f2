// SPDX-License-Identifier: MIT
// CMocka's header as it wants to be included from C++.
#pragma once

// clang-format off: the order matters
#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>

extern "C" {
#include <cmocka.h>
}
// clang-format on

// Macros of these names break the standard library's headers, and ours.
#undef fail
#undef stop

#include <string>

inline void assert_text(const std::string& actual, const char* expected) {
    assert_string_equal(actual.c_str(), expected);
}
