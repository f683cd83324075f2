// SPDX-License-Identifier: MIT
#include "catalog/request_plan.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "catalog/model_info.hpp"
#include "checks.hpp"
#include "support/base64_encode.hpp"

using venice::ModelInfo;
using venice::Request;

namespace {

const char* const list_text = R"({"data":[
  {"id":"venice-sd35","model_spec":{"name":"Pixel","supportsWebSearch":false,"constraints":{"promptCharacterLimit":10,"steps":{"max":30},"widthHeightDivisor":16},"pricing":{"generation":{"usd":1}}}},
  {"id":"z-image-turbo","model_spec":{"supportsWebSearch":false,"constraints":{"widthHeightDivisor":8,"steps":{"max":8}}}},
  {"id":"styled","model_spec":{"supportsStyleReferences":true,"constraints":{"aspectRatios":["1:1"],"maxStyleReferences":2},"pricing":{"generation":{"usd":1}}}},
  {"id":"all","model_spec":{"supportsWebSearch":true,"supportsOptimizePromptThinking":true,"constraints":{"aspectRatios":["19.5:9"],"resolutions":["1k"],"qualities":["low"]},
   "pricing":{"quality":{"1k":{"low":{"usd":1}}}}}},
  {"id":"bare"}]})";

std::shared_ptr<const ModelInfo> model(std::string_view id) {
    static const auto models = std::make_shared<const venice::ModelList>(venice::read_models(list_text));
    for (const ModelInfo& candidate : *models) {
        if (candidate.id == id) {
            return {models, &candidate};
        }
    }
    throw venice::Error(VENICE_ERROR_NOT_FOUND, std::string(id));
}

// Every field but variants with a value that each model's list allows, where it has one.
Request full_request() {
    return Request::from_json(R"({"model":"m","prompt":"p","negative_prompt":"n","width":64,"height":64,"aspect_ratio":"19.5:9","resolution":"1k","quality":"low","steps":7,
        "cfg_scale":7.25,"seed":0,"style_preset":"Anime","lora_strength":1,"safe_mode":false,"hide_watermark":true,"format":"png","return_binary":true,
        "embed_exif_metadata":true,"enable_web_search":true,"enhance_prompt":true,"disable_prompt_optimization_thinking":true,
        "style_references":[{"image":"https://example.org/a.png"}],"newer_field":[1]})");
}

std::string left_out(const Request& request) {
    std::string fields;
    for (const venice::Problem& entry : venice::plan_request(request).left_out) {
        assert_false(entry.message.empty());
        fields += entry.field + ":" + entry.code + " ";
    }
    return fields;
}

std::string left_out_for(const char* id) {
    Request request = full_request();
    request.use_model(model(id));
    const std::string fields = left_out(request);
    const venice::RequestPlan plan = venice::plan_request(request);
    // What is not told to be left out is sent.
    for (const std::string_view name : request.names()) {
        const bool is_told = fields.find(std::string(name) + ":") != std::string::npos;
        const bool is_sent = plan.body.find("\"" + std::string(name) + "\":") != std::string::npos;
        assert_true(is_told != is_sent);
    }
    return fields;
}

void without_a_model_all_that_is_set_is_sent(void**) {
    const Request request = full_request();
    expect_text(left_out(request), "");
    expect_text(venice::plan_request(request).body, request.json());
}

void sends_what_the_model_uses(void**) {
    expect_text(left_out_for("venice-sd35"),
                "aspect_ratio:not_used resolution:not_taken quality:not_taken enable_web_search:not_used disable_prompt_optimization_thinking:not_used style_references:not_taken ");
    expect_text(left_out_for("z-image-turbo"),
                "aspect_ratio:not_used resolution:not_taken quality:not_taken steps:not_used enable_web_search:not_used "
                "disable_prompt_optimization_thinking:not_used style_references:not_taken ");
    expect_text(left_out_for("styled"), "width:not_used height:not_used resolution:not_taken quality:not_taken steps:not_used disable_prompt_optimization_thinking:not_used ");
    expect_text(left_out_for("all"), "width:not_used height:not_used steps:not_used hide_watermark:not_used style_references:not_taken ");
    expect_text(left_out_for("bare"), "");
}

void nothing_is_forgotten_when_the_model_changes(void**) {
    Request request = full_request();
    request.use_model(model("all"));
    const Request copy = request;
    expect_text(left_out(copy), left_out(request));
    request.use_model(model("venice-sd35"));
    expect_text(*request.string_value("model"), "venice-sd35");
    expect_contains(venice::plan_request(request).body, "\"width\":64");
    request.set_string("model", "venice-sd35");
    assert_non_null(request.model());
    request.set_string("model", "other");
    assert_null(request.model());
    request.use_model(model("all"));
    request.use_model(nullptr);
    expect_text(left_out(request), "");
    request.use_model(model("all"));
    request.unset("model");
    assert_null(request.model());
}

void a_single_variant_is_no_reason_to_refuse_a_binary_answer(void**) {
    Request request = full_request();
    request.set_int("variants", 1);
    expect_text(left_out(request), "variants:not_taken ");
    request.set_bool("return_binary", false);
    expect_text(left_out(request), "");
}

