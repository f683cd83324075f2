// SPDX-License-Identifier: MIT
// CMocka for C++, and what several of these tests need.
#pragma once

// clang-format off: cmocka.h wants these before it; its macro fail() must not meet the member of that name in <ios>
#include <ios>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <csetjmp>

extern "C" {
#include <cmocka.h>
}
// clang-format on

#include <string>
#include <string_view>
#include <vector>

#include "response/image_bytes.hpp"
#include "support/error.hpp"

using Bytes = std::vector<std::uint8_t>;

inline Bytes bytes_of(std::string_view text) { return Bytes(text.begin(), text.end()); }

inline Bytes bytes_of(const venice::ImageBytes& image) { return Bytes(image.bytes().begin(), image.bytes().end()); }

inline void expect_text(const std::string& actual, const std::string& expected) { assert_string_equal(actual.c_str(), expected.c_str()); }

inline void expect_contains(const std::string& text, const std::string& part) {
    if (text.find(part) == std::string::npos) {
        fail_msg("\"%s\" is not in \"%s\"", part.c_str(), text.c_str());
    }
}

inline void expect_lacks(const std::string& text, const std::string& part) {
    if (text.find(part) != std::string::npos) {
        fail_msg("\"%s\" is in \"%s\"", part.c_str(), text.c_str());
    }
}

// What the action throws; status VENICE_OK if it throws nothing.
template <typename Action>
venice::ErrorInfo error_of(Action&& action) {
    try {
        action();
    } catch (const venice::Error& error) {
        return error.info();
    }
    venice::ErrorInfo none;
    none.status = VENICE_OK;
    return none;
}
