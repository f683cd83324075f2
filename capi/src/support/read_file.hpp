// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace venice {

// The whole of a regular file; nothing if it has more than `most` bytes. Throws Error (FILE) if it cannot be read.
std::optional<std::string> read_file(const std::string& path, std::uintmax_t most);

}  // namespace venice
