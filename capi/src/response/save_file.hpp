// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace venice {

// Whole or not at all: into a new file in the same folder, which then takes the path. Throws Error (FILE).
// Who may read it is for the user's umask to say, unless it is private: then nobody else may.
enum class Access { by_umask, only_owner };
void save_file(const std::string& path, std::span<const std::uint8_t> bytes, Access access = Access::by_umask);

}  // namespace venice
