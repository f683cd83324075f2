// SPDX-License-Identifier: MIT
// What a server, a script or a file says, made fit to be shown to a person. Nothing shown is ever markup: widgets get it as plain text.
#pragma once

#include <cstddef>
#include <string>

namespace venice_gimp {

// Lengths in characters; more has no room, or would be no name any more.
constexpr std::size_t longest_shown_name = 100;
constexpr std::size_t longest_shown_sentence = 1000;
constexpr std::size_t longest_shown_text = 20'000;

// One line: control characters and line breaks become spaces, and what turns the direction of the text around it (embeddings, overrides, isolates: they
// can make a text read as another one) is taken out. The marks that only help Hebrew and Arabic (U+200E, U+200F, U+061C) stay.
// Broken UTF-8 becomes U+FFFD. It is cut after `most_characters`.
std::string shown_line(const std::string& text, std::size_t most_characters);

// The same with line breaks and tabs kept.
std::string shown_text(const std::string& text, std::size_t most_characters);

// Turns the direction of the text behind it, until it is closed or the paragraph ends.
bool turns_direction(char32_t character);

}  // namespace venice_gimp
