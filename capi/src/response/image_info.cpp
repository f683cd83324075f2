// SPDX-License-Identifier: MIT
#include "response/image_info.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

namespace venice {
namespace {

using Bytes = std::span<const std::uint8_t>;

bool has_text_at(Bytes bytes, std::size_t position, std::string_view text) {
    return bytes.size() >= position + text.size() &&
           std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(position),
                      [](char c, std::uint8_t byte) { return static_cast<std::uint8_t>(c) == byte; });
}

std::uint32_t big_endian(Bytes bytes, std::size_t position, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        value = value << 8 | bytes[position + i];
    }
    return value;
}

std::uint32_t little_endian(Bytes bytes, std::size_t position, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = count; i-- > 0;) {
        value = value << 8 | bytes[position + i];
    }
    return value;
}

std::optional<ImageInfo> with_size(const char* media_type, std::uint32_t width, std::uint32_t height) {
    constexpr std::uint32_t most = std::numeric_limits<std::int32_t>::max();
    if (width == 0 || height == 0 || width > most || height > most) {
        return std::nullopt;
    }
    return ImageInfo{media_type, static_cast<std::int32_t>(width), static_cast<std::int32_t>(height)};
}

// Signature, then always the IHDR chunk.
std::optional<ImageInfo> sniff_png(Bytes bytes) {
    if (bytes.size() < 24 || !has_text_at(bytes, 12, "IHDR")) {
        return std::nullopt;
    }
    return with_size("image/png", big_endian(bytes, 16, 4), big_endian(bytes, 20, 4));
}

// Segments up to the frame header (SOF0 to SOF15 without DHT, JPG and DAC), which has the size.
std::optional<ImageInfo> sniff_jpeg(Bytes bytes) {
    std::size_t position = 2;
    while (position + 4 <= bytes.size()) {
        if (bytes[position] != 0xFF) {
            return std::nullopt;
        }
        const std::uint8_t marker = bytes[position + 1];
        if (marker == 0xFF) {
            ++position;  // fill byte
            continue;
        }
        const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (frame) {
            return position + 9 <= bytes.size()
                       ? with_size("image/jpeg", big_endian(bytes, position + 7, 2), big_endian(bytes, position + 5, 2))
                       : std::nullopt;
        }
        const bool without_length = marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
        position += 2 + (without_length ? 0 : big_endian(bytes, position + 2, 2));
    }
    return std::nullopt;
}

// RIFF container; the first chunk is VP8X (with the canvas), VP8L (lossless) or VP8 (lossy).
std::optional<ImageInfo> sniff_webp(Bytes bytes) {
    if (bytes.size() >= 30 && has_text_at(bytes, 12, "VP8X")) {
        return with_size("image/webp", little_endian(bytes, 24, 3) + 1, little_endian(bytes, 27, 3) + 1);
    }
    if (bytes.size() >= 25 && has_text_at(bytes, 12, "VP8L") && bytes[20] == 0x2F) {
        const std::uint32_t bits = little_endian(bytes, 21, 4);
        return with_size("image/webp", (bits & 0x3FFFU) + 1, (bits >> 14 & 0x3FFFU) + 1);
    }
    if (bytes.size() >= 30 && has_text_at(bytes, 12, "VP8 ") && has_text_at(bytes, 23, "\x9D\x01\x2A")) {
        return with_size("image/webp", little_endian(bytes, 26, 2) & 0x3FFFU, little_endian(bytes, 28, 2) & 0x3FFFU);
    }
    return std::nullopt;
}

}  // namespace

std::optional<ImageInfo> sniff_image(Bytes bytes) {
    if (has_text_at(bytes, 0, "\x89PNG\r\n\x1A\n")) {
        return sniff_png(bytes);
    }
    if (has_text_at(bytes, 0, "\xFF\xD8\xFF")) {
        return sniff_jpeg(bytes);
    }
    if (has_text_at(bytes, 0, "RIFF") && has_text_at(bytes, 8, "WEBP")) {
        return sniff_webp(bytes);
    }
    return std::nullopt;
}

}  // namespace venice
