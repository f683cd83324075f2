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

GimpImage* create_image_like(GimpImage* image) {
    const ImageMode mode = mode_of(image);
    PendingImage created(
        gimp_image_new_with_precision(gimp_image_get_width(image), gimp_image_get_height(image), mode.base_type, mode.precision));
    if (created.get() == nullptr || !gimp_image_undo_disable(created.get()) ||
        (mode.profile && !gimp_image_set_color_profile(created.get(), mode.profile.get()))) {
        return nullptr;
    }
    return created.release();
}

}  // namespace venice_gimp
