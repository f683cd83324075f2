// SPDX-License-Identifier: MIT
// Address space is written from its beginning on, and divided without its bytes being moved.
#include "response/address_space.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include "checks.hpp"
#include "response/image_bytes.hpp"

using venice::AddressSpace;
using venice::ImageBytes;

namespace {

constexpr std::size_t mib = std::size_t{1} << 20;

std::size_t page() {
    return static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// Whether anything is mapped there.
bool is_mapped(const std::uint8_t* place) {
    unsigned char state = 0;
    void* begin = const_cast<std::uint8_t*>(place) - reinterpret_cast<std::uintptr_t>(place) % page();
    return mincore(begin, 1, &state) == 0;
}

void fill(const AddressSpace& space, std::size_t from, std::size_t to, int value) {
    std::fill(space.data() + from, space.data() + to, static_cast<std::uint8_t>(value));
}

void is_as_large_as_was_asked_for(void**) {
    for (const std::size_t size : {std::size_t{1}, page(), mib, 2 * mib, 2 * mib + 1, 64 * mib}) {
        AddressSpace space(size);
        assert_true(space.size() >= size);
        space.make_usable(size, size);
        fill(space, 0, size, 7);
    }
    AddressSpace none;
    assert_int_equal(none.size(), 0);
}

void more_than_there_is_cannot_be_had(void**) {
    const auto refuses = [](auto&& action) {
        try {
            action();
            return false;
        } catch (const std::bad_alloc&) {
            return true;
        }
    };
    assert_true(refuses([] { const AddressSpace space(std::numeric_limits<std::size_t>::max()); }));
    assert_true(refuses([] { const AddressSpace space(std::numeric_limits<std::size_t>::max() / 4); }));
    AddressSpace space(page());
    assert_true(refuses([&] { space.make_usable(space.size() + 1, space.size() + 1); }));
}

// What is whole pages goes on as it is, bytes and all.
void a_part_outlives_the_other(void**) {
    AddressSpace first(8 * mib);
    first.make_usable(4 * mib, 8 * mib);
    fill(first, 0, 4 * mib, 1);
    const std::size_t size = first.size();

    auto second = std::make_unique<AddressSpace>(first.split(3 * mib + 1));
    assert_int_equal(first.size(), 3 * mib + page());
    assert_int_equal(second->size(), size - first.size());
    assert_ptr_equal(second->data(), first.data() + first.size());
    assert_int_equal(*second->data(), 1);

    second->make_usable(2 * mib, 4 * mib);
    fill(*second, 0, 2 * mib, 2);
    const std::uint8_t* beginning = first.data();
    { const AddressSpace ended = std::move(first); }
    assert_false(is_mapped(beginning));
    assert_int_equal(*second->data(), 2);

    const std::uint8_t* rest = second->data();
    second.reset();
    assert_false(is_mapped(rest));
}

void everything_or_nothing_is_split_off(void**) {
    AddressSpace space(mib);
    const std::size_t size = space.size();
    AddressSpace all = space.split(0);
    assert_int_equal(space.size(), 0);
    assert_int_equal(all.size(), size);
    assert_int_equal(all.split(size).size(), 0);
    assert_int_equal(all.split(size + 1).size(), 0);
    assert_int_equal(all.size(), size);
}

// The next image goes behind the one that is complete.
void images_share_address_space(void**) {
    const std::string bytes(3 * mib + 5, 'a');
    ImageBytes first(8 * mib);
    first.append(bytes);
    ImageBytes second(4 * mib, first.finish());
    second.append(bytes);
    assert_true(second.data() >= first.data() + bytes.size() && second.data() < first.data() + bytes.size() + page());
    second.finish();
    assert_false(is_mapped(second.data() + bytes.size() + page()));
    assert_true(bytes_of(first) == bytes_of(bytes) && bytes_of(second) == bytes_of(bytes));
}

// What is to come: not further than was asked for, and not beyond what may come.
void upcoming_memory_is_bounded(void**) {
    ImageBytes image(20 * mib);
    for (std::size_t written = 0; written < 20 * mib; written += mib / 2) {
        const auto upcoming = image.upcoming(4 * mib);
        assert_ptr_equal(upcoming.data(), image.data() + written);
        assert_true(upcoming.size() <= 4 * mib && written + upcoming.size() <= 20 * mib + ImageBytes::slack);
        assert_true(upcoming.size() > 2 * mib || written + upcoming.size() == 20 * mib + ImageBytes::slack);
        std::fill(upcoming.begin(), upcoming.end(), std::uint8_t{1});
        image.append(std::string(mib / 2, 'a'));
    }
    assert_true(bytes_of(image) == Bytes(20 * mib, 'a'));
    assert_true(ImageBytes(1000).upcoming(4 * mib).empty());
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(is_as_large_as_was_asked_for), cmocka_unit_test(more_than_there_is_cannot_be_had),
        cmocka_unit_test(a_part_outlives_the_other),    cmocka_unit_test(everything_or_nothing_is_split_off),
        cmocka_unit_test(images_share_address_space),   cmocka_unit_test(upcoming_memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
