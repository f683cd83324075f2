// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace venice {

// Whole or not at all: into a new file in the same folder, which then takes the path. Throws Error (FILE).
void save_file(const std::string& path, std::span<const std::uint8_t> bytes);

}  // namespace venice
