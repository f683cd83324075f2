// SPDX-License-Identifier: MIT
// The bytes of one image while they arrive and afterwards: contiguous, never moved, so that they can be read meanwhile.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "response/address_space.hpp"

namespace venice {

// Address space for the most that may come is set aside at once, which costs no memory; memory is added as the bytes arrive, and what was
// not used is handed on to the next image, or given back. What is known to stay small is simply allocated. One thread writes; any may read
// what size() tells.
class ImageBytes {
public:
    // How many bytes behind the prepared ones may be overwritten: decoders write whole vectors.
    static constexpr std::size_t slack = 64;

    // In `space`, if it is large enough, else in its own. Throws std::bad_alloc.
    explicit ImageBytes(std::size_t most, AddressSpace space = {});
    ImageBytes(const ImageBytes&) = delete;
    ImageBytes& operator=(const ImageBytes&) = delete;

    // The writer: room for `count` more bytes (throws std::bad_alloc), and how many of them were filled.
    std::uint8_t* prepare(std::size_t count);
    void commit(std::size_t count) { size_.store(size_.load(std::memory_order_relaxed) + count); }
    void append(std::string_view bytes);
    AddressSpace finish();  // nothing follows; the result is what was not used

    // The writer: where the next bytes are going to be, `distance` of them at most: up to the end of a huge page, or of what may come.
    // Throws std::bad_alloc.
    std::span<std::uint8_t> upcoming(std::size_t distance);

    // Readers, any thread.
    const std::uint8_t* data() const { return base_; }
    std::size_t size() const { return size_.load(); }
    bool complete() const { return complete_.load(std::memory_order_acquire); }
    std::span<const std::uint8_t> bytes() const { return {base_, size()}; }

private:
    std::unique_ptr<std::uint8_t[]> small_;  // instead of space_
    AddressSpace space_;
    std::uint8_t* base_ = nullptr;  // of either
    std::size_t room_ = 0;          // with the slack
    std::atomic<std::size_t> size_{0};  // stored and loaded in one order with how many events were taken: who takes an event sees the bytes before it
    std::atomic<bool> complete_{false};
};

}  // namespace venice
