// SPDX-License-Identifier: MIT
#include "generation/shown_text.hpp"

#include <glib.h>

#include <memory>

namespace venice_gimp {
namespace {

bool is_line_break(gunichar character) {
    constexpr gunichar line_separator = 0x2028;
    constexpr gunichar paragraph_separator = 0x2029;
    return character == '\n' || character == '\r' || character == line_separator || character == paragraph_separator;
}

void append(std::string& text, gunichar character) {
    char bytes[6];
    text.append(bytes, static_cast<std::size_t>(g_unichar_to_utf8(character, bytes)));
}

void append_shown(std::string& shown, gunichar character, bool keep_lines) {
    constexpr gunichar byte_order_mark = 0xFEFF;
    if (turns_direction(character) || character == byte_order_mark) {
        return;
    }
    const bool is_layout = character == '\n' || character == '\t';
    if (keep_lines && is_layout) {
        append(shown, character);
    } else {
        append(shown, g_unichar_iscntrl(character) || is_line_break(character) ? ' ' : character);
    }
}

std::string shown(const std::string& text, std::size_t most_characters, bool keep_lines) {
    const std::unique_ptr<char, decltype(&g_free)> valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())), g_free);
    std::string shown;
    std::size_t count = 0;
    for (const char* at = valid.get(); *at != '\0'; at = g_utf8_next_char(at), ++count) {
        if (count == most_characters) {
            return shown + "…";
        }
        append_shown(shown, g_utf8_get_char(at), keep_lines);
    }
    return shown;
}

}  // namespace

std::string shown_line(const std::string& text, std::size_t most_characters) {
    return shown(text, most_characters, false);
}

std::string shown_text(const std::string& text, std::size_t most_characters) {
    return shown(text, most_characters, true);
}

bool turns_direction(char32_t character) {
    return (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
}

}  // namespace venice_gimp
