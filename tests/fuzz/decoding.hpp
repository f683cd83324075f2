// SPDX-License-Identifier: MIT
// What the targets for the plug-in's image decoders share.
#pragma once

#include <span>

#include "decoding/exif_orientation.hpp"
#include "decoding/format_decoders.hpp"
#include "decoding/thumbnail.hpp"
#include "fuzzing.hpp"

namespace fuzzing {

// Small: what a large picture needs is time.
constexpr venice_gimp::DecodeLimits limits{512, 64 * 1024};

inline void require_whole(const venice_gimp::DecodedImage& image) {
    const auto pixels = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
    require(image.width > 0 && image.height > 0 && image.width <= limits.max_side && image.height <= limits.max_side, "the size is within the limits");
    require(image.pixels.size() == pixels * static_cast<std::size_t>(venice_gimp::channel_count(image.channels)), "every pixel is there");
}

// Whether a decoder's library tells a lack of memory from damage.
enum class Memory { told_from_damage, taken_for_damage };

// Damaged or not: a whole picture, or an error that says what it is.
template <typename Decode>
void decode(Decode&& decode_format, const std::uint8_t* data, std::size_t size, Memory memory = Memory::told_from_damage) {
    try {
        const venice_gimp::DecodedImage image = decode_format(std::as_bytes(std::span(data, size)), limits);
        require_whole(image);
        require_whole(venice_gimp::scaled_down(image, 8));
    } catch (const venice_gimp::DecodeError& error) {
        require(error.what()[0] != '\0', "an error says what it is");
        require(memory == Memory::taken_for_damage || error.kind() != venice_gimp::DecodeError::Kind::out_of_memory, "memory is enough for small pictures");
    }
}

}  // namespace fuzzing
