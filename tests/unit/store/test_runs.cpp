// SPDX-License-Identifier: MIT
// Runs on disk: from the note before sending to the layer that stands.
#include <cerrno>
#include <thread>

#include "store/history.hpp"
#include "store/spool.hpp"
#include "store_fixture.hpp"

using namespace venice_gimp;

namespace {

using Runs = std::vector<RunRecord>;
using References = std::vector<ImageReference>;

// Makes the run in a process (a lock, that is) which is gone afterwards.
std::string add_and_die(const std::string& folder, const RunRecord& run, const std::vector<Bytes>& images = {}) {
    RunFiles files(folder);
    const std::string id = files.add(run);
    for (std::size_t i = 0; i < images.size(); ++i) {
        files.put_image({id, i}, done_record(run.images[i].seed), images[i]);
    }
    return id;
}

void a_run_is_known_before_it_is_sent(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder / "venice-gimp");
    const std::string id = files.add(run_of("a red fox", 2));
    const Runs runs = files.list();
    assert_int_equal(runs.size(), 1);
    assert_text(runs[0].id, id.c_str());
    assert_true(runs[0].owner_is_alive);
    assert_text(runs[0].settings.prompt, "a red fox");
    assert_text(runs[0].model_name, "Z-Image Turbo");
    assert_text(runs[0].target.image_name, "portrait.xcf");
    assert_int_equal(runs[0].target.x, -3);
    assert_true(runs[0].time == 1700000000000000);
    assert_int_equal(runs[0].images.size(), 2);
    assert_true(runs[0].images[1].state == RecordState::waiting && runs[0].images[1].open);
    assert_int_equal(runs[0].images[1].seed, 8);
    assert_private(folder / "venice-gimp");
}

void an_image_comes_back_as_it_was(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    const std::string id = files.add(run_of("fox", 4));
    ImageRecord record = done_record(7);
    record.state = RecordState::blurred;
    record.enhanced_prompt = "a fox, enhanced";
    record.price_usd = 0.01;
    record.timing_ms["total"] = 1234.5;
    record.response_headers = {{"cf-ray", "abc"}, {"x-venice-balance-usd", "4.2"}, {"set-cookie", "secret"}, {"authorization", "secret"}};
    files.put_image({id, 0}, record, png_bytes());
    files.put_image({id, 1}, done_record(8), Bytes{0xFF, 0xD8, 0xFF, 0xE0});
    const std::string webp("RIFF\4\0\0\0WEBPVP8 ", 16);
    files.put_image({id, 2}, done_record(9), Bytes(webp.begin(), webp.end()));
    record.state = RecordState::failed;
    record.message = "no network";
    record.may_be_charged = true;
    files.put_image({id, 3}, record, {});

    const std::vector<ImageRecord> images = files.list().at(0).images;
    assert_true(images[0].state == RecordState::blurred && images[0].open);
    assert_text(images[0].file_extension, "png");
    assert_int_equal(images[0].file_bytes, 100);
    assert_text(images[0].enhanced_prompt, "a fox, enhanced");
    assert_true(images[0].price_usd == 0.01 && images[0].timing_ms.at("total") == 1234.5);
    assert_true(images[0].response_headers == (std::map<std::string, std::string>{{"cf-ray", "abc"}, {"x-venice-balance-usd", "4.2"}}));
    assert_text(images[1].file_extension, "jpg");
    assert_text(images[2].file_extension, "webp");
    assert_true(images[3].state == RecordState::failed && !images[3].open && images[3].may_be_charged);
    assert_text(images[3].message, "no network");
    assert_true(files.read_file({id, 0}) == png_bytes());
    assert_int_equal(error_number_of([&] { files.read_file({id, 3}); }), ENOENT);
    for (const std::string& file : all_files(folder.path())) {
        assert_true(content(file).find("secret") == std::string::npos);
    }
}

bool has_part(const std::string& folder) {
    const std::vector<std::string> files = all_files(folder);
    return std::any_of(files.begin(), files.end(), [](const std::string& file) { return file.ends_with(".part"); });
}

