// SPDX-License-Identifier: MIT
// The bytes of one image while they arrive and afterwards: contiguous, never moved, so that they can be read meanwhile.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace venice {

// Address space for the most that may come is set aside at once, which costs no memory; memory is added as the bytes arrive, and what was not used
// is given back at the end. What is known to stay small is simply allocated. One thread writes; any may read what size() tells.
class ImageBytes {
public:
    // How many bytes behind the prepared ones may be overwritten: decoders write whole vectors.
    static constexpr std::size_t slack = 64;

    explicit ImageBytes(std::size_t most);  // throws std::bad_alloc
    ~ImageBytes();
    ImageBytes(const ImageBytes&) = delete;
    ImageBytes& operator=(const ImageBytes&) = delete;

    // The writer: room for `count` more bytes (throws std::bad_alloc), and how many of them were filled.
    std::uint8_t* prepare(std::size_t count);
    void commit(std::size_t count) { size_.store(size_.load(std::memory_order_relaxed) + count, std::memory_order_release); }
    void append(std::string_view bytes);
    void finish();  // nothing follows

    // Readers, any thread.
    const std::uint8_t* data() const { return base_; }
    std::size_t size() const { return size_.load(std::memory_order_acquire); }
    bool complete() const { return complete_.load(std::memory_order_acquire); }
    std::span<const std::uint8_t> bytes() const { return {base_, size()}; }

private:
    std::size_t next_usable(std::size_t needed) const;

    std::uint8_t* base_ = nullptr;
    std::unique_ptr<std::uint8_t[]> small_;  // instead of address space
    std::size_t reserved_ = 0;  // address space, or the size of small_
    std::size_t usable_ = 0;    // of it, may be written
    std::atomic<std::size_t> size_{0};
    std::atomic<bool> complete_{false};
};

}  // namespace venice
