// SPDX-License-Identifier: MIT
#include <array>

#include "decoding.hpp"
#include "png_mutator.hpp"
#include "progressive_agreement.hpp"

namespace {

// The last bytes, which need not be of the image, say how the transfer cuts it.
std::array<std::size_t, 8> piece_sizes(std::span<const std::byte> bytes) {
    std::array<std::size_t, 8> sizes{};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        sizes[i] = i < bytes.size() ? 1 + std::to_integer<std::size_t>(bytes[bytes.size() - 1 - i]) : 1;
    }
    return sizes;
}

}  // namespace

// Decoded while it arrives, it is what it is as a whole, or is left to be decoded as a whole.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto whole = venice_gimp::test::decoded_whole(bytes, fuzzing::limits);
    venice_gimp::test::ProgressiveCheck check(whole, fuzzing::limits);
    check.feed_all(bytes, piece_sizes(bytes));
    fuzzing::require(check.complaint().empty(), check.complaint().c_str());
    return 0;
}
