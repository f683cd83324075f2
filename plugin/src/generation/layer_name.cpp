// SPDX-License-Identifier: MIT
#include "generation/layer_name.hpp"

#include <glib.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "generation/shown_text.hpp"
#include "i18n.hpp"

namespace venice_gimp {
namespace {

constexpr std::size_t longest_prompt_part = 60;  // characters
constexpr std::size_t longest_file_stem = 200;    // bytes; most file systems take 255 for the whole name

using Text = std::unique_ptr<char, decltype(&g_free)>;

bool joins_previous(gunichar character) {
    constexpr gunichar zero_width_joiner = 0x200D;
    return g_unichar_ismark(character) || character == zero_width_joiner;
}

// Characters of the prompt; white space and control characters, also several in a row, are one space.
std::vector<gunichar> single_line(const std::string& prompt) {
    const Text valid(g_utf8_make_valid(prompt.data(), static_cast<gssize>(prompt.size())), g_free);
    std::vector<gunichar> line;
    bool space_pending = false;
    for (const char* at = valid.get(); *at != '\0'; at = g_utf8_next_char(at)) {
        const gunichar character = g_utf8_get_char(at);
        if (turns_direction(character)) {
            continue;
        }
        if (g_unichar_isspace(character) || g_unichar_iscntrl(character)) {
            space_pending = !line.empty();
            continue;
        }
        if (space_pending) {
            line.push_back(' ');
            space_pending = false;
        }
        line.push_back(character);
    }
    return line;
}

// Where to cut: behind a word if one ends in the second half, and never between a letter and its accents.
std::size_t cut_position(const std::vector<gunichar>& line) {
    for (std::size_t at = longest_prompt_part; at > longest_prompt_part / 2; --at) {
        if (line[at] == ' ') {
            return at;
        }
    }
    std::size_t at = longest_prompt_part;
    while (at > 1 && (joins_previous(line[at]) || line[at - 1] == 0x200D)) {
        --at;
    }
    return at;
}

void append_character(std::string& text, gunichar character) {
    char bytes[6];
    text.append(bytes, static_cast<std::size_t>(g_unichar_to_utf8(character, bytes)));
}

std::string shortened(const std::vector<gunichar>& line) {
    const bool fits = line.size() <= longest_prompt_part;
    const std::size_t length = fits ? line.size() : cut_position(line);
    std::string text;
    for (std::size_t at = 0; at < length; ++at) {
        append_character(text, line[at]);
    }
    return fits ? text : text + "…";
}

}  // namespace

std::string short_prompt(const std::string& prompt) {
    return shortened(single_line(prompt));
}

std::string layer_name(const std::string& prompt, std::int64_t seed) {
    const std::string seed_text = std::to_string(seed);  // not by printf: never with the locale's digits or separators
    // Translators: the name of a layer; the first %s is the prompt that it was made from, the second one a number.
    const Text name(g_strdup_printf(_("%s (seed %s)"), short_prompt(prompt).c_str(), seed_text.c_str()), g_free);
    return name.get();
}

std::string file_name(const std::string& prompt, std::int64_t seed, const std::string& extension) {
    std::string name = layer_name(prompt, seed);
    std::replace_if(name.begin(), name.end(), [](char c) { return std::string_view("/\\:").find(c) != std::string_view::npos; }, '-');
    name.erase(0, std::min(name.find_first_not_of(". "), name.size()));  // a leading dot hides the file, and two of them are a folder
    if (name.size() > longest_file_stem) {
        const char* cut = g_utf8_find_prev_char(name.c_str(), name.c_str() + longest_file_stem + 1);
        name.resize(static_cast<std::size_t>(cut - name.c_str()));
        name += " (" + std::to_string(seed) + ")";
    }
    return name + extension;
}

}  // namespace venice_gimp
