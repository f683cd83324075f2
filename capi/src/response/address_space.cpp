// SPDX-License-Identifier: MIT
#include "response/address_space.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace venice {
namespace {

// The first megabyte comes by and by; then whole huge pages, where the system has them: to touch 48 MB takes 24 page faults instead of
// 12,288.
constexpr std::size_t first_growth = std::size_t{256} << 10;
constexpr std::size_t in_small_pages = AddressSpace::huge_page / 2;

// Each change of what is usable waits for the page faults of other threads: then rather few and large ones, of which
// nothing counts as memory before it is touched.
constexpr std::size_t growth = std::size_t{8} << 20;

std::size_t whole_pages(std::size_t size) {
    static const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return (size + page - 1) / page * page;
}

// How far behind the last boundary of huge pages.
std::size_t within_huge_page(const std::uint8_t* place) {
    return reinterpret_cast<std::uintptr_t>(place) % AddressSpace::huge_page;
}

}  // namespace

AddressSpace::AddressSpace(std::size_t size) {
    if (size > std::numeric_limits<std::size_t>::max() / 2) {
        throw std::bad_alloc();
    }
    const bool is_large = size >= huge_page;
    size_ =
        whole_pages(size) + (is_large ? 2 * huge_page : 0);  // to begin where it is best, and for the pages that parts of it do not fill
    // Without access: so it does not count as memory, even where the system promises no more than it has.
    // cppcheck-suppress invalidFunctionArg  ; MAP_ANONYMOUS wants the descriptor -1
    void* space = mmap(nullptr, size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (space == MAP_FAILED) {
        throw std::bad_alloc();
    }
    begin_ = static_cast<std::uint8_t*>(space);
    if (is_large) {
        // What comes in small pages ends where the first huge one can begin.
        const std::size_t lead = (huge_page + in_small_pages - within_huge_page(begin_)) % huge_page;
        *this = split(lead);
    }
#ifdef MADV_HUGEPAGE
    madvise(begin_, size_, MADV_HUGEPAGE);  // a wish: without it all works as well
#endif
}

AddressSpace::~AddressSpace() {
    if (size_ > 0) {
        munmap(begin_, size_);
    }
}

AddressSpace::AddressSpace(AddressSpace&& other) noexcept
    : begin_(std::exchange(other.begin_, nullptr)), size_(std::exchange(other.size_, 0)), usable_(std::exchange(other.usable_, 0)) {}

AddressSpace& AddressSpace::operator=(AddressSpace&& other) noexcept {
    std::swap(begin_, other.begin_);
    std::swap(size_, other.size_);
    std::swap(usable_, other.usable_);
    return *this;
}

AddressSpace AddressSpace::split(std::size_t kept) {
    AddressSpace rest;
    kept = std::min(size_, whole_pages(kept));
    rest.begin_ = begin_ + kept;
    rest.size_ = size_ - kept;
    rest.usable_ = usable_ - std::min(usable_, kept);
    size_ = kept;
    usable_ = std::min(usable_, kept);
    return rest;
}

// Up to where the space becomes usable, so that `needed` of it is: by doubling, then up to the end of a huge page.
std::size_t AddressSpace::next_usable(std::size_t needed) const {
    if (needed <= in_small_pages) {
        return whole_pages(std::max({needed, usable_ * 2, first_growth}));
    }
    const std::size_t begin = within_huge_page(begin_);
    return (begin + needed + growth + huge_page - 1) / huge_page * huge_page - begin;
}

void AddressSpace::extend(std::size_t needed, std::size_t most) {
    if (needed > size_) {
        throw std::bad_alloc();
    }
    // Where the system promises no more than it has, the least may still be had.
    for (const std::size_t wanted : {std::min({size_, whole_pages(most), next_usable(needed)}), whole_pages(needed)}) {
        if (mprotect(begin_, wanted, PROT_READ | PROT_WRITE) == 0) {
            usable_ = wanted;
            return;
        }
    }
    throw std::bad_alloc();
}

}  // namespace venice
