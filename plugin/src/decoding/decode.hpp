// SPDX-License-Identifier: MIT
#pragma once

#include "decoding/decoded_image.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

namespace venice_gimp {

/// What an image may claim in its header before anything is allocated for it.
struct DecodeLimits {
    int max_side = 32768;
    std::int64_t max_pixels = std::int64_t{64} * 1024 * 1024;
};

/// what() is a sentence in English for logs and scripts; kind() lets the user interface choose a
/// translated one.
class DecodeError : public std::runtime_error {
public:
    enum class Kind { unknown_format, truncated, corrupt, too_large, unsupported, out_of_memory };

    DecodeError(Kind kind, const std::string& sentence) : std::runtime_error(sentence), kind_(kind)
    {
    }

    Kind kind() const noexcept { return kind_; }

private:
    Kind kind_;
};

/// Decodes a PNG, JPEG or WebP image, told apart by their first bytes. The bytes are not trusted:
/// an incomplete or damaged image is a DecodeError and never a partly black picture.
/// Keeps no state between calls, so any thread may call it. Of an animation it returns the first frame.
DecodedImage decode_image(std::span<const std::byte> bytes, const DecodeLimits& limits = {});

} // namespace venice_gimp
