// SPDX-License-Identifier: MIT
// Underlined letters of buttons, and underscores that are none.
#include "cmocka.hpp"
#include "ui/mnemonics.hpp"

using namespace venice_gimp;

namespace {

void the_letter_that_is_wished_for_if_it_is_free(void**) {
    Letters taken;
    assert_text(with_free_mnemonic("_Use It", taken), "_Use It");
    assert_text(with_free_mnemonic("_Use It", taken), "Use _It");
    assert_text(with_free_mnemonic("Uiui", taken), "Uiui");
    assert_text(with_free_mnemonic("Öff_nen", taken), "Öff_nen");
    assert_true(taken == Letters({'u', 'i', 'n'}));
}

void underscores_of_a_name_stay_and_mark_nothing(void**) {
    const std::string label = "_Use " + escape_underscores("_new__one_");
    assert_text(label, "_Use __new____one__");
    assert_text(without_mnemonic(label), "Use _new__one_");
    Letters taken;
    assert_text(with_free_mnemonic(label, taken), label.c_str());
    taken = {'u'};
    assert_text(with_free_mnemonic(label, taken), "Use ___new____one__");
    taken = {'u', 's', 'e', 'n', 'w', 'o'};
    assert_text(with_free_mnemonic(label, taken), "Use __new____one__");
    Letters letters;
    take_mnemonic(escape_underscores("_none"), letters);
    assert_true(letters.empty());
    take_mnemonic("__n_one", letters);
    assert_true(letters == Letters({'o'}));
}

void a_label_that_ends_too_early(void**) {
    assert_text(without_mnemonic("_"), "");
    assert_text(without_mnemonic("a_"), "a");
    Letters taken;
    assert_text(with_free_mnemonic("a_", taken), "_a");
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(the_letter_that_is_wished_for_if_it_is_free),
        cmocka_unit_test(underscores_of_a_name_stay_and_mark_nothing),
        cmocka_unit_test(a_label_that_ends_too_early),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
