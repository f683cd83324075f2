// SPDX-License-Identifier: MIT
// Inside of the decoding part: what the three formats share.
#pragma once

#include "decoding/decode.hpp"
#include "decoding/progressive_image.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>

namespace venice_gimp {

enum class ImageFormat { unknown, png, jpeg, webp };

/// By the first bytes. Twelve of them are enough for every format.
ImageFormat format_of(std::span<const std::byte> bytes);

DecodedImage decode_png(std::span<const std::byte> bytes, const DecodeLimits& limits);
DecodedImage decode_jpeg(std::span<const std::byte> bytes, const DecodeLimits& limits);
DecodedImage decode_webp(std::span<const std::byte> bytes, const DecodeLimits& limits);

/// Thrown where decoding row by row ends: see ProgressiveDecoder.
struct NeedsWhole : std::exception {
    const char* what() const noexcept override { return "The image can only be decoded as a whole."; }
};

/// One format, decoded while its bytes arrive. What it throws, DecodeError or NeedsWhole, ends it.
class PushDecoder {
public:
    PushDecoder() = default;
    PushDecoder(const PushDecoder&) = delete;
    PushDecoder& operator=(const PushDecoder&) = delete;
    virtual ~PushDecoder() = default;

    /// All bytes that have arrived; of those the first ones, `known`, were there before, and at the same place.
    virtual void feed(std::span<const std::byte> arrived, std::size_t known) = 0;

    /// Returns if all rows have been published and decode_image() would not find anything else in what was fed.
    virtual void finish() = 0;
};

/// The image and the limits must live as long as the decoder.
std::unique_ptr<PushDecoder> push_decode_png(ProgressiveImage& image, const DecodeLimits& limits);
std::unique_ptr<PushDecoder> push_decode_jpeg(ProgressiveImage& image, const DecodeLimits& limits);
std::unique_ptr<PushDecoder> push_decode_webp(ProgressiveImage& image, const DecodeLimits& limits);

/// Throws DecodeError unless both sides are positive and within the limits.
void check_size(std::int64_t width, std::int64_t height, const DecodeLimits& limits);

/// An image of a size that check_size has accepted, every byte zero.
DecodedImage blank_image(int width, int height, Channels channels);

inline const unsigned char* as_octets(const std::byte* bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes);
}

inline unsigned char* as_octets(std::byte* bytes)
{
    return reinterpret_cast<unsigned char*>(bytes);
}

inline std::span<const std::byte> as_byte_span(const unsigned char* octets, std::size_t count)
{
    return {reinterpret_cast<const std::byte*>(octets), count};
}

} // namespace venice_gimp
