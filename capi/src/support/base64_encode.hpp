// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace venice {

// Base64 (RFC 4648, the standard alphabet, padded), without line breaks.
std::string base64_encoded(std::span<const std::uint8_t> bytes);

}  // namespace venice
