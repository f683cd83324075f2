// SPDX-License-Identifier: MIT
#include "support/base64_encode.hpp"

#include <cstddef>
#include <string_view>

namespace venice {

std::string base64_encoded(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t count = bytes.size() - at;
        const std::uint32_t group = std::uint32_t{bytes[at]} << 16 | (count > 1 ? std::uint32_t{bytes[at + 1]} << 8 : 0U) | (count > 2 ? bytes[at + 2] : 0U);
        text += alphabet[group >> 18];
        text += alphabet[group >> 12 & 63U];
        text += count > 1 ? alphabet[group >> 6 & 63U] : '=';
        text += count > 2 ? alphabet[group & 63U] : '=';
    }
    return text;
}

}  // namespace venice
