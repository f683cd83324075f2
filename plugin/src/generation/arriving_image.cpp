// SPDX-License-Identifier: MIT
#include "generation/arriving_image.hpp"

#include <algorithm>
#include <span>

namespace venice_gimp {
namespace {

constexpr std::size_t piece = std::size_t{1} << 20;  // some 10 ms of decoding

}  // namespace

bool ArrivingImage::has_more() const {
    return !decoder_.whole_only() && fed_ < venice_image_stream_size(stream_.get());
}

std::shared_ptr<const DecodedImage> ArrivingImage::finish(const void* data, const std::function<void()>& rows_decoded) {
    // The answer may have come anew, in another place.
    if (venice_image_stream_is_complete(stream_.get()) == 0 || venice_image_stream_data(stream_.get()) != data) {
        return nullptr;
    }
    while (has_more()) {
        decode_some();
        rows_decoded();
    }
    const std::lock_guard lock(mutex_);
    decoder_.finish();
    return complete_picture(decoder_.image());
}

void ArrivingImage::decode_some() {
    const std::lock_guard lock(mutex_);
    const std::size_t count = std::min(fed_ + piece, venice_image_stream_size(stream_.get()));
    decoder_.feed(std::as_bytes(std::span(venice_image_stream_data(stream_.get()), count)));
    fed_ = count;
}

}  // namespace venice_gimp
