// SPDX-License-Identifier: MIT
#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <system_error>

namespace venice {
namespace {

constexpr std::string_view replacement_character = "\xEF\xBF\xBD";  // U+FFFD

// Decodes one code point at `position` and moves behind it. On broken input it returns nothing and moves on by one byte.
std::optional<char32_t> next_code_point(std::string_view text, std::size_t& position) {
    const auto byte = [&](std::size_t offset) -> unsigned { return static_cast<unsigned char>(text[position + offset]); };
    const unsigned first = byte(0);
    if (first < 0x80) {
        ++position;
        return first;
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || position + length > text.size()) {
        ++position;
        return std::nullopt;
    }
    char32_t code_point = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) {
            ++position;
            return std::nullopt;
        }
        code_point = (code_point << 6) | (byte(i) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    if (code_point < smallest[length] || code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        ++position;
        return std::nullopt;
    }
    position += length;
    return code_point;
}

// Most texts are ASCII and nothing else: how much of it, from the beginning, is that for certain; in whole steps.
std::size_t ascii_prefix(std::string_view text) {
    constexpr std::uint64_t high_bits = 0x8080808080808080U;
    std::size_t position = 0;
    for (std::uint64_t step = 0; text.size() - position >= sizeof(step); position += sizeof(step)) {
        std::memcpy(&step, text.data() + position, sizeof(step));
        if ((step & high_bits) != 0) {
            break;
        }
    }
    return position;
}

bool is_unfit_for_showing(char32_t c) {
    const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
    const bool bidirectional = c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return control || bidirectional || c == 0xFEFF;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

template <typename Number>
std::optional<Number> parse(std::string_view text) {
    Number value{};
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
    for (std::size_t position = ascii_prefix(text); position < text.size();) {
        if (!next_code_point(text, position)) {
            return false;
        }
    }
    return true;
}

bool is_utf8_without_nul(std::string_view text) { return is_valid_utf8(text) && text.find('\0') == std::string_view::npos; }

std::string as_valid_utf8(std::string_view text) {
    std::string valid;
    for (std::size_t position = 0; position < text.size();) {
        const std::size_t start = position;
        valid += next_code_point(text, position) ? text.substr(start, position - start) : replacement_character;
    }
    return valid;
}

std::size_t character_count(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) {
        count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }
    return count;
}

std::string displayable(std::string_view text, std::size_t max_characters) {
    std::string shown;
    std::size_t count = 0;
    for (std::size_t position = 0; position < text.size(); ++count) {
        if (count == max_characters) {
            return shown + "…";
        }
        const std::size_t start = position;
        const auto code_point = next_code_point(text, position);
        if (!code_point) {
            shown += replacement_character;
        } else if (is_unfit_for_showing(*code_point)) {
            shown += ' ';
        } else {
            shown += text.substr(start, position - start);
        }
    }
    return shown;
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
        if (escape) {
            decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) {
            return false;
        }
    }
    return true;
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

std::string_view trimmed(std::string_view text) {
    const auto is_white = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && is_white(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_white(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

std::optional<double> parse_double(std::string_view text) { return parse<double>(text); }

std::optional<std::int64_t> parse_int(std::string_view text) { return parse<std::int64_t>(text); }

std::string number_text(double value) {
    std::array<char, 32> buffer{};
    const auto [end, problem] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return problem == std::errc{} ? std::string(buffer.data(), end) : std::string();
}

}  // namespace venice
