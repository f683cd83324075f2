// SPDX-License-Identifier: MIT
// What decides on the format of an image's layers.
#pragma once

#include <libgimp/gimp.h>

#include "gimp/gimp_handles.hpp"

namespace venice_gimp {

struct ImageMode {
    GimpImageBaseType base_type = GIMP_RGB;
    GimpPrecision precision = GIMP_PRECISION_U8_NON_LINEAR;
    ObjectHandle<GimpColorProfile> profile;  // null: none of its own
};

ImageMode mode_of(GimpImage* image);
bool is_same(const ImageMode& one, const ImageMode& other);

}  // namespace venice_gimp
