// SPDX-License-Identifier: MIT
// What an image's first bytes say. While they arrive, it is nothing at first, and then at once the final word.
#include <algorithm>
#include <set>
#include <string_view>

#include "fuzzing.hpp"
#include "response/image_info.hpp"

using fuzzing::require;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::uint8_t> bytes(data, size);
    const auto info = venice::sniff_image(bytes);
    static const std::set<std::string_view> types = {"image/png", "image/jpeg", "image/webp"};
    require(!info || (types.contains(info->media_type) && info->width > 0 && info->height > 0), "an image has a type and a size");
    for (std::size_t length = 0; length < std::min<std::size_t>(size, 64); ++length) {
        const auto early = venice::sniff_image(bytes.first(length));
        require(!early || (info && early->media_type == std::string_view(info->media_type) && early->width == info->width && early->height == info->height),
                "more bytes change nothing");
    }
    return 0;
}
