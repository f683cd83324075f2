// SPDX-License-Identifier: MIT
#include "gimp/image_mode.hpp"

namespace venice_gimp {

ImageMode mode_of(GimpImage* image) {
    return {gimp_image_get_base_type(image), gimp_image_get_precision(image),
            ObjectHandle<GimpColorProfile>(gimp_image_get_color_profile(image))};
}

bool is_same(const ImageMode& one, const ImageMode& other) {
    const bool is_same_profile = one.profile && other.profile ? gimp_color_profile_is_equal(one.profile.get(), other.profile.get()) != FALSE
                                                              : one.profile == other.profile;
    return one.base_type == other.base_type && one.precision == other.precision && is_same_profile;
}

}  // namespace venice_gimp
