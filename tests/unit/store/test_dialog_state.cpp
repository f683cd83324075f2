// SPDX-License-Identifier: MIT
#include "store/dialog_state.hpp"
#include "store_fixture.hpp"

using namespace venice_gimp;

namespace {

struct Window {
    explicit Window(const std::string& folder) : state(std::make_shared<StoreThread>(), folder) {}

    void load() {
        assert_saved([this](OnSaved done) { state.load(std::move(done)); });
    }
    void flush() {
        assert_saved([this](OnSaved done) { state.flush(std::move(done)); });
    }

    DialogState state;
};

void everything_is_there_the_next_time(void**) {
    const TemporaryFolder folder;
    {
        Window window(folder / "venice-gimp");
        window.load();
        assert_int_equal(window.state.values().width, 0);
        DialogValues values;
        values.settings.prompt = "fox";
        values.placement = "fit";
        Preferences preferences;
        preferences.ask_above_usd = 0.25;
        preferences.keep_settings_on_layers = false;
        preferences.group = "never";
        preferences.history = {20, 5000000000};
        window.state.set_window_size(444, 666);
        window.state.set_pane_position(320);
        window.state.set_expanded("negative_prompt", true);
        window.state.set_last_values("plug-in-venice-generate-layers", values);
        window.state.set_preferences(preferences);
        window.state.set_favorite_model("b", true);
        window.state.set_favorite_model("a", true);
        window.state.set_favorite_model("b", true);
        window.state.add_recent_model("m");
        window.state.add_recent_prompt("fox");
        window.state.set_shown_once("prompt-only");
    }  // closing has it written
    Window again(folder / "venice-gimp");
    again.load();
    const RememberedValues& values = again.state.values();
    assert_int_equal(values.width, 444);
    assert_int_equal(values.height, 666);
    assert_int_equal(values.pane_position, 320);
    assert_true(values.expanded.at("negative_prompt"));
    assert_text(values.last_values.at("plug-in-venice-generate-layers").settings.prompt, "fox");
    assert_text(values.last_values.at("plug-in-venice-generate-layers").placement, "fit");
    assert_true(values.preferences.ask_above_usd == 0.25 && !values.preferences.keep_settings_on_layers);
    assert_text(values.preferences.group, "never");
    assert_true(values.preferences.history.runs == 20 && values.preferences.history.bytes == 5000000000);
    assert_true(values.favorite_models == std::vector<std::string>({"b", "a"}));
    assert_true(values.recent_models == std::vector<std::string>({"m"}));
    assert_true(values.shown_once.contains("prompt-only"));
    assert_private(folder / "venice-gimp");
}

void a_change_is_written_by_itself(void**) {
    const TemporaryFolder folder;
    Window window(folder.path());
    window.state.set_window_size(500, 600);
    while (!std::filesystem::exists(folder / "dialog.json")) {
        g_main_context_iteration(nullptr, FALSE);
        g_usleep(1000);
    }
    assert_true(content(folder / "dialog.json").find("500") != std::string::npos);
}

void recent_prompts_are_bounded_without_duplicates_and_can_be_cleared(void**) {
    const TemporaryFolder folder;
    Window window(folder.path());
    for (int i = 0; i < 60; ++i) {
        window.state.add_recent_prompt("prompt " + std::to_string(i));
    }
    window.state.add_recent_prompt("prompt 30");
    assert_int_equal(window.state.values().recent_prompts.size(), DialogState::max_recent_prompts);
    assert_text(window.state.values().recent_prompts.front(), "prompt 30");
    assert_int_equal(std::count(window.state.values().recent_prompts.begin(), window.state.values().recent_prompts.end(), "prompt 30"), 1);
    window.state.clear_recent_prompts();
    window.flush();
    assert_true(window.state.values().recent_prompts.empty());
    assert_true(content(folder / "dialog.json").find("prompt 30") == std::string::npos);
}

void two_windows_keep_each_others_changes(void**) {
    const TemporaryFolder folder;
    Window one(folder.path());
    Window two(folder.path());
    one.load();
    two.load();
    one.state.set_favorite_model("a", true);
    one.state.add_recent_prompt("first");
    one.flush();
    two.state.set_favorite_model("b", true);
    two.state.add_recent_prompt("second");
    two.flush();
    Window later(folder.path());
    later.load();
    assert_true(later.state.values().favorite_models == std::vector<std::string>({"a", "b"}));
    assert_true(later.state.values().recent_prompts == std::vector<std::string>({"second", "first"}));
}

void a_favourite_can_be_taken_back(void**) {
    const TemporaryFolder folder;
    {
        Window window(folder.path());
        window.state.set_favorite_model("a", true);
        window.state.set_favorite_model("b", true);
        window.flush();
        window.state.set_favorite_model("a", false);
        window.state.set_favorite_model("none such", false);
    }
    Window later(folder.path());
    later.load();
    assert_true(later.state.values().favorite_models == std::vector<std::string>({"b"}));
}

void members_of_a_newer_version_survive(void**) {
    const TemporaryFolder folder;
    put_content(folder / "dialog.json", R"({"width":300,"from_the_future":{"x":[1]},"height":"tall"})");
    Window window(folder.path());
    window.load();
    assert_int_equal(window.state.values().width, 300);
    assert_int_equal(window.state.values().height, 0);
    window.state.set_window_size(301, 302);
    window.flush();
    assert_true(content(folder / "dialog.json").find(R"("from_the_future":{"x":[1]})") != std::string::npos);
}

void a_corrupt_file_is_set_aside(void**) {
    const TemporaryFolder folder;
    put_content(folder / "dialog.json", "{\"width\":3");
    Window window(folder.path());
    window.load();
    assert_int_equal(window.state.values().width, 0);
    assert_text(content(folder / "dialog.json.corrupt"), "{\"width\":3");
    window.state.set_window_size(7, 8);
    window.flush();
    assert_true(content(folder / "dialog.json").find("\"width\":7") != std::string::npos);
}

void what_was_changed_before_it_was_loaded_holds(void**) {
    const TemporaryFolder folder;
    put_content(folder / "dialog.json", R"({"width":300,"height":200,"pane_position":9})");
    Window window(folder.path());
    assert_saved([&](OnSaved done) {
        window.state.load(std::move(done));
        window.state.set_window_size(1, 2);
    });
    assert_int_equal(window.state.values().width, 1);
    assert_int_equal(window.state.values().pane_position, 9);
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_there_the_next_time),
        cmocka_unit_test(a_change_is_written_by_itself),
        cmocka_unit_test(recent_prompts_are_bounded_without_duplicates_and_can_be_cleared),
        cmocka_unit_test(two_windows_keep_each_others_changes),
        cmocka_unit_test(a_favourite_can_be_taken_back),
        cmocka_unit_test(members_of_a_newer_version_survive),
        cmocka_unit_test(a_corrupt_file_is_set_aside),
        cmocka_unit_test(what_was_changed_before_it_was_loaded_holds),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
