// SPDX-License-Identifier: MIT
#pragma once

#include "decoding/pixel_bytes.hpp"

#include <cstddef>
#include <vector>

namespace venice_gimp {

enum class Channels { gray, gray_alpha, rgb, rgb_alpha };

constexpr int channel_count(Channels channels)
{
    switch (channels) {
    case Channels::gray:
        return 1;
    case Channels::gray_alpha:
        return 2;
    case Channels::rgb:
        return 3;
    case Channels::rgb_alpha:
        break;
    }
    return 4;
}

constexpr bool is_gray(Channels channels)
{
    return channels == Channels::gray || channels == Channels::gray_alpha;
}

constexpr bool has_alpha(Channels channels)
{
    return channels == Channels::gray_alpha || channels == Channels::rgb_alpha;
}

/// A picture ready to become a layer: upright, 8 bits per channel, alpha not premultiplied,
/// rows without padding, the top row first.
struct DecodedImage {
    int width = 0;
    int height = 0;
    Channels channels = Channels::rgb;
    PixelBytes pixels;
    std::vector<std::byte> icc_profile; ///< empty: sRGB
};

} // namespace venice_gimp
