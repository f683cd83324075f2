// SPDX-License-Identifier: MIT
// Bounds, clearing and searching.
#include <cerrno>

#include "store/history.hpp"
#include "store_fixture.hpp"

using namespace venice_gimp;

namespace {

constexpr HistoryLimits no_limits = {1000, 1'000'000'000};

std::string add_settled(RunFiles& files, const std::string& prompt, std::size_t bytes = 1000) {
    const std::string id = files.add(run_of(prompt, 1));
    files.put_image({id, 0}, done_record(7), png_bytes(bytes));
    files.put_thumbnail({id, 0}, png_bytes(50));
    const ImageReference image{id, 0};
    files.settle(std::span(&image, 1));
    return id;
}

std::string prompts(const RunFiles& files) {
    std::string all;
    for (const RunRecord& run : files.list()) {
        all += run.settings.prompt;
    }
    return all;
}

void the_latest_is_first(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    assert_true(files.list().empty());
    for (const char* prompt : {"a", "b", "c"}) {
        add_settled(files, prompt);
    }
    assert_text(prompts(files), "cba");
}

// Else every new run would be the first to go once the limit is reached.
void a_clock_that_was_set_back_changes_no_order(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    const std::string of_now = add_settled(files, "a");
    const std::string runs = folder / "runs/";
    const std::string of_the_future = "29991231-235959-999999" + of_now.substr(of_now.rfind('-'));
    assert_int_equal(std::rename((runs + of_now).c_str(), (runs + of_the_future).c_str()), 0);
    add_settled(files, "b");
    add_settled(files, "c");
    put_content(runs + "zzz/run.json", "{}");  // another hand's
    add_settled(files, "d");
    assert_text(prompts(files), "dcba");
    files.prune({2, no_limits.bytes});
    assert_text(prompts(files), "dc");
}

void the_oldest_go_first_but_neither_pinned_nor_open_ones(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    const std::string pinned = add_settled(files, "p");
    const std::string open = files.add(run_of("o", 1));
    add_settled(files, "a");
    add_settled(files, "b");
    add_settled(files, "c");
    files.set_pinned(pinned, true);
    files.prune(no_limits);
    assert_text(prompts(files), "cbaop");
    files.prune({4, no_limits.bytes});
    assert_text(prompts(files), "cbop");
    files.prune({0, 0});
    assert_text(prompts(files), "op");
    assert_true(files.list().back().pinned);
    files.set_pinned(pinned, false);
    files.prune({0, 0});
    assert_text(prompts(files), "o");
}

void bytes_are_bounded(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    for (const char* prompt : {"a", "b", "c", "d"}) {
        add_settled(files, prompt, 100000);
    }
    files.prune({1000, 250000});
    assert_text(prompts(files), "dc");
    assert_true(all_files(folder / "runs").size() == 2 * 6);  // the files are really gone: run, owner, bytes, record, thumbnail, mark
}

void clearing_removes_all_but_what_is_open(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    files.set_pinned(add_settled(files, "p"), true);
    add_settled(files, "a");
    const std::string paid = files.add(run_of("o", 1));
    files.put_image({paid, 0}, done_record(7), png_bytes());
    files.clear();
    assert_text(prompts(files), "o");
    const ImageReference image{paid, 0};
    files.settle(std::span(&image, 1));
    files.clear();
    assert_true(all_files(folder / "runs").empty());
}

void a_run_can_be_removed(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    const std::string id = add_settled(files, "a");
    files.remove_run(id);
    assert_true(files.list().empty());
    assert_int_equal(error_number_of([&] { files.read_thumbnail({id, 0}); }), ENOENT);
}

void a_thumbnail_is_a_small_png(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    const std::string id = files.add(run_of("a", 1));
    Bytes large = png_bytes(100);
    large[18] = 2;  // 576 px
    assert_int_equal(error_number_of([&] { files.put_thumbnail({id, 0}, large); }), EINVAL);
    assert_int_equal(error_number_of([&] { files.put_thumbnail({id, 0}, Bytes{0xFF, 0xD8, 0xFF}); }), EINVAL);
    assert_int_equal(error_number_of([&] { files.put_thumbnail({id, 0}, Bytes{}); }), EINVAL);
    assert_false(files.list()[0].images[0].has_thumbnail);
}

void searching_wants_all_words_in_any_case(void**) {
    RunRecord run = run_of("Ein roter FUCHS im Schnee, Straße", 2, 41);
    run.images[1].enhanced_prompt = "auburn";
    assert_true(matches(run, ""));
    assert_true(matches(run, "  fuchs schnee  "));
    assert_true(matches(run, "STRASSE turbo"));
    assert_true(matches(run, "42"));
    assert_true(matches(run, "PORTRAIT.xcf Auburn"));
    assert_false(matches(run, "fuchs wolf"));
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_is_first),
        cmocka_unit_test(a_clock_that_was_set_back_changes_no_order),
        cmocka_unit_test(the_oldest_go_first_but_neither_pinned_nor_open_ones),
        cmocka_unit_test(bytes_are_bounded),
        cmocka_unit_test(clearing_removes_all_but_what_is_open),
        cmocka_unit_test(a_run_can_be_removed),
        cmocka_unit_test(a_thumbnail_is_a_small_png),
        cmocka_unit_test(searching_wants_all_words_in_any_case),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
