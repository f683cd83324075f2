// SPDX-License-Identifier: MIT
#include "checks.hpp"
#include "support/text.hpp"

using venice::displayable;

namespace {

void counts_code_points(void**) {
    assert_int_equal(venice::character_count(""), 0);
    assert_int_equal(venice::character_count("abc"), 3);
    assert_int_equal(venice::character_count("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), 3);
}

void knows_valid_utf8(void**) {
    for (const std::string_view good : {"", "a", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
                                        "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        assert_true(venice::is_valid_utf8(good));
    }
    for (const std::string_view bad : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2" "a", "\xE0\x9F\xBF", "\xE2\x82", "\xED\xA0\x80", "\xED\xBF\xBF",
                                       "\xF0\x8F\xBF\xBF", "\xF0\x90\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "a\xFFz"}) {
        assert_false(venice::is_valid_utf8(bad));
    }
}

void shows_ordinary_text_unchanged(void**) {
    for (const char* text : {"", "plain", "\xC3\xA9t\xC3\xA9 \xF0\x9F\x98\x80", "a  b", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D"}) {
        expect_text(displayable(text, 100), text);
    }
}

void shows_control_characters_as_spaces(void**) {
    expect_text(displayable("a\nb\r\tc\x1B[31m\x7F" "d", 100), "a b  c [31m d");
    expect_text(displayable("a\xC2\x85" "b\xC2\x9F" "c\xE2\x80\xA8" "d\xE2\x80\xA9" "e", 100), "a b c d e");
    expect_text(displayable(std::string_view("a\0b", 3), 100), "a b");
}

void shows_no_bidirectional_override(void**) {
    for (const std::string mark : {"\xD8\x9C", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA9", "\xEF\xBB\xBF"}) {
        expect_text(displayable("a" + mark + "b", 100), "a b");
    }
}

void shows_broken_utf8_as_replacement(void**) {
    expect_text(displayable("a\xFFz", 100), "a\xEF\xBF\xBDz");
    expect_text(displayable("a\xE2\x82", 100), "a\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_true(venice::is_valid_utf8(displayable("\xC3\x28\xF0\x28\x8C\x28\xED\xA0\x80", 100)));
}

void cuts_between_characters(void**) {
    expect_text(displayable("abcd", 4), "abcd");
    expect_text(displayable("abcde", 4), "abcd\xE2\x80\xA6");
    expect_text(displayable("\xC3\xA9\xC3\xA9\xC3\xA9", 2), "\xC3\xA9\xC3\xA9\xE2\x80\xA6");
}

void decodes_percent_escapes(void**) {
    expect_text(venice::percent_decoded(""), "");
    expect_text(venice::percent_decoded("a%20b%2Fc%2f"), "a b/c/");
    expect_text(venice::percent_decoded("%C3%A9"), "\xC3\xA9");
    expect_text(venice::percent_decoded("100%"), "100%");
    expect_text(venice::percent_decoded("%2"), "%2");
    expect_text(venice::percent_decoded("%zz%4"), "%zz%4");
    expect_text(venice::percent_decoded("%%41+"), "%A+");
}

void reads_and_writes_numbers(void**) {
    assert_true(venice::parse_double("7.25") == 7.25);
    assert_true(venice::parse_int("-42") == -42);
    for (const std::string_view wrong : {"", " 1", "1 ", "1,5", "abc", "0x10", "+1", "1.5.2"}) {
        assert_false(venice::parse_double(wrong).has_value());
        assert_false(venice::parse_int(wrong).has_value());
    }
    assert_false(venice::parse_int("9223372036854775808").has_value());
    expect_text(venice::number_text(0.1), "0.1");
    expect_text(venice::number_text(7), "7");
    expect_text(venice::number_text(32768), "32768");
}

void trims_and_compares(void**) {
    assert_true(venice::trimmed(" \t a b\r\n") == "a b");
    assert_true(venice::trimmed(" \r\n").empty());
    assert_true(venice::equals_ignoring_case("CF-RAY", "cf-ray"));
    assert_false(venice::equals_ignoring_case("CF-RAY", "cf-ra"));
    assert_false(venice::equals_ignoring_case("[", "{"));
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(counts_code_points),
        cmocka_unit_test(knows_valid_utf8),
        cmocka_unit_test(shows_ordinary_text_unchanged),
        cmocka_unit_test(shows_control_characters_as_spaces),
        cmocka_unit_test(shows_no_bidirectional_override),
        cmocka_unit_test(shows_broken_utf8_as_replacement),
        cmocka_unit_test(cuts_between_characters),
        cmocka_unit_test(decodes_percent_escapes),
        cmocka_unit_test(reads_and_writes_numbers),
        cmocka_unit_test(trims_and_compares),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
