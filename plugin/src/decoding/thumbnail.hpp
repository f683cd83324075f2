// SPDX-License-Identifier: MIT
#pragma once

#include "decoding/decoded_image.hpp"

#include <cstdint>
#include <vector>

namespace venice_gimp {

/// The picture with its longer side at most `longest_side` pixels, each pixel the mean of those that it stands for; unchanged if it is
/// not larger. Keeps no state: any thread may call it, and for large pictures not the one that draws.
DecodedImage scaled_down(const DecodedImage& picture, int longest_side);

/// A PNG file, for thumbnails: with alpha, without colour profile. Throws std::runtime_error.
std::vector<std::uint8_t> encode_png(const DecodedImage& picture);

/// A picture as cairo draws it: CAIRO_FORMAT_ARGB32, alpha premultiplied, rows without padding.
struct ScreenPicture {
    int width = 0;
    int height = 0;
    std::vector<std::uint32_t> pixels;
};

ScreenPicture for_screen(const DecodedImage& picture);

} // namespace venice_gimp
