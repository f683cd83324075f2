// SPDX-License-Identifier: MIT
#include "response/image_bytes.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

namespace venice {
namespace {

// Below this, asking the system for address space costs more than it saves.
constexpr std::size_t small = std::size_t{64} << 10;

// The first megabyte comes by and by; then whole huge pages, where the system has them: to touch 48 MB takes 24 page faults instead of 12,288. What of
// the last one is not used is given back at the end.
constexpr std::size_t first_growth = std::size_t{256} << 10;
constexpr std::size_t huge_page = std::size_t{2} << 20;

std::size_t whole_pages(std::size_t size) {
    static const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return (size + page - 1) / page * page;
}

}  // namespace

ImageBytes::ImageBytes(std::size_t most) {
    if (most > std::numeric_limits<std::size_t>::max() / 2) {
        throw std::bad_alloc();
    }
    if (most + slack <= small) {
        reserved_ = usable_ = most + slack;
        small_ = std::make_unique_for_overwrite<std::uint8_t[]>(reserved_);
        base_ = small_.get();
        return;
    }
    reserved_ = whole_pages(most + slack);
    // Without access: so it does not count as memory, even where the system promises no more than it has.
    // cppcheck-suppress invalidFunctionArg  ; MAP_ANONYMOUS wants the descriptor -1
    void* space = mmap(nullptr, reserved_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (space == MAP_FAILED) {
        throw std::bad_alloc();
    }
    base_ = static_cast<std::uint8_t*>(space);
#ifdef MADV_HUGEPAGE
    madvise(base_, reserved_, MADV_HUGEPAGE);  // a wish: without it all works as well
#endif
}

ImageBytes::~ImageBytes() {
    if (!small_) {
        munmap(base_, reserved_);
    }
}

// Up to where the space becomes usable, so that `needed` of it is: by doubling, then up to the end of a huge page.
std::size_t ImageBytes::next_usable(std::size_t needed) const {
    if (needed < huge_page / 2) {
        return std::min(reserved_, whole_pages(std::max({needed, usable_ * 2, first_growth})));
    }
    const std::size_t begin = reinterpret_cast<std::uintptr_t>(base_) % huge_page;
    const std::size_t end = (begin + needed + huge_page - 1) / huge_page * huge_page - begin;
    return std::min(reserved_, end);
}

std::uint8_t* ImageBytes::prepare(std::size_t count) {
    const std::size_t size = size_.load(std::memory_order_relaxed);
    if (count > reserved_ - slack - size) {
        throw std::bad_alloc();
    }
    const std::size_t needed = size + count + slack;
    if (needed > usable_) {
        const std::size_t wanted = next_usable(needed);
        if (mprotect(base_, wanted, PROT_READ | PROT_WRITE) != 0) {
            throw std::bad_alloc();
        }
        usable_ = wanted;
    }
    return base_ + size;
}

void ImageBytes::append(std::string_view bytes) {
    std::memcpy(prepare(bytes.size()), bytes.data(), bytes.size());
    commit(bytes.size());
}

void ImageBytes::finish() {
    const std::size_t kept = whole_pages(std::max<std::size_t>(size(), 1));
    if (!small_ && kept < reserved_ && munmap(base_ + kept, reserved_ - kept) == 0) {
        reserved_ = kept;
        usable_ = std::min(usable_, kept);
    }
    complete_.store(true, std::memory_order_release);
}

}  // namespace venice
