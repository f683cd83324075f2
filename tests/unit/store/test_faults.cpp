// SPDX-License-Identifier: MIT
// A full disk, a folder that cannot be written to, one that goes away: a clear failure, nothing lost, and it works again afterwards.
#include <linux/capability.h>
#include <sys/syscall.h>

#include <cerrno>
#include <csignal>

#include "store/dialog_state.hpp"
#include "store/files.hpp"
#include "store/presets.hpp"
#include "store/spool.hpp"
#include "store_fixture.hpp"

#include "../resource_limit.hpp"  // after CMocka

using namespace venice_gimp;

namespace {

// No file may grow larger than this: what a full disk does, without one. Writing fails half-way, as there.
class FullDisk : ResourceLimit {
public:
    explicit FullDisk(rlim_t bytes) : ResourceLimit(RLIMIT_FSIZE, bytes) {}
};

constexpr int full = EFBIG;  // the limit's ENOSPC

// The tests may run as root, for whom nothing is read-only. Holds for this thread and those that it makes.
void give_up_the_power_of_root() {
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[2] = {};
    assert_int_equal(syscall(SYS_capset, &header, none), 0);
}

class ReadOnly {
public:
    explicit ReadOnly(std::string folder) : folder_(std::move(folder)) { chmod(folder_.c_str(), 0500); }
    ~ReadOnly() { chmod(folder_.c_str(), 0700); }
    ReadOnly(const ReadOnly&) = delete;
    ReadOnly& operator=(const ReadOnly&) = delete;

private:
    std::string folder_;
};

void nothing_is_noted_on_a_full_disk(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    {
        const FullDisk disk(10);
        assert_int_equal(error_number_of([&] { files.add(run_of("fox", 1)); }), full);
    }
    assert_true(files.list().empty());
    assert_true(all_files(folder / "runs").empty());
    files.add(run_of("fox", 1));
    assert_int_equal(files.list().size(), 1);
}

void a_paid_image_on_a_full_disk_is_told_and_can_be_put_again(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    const std::string id = files.add(run_of("fox", 1));
    {
        const FullDisk disk(4000);
        assert_int_equal(error_number_of([&] { files.put_image({id, 0}, done_record(7), png_bytes(5000)); }), full);
    }
    assert_int_equal(all_files(folder / "runs").size(), 2);  // run and owner: half an image only fills the disk more
    assert_true(files.list()[0].images[0].state == RecordState::waiting);
    files.put_image({id, 0}, done_record(7), png_bytes(5000));
    assert_int_equal(files.read_file({id, 0}).size(), 5000);
}

void a_part_on_a_full_disk_does_not_keep_the_image_from_it(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    const std::string id = files.add(run_of("fox", 1));
    const Bytes bytes = png_bytes(5000);
    {
        const FullDisk disk(2000);
        files.put_part({id, 0}, std::span(bytes).first(1000));
        assert_int_equal(error_number_of([&] { files.put_part({id, 0}, std::span(bytes).first(3000)); }), full);
    }
    assert_int_equal(all_files(folder / "runs").size(), 2);  // run and owner
    files.put_part({id, 0}, std::span(bytes).first(4000));  // not tried again before all is there
    files.put_image({id, 0}, done_record(7), bytes);
    assert_true(files.read_file({id, 0}) == bytes);
}

void a_full_disk_leaves_the_old_state_and_preset(void**) {
    const TemporaryFolder folder;
    const auto thread = std::make_shared<StoreThread>();
    DialogState state(thread, folder.path());
    const Presets presets(thread, folder.path());
    int failures = 0;
    state.on_failure([&failures](const StoreFailure& failure) {
        ++failures;
        assert_int_equal(failure.error_number, full);
    });
    state.set_window_size(300, 400);
    assert_saved([&](OnSaved done) { state.flush(std::move(done)); });
    assert_saved([&](OnSaved done) { presets.save("a", {}, std::move(done)); });
    const std::string before = content(folder / "dialog.json");
    DialogValues values;
    values.settings.prompt = std::string(5000, 'x');
    {
        const FullDisk disk(1000);
        state.add_recent_prompt(values.settings.prompt);
        while (failures == 0) {
            g_main_context_iteration(nullptr, TRUE);
        }
        assert_int_equal(failure_of_saving([&](OnSaved done) { presets.save("a", values, std::move(done)); }).error_number, full);
    }
    assert_text(content(folder / "dialog.json"), before.c_str());
    const auto preset = loaded<DialogValues>([&](OnStored<DialogValues> done) { presets.load("a", std::move(done)); });
    assert_text(preset.settings.prompt, "");
    assert_int_equal(failures, 1);
    state.set_pane_position(5);
    assert_saved([&](OnSaved done) { state.flush(std::move(done)); });
    assert_true(content(folder / "dialog.json").find("xxxx") != std::string::npos);  // what failed is written now
}

void a_read_only_home_is_told_and_can_be_read(void**) {
    const TemporaryFolder folder;
    const std::string home = folder / "home";
    std::filesystem::create_directory(home);
    const ReadOnly read_only(home);
    const auto thread = std::make_shared<StoreThread>();
    const auto files = std::make_shared<RunFiles>(home + "/venice-gimp");
    const Spool spool(thread, files);
    DialogState state(thread, home + "/venice-gimp");
    assert_int_equal(failure_of_loading<std::string>([&](OnStored<std::string> done) { spool.note(run_of("fox", 1), std::move(done)); }).error_number,
                     EACCES);
    assert_true(loaded<std::vector<RunRecord>>([&](OnStored<std::vector<RunRecord>> done) { spool.adopt(std::move(done)); }).empty());
    assert_saved([&](OnSaved done) { state.load(std::move(done)); });
    state.set_window_size(1, 2);
    assert_int_equal(failure_of_saving([&](OnSaved done) { state.flush(std::move(done)); }).error_number, EACCES);
    assert_int_equal(state.values().width, 1);  // it holds in this window all the same
}

void a_history_that_became_read_only_is_shown(void**) {
    const TemporaryFolder folder;
    const std::string store = folder / "store";
    std::string id;
    {
        RunFiles files(store);
        id = files.add(run_of("fox", 1));
        files.put_image({id, 0}, done_record(7), png_bytes());
    }
    const ReadOnly read_only(store);
    const ReadOnly runs_read_only(store + "/runs");
    const ReadOnly run_read_only(store + "/runs/" + id);
    const ReadOnly processes_read_only(store + "/processes");
    RunFiles files(store);
    assert_int_equal(files.list().size(), 1);
    assert_true(files.read_file({id, 0}) == png_bytes());
    assert_int_equal(error_number_of([&] { files.put_thumbnail({id, 0}, png_bytes()); }), EACCES);
    assert_int_equal(error_number_of([&] { files.remove_run(id); }), EACCES);
    assert_int_equal(files.list().size(), 1);
}

void what_cannot_be_written_beside_it_is_told(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    const std::string id = files.add(run_of("fox", 1));
    files.put_image({id, 0}, done_record(7), png_bytes());
    const ImageReference image{id, 0};
    {
        const ReadOnly run(folder / ("runs/" + id));
        assert_int_equal(error_number_of([&] { files.settle(std::span(&image, 1)); }), EACCES);
    }
    {
        const ReadOnly processes(folder / "processes");
        RunFiles other(folder.path());
        assert_int_equal(error_number_of([&] { other.add(run_of("wolf", 1)); }), EACCES);
    }
    files.settle(std::span(&image, 1));
    assert_false(files.list()[0].images[0].open);
}

void a_broken_record_in_a_read_only_folder_keeps_no_image_from_being_shown(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    const std::string id = files.add(run_of("fox", 1));
    files.put_image({id, 0}, done_record(7), png_bytes());
    put_content(folder / ("runs/" + id + "/0.json"), "{");
    const ReadOnly run(folder / ("runs/" + id));
    assert_true(files.list()[0].images[0].state == RecordState::done);
    assert_true(files.read_file({id, 0}) == png_bytes());
    assert_int_equal(error_number_of([&] { files.read_thumbnail({id, 0}); }), ENOENT);
}

int warnings = 0;
void count_warning(const gchar*, GLogLevelFlags, const gchar*, gpointer) { ++warnings; }

void a_run_that_cannot_be_read_does_not_hide_the_others(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    const std::string id = files.add(run_of("fox", 1));
    files.add(run_of("wolf", 1));
    assert_int_equal(chmod((folder / ("runs/" + id + "/run.json")).c_str(), 0), 0);
    const GLogFunc before = g_log_set_default_handler(count_warning, nullptr);
    const auto runs = files.list();
    g_log_set_default_handler(before, nullptr);
    assert_int_equal(runs.size(), 1);
    assert_text(runs[0].settings.prompt, "wolf");
    assert_int_equal(warnings, 1);
    assert_int_equal(chmod((folder / "runs").c_str(), 0), 0);
    assert_int_equal(error_number_of([&] { files.list(); }), EACCES);
    assert_int_equal(chmod((folder / "runs").c_str(), 0700), 0);
}

void a_folder_of_settings_that_became_read_only_is_told(void**) {
    const TemporaryFolder folder;
    const std::string store = folder / "store";
    put_content(store + "/dialog.json", "{");
    const ReadOnly read_only(store);
    DialogState state(std::make_shared<StoreThread>(), store);
    assert_int_equal(failure_of_saving([&](OnSaved done) { state.load(std::move(done)); }).error_number, EACCES);  // it cannot be set aside
    state.set_window_size(1, 2);
    assert_int_equal(failure_of_saving([&](OnSaved done) { state.flush(std::move(done)); }).error_number, EACCES);
    assert_text(content(store + "/dialog.json"), "{");
}

void a_folder_where_the_file_should_be(void**) {
    const TemporaryFolder folder;
    put_content(folder / "place/mine", "mine");
    assert_int_not_equal(error_number_of([&] { write_file(folder / "place", "new"); }), 0);
    assert_text(content(folder / "place/mine"), "mine");
    assert_int_equal(all_files(folder.path()).size(), 1);  // nothing half written either
    assert_int_equal(error_number_of([&] { make_private_folder(folder / ("new/" + std::string(300, 'x'))); }), ENAMETOOLONG);
    const ReadOnly parent(folder.path());
    std::filesystem::remove(folder / "place/mine");
    assert_int_equal(error_number_of([&] { remove_tree(folder / "place"); }), EACCES);
}

// As one that another process cuts off while it is read: the system tells a size for it that is not there.
void a_file_that_is_shorter_than_it_was_is_read(void**) {
    const std::string path = "/sys/devices/system/cpu/online";
    if (!std::filesystem::exists(path)) {
        skip();
    }
    const auto bytes = read_file(path);
    assert_in_range(bytes->size(), 1, std::filesystem::file_size(path) - 1);
}

void a_run_that_cannot_be_removed_does_not_keep_the_others(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    std::vector<std::string> ids;
    for (int i = 0; i < 3; ++i) {
        ids.push_back(files.add(run_of("fox", 1)));
        ImageRecord failed;
        failed.state = RecordState::failed;
        files.put_image({ids.back(), 0}, failed, {});
    }
    {
        std::filesystem::create_directory(folder / ("runs/" + ids[0] + "/0.json.part"));
        put_content(folder / ("runs/" + ids[1] + "/locked/file"), "x");
        const ReadOnly locked(folder / ("runs/" + ids[1] + "/locked"));
        assert_int_equal(error_number_of([&] { files.clear(); }), EACCES);
        assert_true(files.list().empty());
        chmod((folder / ("runs/.trash-" + ids[1] + "/locked")).c_str(), 0700);
    }
    files.clear();
    assert_true(std::filesystem::is_empty(folder / "runs"));
}

void a_file_where_the_folder_should_be(void**) {
    const TemporaryFolder folder;
    put_content(folder / "store", "mine");
    RunFiles files(folder / "store");
    assert_int_not_equal(error_number_of([&] { files.add(run_of("fox", 1)); }), 0);
    assert_text(content(folder / "store"), "mine");
}

void a_folder_that_was_deleted_is_made_again(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder / "store");
    const std::string gone = files.add(run_of("fox", 1));
    std::filesystem::remove_all(folder / "store");
    assert_int_equal(error_number_of([&] { files.put_image({gone, 0}, done_record(7), png_bytes()); }), ENOENT);
    const std::string id = files.add(run_of("fox", 1));
    files.put_image({id, 0}, done_record(7), png_bytes());
    RunFiles other(folder / "store");
    assert_true(other.adopt().empty());  // the new lock is seen
}

