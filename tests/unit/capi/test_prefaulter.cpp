// SPDX-License-Identifier: MIT
// The second thread that has the memory of large images provided: it changes no byte, keeps to its bounds, ends in time, and may be
// lacking.
#include "response/prefaulter.hpp"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>
#include <utility>

#include "checks.hpp"
#include "response/address_space.hpp"
#include "response/generate_decoder.hpp"
#include "support/base64_encode.hpp"

using venice::AddressSpace;
using venice::GenerateDecoder;
using venice::Prefaulter;

namespace {

constexpr std::size_t mib = std::size_t{1} << 20;

std::atomic<int> threads_started{0};
std::atomic<bool> threads_can_start{true};

}  // namespace

// Before the C library's: counts threads, and refuses them as a system does that has no more.
extern "C" __attribute__((visibility("default"))) int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                                                     void* (*function)(void*), void* argument) noexcept {
    using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
    static const auto create = reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
    if (!threads_can_start) {
        return EAGAIN;
    }
    ++threads_started;
    return create(thread, attributes, function, argument);
}

namespace {

// --- the thread by itself: what it asks the system for

// Only looked at, never touched.
std::uint8_t* const memory = reinterpret_cast<std::uint8_t*>(std::uintptr_t{1} << 40);

std::atomic<int> calls{0};
std::atomic<std::uint8_t*> first{nullptr};
std::atomic<std::uint8_t*> reached{nullptr};
std::atomic<std::size_t> largest{0};
std::atomic<bool> has_gaps{false};

bool note(std::uint8_t* begin, std::size_t size) {
    first = calls == 0 ? begin : first.load();
    has_gaps = has_gaps || (calls > 0 && begin != reached);
    largest = std::max(largest.load(), size);
    reached = begin + size;
    ++calls;
    return true;
}

bool refuse(std::uint8_t* begin, std::size_t size) {
    note(begin, size);
    return false;
}

int forget(void**) {
    calls = 0;
    reached = nullptr;
    largest = 0;
    has_gaps = false;
    threads_started = 0;
    threads_can_start = true;
    return 0;
}

template <typename Condition>
void wait_until(Condition&& holds) {
    while (!holds()) {
        std::this_thread::yield();
    }
}

void goes_in_steps_to_the_end(void**) {
    const auto prefaulter = Prefaulter::start(&note);
    prefaulter->follow({memory + mib + 5, 8 * mib});
    wait_until([] { return reached == memory + 9 * mib + 5; });
    assert_ptr_equal(first.load(), memory + mib);  // the page where it begins
    assert_true(largest <= 2 * mib && !has_gaps);

    prefaulter->follow({memory + 2 * mib, 10 * mib});  // goes on where it was
    wait_until([] { return reached == memory + 12 * mib; });
    assert_false(has_gaps);
}

void leaves_out_what_was_written_before_it_came(void**) {
    const auto prefaulter = Prefaulter::start(&note);
    prefaulter->follow({memory, 2 * mib});
    wait_until([] { return reached == memory + 2 * mib; });
    calls = 0;
    prefaulter->follow({memory + 20 * mib, 2 * mib});
    wait_until([] { return reached == memory + 22 * mib; });
    assert_ptr_equal(first.load(), memory + 20 * mib);
    assert_false(has_gaps);
}

void ends_in_the_middle(void**) {
    auto prefaulter = Prefaulter::start([](std::uint8_t* begin, std::size_t size) {
        usleep(1000);
        return note(begin, size);
    });
    prefaulter->follow({memory, 100'000 * mib});
    wait_until([] { return calls > 0; });
    prefaulter.reset();
    assert_true(calls < 50'000);
}

void asks_once_where_the_system_cannot(void**) {
    auto prefaulter = Prefaulter::start(&refuse);
    prefaulter->follow({memory, 4 * mib});
    wait_until([] { return calls > 0; });
    prefaulter->follow({memory, 8 * mib});
    prefaulter.reset();
    assert_int_equal(calls, 1);
}

void provides_pages_and_changes_none(void**) {
    AddressSpace space(8 * mib);
    space.make_usable(8 * mib, 8 * mib);
    std::fill(space.data(), space.data() + mib, std::uint8_t{9});
    if (!Prefaulter::populate_pages(space.data(), 1)) {
        skip();  // before Linux 5.14
    }
    const auto prefaulter = Prefaulter::start();
    prefaulter->follow({space.data(), 8 * mib});
    wait_until([&] {
        unsigned char state = 0;
        assert_int_equal(mincore(space.data() + 8 * mib - sysconf(_SC_PAGESIZE), 1, &state), 0);
        return (state & 1) != 0;
    });
    assert_true(std::all_of(space.data(), space.data() + mib, [](std::uint8_t byte) { return byte == 9; }));
    assert_true(std::all_of(space.data() + mib, space.data() + 8 * mib, [](std::uint8_t byte) { return byte == 0; }));
}

// --- with the decoder

Bytes image_of(std::size_t size, std::size_t number) {
    Bytes image(size);
    for (std::size_t i = 0; i < size; ++i) {
        image[i] = static_cast<std::uint8_t>((i * 31 + i / 4099 + number) & 0xFF);
    }
    return image;
}

// Of `count` images, each a byte longer than the one before.
std::string answer_of(std::size_t count, std::size_t size) {
    std::string text = R"({"images":[)";
    for (std::size_t number = 0; number < count; ++number) {
        const Bytes image = image_of(size + number, number);
        text += (number > 0 ? ",\"" : "\"") + venice::base64_encoded(image) + '"';
    }
    return text + "]}";
}

void feed_in_pieces(GenerateDecoder& decoder, std::string_view text) {
    for (; !text.empty(); text.remove_prefix(std::min(text.size(), mib / 4))) {
        decoder.feed(text.substr(0, mib / 4));
    }
}

void expect_images(const std::vector<std::shared_ptr<venice::ImageBytes>>& images, std::size_t count, std::size_t size) {
    assert_int_equal(images.size(), count);
    for (std::size_t number = 0; number < count; ++number) {
        assert_true(bytes_of(*images[number]) == image_of(size + number, number));
    }
}

void decodes(std::size_t count, std::size_t size, std::size_t more_than_comes) {
    const std::string text = answer_of(count, size);
    GenerateDecoder decoder(text.size() + more_than_comes);
    feed_in_pieces(decoder, text);
    expect_images(decoder.finish().images, count, size);
}

void one_thread_serves_all_images_of_an_answer(void**) {
    decodes(4, 6 * mib, 0);
    assert_int_equal(threads_started, 1);
}

void of_unknown_length_too(void**) {
    decodes(3, 5 * mib, 40 * mib);
    assert_int_equal(threads_started, 1);
}

void serves_an_image_as_it_is(void**) {
    const Bytes image = image_of(9 * mib, 0);
    GenerateDecoder decoder(image.size());
    const std::string text = "\x89" + std::string(image.begin() + 1, image.end());
    feed_in_pieces(decoder, text);
    assert_true(bytes_of(*decoder.finish().images.front()) == bytes_of(text));
    assert_int_equal(threads_started, 1);
}

void small_images_start_no_thread(void**) {
    decodes(4, 3 * mib / 2, 40 * mib);
    decodes(1, 3 * mib, 0);
    decodes(1, 1000, 0);
    assert_int_equal(threads_started, 0);
}

void without_a_thread_images_are_the_same(void**) {
    threads_can_start = false;
    decodes(3, 6 * mib, 0);
    threads_can_start = true;
    assert_int_equal(threads_started, 0);
}

// The reader of an image that will never be complete keeps it.
void a_decoder_may_end_in_the_middle(void**) {
    const std::string text = answer_of(2, 8 * mib);
    auto decoder = std::make_unique<GenerateDecoder>(text.size());
    feed_in_pieces(*decoder, std::string_view(text).substr(0, text.size() / 3));
    const std::shared_ptr<venice::ImageBytes> image = decoder->images().front();
    decoder = std::make_unique<GenerateDecoder>(text.size());
    assert_int_equal(threads_started, 1);
    const Bytes whole = image_of(8 * mib, 0);
    assert_false(image->complete());
    assert_true(bytes_of(*image) == Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(image->size())));

    feed_in_pieces(*decoder, text);
    expect_images(decoder->finish().images, 2, 8 * mib);
}

void a_forked_child_waits_for_no_thread(void**) {
    const std::string text = answer_of(1, 8 * mib);
    auto decoder = std::make_unique<GenerateDecoder>(text.size());
    feed_in_pieces(*decoder, std::string_view(text).substr(0, text.size() / 2));
    assert_int_equal(threads_started, 1);
    const pid_t child = fork();
    if (child == 0) {
        decoder.reset();
        _exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    feed_in_pieces(*decoder, std::string_view(text).substr(text.size() / 2));
    expect_images(decoder->finish().images, 1, 8 * mib);
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test_setup(goes_in_steps_to_the_end, forget),
        cmocka_unit_test_setup(leaves_out_what_was_written_before_it_came, forget),
        cmocka_unit_test_setup(ends_in_the_middle, forget),
        cmocka_unit_test_setup(asks_once_where_the_system_cannot, forget),
        cmocka_unit_test_setup(provides_pages_and_changes_none, forget),
        cmocka_unit_test_setup(one_thread_serves_all_images_of_an_answer, forget),
        cmocka_unit_test_setup(of_unknown_length_too, forget),
        cmocka_unit_test_setup(serves_an_image_as_it_is, forget),
        cmocka_unit_test_setup(small_images_start_no_thread, forget),
        cmocka_unit_test_setup(without_a_thread_images_are_the_same, forget),
        cmocka_unit_test_setup(a_decoder_may_end_in_the_middle, forget),
        cmocka_unit_test_setup(a_forked_child_waits_for_no_thread, forget),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
