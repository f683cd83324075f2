// SPDX-License-Identifier: MIT
// What a server says is shown as plain, bounded text that cannot pretend to be another one.
#include <glib.h>

#include "cmocka.hpp"
#include "generation/layer_name.hpp"
#include "generation/shown_text.hpp"
#include "generation/venice_handles.hpp"

using namespace venice_gimp;

namespace {

constexpr const char* override_and_isolates = "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\uFEFF";

void ordinary_text_stays(void**) {
    for (const char* text : {"", "plain", "été 雪 😀", "<b>&amp;</b> %s _x", "שלום\u200E (1)", "مرحبا\u200F"}) {
        assert_text(shown_line(text, 100), text);
        assert_text(shown_text(text, 100), text);
    }
}

void control_characters_become_spaces(void**) {
    assert_text(shown_line("a\nb\r\tc\x1B[31m\x7F" "d", 100), "a b  c [31m d");
    assert_text(shown_line("a\u0085b\u009Fc\u2028d\u2029e", 100), "a b c d e");
    assert_text(shown_line(std::string("a\0b", 3), 100), "a\uFFFDb");
}

void lines_are_kept_where_there_is_room(void**) {
    assert_text(shown_text("a\n\tb\x1B" "c\rd\u2028e\u0085f", 100), "a\n\tb c d e f");
}

void nothing_turns_the_text_around_it(void**) {
    const std::string text = std::string("a") + override_and_isolates + "gpj.exe";
    assert_text(shown_line(text, 100), "agpj.exe");
    assert_text(shown_text(text, 100), "agpj.exe");
}

void broken_utf8_is_replaced(void**) {
    assert_text(shown_line("a\xFFz\xE2\x82", 100), "a\uFFFDz\uFFFD\uFFFD");
    const std::string shown = shown_text("\xC3\x28\xF0\x28\x8C\x28\xED\xA0\x80", 100);
    assert_true(g_utf8_validate(shown.data(), static_cast<gssize>(shown.size()), nullptr) != 0);
}

void long_text_is_cut_between_characters(void**) {
    assert_text(shown_line("雪雪雪", 3), "雪雪雪");
    assert_text(shown_line("雪雪雪雪", 3), "雪雪雪…");
    assert_int_equal(shown_text(std::string(1'000'000, 'x'), longest_shown_text).size(), longest_shown_text + std::string("…").size());
    assert_true(shown_line(std::string(1'000'000, '\n') + "x", 10).size() < 20);
}

void names_of_layers_turn_nothing(void**) {
    assert_text(layer_name("a\u202A\u202E\u2066\u2069fox", 7), "afox (seed 7)");
}

// As the library gives it: the server's words are unchanged there.
void words_of_the_server_in_a_failure(void**) {
    const std::string hostile = std::string("no\u202E\x1B[2J\nway ") + std::string(50'000, 'x');
    Failure failure;
    failure.message = hostile;
    failure.server_message = hostile;
    make_fit_to_show(failure);
    for (const std::string& text : {failure.message, failure.server_message}) {
        assert_true(text.starts_with("no [2J way xxx"));
        assert_true(g_utf8_strlen(text.c_str(), -1) <= 4001);
    }
    assert_true(g_utf8_strlen(failure.server_message.c_str(), -1) <= 1001);
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_text_stays),
        cmocka_unit_test(control_characters_become_spaces),
        cmocka_unit_test(lines_are_kept_where_there_is_room),
        cmocka_unit_test(nothing_turns_the_text_around_it),
        cmocka_unit_test(broken_utf8_is_replaced),
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(names_of_layers_turn_nothing),
        cmocka_unit_test(words_of_the_server_in_a_failure),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
