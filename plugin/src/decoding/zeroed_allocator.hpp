// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <type_traits>
#include <utility>

namespace venice_gimp {

/// Elements that a vector makes by itself, as vector(count) and resize() do, are zero because their memory is: it comes
/// from calloc(), so that the system gives large memory page by page when it is first written, not at once. Only for
/// vectors that never grow again after they shrank: there, they would be what the memory was left with.
template <typename Element>
    requires std::is_trivial_v<Element>
class ZeroedAllocator {
public:
    using value_type = Element;

    ZeroedAllocator() = default;
    template <typename Other>
    explicit ZeroedAllocator(const ZeroedAllocator<Other>&) noexcept
    {
    }

    Element* allocate(std::size_t count)
    {
        void* const memory = std::calloc(count, sizeof(Element));
        if (memory == nullptr)
            throw std::bad_alloc();
        return static_cast<Element*>(memory);
    }

    void deallocate(Element* memory, std::size_t) noexcept { std::free(memory); }

    void construct(Element*) noexcept {} // it is zero
    template <typename... Arguments>
    void construct(Element* place, Arguments&&... arguments)
    {
        ::new (static_cast<void*>(place)) Element(std::forward<Arguments>(arguments)...);
    }

    bool operator==(const ZeroedAllocator&) const noexcept { return true; }
};

} // namespace venice_gimp
