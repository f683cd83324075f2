// SPDX-License-Identifier: MIT
// An image file as it came: shared, never changed, and not copied.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace venice_gimp {

class FileBytes {
public:
    FileBytes() = default;  // none
    // `owner` keeps the bytes where they are.
    FileBytes(std::shared_ptr<const void> owner, std::span<const std::uint8_t> bytes) : owner_(std::move(owner)), bytes_(bytes) {}
    explicit FileBytes(std::vector<std::uint8_t> bytes) {
        const auto owner = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
        bytes_ = *owner;
        owner_ = owner;
    }

    explicit operator bool() const noexcept { return owner_ != nullptr; }
    std::span<const std::uint8_t> get() const noexcept { return bytes_; }
    void reset() noexcept { *this = {}; }

private:
    std::shared_ptr<const void> owner_;
    std::span<const std::uint8_t> bytes_;
};

}  // namespace venice_gimp