void an_image_is_kept_in_parts(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    const std::string id = files.add(run_of("fox", 1));
    const Bytes bytes = png_bytes(5000);
    const std::span<const std::uint8_t> all(bytes);
    for (const std::size_t arrived : {3U, 20U, 20U, 4999U}) {
        files.put_part({id, 0}, all.first(arrived));
        assert_true(files.list()[0].images[0].state == RecordState::waiting);
        assert_int_equal(has_part(folder.path()), arrived > 3);
    }
    assert_private(folder / "runs");
    files.put_image({id, 0}, done_record(7), bytes);
    assert_true(files.read_file({id, 0}) == bytes);
    assert_false(has_part(folder.path()));
}

// The answer came anew, or is none: what had arrived counts for nothing.
void parts_of_another_answer_are_dropped(void**) {
    const TemporaryFolder folder;
    RunFiles files(folder.path());
    const std::string id = files.add(run_of("fox", 3));
    const Bytes first(200, 0x11);
    const Bytes second = png_bytes(300);
    files.put_part({id, 0}, first);
    files.put_part({id, 0}, second);
    files.put_image({id, 0}, done_record(7), second);
    assert_true(files.read_file({id, 0}) == second);
    files.put_part({id, 1}, first);
    files.put_image({id, 1}, done_record(8), second);
    assert_true(files.read_file({id, 1}) == second);
    files.put_part({id, 2}, first);
    ImageRecord failed = done_record(9);
    failed.state = RecordState::failed;
    files.put_image({id, 2}, failed, {});
    assert_false(has_part(folder.path()));
    assert_int_equal(error_number_of([&] { files.read_file({id, 2}); }), ENOENT);
}

void an_inserted_image_is_history_and_no_longer_offered(void**) {
    const TemporaryFolder folder;
    {
        RunFiles files(folder.path());
        const std::string id = files.add(run_of("fox", 2));
        files.put_image({id, 0}, done_record(7), png_bytes());
        files.put_image({id, 1}, done_record(8), png_bytes());
        files.settle(References{{id, 0}, {id, 1}});
    }
    RunFiles next(folder.path());
    assert_true(next.adopt().empty());
    const Runs runs = next.list();
    assert_int_equal(runs.size(), 1);
    assert_true(next.read_file({runs[0].id, 1}) == png_bytes());  // insert again, save, enlarge
}

void what_a_dead_process_left_is_offered_once(void**) {
    const TemporaryFolder folder;
    const std::string id = add_and_die(folder.path(), run_of("fox", 2), {png_bytes()});
    RunFiles next(folder.path());
    const Runs adopted = next.adopt();
    assert_int_equal(adopted.size(), 1);
    assert_text(adopted[0].id, id.c_str());
    assert_true(adopted[0].images[0].state == RecordState::done && adopted[0].images[0].open);
    assert_true(adopted[0].images[1].state == RecordState::interrupted && adopted[0].images[1].open);
    assert_true(adopted[0].images[1].may_be_charged);
    assert_int_equal(adopted[0].images[1].seed, 8);
    assert_text(adopted[0].images[1].request_json, R"({"prompt":"fox"})");

    RunFiles other(folder.path());
    assert_true(other.adopt().empty());
    assert_true(other.list()[0].images[1].state == RecordState::interrupted);  // not in flight again
    next.settle(References{{id, 1}});
    next.discard(References{{id, 0}});
    assert_true(other.list()[0].images[0].state == RecordState::discarded);
    assert_false(other.list()[0].images[1].open);
}

void what_was_adopted_and_left_is_offered_again(void**) {
    const TemporaryFolder folder;
    add_and_die(folder.path(), run_of("fox", 1), {png_bytes()});
    {
        RunFiles next(folder.path());
        assert_int_equal(next.adopt().size(), 1);
    }
    RunFiles after(folder.path());
    assert_int_equal(after.adopt().size(), 1);
}

void a_living_process_keeps_its_runs(void**) {
    const TemporaryFolder folder;
    RunFiles living(folder.path());
    const std::string id = living.add(run_of("fox", 1));
    RunFiles other(folder.path());
    assert_true(other.adopt().empty());
    assert_true(other.list()[0].images[0].state == RecordState::waiting);
    assert_int_equal(error_number_of([&] { other.remove_run(id); }), EBUSY);
    other.clear();
    other.prune({0, 0});
    living.put_image({id, 0}, done_record(7), png_bytes());
    assert_true(other.read_file({id, 0}) == png_bytes());
}

