// SPDX-License-Identifier: MIT
// Sizes of requests in terms of widgets. The rules are libvenice's; nothing is computed here.
#pragma once

#include "generation/settings.hpp"
#include "generation/venice_handles.hpp"

namespace venice_gimp {

struct PixelSize {
    int width = 0;
    int height = 0;
    bool operator==(const PixelSize&) const = default;
};

// The highest side that the API takes, in pixels. Asked from the library's table.
int largest_side();

// What makes a picture nearest to the target: venice_request_fit_size(), never a dearer tier. Only fields of the size are set, and only those
// that the model uses. For a target of 0 × 0, or a model that is not known, none.
Settings fitting_size(const venice_model* model, PixelSize target);

// The size that comes out with these fields: venice_model_output_size(). 0 × 0: it cannot be known.
PixelSize output_size(const venice_model* model, const Settings& size);

}  // namespace venice_gimp
