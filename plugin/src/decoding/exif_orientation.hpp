// SPDX-License-Identifier: MIT
#pragma once

#include "decoding/decoded_image.hpp"

#include <cstddef>
#include <span>

namespace venice_gimp {

/// Where the stored top row and left column belong in the upright picture; the values of the EXIF tag.
/// The names say what has to be done to the stored pixels.
enum class Orientation {
    upright = 1,
    mirror = 2,
    rotate_180 = 3,
    flip = 4,
    transpose = 5,
    rotate_90_clockwise = 6,
    transverse = 7,
    rotate_90_counterclockwise = 8
};

/// Reads the orientation from an EXIF block (a TIFF structure, with or without "Exif\0\0" before it).
/// A block that is damaged or does not say is upright: a broken note is no reason to lose a picture.
Orientation exif_orientation(std::span<const std::byte> exif);

/// Turns the stored pixels upright.
DecodedImage turned_upright(DecodedImage stored, Orientation orientation);

} // namespace venice_gimp
