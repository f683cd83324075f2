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

constexpr std::size_t growth = std::size_t{1} << 20;

std::size_t whole_pages(std::size_t size) {
    static const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return (size + page - 1) / page * page;
}

}  // namespace

ImageBytes::ImageBytes(std::size_t most) {
    if (most > std::numeric_limits<std::size_t>::max() / 2) {
        throw std::bad_alloc();
    }
    reserved_ = whole_pages(most + slack);
    // Without access: so it does not count as memory, even where the system promises no more than it has.
    // cppcheck-suppress invalidFunctionArg  ; MAP_ANONYMOUS wants the descriptor -1
    void* space = mmap(nullptr, reserved_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (space == MAP_FAILED) {
        throw std::bad_alloc();
    }
    base_ = static_cast<std::uint8_t*>(space);
}

ImageBytes::~ImageBytes() { munmap(base_, reserved_); }

std::uint8_t* ImageBytes::prepare(std::size_t count) {
    const std::size_t size = size_.load(std::memory_order_relaxed);
    if (count > reserved_ - slack - size) {
        throw std::bad_alloc();
    }
    const std::size_t needed = size + count + slack;
    if (needed > usable_) {
        const std::size_t wanted = std::min(reserved_, whole_pages(std::max(needed, usable_ + growth)));
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
    if (kept < reserved_ && munmap(base_ + kept, reserved_ - kept) == 0) {
        reserved_ = kept;
        usable_ = std::min(usable_, kept);
    }
    complete_.store(true, std::memory_order_release);
}

}  // namespace venice
