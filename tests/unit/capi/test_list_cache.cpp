// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catalog/list_cache.hpp"
#include "support/clock.hpp"
#include "checks.hpp"

using venice::ListCache;

namespace {

constexpr std::int64_t hour = 3'600'000;
constexpr const char* source = "https://example.org/models";
constexpr const char* list = R"({"data":[{"id":"a"},{"id":"b"}]})";

std::string folder;

int make_folder(void**) {
    std::string name = (std::filesystem::temp_directory_path() / "venice-cache-XXXXXX").string();
    folder = mkdtemp(name.data());
    return 0;
}

int remove_folder(void**) {
    std::filesystem::remove_all(folder);
    return 0;
}

std::string file() { return folder + "/venice-models.cache"; }

std::string content() {
    std::ostringstream text;
    text << std::ifstream(file(), std::ios::binary).rdbuf();
    return text.str();
}

void write(const std::string& text) { std::ofstream(file(), std::ios::binary) << text; }

ListCache cache(std::int64_t max_age_ms = hour, const char* from = source) { return ListCache(folder, "models", from, max_age_ms); }

void gives_back_what_was_stored(void**) {
    assert_false(cache().load().has_value());
    const std::int64_t now = venice::unix_time_ms();
    cache().store(list, now);
    const auto entry = cache().load();
    assert_true(entry.has_value());
    expect_text(entry->body, list);
    assert_true(entry->fetched_ms == now && !entry->stale);
    const auto models = venice::cached_models(cache());
    assert_int_equal(models->size(), 2);
    assert_true(models->fetched_ms == now && !models->stale);
}

void makes_its_folder_and_replaces_the_file(void**) {
    const ListCache deep(folder + "/made/here", "models", source, hour);
    deep.store("[1]", venice::unix_time_ms());
    deep.store("[2]", venice::unix_time_ms());
    expect_text(deep.load()->body, "[2]");
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder + "/made/here")) {
        files += entry.is_regular_file();
    }
    assert_int_equal(files, 1);
}

void tells_age_also_after_the_clock_was_set_back(void**) {
    cache().store(list, venice::unix_time_ms() - 2 * hour);
    assert_true(cache().load()->stale);
    assert_false(cache(3 * hour).load()->stale);
    assert_true(cache(0).load()->stale);
    cache().store(list, venice::unix_time_ms() + 2 * hour);
    assert_true(cache().load()->stale);
}

void does_not_take_what_is_not_its_own(void**) {
    cache().store(list, venice::unix_time_ms());
    const std::string good = content();
    assert_false(cache(hour, "https://other.example/models").load().has_value());
    assert_false(ListCache(folder, "styles", source, hour).load().has_value());
    for (const std::string& bad : {std::string(), std::string("\n"), std::string("{}\n"), std::string("text"), good.substr(0, good.size() - 1), good + " ",
                                   good.substr(good.find('\n')), std::string(100, '\0'), std::string("{\"venice_cache\":1}\n[]")}) {
        write(bad);
        assert_false(cache().load().has_value());
    }
    std::string changed = good;
    changed[changed.size() - 5] ^= 1;
    write(changed);
    assert_false(cache().load().has_value());
    write(good);
    assert_true(cache().load().has_value());
    cache().store("{\"data\":7}", venice::unix_time_ms());  // whole, but no list
    assert_true(cache().load().has_value());
    assert_false(venice::cached_models(cache()).has_value());
}

void a_file_that_is_far_too_long_is_none(void**) {
    cache().store(list, venice::unix_time_ms());
    std::filesystem::resize_file(file(), std::uintmax_t{65} << 20);
    assert_false(cache().load().has_value());
    cache().store(list, venice::unix_time_ms());
    assert_true(cache().load().has_value());
}

void lives_without_a_place_to_write(void**) {
    write("a file where the folder should be");
    const ListCache blocked(file(), "models", source, hour);
    blocked.store(list, 1);
    assert_false(blocked.load().has_value());
    std::filesystem::remove(file());
    std::filesystem::create_directory(file());  // a folder where the file should be
    cache().store(list, 1);
    assert_false(cache().load().has_value());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        TEST(gives_back_what_was_stored),
        TEST(makes_its_folder_and_replaces_the_file),
        TEST(tells_age_also_after_the_clock_was_set_back),
        TEST(does_not_take_what_is_not_its_own),
        TEST(a_file_that_is_far_too_long_is_none),
        TEST(lives_without_a_place_to_write),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
