// SPDX-License-Identifier: MIT
// From a wanted size to what is asked of a model, and from there to the size that comes out.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "catalog/model_info.hpp"
#include "request/request.hpp"

namespace venice {

struct PictureSize {
    std::int32_t width = 0;
    std::int32_t height = 0;
    bool exact = false;  // false: the provider rounds as it likes
};

// Sets width and height, or aspect_ratio, as the model wants it, and removes what it does not use for its size. With `raise_tier` also the smallest resolution
// that covers the wanted size (the largest, if none does); else the resolution stays as it is.
void fit_size(Request& request, const ModelInfo& model, std::int32_t width, std::int32_t height, bool raise_tier);

// What comes out; of a request without any size where `request` is null. Nothing if it cannot be known.
std::optional<PictureSize> output_size(const ModelInfo& model, const Request* request);

// "3:2" as 1.5. Nothing for texts such as "auto". Only for choosing and showing: what a model takes is what its list says.
std::optional<double> ratio_value(std::string_view ratio);

}  // namespace venice
