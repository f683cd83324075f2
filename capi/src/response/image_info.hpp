// SPDX-License-Identifier: MIT
// What an image's first bytes say: the server's word on the format is not to be trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace venice {

struct ImageInfo {
    const char* media_type = nullptr;
    std::int32_t width = 0;
    std::int32_t height = 0;
};

// Nothing if it is no PNG, JPEG or WebP, or ends before its size is told.
std::optional<ImageInfo> sniff_image(std::span<const std::uint8_t> bytes);

}  // namespace venice
