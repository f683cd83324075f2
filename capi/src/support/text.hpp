// SPDX-License-Identifier: MIT
// UTF-8 and number text. Nothing here depends on the locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace venice {

bool is_valid_utf8(std::string_view text);

// As texts of this library are, which end at the first NUL.
bool is_utf8_without_nul(std::string_view text);

// Broken UTF-8 becomes U+FFFD, byte by byte.
std::string as_valid_utf8(std::string_view text);

// Code points, not bytes: the API counts its limits in characters. The text must be valid UTF-8.
std::size_t character_count(std::string_view text);

// Text of a server made fit for showing in one line: control and bidirectional override characters become spaces, broken UTF-8 becomes U+FFFD,
// and it is cut after `max_characters`.
std::string displayable(std::string_view text, std::size_t max_characters);

std::string percent_decoded(std::string_view text);

bool equals_ignoring_case(std::string_view a, std::string_view b);  // ASCII only, as header names are
bool contains_ignoring_case(std::string_view text, std::string_view part);  // the same
std::string_view trimmed(std::string_view text);

std::optional<double> parse_double(std::string_view text);
std::optional<std::int64_t> parse_int(std::string_view text);
std::string number_text(double value);

// "a, b, c"
template <typename Range>
std::string joined(const Range& items) {
    std::string text;
    for (const auto& item : items) {
        text += text.empty() ? "" : ", ";
        text += item;
    }
    return text;
}

}  // namespace venice
