// SPDX-License-Identifier: MIT
// Which size suits a target: plain numbers, no widgets.
#pragma once

#include <string>
#include <vector>

namespace venice_gimp {

struct PixelSize {
    int width = 0;
    int height = 0;
    bool operator==(const PixelSize&) const = default;
};

// The highest side that the API takes. Asked from the library's table.
int largest_side();

// About a megapixel in the target's ratio, within the limits, both sides multiples of the divisor. A target of 0 × 0 is a square.
PixelSize pixel_size_for(PixelSize target, int divisor);

// The one of the server's ratios ("16:9") that is nearest to the target's; the fallback if there is no target or none is a ratio.
// Ratios are the server's own texts: they are read here only to suggest one.
std::string nearest_ratio(const std::vector<std::string>& ratios, PixelSize target, const std::string& fallback);

// A size of the shape of "16:9", to be drawn; 0 × 0 for "auto" and whatever else is no ratio.
PixelSize size_of_ratio(const std::string& ratio);

}  // namespace venice_gimp
