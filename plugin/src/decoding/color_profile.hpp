// SPDX-License-Identifier: MIT
#pragma once

#include "decoding/decoded_image.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace venice_gimp {

/// Whether the header of an ICC profile is sound and speaks of the image's kind of colours. GIMP
/// ignores a profile for other colours (a CMYK profile in an RGB image) and takes the image as sRGB.
bool profile_suits(std::span<const std::byte> profile, Channels channels);

/// CIE xy coordinates.
struct Chromaticity {
    double x;
    double y;
};

struct Primaries {
    Chromaticity white;
    Chromaticity red;
    Chromaticity green;
    Chromaticity blue;
};

/// What a PNG says about its colours in gAMA and cHRM chunks.
struct Colorimetry {
    std::optional<double> gamma; ///< of the file: 0.45455 for a usual picture; none: sRGB's curve
    std::optional<Primaries> primaries; ///< none: those of sRGB
};

/// Writes an ICC profile that says the same. Empty if the numbers describe no real colours.
std::vector<std::byte> profile_from_colorimetry(const Colorimetry& colorimetry, Channels channels);

} // namespace venice_gimp
