// SPDX-License-Identifier: MIT
// The orientation in an EXIF block, and a picture turned by it.
#include "decoding.hpp"

using fuzzing::require;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const venice_gimp::Orientation orientation = venice_gimp::exif_orientation(std::as_bytes(std::span(data, size)));
    require(orientation >= venice_gimp::Orientation::upright && orientation <= venice_gimp::Orientation::rotate_90_counterclockwise,
            "it is one of the eight orientations");
    venice_gimp::DecodedImage stored = venice_gimp::blank_image(3, 2, venice_gimp::Channels::rgb);
    const bool turned = orientation >= venice_gimp::Orientation::transpose;
    const venice_gimp::DecodedImage upright = venice_gimp::turned_upright(std::move(stored), orientation);
    fuzzing::require_whole(upright);
    require(upright.width == (turned ? 2 : 3), "a picture that is turned has its sides swapped");
    return 0;
}
