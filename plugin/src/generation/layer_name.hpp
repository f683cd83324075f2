// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace venice_gimp {

// "a red fox in the snow (seed 42)": one line of valid UTF-8, with no more of the prompt than a list of layers has room for.
std::string layer_name(const std::string& prompt, std::int64_t seed);

// The same as the name of a file that is offered to the user: never a path, hidden, or longer than file systems take. `extension`: ".png".
std::string file_name(const std::string& prompt, std::int64_t seed, const std::string& extension);

// The prompt as such a line alone, for the group of a run's layers.
std::string short_prompt(const std::string& prompt);

}  // namespace venice_gimp
