// SPDX-License-Identifier: MIT
// Texts of both directions in one line. That it looks right is seen in tests/gui/test_appearance.py.
#include "cmocka.hpp"
#include "ui/text_format.hpp"

using namespace venice_gimp;

namespace {

constexpr bool right_to_left = true;
constexpr bool left_to_right = false;

void one_direction_needs_no_marks(void**) {
    assert_text(joined({"Z-Image Turbo", "$0.01", "private"}, left_to_right), "Z-Image Turbo · $0.01 · private");
    assert_text(joined({"نموذج", "$0.01", "خاص"}, right_to_left), "نموذج · $0.01 · خاص");
    assert_text(joined({"Z"}, left_to_right), "Z");
    assert_text(joined({}, left_to_right), "");
}

void each_part_keeps_its_own_direction(void**) {
    assert_text(joined({"Z (beta)", "$0.01", "خاص"}, right_to_left), "\u200F\u200EZ (beta)\u200E\u200F · \u200F$0.01\u200F · \u200F\u200Fخاص\u200F");
    assert_text(joined({"נמל", "private"}, left_to_right), "\u200E\u200Fנמל\u200F\u200E · \u200E\u200Eprivate\u200E");
}

void times_that_cannot_be(void**) {
    assert_text(format_elapsed(-5.0), "0:00");
    assert_text(format_elapsed(65.9), "1:05");
    for (const std::int64_t time : {INT64_MAX, INT64_MIN, std::int64_t{0}, std::int64_t{-1}, std::int64_t{7'258'118'400'000'000}}) {
        format_time(time);
    }
    assert_text(format_time(INT64_MAX), "");
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(one_direction_needs_no_marks),
        cmocka_unit_test(each_part_keeps_its_own_direction),
        cmocka_unit_test(times_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
