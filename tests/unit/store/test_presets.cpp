// SPDX-License-Identifier: MIT
#include <cerrno>

#include "store/presets.hpp"
#include "store_fixture.hpp"

using namespace venice_gimp;

namespace {

using Names = std::vector<std::string>;

struct Fixture {
    TemporaryFolder folder;
    Presets presets{std::make_shared<StoreThread>(), folder.path()};

    void save(const std::string& name, const std::string& prompt) {
        DialogValues values;
        values.settings.prompt = prompt;
        assert_saved([&](OnSaved done) { presets.save(name, values, std::move(done)); });
    }
    Names names() {
        return loaded<Names>([&](OnStored<Names> done) { presets.list(std::move(done)); });
    }
    std::string prompt(const std::string& name) {
        return loaded<DialogValues>([&](OnStored<DialogValues> done) { presets.load(name, std::move(done)); }).settings.prompt;
    }
};

void any_name_will_do(void**) {
    Fixture fixture;
    const std::string very_long(2000, 'x');
    for (const std::string& name : {std::string("../../etc/passwd"), std::string("🦊 ثعلب"), std::string("."), std::string("a/b"), very_long}) {
        fixture.save(name, "prompt of " + name);
    }
    assert_int_equal(fixture.names().size(), 5);
    assert_text(fixture.prompt("🦊 ثعلب"), "prompt of 🦊 ثعلب");
    assert_text(fixture.prompt("../../etc/passwd"), "prompt of ../../etc/passwd");
    assert_private(fixture.folder / "presets");
}

void saving_replaces_and_names_are_normal(void**) {
    Fixture fixture;
    fixture.save("caf\u00e9", "old");
    fixture.save("  cafe\u0301 ", "new");
    assert_true(fixture.names() == Names({"caf\u00e9"}));
    assert_text(fixture.prompt("caf\u00e9"), "new");
    assert_int_equal(failure_of_saving([&](OnSaved done) { fixture.presets.save(" ", {}, std::move(done)); }).error_number, EINVAL);
}

void renaming_loses_nothing(void**) {
    Fixture fixture;
    fixture.save("a", "of a");
    fixture.save("b", "of b");
    assert_int_equal(failure_of_saving([&](OnSaved done) { fixture.presets.rename("a", "b", std::move(done)); }).error_number, EEXIST);
    assert_saved([&](OnSaved done) { fixture.presets.rename("a", "c", std::move(done)); });
    assert_saved([&](OnSaved done) { fixture.presets.rename("c", "c", std::move(done)); });
    assert_true(fixture.names() == Names({"b", "c"}));
    assert_text(fixture.prompt("c"), "of a");
    assert_int_equal(failure_of_saving([&](OnSaved done) { fixture.presets.rename("a", "d", std::move(done)); }).error_number, ENOENT);
}

void removing_and_missing_ones(void**) {
    Fixture fixture;
    assert_true(fixture.names().empty());
    fixture.save("a", "of a");
    assert_saved([&](OnSaved done) { fixture.presets.remove("a", std::move(done)); });
    assert_saved([&](OnSaved done) { fixture.presets.remove("a", std::move(done)); });
    assert_true(fixture.names().empty());
    const auto failure = failure_of_loading<DialogValues>([&](OnStored<DialogValues> done) { fixture.presets.load("a", std::move(done)); });
    assert_int_equal(failure.error_number, ENOENT);
}

void a_corrupt_one_is_set_aside_and_the_others_stay(void**) {
    Fixture fixture;
    fixture.save("a", "of a");
    put_content(fixture.folder / "presets/broken.json", "{}");
    std::filesystem::create_directory(fixture.folder / "presets/folder.json");
    assert_true(fixture.names() == Names({"a"}));
    assert_true(std::filesystem::exists(fixture.folder / "presets/broken.json.corrupt"));
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(any_name_will_do),
        cmocka_unit_test(saving_replaces_and_names_are_normal),
        cmocka_unit_test(renaming_loses_nothing),
        cmocka_unit_test(removing_and_missing_ones),
        cmocka_unit_test(a_corrupt_one_is_set_aside_and_the_others_stay),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
