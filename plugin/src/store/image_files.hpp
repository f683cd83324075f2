// SPDX-License-Identifier: MIT
// How the files of one image are called in its run's folder, and what is in them by their first bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace venice_gimp {

constexpr std::array<const char*, 4> image_extensions = {"png", "jpg", "webp", "bin"};
constexpr std::size_t longest_signature = 12;  // of those

// Of a file with these bytes.
std::string extension_of(std::span<const std::uint8_t> bytes);

// A PNG of the size that thumbnails have.
bool is_thumbnail(std::span<const std::uint8_t> png);

// What the names of all files of an image start with.
std::string stem(const std::string& run_folder, std::size_t index);

// Of the bytes as they came; not set if there are none.
std::optional<std::string> image_path(const std::string& stem);

}  // namespace venice_gimp
