// SPDX-License-Identifier: MIT
#include "gimp/early_layer.hpp"

#include <exception>
#include <utility>

namespace venice_gimp {

EarlyLayer::EarlyLayer(const Target& target, Placement placement, std::shared_ptr<const ProgressiveImage> rows, std::string name)
    : image_id_(target.image_id), bounds_(target.bounds), placement_(placement), rows_(std::move(rows)), name_(std::move(name)) {}

EarlyLayer::~EarlyLayer() = default;

bool EarlyLayer::step(gint64 budget_microseconds) noexcept {
    const DecodedImage* const picture = rows_->picture();
    if (has_ended_ || picture == nullptr) {
        return false;
    }
    const gint64 end = g_get_monotonic_time() + budget_microseconds;
    try {
        if (can_go_on(*picture)) {
            return write_until(end);
        }
    } catch (const std::exception& failure) {
        g_info("venice-gimp: no early layer: %s", failure.what());
    }
    give_up();
    return false;
}

bool EarlyLayer::can_go_on(const DecodedImage& picture) {
    if (gimp_image_id_is_valid(image_id_) == FALSE || rows_->state() == ProgressiveImage::State::needs_whole) {
        return false;
    }
    return writer_ || start(gimp_image_get_by_id(image_id_), picture);
}

bool EarlyLayer::start(GimpImage* image, const DecodedImage& picture) {
    const Rectangle place = place_picture(bounds_, {picture.width, picture.height}, placement_);
    if (place.width > GIMP_MAX_IMAGE_SIZE || place.height > GIMP_MAX_IMAGE_SIZE) {
        return false;
    }
    size_ = {place.width, place.height};
    mode_ = mode_of(image);
    writer_ = std::make_unique<PictureWriter>(image, rows_, name_, size_);
    return true;
}

bool EarlyLayer::write_until(gint64 end) {
    bool has_worked = false;
    while (!writer_->at_end() && writer_->can_write()) {
        writer_->write_piece();
        has_worked = true;
        if (g_get_monotonic_time() >= end) {
            break;
        }
    }
    return has_worked;
}

void EarlyLayer::give_up() {
    writer_.reset();
    has_ended_ = true;
}

std::unique_ptr<PictureWriter> EarlyLayer::take(GimpImage* image, const NewLayer& wanted, const Size& size) {
    const bool fits = writer_ && gimp_image_get_id(image) == image_id_ && wanted.pixels.get() == rows_->picture() && wanted.name == name_ &&
                      size == size_ && is_same(mode_of(image), mode_);
    has_ended_ = true;
    std::unique_ptr<PictureWriter> writer = std::move(writer_);
    return fits ? std::move(writer) : nullptr;
}

}  // namespace venice_gimp
