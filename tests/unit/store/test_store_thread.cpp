// SPDX-License-Identifier: MIT
#include <stdexcept>
#include <thread>

#include "store_fixture.hpp"

using namespace venice_gimp;

namespace {

void works_are_done_in_order_on_another_thread(void**) {
    StoreThread thread;
    std::string done_so_far;
    std::thread::id there;
    thread.save([&] { done_so_far += "a"; }, nullptr);
    thread.load<int>(
        [&] {
            done_so_far += "b";
            return 1;
        },
        nullptr);
    assert_saved([&](OnSaved done) {
        thread.save(
            [&] {
                done_so_far += "c";
                there = std::this_thread::get_id();
            },
            std::move(done));
    });
    assert_text(done_so_far, "abc");
    assert_true(there != std::this_thread::get_id());
}

void what_a_work_throws_is_its_failure(void**) {
    StoreThread thread;
    thread.save([] { throw std::runtime_error("nobody waits for it"); }, nullptr);
    const StoreFailure failure = failure_of_saving([&](OnSaved done) { thread.save([] { throw std::runtime_error("out of order"); }, std::move(done)); });
    assert_text(failure.message, "out of order");
    assert_int_equal(failure.error_number, 0);
    const StoreFailure of_system =
        failure_of_loading<int>([&](OnStored<int> done) { thread.load<int>([]() -> int { throw StoreException({"full", 28}); }, std::move(done)); });
    assert_text(of_system.message, "full");
    assert_int_equal(of_system.error_number, 28);
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(works_are_done_in_order_on_another_thread),
        cmocka_unit_test(what_a_work_throws_is_its_failure),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
