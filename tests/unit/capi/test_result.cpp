// SPDX-License-Identifier: MIT
// From a decoded answer to a result, and from there into a file.
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "checks.hpp"
#include "response/generate_result.hpp"
#include "response/save_file.hpp"
#include "support/text.hpp"

#include "../resource_limit.hpp"  // after CMocka

using venice::GenerateResult;
using venice::Headers;

namespace {

constexpr std::string_view one_pixel_wide_png("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x02", 24);

std::shared_ptr<venice::ImageBytes> image_of(std::string_view bytes) {
    auto image = std::make_shared<venice::ImageBytes>(bytes.size());
    image->append(bytes);
    image->finish();
    return image;
}

GenerateResult result_of(std::string_view json, std::optional<std::int64_t> sent_seed = std::nullopt, const Headers& headers = {}, int images = 1) {
    venice::GenerateDecoder::Decoded decoded;
    decoded.images.assign(static_cast<std::size_t>(images), image_of(one_pixel_wide_png));
    decoded.json = json.empty() ? nullptr : venice::parse_json(json);
    return make_generate_result(std::move(decoded), headers, sent_seed);
}

void reads_what_the_answer_tells(void**) {
    const GenerateResult result =
        result_of(R"({"id":"generate-1","timing":{"total":12.5,"inferenceDuration":10,"wrong":"x","huge":1e999},"request":{"success":true,"data":{"seed":-7,"model":"m"}}})");
    expect_text(result.id, "generate-1");
    expect_text(result.request_json, R"({"seed":-7,"model":"m"})");
    assert_int_equal(result.timing_ms.size(), 2);
    assert_true(result.timing_ms.find("total")->second > 12.4 && result.timing_ms.find("total")->second < 12.6);
    assert_true(result.images[0].seed == -7);
    assert_int_equal(result.images[0].info.width, 1);
    assert_int_equal(result.images[0].info.height, 2);
}

void what_is_not_told_is_empty(void**) {
    for (const std::string_view json : {"", "{}", R"({"id":7,"timing":null,"request":null})", R"({"request":{"success":true}})", R"({"request":{"data":null}})", R"({"request":"x"})"}) {
        const GenerateResult result = result_of(json);
        expect_text(result.id, "");
        expect_text(result.request_json, "");
        assert_true(result.timing_ms.empty());
        assert_false(result.images[0].seed.has_value());
    }
}

void the_seed_is_the_servers_or_the_one_sent(void**) {
    assert_true(result_of("", 0).images[0].seed == 0);
    assert_true(result_of("{}", 5).images[0].seed == 5);
    assert_true(result_of(R"({"request":{"data":{"seed":7}}})", 5).images[0].seed == 7);
    assert_true(result_of(R"({"request":{"data":{"seed":1e30}}})", 5).images[0].seed == 5);
    assert_true(result_of(R"({"request":{"data":{"seed":"7"}}})", 5).images[0].seed == 5);
}

void only_the_first_of_several_has_a_seed(void**) {
    const GenerateResult result = result_of(R"({"request":{"data":{"seed":7}}})", 7, {}, 3);
    assert_true(result.images[0].seed == 7);
    assert_false(result.images[1].seed.has_value());
    assert_false(result.images[2].seed.has_value());
}

void decodes_the_enhanced_prompt(void**) {
    Headers headers;
    headers.add_line("X-Venice-Enhanced-Prompt: a%20fox%2C%20%C3%A9\r\n");
    expect_text(result_of("{}", std::nullopt, headers).enhanced_prompt, "a fox, \xC3\xA9");
    headers.add_line("X-Venice-Enhanced-Prompt: broken%FF%00\r\n");
    const std::string broken = result_of("{}", std::nullopt, headers).enhanced_prompt;
    assert_true(venice::is_valid_utf8(broken) && broken.find('\0') == std::string::npos);
}

void an_image_that_is_none_is_refused_with_its_number(void**) {
    venice::GenerateDecoder::Decoded decoded;
    decoded.images = {image_of(one_pixel_wide_png), image_of("no image")};
    const venice::ErrorInfo error = error_of([&] { make_generate_result(std::move(decoded), {}, std::nullopt); });
    assert_int_equal(error.status, VENICE_ERROR_MALFORMED_RESPONSE);
    expect_contains(error.message, "Image 2");
}

void headers_have_names_in_any_case_and_the_last_counts(void**) {
    Headers headers;
    for (const std::string_view line : {"Set-Cookie: a=1\r\n", "set-cookie:b=2 \r\n", "No colon here\r\n", "\r\n", "X-Empty:\r\n", "X-Time: 12:30\r\n"}) {
        headers.add_line(line);
    }
    expect_text(headers.value("SET-COOKIE"), "b=2");
    expect_text(headers.value("x-time"), "12:30");
    assert_non_null(headers.find("x-empty"));
    assert_null(headers.find("No colon here"));
}

// Headers may come in any encoding; what the library hands out is UTF-8.
void header_values_are_always_text(void**) {
    Headers headers;
    headers.add_line("X-Latin: caf\xE9\r\n");
    assert_true(venice::is_valid_utf8(headers.value("X-Latin")));
    expect_contains(headers.value("X-Latin"), "caf");
}

class Folder {
public:
    Folder() : path_("/tmp/venice-unit-XXXXXX") { assert_non_null(mkdtemp(path_.data())); }
    ~Folder() { std::filesystem::remove_all(path_); }
    std::string file(const char* name) const { return path_ + "/" + name; }
    std::ptrdiff_t count() const { return std::distance(std::filesystem::directory_iterator(path_), {}); }

private:
    std::string path_;
};

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void saves_a_file_and_replaces_another(void**) {
    const Folder folder;
    venice::save_file(folder.file("a.png"), bytes_of("first, longer"));
    venice::save_file(folder.file("a.png"), bytes_of("second"));
    expect_text(content_of(folder.file("a.png")), "second");
    assert_int_equal(folder.count(), 1);
}

void a_saved_file_has_the_usual_permissions(void**) {
    const Folder folder;
    const mode_t before = umask(027);
    venice::save_file(folder.file("a.png"), bytes_of("x"));
    umask(before);
    struct stat status {};
    assert_int_equal(stat(folder.file("a.png").c_str(), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

void a_failed_save_leaves_nothing(void**) {
    const Folder folder;
    std::filesystem::create_directory(folder.file("in the way"));
    for (const std::string& path : {folder.file("in the way"), folder.file("missing/a.png"), std::string()}) {
        const venice::ErrorInfo error = error_of([&] { venice::save_file(path, bytes_of("x")); });
        assert_int_equal(error.status, VENICE_ERROR_FILE);
        expect_contains(error.message, path);
    }
    assert_int_equal(folder.count(), 1);
}

// No file may grow larger than this: what a full disk does, without one. Writing fails half-way, as there.
void a_full_disk_leaves_the_old_file(void**) {
    const Folder folder;
    const std::string path = folder.file("a.png");
    venice::save_file(path, bytes_of("old"));
    std::signal(SIGXFSZ, SIG_IGN);
    const venice::ErrorInfo error = error_of([&] {
        const ResourceLimit full(RLIMIT_FSIZE, 100);
        venice::save_file(path, bytes_of(std::string(1000, 'x')));
    });
    assert_int_equal(error.status, VENICE_ERROR_FILE);
    expect_contains(error.message, path);
    expect_text(content_of(path), "old");
    assert_int_equal(folder.count(), 1);
}

void the_error_shows_any_path_as_text_in_one_line(void**) {
    const venice::ErrorInfo error = error_of([] { venice::save_file("/missing\n/\xFF.png", bytes_of("x")); });
    assert_int_equal(error.status, VENICE_ERROR_FILE);
    expect_lacks(error.message, "\n");
    assert_true(venice::is_valid_utf8(error.message));
}

// Texts of this library end at the first NUL: what stands behind it must neither get lost nor make another header of it.
void a_nul_in_a_header_cuts_nothing(void**) {
    using namespace std::string_view_literals;  // which keep the NULs
    Headers headers;
    headers.add_line("X-Note: before\0behind\r\n"sv);
    headers.add_line("X-Venice-Is-Blurred\0: true\r\n"sv);
    headers.add_line("X-Venice-Is-Content-Violation\0X: true\r\n"sv);
    headers.add_line("\0X-Venice-Balance-Usd: 7\r\n"sv);
    headers.add_line("X-Venice-Model-Deprecation-Date\0: 1\r\n"sv);
    headers.add_line("X-Ratelimit-Remaining-Requests: 7\0 0\r\n"sv);
    expect_text(headers.value("x-note"), "before behind");
    assert_false(headers.is_true("x-venice-is-blurred"));
    assert_null(headers.find("x-venice-is-blurred"));
    assert_null(headers.find("x-venice-is-content-violation"));
    assert_null(headers.find("x-venice-balance-usd"));
    assert_null(headers.find("x-venice-model-deprecation-date"));
    assert_false(venice::read_server_state(headers).remaining_requests.has_value());
    assert_int_equal(headers.count(), 6);
    expect_text(headers.name_at(3), " X-Venice-Balance-Usd");
    expect_text(headers.value_at(5), "7  0");
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_answer_tells),
        cmocka_unit_test(what_is_not_told_is_empty),
        cmocka_unit_test(the_seed_is_the_servers_or_the_one_sent),
        cmocka_unit_test(only_the_first_of_several_has_a_seed),
        cmocka_unit_test(decodes_the_enhanced_prompt),
        cmocka_unit_test(an_image_that_is_none_is_refused_with_its_number),
        cmocka_unit_test(headers_have_names_in_any_case_and_the_last_counts),
        cmocka_unit_test(header_values_are_always_text),
        cmocka_unit_test(saves_a_file_and_replaces_another),
        cmocka_unit_test(a_saved_file_has_the_usual_permissions),
        cmocka_unit_test(a_failed_save_leaves_nothing),
        cmocka_unit_test(a_full_disk_leaves_the_old_file),
        cmocka_unit_test(the_error_shows_any_path_as_text_in_one_line),
        cmocka_unit_test(a_nul_in_a_header_cuts_nothing),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
