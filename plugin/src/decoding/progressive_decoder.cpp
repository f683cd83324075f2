// SPDX-License-Identifier: MIT
#include "decoding/progressive_decoder.hpp"

#include "decoding/format_decoders.hpp"

#include <exception>
#include <utility>

namespace venice_gimp {

namespace {

std::unique_ptr<PushDecoder> push_decoder_for(ImageFormat format, ProgressiveImage& image, const DecodeLimits& limits)
{
    switch (format) {
    case ImageFormat::png:
        return push_decode_png(image, limits);
    case ImageFormat::jpeg:
        return push_decode_jpeg(image, limits);
    case ImageFormat::webp:
        return push_decode_webp(image, limits);
    case ImageFormat::unknown:
        break;
    }
    throw NeedsWhole();
}

} // namespace

DecodedImage& ProgressiveImage::begin(DecodedImage blank) noexcept
{
    picture_ = std::move(blank);
    has_header_.store(true, std::memory_order_release);
    return picture_;
}

std::shared_ptr<const DecodedImage> complete_picture(const std::shared_ptr<const ProgressiveImage>& image)
{
    if (image->state() != ProgressiveImage::State::complete)
        return nullptr;
    return {image, image->picture()};
}

ProgressiveDecoder::ProgressiveDecoder(const DecodeLimits& limits)
    : limits_(limits), image_(std::make_shared<ProgressiveImage>())
{
}

ProgressiveDecoder::~ProgressiveDecoder() = default;

void ProgressiveDecoder::feed(std::span<const std::byte> arrived) noexcept
{
    constexpr std::size_t head_size = 12; // enough to tell the formats apart
    if (whole_only() || arrived.size() <= known_)
        return;
    try {
        if (!format_) {
            const ImageFormat format = format_of(arrived);
            if (format == ImageFormat::unknown && arrived.size() < head_size)
                return;
            format_ = push_decoder_for(format, *image_, limits_);
        }
        format_->feed(arrived, std::exchange(known_, arrived.size()));
    } catch (const std::exception&) {
        give_up();
    }
}

void ProgressiveDecoder::give_up() noexcept
{
    format_.reset();
    image_->end(ProgressiveImage::State::needs_whole);
}

ProgressiveImage::State ProgressiveDecoder::finish() noexcept
{
    if (whole_only())
        return image_->state();
    try {
        if (!format_)
            throw NeedsWhole();
        format_->finish();
        format_.reset();
        image_->end(ProgressiveImage::State::complete);
    } catch (const std::exception&) {
        give_up();
    }
    return image_->state();
}

} // namespace venice_gimp
