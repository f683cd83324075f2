// SPDX-License-Identifier: MIT
// Address space that becomes memory from its beginning on, as it is written.
#pragma once

#include <cstddef>
#include <cstdint>

namespace venice {

class AddressSpace {
public:
    // What one page fault provides where there are huge pages.
    static constexpr std::size_t huge_page = std::size_t{2} << 20;

    AddressSpace() = default;
    explicit AddressSpace(std::size_t size);  // at least so much; throws std::bad_alloc
    ~AddressSpace();
    AddressSpace(AddressSpace&& other) noexcept;
    AddressSpace& operator=(AddressSpace&& other) noexcept;
    AddressSpace(const AddressSpace&) = delete;
    AddressSpace& operator=(const AddressSpace&) = delete;

    std::uint8_t* data() const { return begin_; }
    std::size_t size() const { return size_; }

    // The first `needed` bytes may be written, and more of them, up to `most`. Throws std::bad_alloc.
    void make_usable(std::size_t needed, std::size_t most) {
        if (needed > usable_) {
            extend(needed, most);
        }
    }

    // Keeps the pages of the first `kept` bytes; the others, with what they hold, are the result's.
    AddressSpace split(std::size_t kept);

private:
    void extend(std::size_t needed, std::size_t most);
    std::size_t next_usable(std::size_t needed) const;

    std::uint8_t* begin_ = nullptr;
    std::size_t size_ = 0;
    std::size_t usable_ = 0;
};

}  // namespace venice
