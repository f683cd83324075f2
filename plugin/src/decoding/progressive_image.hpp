// SPDX-License-Identifier: MIT
#pragma once

#include "decoding/decoded_image.hpp"

#include <atomic>
#include <memory>

namespace venice_gimp {

/// A picture that can be read from the top down while its bytes are still arriving: written by the one thread that
/// feeds a ProgressiveDecoder, read by any other through a pointer to const.
class ProgressiveImage {
public:
    enum class State {
        arriving,
        complete,   ///< every row is there: the picture is what decode_image() makes of the same bytes
        needs_whole ///< only decode_image() can tell, with all the bytes; rows that were published do not count
    };

    /// Null until the header has been read. From then on the pointer, the size, the channels, the profile and the
    /// place of the pixels stay as they are. The first published_rows() rows may be read, the others not yet.
    const DecodedImage* picture() const noexcept
    {
        return has_header_.load(std::memory_order_acquire) ? &picture_ : nullptr;
    }

    /// Never goes down. What was read through picture() in these rows is final unless the state becomes needs_whole.
    int published_rows() const noexcept { return published_rows_.load(std::memory_order_acquire); }

    State state() const noexcept { return state_.load(std::memory_order_acquire); }

    // For the thread that decodes. The header comes once, with all pixels that there will be, blank.
    DecodedImage& begin(DecodedImage blank) noexcept;
    void publish(int rows) noexcept { published_rows_.store(rows, std::memory_order_release); }
    void end(State state) noexcept { state_.store(state, std::memory_order_release); }

private:
    DecodedImage picture_;
    std::atomic<bool> has_header_ = false;
    std::atomic<int> published_rows_ = 0;
    std::atomic<State> state_ = State::arriving;
};

/// The picture, without a copy of its pixels; null unless it is complete.
std::shared_ptr<const DecodedImage> complete_picture(const std::shared_ptr<const ProgressiveImage>& image);

} // namespace venice_gimp
