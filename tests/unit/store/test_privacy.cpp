// SPDX-License-Identifier: MIT
// Only their user can read what is kept, whatever the umask is and however open the folders were before.
#include <sys/stat.h>

#include "store/dialog_state.hpp"
#include "store/key_store.hpp"
#include "store/presets.hpp"
#include "store_fixture.hpp"

using namespace venice_gimp;

namespace {

class OpenUmask {
public:
    OpenUmask() : before_(umask(0)) {}
    ~OpenUmask() { umask(before_); }
    OpenUmask(const OpenUmask&) = delete;
    OpenUmask& operator=(const OpenUmask&) = delete;

private:
    mode_t before_;
};

// Everything that the plug-in keeps.
void keep_everything(const std::string& folder) {
    const auto thread = std::make_shared<StoreThread>();
    RunFiles files(folder);
    const std::string id = files.add(run_of("../../fox", 2));
    files.put_image({id, 0}, done_record(7), png_bytes());
    files.put_thumbnail({id, 0}, png_bytes());
    files.set_pinned(id, true);
    const std::array<ImageReference, 1> settled = {{{id, 0}}};
    files.settle(settled);
    files.adopt();
    DialogState state(thread, folder);
    state.add_recent_prompt("fox");
    assert_saved([&](OnSaved done) { state.flush(std::move(done)); });
    const Presets presets(thread, folder);
    assert_saved([&](OnSaved done) { presets.save("../../../name", {}, std::move(done)); });
    const KeyStore keys(thread, folder);
    assert_true(wait_for<KeyOutcome>([&](OnKeyChanged done) { keys.store_in_file(Secret("a-key"), std::move(done)); }).problem == KeyProblem::none);
}

void with_any_umask(void**) {
    const OpenUmask open;
    const TemporaryFolder folder;
    keep_everything(folder / "data/venice-gimp");
    assert_private(folder / "data");
    assert_true(all_files(folder.path()).size() > 8);
}

void in_folders_that_were_open_before(void**) {
    const OpenUmask open;
    const TemporaryFolder folder;
    const std::string store = folder / "venice-gimp";
    for (const char* name : {"", "/runs", "/processes", "/presets"}) {
        std::filesystem::create_directories(store + name);
        assert_int_equal(chmod((store + name).c_str(), 0777), 0);
    }
    for (const char* name : {"/dialog.json", "/api-key", "/adopt.lock", "/presets/lock", "/dialog.lock"}) {
        put_content(store + name, "{}");
        assert_int_equal(chmod((store + name).c_str(), 0666), 0);
    }
    keep_everything(store);
    assert_private(store);
}

// As a foreign file in a folder that was open: what is written goes to a file of our own.
void no_link_is_written_through(void**) {
    const TemporaryFolder folder;
    const std::string store = folder / "venice-gimp";
    put_content(folder / "victim", "untouched");
    std::filesystem::create_directories(store);
    for (const char* name : {"/api-key", "/dialog.json"}) {
        std::filesystem::create_symlink(folder / "victim", store + name);
    }
    const auto thread = std::make_shared<StoreThread>();
    const KeyStore keys(thread, store);
    assert_true(wait_for<KeyOutcome>([&](OnKeyChanged done) { keys.store_in_file(Secret("a-key"), std::move(done)); }).problem == KeyProblem::none);
    assert_text(content(folder / "victim"), "untouched");
    assert_text(content(store + "/api-key"), "a-key");
    assert_false(std::filesystem::is_symlink(store + "/api-key"));
}

// Names of presets, prompts and ids that would be paths.
void nothing_is_written_elsewhere(void**) {
    const TemporaryFolder folder;
    const std::string store = folder / "a/b/c/venice-gimp";
    keep_everything(store);
    for (const std::string& file : all_files(folder.path())) {
        assert_true(file.starts_with(store + "/"));
    }
    const auto thread = std::make_shared<StoreThread>();
    const Presets presets(thread, store);
    for (const std::string& name : {std::string("/etc/passwd"), std::string("../.."), std::string(".hidden"), std::string("a\0b", 3), std::string("lock"), std::string("\n")}) {
        wait_for<std::optional<StoreFailure>>([&](OnSaved done) { presets.save(name, {}, std::move(done)); });
    }
    for (const std::string& file : all_files(folder.path())) {
        assert_true(file.starts_with(store + "/"));
        const std::string name = std::filesystem::path(file).filename().string();
        assert_false(name.starts_with('.'));
        assert_true(std::all_of(name.begin(), name.end(), [](char c) { return g_ascii_isalnum(c) != 0 || c == '.' || c == '-'; }));
    }
    RunFiles files(store);
    for (const char* id : {"../runs", "/etc", ".", "..", "a/b", ".hidden", ""}) {
        assert_true(error_number_of([&] { files.put_image({id, 0}, done_record(1), png_bytes()); }) != 0);
    }
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(with_any_umask),
        cmocka_unit_test(in_folders_that_were_open_before),
        cmocka_unit_test(no_link_is_written_through),
        cmocka_unit_test(nothing_is_written_elsewhere),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
