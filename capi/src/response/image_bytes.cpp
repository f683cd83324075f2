// SPDX-License-Identifier: MIT
#include "response/image_bytes.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

namespace venice {
namespace {

// Below this, asking the system for address space costs more than it saves.
constexpr std::size_t small = std::size_t{64} << 10;

}  // namespace

ImageBytes::ImageBytes(std::size_t most, AddressSpace space) : space_(std::move(space)) {
    if (most > std::numeric_limits<std::size_t>::max() - slack) {
        throw std::bad_alloc();
    }
    room_ = most + slack;
    if (space_.size() < room_ && room_ <= small) {
        space_ = {};
        small_ = std::make_unique_for_overwrite<std::uint8_t[]>(room_);
        base_ = small_.get();
        return;
    }
    if (space_.size() < room_) {
        space_ = AddressSpace(room_);
    }
    base_ = space_.data();
}

std::uint8_t* ImageBytes::prepare(std::size_t count) {
    const std::size_t size = size_.load(std::memory_order_relaxed);
    if (count > room_ - slack - size) {
        throw std::bad_alloc();
    }
    if (!small_) {
        space_.make_usable(size + count + slack, room_);
    }
    return base_ + size;
}

void ImageBytes::append(std::string_view bytes) {
    std::memcpy(prepare(bytes.size()), bytes.data(), bytes.size());
    commit(bytes.size());
}

std::span<std::uint8_t> ImageBytes::upcoming(std::size_t distance) {
    if (small_) {
        return {};
    }
    const std::size_t size = size_.load(std::memory_order_relaxed);
    std::size_t end = room_;
    if (distance < room_ - size) {
        end = size + distance - std::min(distance, reinterpret_cast<std::uintptr_t>(base_ + size + distance) % AddressSpace::huge_page);
    }
    space_.make_usable(end, room_);
    return {base_ + size, end - size};
}

AddressSpace ImageBytes::finish() {
    AddressSpace unused = small_ ? AddressSpace() : space_.split(std::max<std::size_t>(size(), 1));
    complete_.store(true, std::memory_order_release);
    return unused;
}

}  // namespace venice