void links_are_not_followed(void**) {
    const TemporaryFolder folder;
    put_content(folder / "elsewhere/precious", "mine");
    RunFiles files(folder / "store");
    const std::string id = files.add(run_of("fox", 1));
    const std::string run = folder / ("store/runs/" + id);
    std::filesystem::create_directory_symlink(folder / "elsewhere", run + "/link");
    std::filesystem::create_symlink(folder / "elsewhere/precious", run + "/0.png.part");
    files.put_image({id, 0}, done_record(7), png_bytes());
    assert_text(content(folder / "elsewhere/precious"), "mine");
    const ImageReference image{id, 0};
    files.discard(std::span(&image, 1));
    assert_true(files.list().empty());
    assert_text(content(folder / "elsewhere/precious"), "mine");
}

}  // namespace

int main() {
    std::signal(SIGXFSZ, SIG_IGN);
    give_up_the_power_of_root();
    const CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_noted_on_a_full_disk),
        cmocka_unit_test(a_paid_image_on_a_full_disk_is_told_and_can_be_put_again),
        cmocka_unit_test(a_part_on_a_full_disk_does_not_keep_the_image_from_it),
        cmocka_unit_test(a_full_disk_leaves_the_old_state_and_preset),
        cmocka_unit_test(a_read_only_home_is_told_and_can_be_read),
        cmocka_unit_test(a_history_that_became_read_only_is_shown),
        cmocka_unit_test(what_cannot_be_written_beside_it_is_told),
        cmocka_unit_test(a_broken_record_in_a_read_only_folder_keeps_no_image_from_being_shown),
        cmocka_unit_test(a_run_that_cannot_be_read_does_not_hide_the_others),
        cmocka_unit_test(a_folder_of_settings_that_became_read_only_is_told),
        cmocka_unit_test(a_folder_where_the_file_should_be),
        cmocka_unit_test(a_file_that_is_shorter_than_it_was_is_read),
        cmocka_unit_test(a_run_that_cannot_be_removed_does_not_keep_the_others),
        cmocka_unit_test(a_file_where_the_folder_should_be),
        cmocka_unit_test(a_folder_that_was_deleted_is_made_again),
        cmocka_unit_test(links_are_not_followed),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