std::string problems(const Request& request, const ModelInfo* judge = nullptr) {
    std::string text;
    for (const venice::Problem& problem : venice::problems_of(request, judge)) {
        assert_false(problem.message.empty());
        text += problem.field + ":" + problem.code + " ";
    }
    return text;
}

void problems_have_fields_and_codes(void**) {
    expect_text(problems(Request()), "model:required prompt:required ");
    Request request = full_request();
    request.set_int("variants", 2);
    expect_text(problems(request), "variants:conflict ");
    request = full_request();
    request.set_string("prompt", "12345678901");
    request.set_int("width", 65);
    request.set_int("steps", 31);
    expect_text(problems(request, model("venice-sd35").get()),
                "model:other_model prompt:too_long aspect_ratio:not_used resolution:not_taken quality:not_taken width:not_a_multiple steps:out_of_range style_references:not_taken ");
    // What is left out is no problem; the rest is.
    request.use_model(model("venice-sd35"));
    expect_text(problems(request), "prompt:too_long width:not_a_multiple steps:out_of_range ");
    assert_int_equal(error_of([&] { venice::checked_body(request); }).problems.size(), 3);
    request = full_request();
    request.use_model(model("styled"));
    expect_text(problems(request), "aspect_ratio:not_a_choice ");
    request.set_string("aspect_ratio", "1:1");
    request.set_json("style_references", R"([{"image":"a"},{"image":"b"},{"image":"c"}])");
    expect_text(problems(request), "style_references:too_many ");
}

void json_comes_back_as_it_went(void**) {
    const Request request = full_request();
    expect_text(Request::from_json(request.json()).json(), request.json());
    expect_text(Request::from_json(R"({"newer":12345678901234567890,"seed":7,"seed":8,"steps":null})").json(), R"({"seed":8,"newer":12345678901234567890})");
    expect_text(Request::from_json(" {} ").json(), "{}");
}

void wrong_json_names_every_field(void**) {
    const auto error = error_of([] { Request::from_json(R"({"width":2000,"prompt":7,"format":"gif","inpaint":{},"seed":1,"bad name":1})"); });
    assert_int_equal(error.status, VENICE_ERROR_OUT_OF_RANGE);
    std::string fields;
    for (const venice::Problem& problem : error.problems) {
        fields += problem.field + ":" + problem.code + " ";
    }
    expect_text(fields, "width:out_of_range prompt:wrong_type format:out_of_range inpaint:unknown_parameter bad name:invalid_argument ");
    assert_int_equal(error_of([] { Request::from_json("{"); }).status, VENICE_ERROR_INVALID_JSON);
    assert_int_equal(error_of([] { Request::from_json("[]"); }).status, VENICE_ERROR_WRONG_TYPE);
    assert_int_equal(error_of([] { Request::from_json("{\"a\":\"\xFF\"}"); }).status, VENICE_ERROR_INVALID_TEXT);
}

Bytes png(std::size_t size) {
    constexpr std::string_view head("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x02\0\0\0\x03", 24);
    Bytes bytes(size);
    std::ranges::copy(bytes_of(head), bytes.begin());
    return bytes;
}

void style_references_are_encoded_and_appended(void**) {
    Request request;
    request.add_style_reference(png(24), 0);
    request.add_style_reference(bytes_of(std::string_view("\xFF\xD8\xFF\xC0\0\x11\x08\0\x03\0\x02\x03", 12)), 0.25);
    expect_text(request.json(),
                R"({"style_references":[{"image":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAAD"},{"image":"data:image/jpeg;base64,/9j/wAARCAADAAID","strength":0.25}]})");
    assert_int_equal(request.style_reference_count(), 2);
    request.set_json("style_references", R"([ {"image":"https://example.org/a.png"} ])");
    request.add_style_reference(png(24), 1);
    expect_text(request.json(),
                R"({"style_references":[ {"image":"https://example.org/a.png"} ,{"image":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAAD","strength":1}]})");
    assert_int_equal(request.style_reference_count(), 2);
}

void style_references_that_the_server_would_refuse_are_refused(void**) {
    Request request;
    const auto status = [&](const Bytes& bytes, double strength) { return error_of([&] { request.add_style_reference(bytes, strength); }).status; };
    for (const double strength : {-0.5, 0.05, 1.01, std::nan("")}) {
        assert_int_equal(status(png(24), strength), VENICE_ERROR_OUT_OF_RANGE);
    }
    assert_int_equal(status(bytes_of("GIF89a and so on"), 0.5), VENICE_ERROR_OUT_OF_RANGE);
    assert_int_equal(status({}, 0.5), VENICE_ERROR_OUT_OF_RANGE);
    assert_int_equal(status(png(8388608), 0.5), VENICE_ERROR_OUT_OF_RANGE);
    assert_int_equal(request.style_reference_count(), 0);
    assert_int_equal(status(png(8388607), 0.1), VENICE_OK);
    assert_int_equal(request.style_reference_count(), 1);
    expect_text(Request::from_json(request.json()).json(), request.json());
    const std::string too_large = R"([{"image":")" + venice::base64_encoded(png(8388608)) + R"("}])";
    assert_int_equal(error_of([&] { request.set_json("style_references", too_large); }).status, VENICE_ERROR_OUT_OF_RANGE);
    assert_int_equal(error_of([&] { request.set_json("style_references", R"([{"image":"a","weight":1}])"); }).status, VENICE_ERROR_UNKNOWN_PARAMETER);
    assert_int_equal(error_of([&] { request.set_json("style_references", R"([{"image":"a","strength":"1"}])"); }).status, VENICE_ERROR_WRONG_TYPE);
    assert_int_equal(error_of([&] { request.set_json("style_references", R"([{"image":"="}])"); }).status, VENICE_OK);
}

void style_references_come_from_files(void**) {
    std::string name = (std::filesystem::temp_directory_path() / "venice-style-XXXXXX").string();
    const std::string folder = mkdtemp(name.data());
    const auto write = [](const std::string& path, const Bytes& bytes) {
        std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    };
    write(folder + "/good", png(24));
    write(folder + "/large", png(8388608));
    Request request;
    request.add_style_reference_file(folder + "/good", 0.5);
    expect_contains(request.json(), R"([{"image":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAAD","strength":0.5}])");
    assert_int_equal(error_of([&] { request.add_style_reference_file(folder + "/large", 0.5); }).status, VENICE_ERROR_OUT_OF_RANGE);
    for (const std::string& path : {folder + "/missing", folder, std::string()}) {
        const auto error = error_of([&] { request.add_style_reference_file(path, 0.5); });
        assert_int_equal(error.status, VENICE_ERROR_FILE);
        expect_contains(error.message, path);
    }
    assert_int_equal(request.style_reference_count(), 1);
    std::filesystem::remove_all(folder);
}

