// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace venice_gimp {

/// The bytes of a picture. They are zero at first, in memory from calloc(): of much memory the system gives each page when it
/// is first written. To clear all of it beforehand would keep a processor busy for 20 ms for 4096 × 4096.
class PixelBytes {
public:
    PixelBytes() = default;
    /// Throws std::bad_alloc.
    explicit PixelBytes(std::size_t size) : memory_(static_cast<std::byte*>(std::calloc(size, 1))), size_(size)
    {
        if (memory_ == nullptr && size > 0)
            throw std::bad_alloc();
    }
    explicit PixelBytes(std::span<const std::byte> bytes) : PixelBytes(bytes.size())
    {
        if (!bytes.empty())
            std::memcpy(data(), bytes.data(), bytes.size());
    }

    PixelBytes(const PixelBytes& other) : PixelBytes(std::span(other.data(), other.size())) {}
    PixelBytes(PixelBytes&& other) noexcept : memory_(std::move(other.memory_)), size_(std::exchange(other.size_, 0)) {}
    PixelBytes& operator=(PixelBytes other) noexcept
    {
        memory_ = std::move(other.memory_);
        size_ = std::exchange(other.size_, 0);
        return *this;
    }
    ~PixelBytes() = default;

    std::byte* data() noexcept { return memory_.get(); }
    const std::byte* data() const noexcept { return memory_.get(); }
    std::size_t size() const noexcept { return size_; }
    std::byte* begin() noexcept { return data(); }
    const std::byte* begin() const noexcept { return data(); }
    std::byte* end() noexcept { return data() + size_; }
    const std::byte* end() const noexcept { return data() + size_; }
    std::byte& operator[](std::size_t index) noexcept { return data()[index]; }
    const std::byte& operator[](std::size_t index) const noexcept { return data()[index]; }

    friend bool operator==(const PixelBytes& one, const PixelBytes& other) noexcept
    {
        return one.size() == other.size() && (one.size() == 0 || std::memcmp(one.data(), other.data(), one.size()) == 0);
    }

private:
    struct Free {
        void operator()(std::byte* memory) const noexcept { std::free(memory); }
    };
    std::unique_ptr<std::byte[], Free> memory_;
    std::size_t size_ = 0;
};

} // namespace venice_gimp
