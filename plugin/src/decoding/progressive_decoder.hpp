// SPDX-License-Identifier: MIT
#pragma once

#include "decoding/decode.hpp"
#include "decoding/progressive_image.hpp"

#include <cstddef>
#include <memory>
#include <span>

namespace venice_gimp {

class PushDecoder;

/// Decodes a PNG, JPEG or WebP image while its bytes arrive. It never fails and never gives another picture than
/// decode_image(): what it cannot do row by row, or finds damaged, is left to decode_image() with all the bytes, which
/// also says what is wrong with them. Those are interlaced PNG, WebP that is lossless or has alpha, pictures that have
/// to be turned, animations, CMYK, sizes beyond the limits, and everything that is no picture.
///
///     ProgressiveDecoder decoder;
///     // give decoder.image() to the thread that shows the rows
///     decoder.feed(arrived);    // whenever there are more
///     if (decoder.finish() == ProgressiveImage::State::needs_whole)
///         decode_image(all_bytes);
///
/// One thread at a time may use a decoder. It keeps no other state than its own, so several can run at once.
class ProgressiveDecoder {
public:
    explicit ProgressiveDecoder(const DecodeLimits& limits = {});
    ~ProgressiveDecoder();
    ProgressiveDecoder(const ProgressiveDecoder&) = delete;
    ProgressiveDecoder& operator=(const ProgressiveDecoder&) = delete;

    /// Outlives the decoder if somebody holds it.
    std::shared_ptr<const ProgressiveImage> image() const { return image_; }

    /// All bytes that have arrived, those of before among them, which must still be at the same place: until the decoder is
    /// gone, for it keeps no copy.
    void feed(std::span<const std::byte> arrived) noexcept;

    /// True as soon as it is known that finish() will say needs_whole: feeding has no effect any more.
    bool whole_only() const noexcept { return image_->state() == ProgressiveImage::State::needs_whole; }

    /// The last byte has been fed. Either complete or needs_whole.
    ProgressiveImage::State finish() noexcept;

private:
    void give_up() noexcept;

    DecodeLimits limits_;
    std::shared_ptr<ProgressiveImage> image_;
    std::size_t known_ = 0;               // bytes that the format's decoder has had
    std::unique_ptr<PushDecoder> format_; // once the format is known, until the end or until it gave up
};

} // namespace venice_gimp