// A change, and what the text that is sent then holds.
struct Change {
    std::function<void(Request&)> make;
    const char* sent;
};

void a_body_is_written_once_until_the_request_changes(void**) {
    const std::vector<Change> changes{
        {[](Request& r) { r.set_string("prompt", "other"); }, R"("prompt":"other")"},
        {[](Request& r) { r.set_int("seed", 7); }, R"("seed":7)"},
        {[](Request& r) { r.set_double("cfg_scale", 3.5); }, R"("cfg_scale":3.5)"},
        {[](Request& r) { r.set_bool("safe_mode", true); }, R"("safe_mode":true)"},
        {[](Request& r) { r.set_json("steps", "9"); }, R"("steps":9)"},
        {[](Request& r) { r.set_json("newest_field", "{}"); }, R"("newest_field":{})"},
        {[](Request& r) { r.set_json("newest_field", "null"); }, R"("newer_field":[1]})"},
        {[](Request& r) { r.add_style_reference(png(24), 0.5); }, R"("strength":0.5)"},
        {[](Request& r) { r.set_string("model", "venice-sd35"); }, R"("model":"venice-sd35")"},
        {[](Request& r) { r.use_model(model("venice-sd35")); }, R"("lora_strength":1,)"},
        {[](Request& r) { r.use_model(nullptr); }, R"("quality":"low")"},
        {[](Request& r) { r.use_model(model("venice-sd35")); }, R"("lora_strength":1,)"},
        {[](Request& r) { r.set_string("model", "another"); }, R"("quality":"low")"},
        {[](Request& r) { r.unset("negative_prompt"); }, R"("prompt":"other","width")"},
    };
    Request request = full_request();
    for (const Change& change : changes) {
        const auto before = venice::checked_body(request);
        assert_ptr_equal(venice::checked_body(request).get(), before.get());
        Request changed = request;
        assert_ptr_equal(venice::checked_body(changed).get(), before.get());
        change.make(changed);
        const auto after = venice::checked_body(changed);
        expect_text(*after, venice::plan_request(changed).body);
        expect_contains(*after, change.sent);
        assert_true(*after != *before);
        assert_ptr_equal(venice::checked_body(request).get(), before.get());
        request = std::move(changed);
    }
    request.clear();
    assert_int_equal(error_of([&] { venice::checked_body(request); }).problems.size(), 2);
}

void base64_is_padded(void**) {
    for (const auto& [text, expected] : {std::pair{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF\xBF", "+/+/"}}) {
        expect_text(venice::base64_encoded(bytes_of(text)), expected);
    }
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(without_a_model_all_that_is_set_is_sent),
        cmocka_unit_test(sends_what_the_model_uses),
        cmocka_unit_test(nothing_is_forgotten_when_the_model_changes),
        cmocka_unit_test(a_single_variant_is_no_reason_to_refuse_a_binary_answer),
        cmocka_unit_test(problems_have_fields_and_codes),
        cmocka_unit_test(json_comes_back_as_it_went),
        cmocka_unit_test(wrong_json_names_every_field),
        cmocka_unit_test(style_references_are_encoded_and_appended),
        cmocka_unit_test(style_references_that_the_server_would_refuse_are_refused),
        cmocka_unit_test(style_references_come_from_files),
        cmocka_unit_test(a_body_is_written_once_until_the_request_changes),
        cmocka_unit_test(base64_is_padded),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