void two_processes_share_without_loss(void**) {
    const TemporaryFolder folder;
    constexpr int count = 15;
    const auto work = [&folder] {
        RunFiles files(folder.path());
        for (int i = 0; i < count; ++i) {
            const std::string id = files.add(run_of("fox", 1));
            files.put_image({id, 0}, done_record(7), png_bytes());
            files.list();
        }
    };
    std::thread other(work);
    work();
    other.join();

    // Both are gone; two new ones ask at the same moment.
    RunFiles one(folder.path());
    RunFiles two(folder.path());
    Runs adopted_by_other;
    std::thread adopting([&] { adopted_by_other = two.adopt(); });
    const Runs adopted = one.adopt();
    adopting.join();
    assert_int_equal(adopted.size() + adopted_by_other.size(), 2 * count);
    assert_int_equal(one.list().size(), 2 * count);
}

void corrupt_files_lose_nothing_else(void**) {
    const TemporaryFolder folder;
    const std::string good = add_and_die(folder.path(), run_of("good", 1), {png_bytes()});
    const std::string no_run = add_and_die(folder.path(), run_of("no run", 2), {png_bytes(), png_bytes(200)});
    const std::string no_record = add_and_die(folder.path(), run_of("no record", 1), {png_bytes(300)});
    put_content(folder / ("runs/" + no_run + "/run.json"), "{\"time\":");
    put_content(folder / ("runs/" + no_record + "/0.json"), std::string(1000, '\0'));
    put_content(folder / "runs/nonsense", "a file where a folder should be");
    std::filesystem::create_directory(folder / "runs/empty");
    put_content(folder / ("runs/" + good + "/18446744073709551615.png"), "x");

    RunFiles files(folder.path());
    const Runs adopted = files.adopt();
    assert_int_equal(adopted.size(), 3);
    for (const RunRecord& run : adopted) {
        for (std::size_t i = 0; i < run.images.size(); ++i) {
            assert_true(run.images[i].state == RecordState::done && run.images[i].open);
        }
    }
    assert_int_equal(files.read_file({no_run, 1}).size(), 200);
    assert_int_equal(files.read_file({no_record, 0}).size(), 300);
    assert_true(std::filesystem::exists(folder / ("runs/" + no_run + "/run.json.corrupt")));
    assert_true(std::filesystem::exists(folder / ("runs/" + no_record + "/0.json.corrupt")));
    assert_int_equal(files.list().size(), 3);
}

void an_id_is_never_a_path(void**) {
    const TemporaryFolder folder;
    put_content(folder / "0.png", "mine");
    RunFiles files(folder / "store");
    files.add(run_of("fox", 1));
    for (const char* id : {"", "..", "../..", "/etc", "a/b", ".new-x"}) {
        assert_int_equal(error_number_of([&] { files.read_file({id, 0}); }), ENOENT);
        assert_int_equal(error_number_of([&] { files.remove_run(id); }), ENOENT);
        assert_int_equal(error_number_of([&] { files.put_image({id, 0}, done_record(7), png_bytes()); }), ENOENT);
    }
    assert_text(content(folder / "0.png"), "mine");
}

void the_dialogs_way_through_the_spool(void**) {
    const TemporaryFolder folder;
    const auto thread = std::make_shared<StoreThread>();
    const auto files = std::make_shared<RunFiles>(folder.path());
    const Spool spool(thread, files);
    const History history(thread, files);
    assert_true(loaded<Runs>([&](OnStored<Runs> done) { spool.adopt(std::move(done)); }).empty());
    assert_true(all_files(folder.path()).empty());  // looking makes nothing

    const auto id = loaded<std::string>([&](OnStored<std::string> done) { spool.note(run_of("fox", 2), std::move(done)); });
    const auto bytes = std::make_shared<const Bytes>(png_bytes());
    assert_saved([&](OnSaved done) { spool.put_image({id, 0}, done_record(7), FileBytes(*bytes), std::move(done)); });
    ImageRecord blocked = done_record(8);
    blocked.state = RecordState::blocked;
    assert_saved([&](OnSaved done) { spool.put_image({id, 1}, blocked, {}, std::move(done)); });
    assert_saved([&](OnSaved done) { history.put_thumbnail({id, 0}, bytes, std::move(done)); });
    assert_saved([&](OnSaved done) { spool.settle({{id, 0}}, std::move(done)); });
    const auto runs = loaded<Runs>([&](OnStored<Runs> done) { history.list(std::move(done)); });
    assert_true(runs[0].images[0].has_thumbnail && !runs[0].images[0].open);
    assert_true(loaded<Bytes>([&](OnStored<Bytes> done) { history.load_thumbnail({id, 0}, std::move(done)); }) == *bytes);
    assert_true(loaded<Bytes>([&](OnStored<Bytes> done) { history.load_file({id, 0}, std::move(done)); }) == *bytes);
    assert_saved([&](OnSaved done) { spool.discard({{id, 0}, {id, 1}}, std::move(done)); });
    assert_true(loaded<Runs>([&](OnStored<Runs> done) { history.list(std::move(done)); }).empty());
}

