// SPDX-License-Identifier: MIT
// Looks into every block of memory that this program frees, for a text that must have been wiped before. Include it in one source of the program only.
#pragma once

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

namespace freed_blocks {

inline std::string_view wanted;  // empty: nothing is looked for
inline std::atomic<int> found{0};

// Between the two it counts the freed blocks that hold `text`, or the larger part of it.
inline void look_for(std::string_view text) {
    found = 0;
    wanted = text.substr(text.size() / 4);
}

inline int number_with_it() {
    wanted = {};
    return found;
}

inline void look_into(const void* block, std::size_t size) {
    if (!wanted.empty() && memmem(block, size, wanted.data(), wanted.size()) != nullptr) {
        ++found;
    }
}

// Else a compiler may see that nobody reads it, and leave it out altogether.
inline void keep(const void* block) { asm volatile("" : : "r"(block) : "memory"); }

// To be freed: all that it can hold, not only what was asked for.
inline void look_into(void* block) {
    if (block != nullptr) {
        look_into(block, malloc_usable_size(block));
    }
}

inline void release(void* block) {
    look_into(block);
    std::free(block);
}

}  // namespace freed_blocks

// Zeroed, so that what is found there was written there.
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (void* memory = std::calloc(1, size > 0 ? size : 1)) {
        return memory;
    }
    throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::calloc(1, size > 0 ? size : 1); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { freed_blocks::release(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { freed_blocks::release(memory); }
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept { freed_blocks::release(memory); }
