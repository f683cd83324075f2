// SPDX-License-Identifier: MIT
// Inside of the decoding part: what the three formats share.
#pragma once

#include "decoding/decode.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace venice_gimp {

DecodedImage decode_png(std::span<const std::byte> bytes, const DecodeLimits& limits);
DecodedImage decode_jpeg(std::span<const std::byte> bytes, const DecodeLimits& limits);
DecodedImage decode_webp(std::span<const std::byte> bytes, const DecodeLimits& limits);

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
