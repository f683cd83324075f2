// SPDX-License-Identifier: MIT
#include "decoding/decode.hpp"

#include "decoding/format_decoders.hpp"

#include <algorithm>
#include <new>
#include <string>
#include <string_view>

namespace venice_gimp {

namespace {

bool holds_at(std::span<const std::byte> bytes, std::size_t offset, std::string_view expected)
{
    if (bytes.size() < offset + expected.size())
        return false;
    return std::equal(expected.begin(), expected.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset),
                      [](char wanted, std::byte found) {
                          return static_cast<std::byte>(wanted) == found;
                      });
}

DecodedImage decode_by_magic(std::span<const std::byte> bytes, const DecodeLimits& limits)
{
    switch (format_of(bytes)) {
    case ImageFormat::png:
        return decode_png(bytes, limits);
    case ImageFormat::jpeg:
        return decode_jpeg(bytes, limits);
    case ImageFormat::webp:
        return decode_webp(bytes, limits);
    case ImageFormat::unknown:
        break;
    }
    throw DecodeError(DecodeError::Kind::unknown_format, bytes.empty()
                                                             ? "There are no image data."
                                                             : "The data are not a PNG, JPEG or WebP image.");
}

} // namespace

ImageFormat format_of(std::span<const std::byte> bytes)
{
    if (holds_at(bytes, 0, "\x89PNG\r\n\x1a\n"))
        return ImageFormat::png;
    if (holds_at(bytes, 0, "\xff\xd8\xff"))
        return ImageFormat::jpeg;
    if (holds_at(bytes, 0, "RIFF") && holds_at(bytes, 8, "WEBP"))
        return ImageFormat::webp;
    return ImageFormat::unknown;
}

void check_size(std::int64_t width, std::int64_t height, const DecodeLimits& limits)
{
    if (width < 1 || height < 1)
        throw DecodeError(DecodeError::Kind::corrupt, "The image has no width or no height.");
    // The sides come first: they keep the product from overflowing.
    if (width > limits.max_side || height > limits.max_side || width * height > limits.max_pixels)
        throw DecodeError(DecodeError::Kind::too_large, "The image claims " + std::to_string(width) + " × " +
                                                            std::to_string(height) +
                                                            " pixels, which is more than is accepted.");
}

DecodedImage blank_image(int width, int height, Channels channels)
{
    DecodedImage image;
    image.width = width;
    image.height = height;
    image.channels = channels;
    image.pixels = PixelBytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                              static_cast<std::size_t>(channel_count(channels)));
    return image;
}

DecodedImage decode_image(std::span<const std::byte> bytes, const DecodeLimits& limits)
{
    try {
        return decode_by_magic(bytes, limits);
    } catch (const std::bad_alloc&) {
        throw DecodeError(DecodeError::Kind::out_of_memory, "There is not enough memory to decode the image.");
    }
}

} // namespace venice_gimp
