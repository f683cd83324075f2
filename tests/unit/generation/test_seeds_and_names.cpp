// SPDX-License-Identifier: MIT
#include <glib.h>

#include <set>

#include "cmocka.hpp"
#include "generation/layer_name.hpp"
#include "generation/seeds.hpp"

using namespace venice_gimp;

namespace {

void random_seeds_are_in_range_and_differ(void**) {
    std::set<std::int64_t> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::int64_t seed = random_seed();
        assert_true(seed >= 0 && seed <= highest_seed);
        seen.insert(seed);
    }
    assert_true(seen.size() > 990);
}

void seeds_of_a_run_count_up(void**) {
    assert_int_equal(seed_at(42, 0), 42);
    assert_int_equal(seed_at(42, 3), 45);
    assert_int_equal(seed_at(-1, 1), 0);
}

void after_the_highest_seed_comes_the_lowest(void**) {
    assert_int_equal(seed_at(highest_seed, 0), highest_seed);
    assert_int_equal(seed_at(highest_seed, 1), lowest_seed);
    assert_int_equal(seed_at(highest_seed - 1, 3), lowest_seed + 1);
}

void seeds_out_of_range_are_left_for_the_library_to_refuse(void**) {
    assert_int_equal(seed_at(1000000000, 1), 1000000000);
    assert_int_equal(seed_at(-2000000000, 0), -2000000000);
}

void names_have_prompt_and_seed(void**) {
    assert_text(layer_name("a red fox in the snow", 42), "a red fox in the snow (seed 42)");
}

void negative_seeds_and_large_ones_are_plain_digits(void**) {
    assert_text(layer_name("fox", -999999999), "fox (seed -999999999)");
    assert_text(layer_name("fox", 1234567), "fox (seed 1234567)");
}

void names_are_one_line(void**) {
    assert_text(layer_name("  a red\n\nfox\tin\r\nthe \x01 snow \n", 1), "a red fox in the snow (seed 1)");
}

void an_empty_prompt_still_gives_a_name(void**) {
    assert_text(layer_name("", 1), " (seed 1)");
}

void percent_signs_are_text(void**) {
    assert_text(layer_name("100%s %n fox", 1), "100%s %n fox (seed 1)");
}

void long_prompts_are_cut_behind_a_word(void**) {
    const std::string name = layer_name("a very long description of a red fox in the snow that goes on for ever and a day", 7);
    assert_text(name, "a very long description of a red fox in the snow that goes… (seed 7)");
}

void sixty_characters_are_not_cut(void**) {
    const std::string prompt(60, 'x');
    assert_text(layer_name(prompt, 7), (prompt + " (seed 7)").c_str());
    assert_text(layer_name(prompt + "y", 7), (prompt + "… (seed 7)").c_str());
}

void cuts_fall_between_characters_not_bytes(void**) {
    std::string prompt;
    for (int i = 0; i < 100; ++i) {
        prompt += "雪";
    }
    std::string expected;
    for (int i = 0; i < 60; ++i) {
        expected += "雪";
    }
    assert_text(layer_name(prompt, 7), (expected + "… (seed 7)").c_str());
}

void accents_stay_with_their_letter(void**) {
    const std::string prompt = std::string(59, 'x') + "e\u0301" + std::string(9, 'y');  // the accent is the 61st character
    assert_text(layer_name(prompt, 7), (std::string(59, 'x') + "… (seed 7)").c_str());
}

void invalid_bytes_become_replacement_characters(void**) {
    assert_text(layer_name("f\xff\xfeox", 7), "f\uFFFD\uFFFDox (seed 7)");
}

void file_names_are_no_paths(void**) {
    for (const char* prompt : {"../../etc/passwd", "/etc/passwd", "..", ".", ".bashrc", "...", " . . /x", "a/../b", "C:\\Windows", "~/x", "a\nb", "\u202Egnp.x", ""}) {
        const std::string name = file_name(prompt, -5, ".png");
        assert_true(name.find_first_of("/\\:\n") == std::string::npos);
        assert_false(name.starts_with('.') || name.starts_with(' '));
        assert_true(name.ends_with("(seed -5).png"));
        assert_true(name.find("\u202E") == std::string::npos);
    }
    assert_text(file_name(std::string("a\0/../b", 7), 7, ".png"), "a\uFFFD-..-b (seed 7).png");
    assert_text(file_name("../../etc/passwd", 7, ".png"), "-..-etc-passwd (seed 7).png");
}

void file_names_fit_any_file_system(void**) {
    std::string prompt;
    for (int i = 0; i < 60; ++i) {
        prompt += "😀";
    }
    const std::string name = file_name(prompt, -999999999, ".webp");
    assert_true(name.size() < 255);
    assert_true(g_utf8_validate(name.data(), static_cast<gssize>(name.size()), nullptr) != 0);
    assert_true(name.ends_with("(-999999999).webp"));
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(random_seeds_are_in_range_and_differ),
        cmocka_unit_test(seeds_of_a_run_count_up),
        cmocka_unit_test(after_the_highest_seed_comes_the_lowest),
        cmocka_unit_test(seeds_out_of_range_are_left_for_the_library_to_refuse),
        cmocka_unit_test(names_have_prompt_and_seed),
        cmocka_unit_test(negative_seeds_and_large_ones_are_plain_digits),
        cmocka_unit_test(names_are_one_line),
        cmocka_unit_test(an_empty_prompt_still_gives_a_name),
        cmocka_unit_test(percent_signs_are_text),
        cmocka_unit_test(long_prompts_are_cut_behind_a_word),
        cmocka_unit_test(sixty_characters_are_not_cut),
        cmocka_unit_test(cuts_fall_between_characters_not_bytes),
        cmocka_unit_test(accents_stay_with_their_letter),
        cmocka_unit_test(invalid_bytes_become_replacement_characters),
        cmocka_unit_test(file_names_are_no_paths),
        cmocka_unit_test(file_names_fit_any_file_system),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