void the_dialogs_way_through_the_history(void**) {
    const TemporaryFolder folder;
    const auto thread = std::make_shared<StoreThread>();
    const auto files = std::make_shared<RunFiles>(folder.path());
    const Spool spool(thread, files);
    const History history(thread, files);
    const auto prompts = [&] {
        std::string all;
        for (const RunRecord& run : loaded<Runs>([&](OnStored<Runs> done) { history.list(std::move(done)); })) {
            all += run.settings.prompt;
        }
        return all;
    };
    std::vector<std::string> ids;
    const Bytes bytes = png_bytes();
    for (const char* prompt : {"a", "b", "c", "d"}) {
        ids.push_back(loaded<std::string>([&](OnStored<std::string> done) { spool.note(run_of(prompt, 1), std::move(done)); }));
        const ImageReference image{ids.back(), 0};
        assert_saved([&](OnSaved done) { spool.put_part(image, FileBytes(Bytes(bytes.begin(), bytes.begin() + 50)), std::move(done)); });
        assert_true(has_part(folder.path()));
        assert_saved([&](OnSaved done) { spool.put_image(image, done_record(7), FileBytes(bytes), std::move(done)); });
        assert_false(has_part(folder.path()));
        assert_saved([&](OnSaved done) { spool.settle({image}, std::move(done)); });
    }
    assert_text(prompts(), "dcba");
    assert_saved([&](OnSaved done) { history.set_pinned(ids[0], true, std::move(done)); });
    assert_saved([&](OnSaved done) { history.prune({3, 1'000'000}, std::move(done)); });
    assert_text(prompts(), "dca");
    assert_saved([&](OnSaved done) { history.remove_run(ids[2], std::move(done)); });
    assert_saved([&](OnSaved done) { history.remove_run(ids[2], std::move(done)); });  // another window was faster
    assert_text(prompts(), "da");
    assert_saved([&](OnSaved done) { history.clear(std::move(done)); });
    assert_text(prompts(), "");
}

void the_end_of_the_thread_finishes_what_was_asked_for(void**) {
    const TemporaryFolder folder;
    const auto files = std::make_shared<RunFiles>(folder.path());
    {
        const Spool spool(std::make_shared<StoreThread>(), files);
        for (int i = 0; i < 5; ++i) {
            spool.note(run_of("fox", 1), nullptr);
        }
    }
    assert_int_equal(files->list().size(), 5);
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_known_before_it_is_sent),
        cmocka_unit_test(an_image_comes_back_as_it_was),
        cmocka_unit_test(an_image_is_kept_in_parts),
        cmocka_unit_test(parts_of_another_answer_are_dropped),
        cmocka_unit_test(an_inserted_image_is_history_and_no_longer_offered),
        cmocka_unit_test(what_a_dead_process_left_is_offered_once),
        cmocka_unit_test(what_was_adopted_and_left_is_offered_again),
        cmocka_unit_test(a_living_process_keeps_its_runs),
        cmocka_unit_test(two_processes_share_without_loss),
        cmocka_unit_test(corrupt_files_lose_nothing_else),
        cmocka_unit_test(an_id_is_never_a_path),
        cmocka_unit_test(the_dialogs_way_through_the_spool),
        cmocka_unit_test(the_dialogs_way_through_the_history),
        cmocka_unit_test(the_end_of_the_thread_finishes_what_was_asked_for),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
