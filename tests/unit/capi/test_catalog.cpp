// SPDX-License-Identifier: MIT
#include "catalog/model_check.hpp"
#include "catalog/model_info.hpp"
#include "checks.hpp"

using venice::ModelInfo;
using venice::Problem;
using venice::Request;

namespace {

const char* const list_text = R"({"object":"list","type":"image","futureMember":{"x":[1]},"data":[
  {"id":"pixel","type":"image","object":"model","futureMember":7,"model_spec":{"name":"Pixel Model","description":"Draws \u00e9.","modelSource":"https://example.org/m","betaModel":true,"uncensored":true,
    "regionRestrictions":["US","DE"],"supportsWebSearch":true,"supportsStyleReferences":true,"supportsOptimizePromptThinking":true,
    "deprecation":{"autoRemap":false,"date":"2026-01-01","removesAt":"2026-01-02","startsAt":"2025-12-01","replacementModelId":"ratio"},
    "privacy":"private","offline":false,"traits":["default","fastest"],
    "constraints":{"promptCharacterLimit":10,"steps":{"default":8,"max":20},"widthHeightDivisor":16,"maxStyleReferences":2,"supportsStyleReferenceStrength":true},"pricing":{"generation":{"usd":0.01,"diem":0.02},"upscale":{"2x":{"usd":9}}}}},
  {"id":"ratio","model_spec":{"name":"Ratio","supportsWebSearch":false,"deprecation":{"date":"2027-01-01"},"constraints":{"aspectRatios":["auto","1:1","19.5:9"],"defaultAspectRatio":"auto"},"pricing":{"generation":{"usd":0.0375}}}},
  {"id":"tier","model_spec":{"name":"Tier","traits":["second"],"constraints":{"aspectRatios":["1:1"],"defaultAspectRatio":"1:1","resolutions":["1k","4K"],"defaultResolution":"1k"},
    "pricing":{"resolutions":{"1k":{"usd":0.18,"diem":0.18},"4K":{"usd":0.35,"diem":0.35}}}}},
  {"id":"quality","model_spec":{"name":"Quality","constraints":{"aspectRatios":["1:1"],"defaultAspectRatio":"1:1","resolutions":["1K","2K"],"defaultResolution":"1K",
    "qualities":["low","high"],"defaultQuality":"high"},
    "pricing":{"resolutions":{"1K":{"usd":0.27},"2K":{"usd":0.51}},"quality":{"1K":{"low":{"usd":0.02},"high":{"usd":0.26}},"2K":{"low":{"usd":0.03}}}}}},
  {"id":"bare"},
  {"id":"wrong-types","model_spec":{"name":7,"privacy":null,"offline":"yes","traits":"default","constraints":{"aspectRatios":"1:1","resolutions":{"1K":1},"qualities":[1,null],
    "promptCharacterLimit":"many","steps":[8],"widthHeightDivisor":-8},"pricing":{"generation":{"usd":"0.01"},"resolutions":[1],"quality":{"1K":7}}}},
  {"id":"offline","model_spec":{"offline":true,"pricing":{"generation":{"usd":-1}}}},
  {"id":"bria-bg-remover","model_spec":{"name":"Remover","pricing":{"generation":{"usd":0.03}}}},
  {"model_spec":{"name":"without id"}}, {"id":7}, null, "text"
]})";

const ModelInfo& model(std::string_view id) {
    static const venice::ModelList models = venice::read_models(list_text);
    for (const ModelInfo& candidate : models) {
        if (candidate.id == id) {
            return candidate;
        }
    }
    throw venice::Error(VENICE_ERROR_NOT_FOUND, std::string(id));
}

bool near(double a, double b) { return a - b < 1e-9 && b - a < 1e-9; }

void expect_price(const ModelInfo& model, const Request* request, double usd, double diem) {
    const auto price = venice::price_of(model, request);
    assert_true(price.has_value());
    assert_true(near(price->usd, usd));
    assert_true(near(price->diem, diem));
}

Request request_for(const char* id) {
    Request request;
    request.set_string("model", id);
    request.set_string("prompt", "short");
    return request;
}

void expect_problem(const Request& request, const ModelInfo& model, const char* field, const char* part) {
    const std::vector<Problem> problems = venice::problems_with_model(request, model);
    assert_int_equal(problems.size(), 1);
    expect_text(problems[0].field, field);
    expect_contains(problems[0].message, part);
}

void keeps_every_entry_with_an_id_in_order(void**) {
    const venice::ModelList models = venice::read_models(list_text);
    std::string ids;
    for (const ModelInfo& entry : models) {
        ids += entry.id + " ";
    }
    expect_text(ids, "pixel ratio tier quality bare wrong-types offline bria-bg-remover ");
}

void reads_a_pixel_model(void**) {
    const ModelInfo& pixel = model("pixel");
    expect_text(pixel.name, "Pixel Model");
    expect_text(pixel.privacy, "private");
    assert_true(pixel.has_trait("default") && pixel.has_trait("fastest") && !pixel.has_trait("fast"));
    assert_true(pixel.aspect_ratios.empty() && pixel.resolutions.empty() && pixel.qualities.empty());
    assert_int_equal(pixel.size_divisor, 16);
    assert_int_equal(pixel.default_steps, 8);
    assert_int_equal(pixel.max_steps, 20);
    assert_int_equal(pixel.prompt_limit, 10);
    expect_contains(pixel.json, "\"futureMember\":7");
    expect_text(pixel.description, "Draws \xC3\xA9.");
    expect_text(pixel.source, "https://example.org/m");
    assert_true(pixel.beta && pixel.uncensored && pixel.web_search == true && pixel.prompt_optimization_thinking);
    assert_true(pixel.style_references && pixel.style_reference_strength);
    assert_int_equal(pixel.max_style_references, 2);
    assert_true(pixel.regions == std::vector<std::string>({"US", "DE"}));
    expect_text(pixel.deprecation->removes_at, "2026-01-02");
    expect_text(pixel.deprecation->starts_at, "2025-12-01");
    expect_text(pixel.deprecation->replacement, "ratio");
    expect_text(model("ratio").deprecation->removes_at, "2027-01-01");
    assert_true(model("ratio").web_search == false);
    assert_false(model("tier").web_search.has_value() || model("tier").deprecation.has_value());
}

void reads_the_other_sizings(void**) {
    assert_true(model("ratio").aspect_ratios == std::vector<std::string>({"auto", "1:1", "19.5:9"}));
    expect_text(model("ratio").default_aspect_ratio, "auto");
    assert_true(model("tier").resolutions == std::vector<std::string>({"1k", "4K"}));
    expect_text(model("tier").default_resolution, "1k");
    assert_true(model("quality").qualities == std::vector<std::string>({"low", "high"}));
    expect_text(model("quality").default_quality, "high");
}

void missing_members_are_unknown(void**) {
    for (const char* id : {"bare", "wrong-types"}) {
        const ModelInfo& info = model(id);
        expect_text(info.name, id);
        expect_text(info.privacy, "");
        assert_false(info.offline);
        assert_true(info.traits.empty() && info.aspect_ratios.empty() && info.resolutions.empty() && info.qualities.empty());
        assert_int_equal(info.size_divisor, 1);
        assert_int_equal(info.default_steps, 0);
        assert_int_equal(info.max_steps, 0);
        assert_int_equal(info.prompt_limit, 0);
        assert_false(venice::price_of(info, nullptr).has_value());
    }
}

void knows_what_cannot_be_used(void**) {
    assert_true(model("offline").offline);
    assert_false(model("bria-bg-remover").generates);
    assert_true(model("pixel").generates);
}

void refuses_lists_that_are_none(void**) {
    for (const std::string_view body : {"", "<html>", "[]", "null", "{}", R"({"data":{}})", R"({"data":"x"})", R"({"data":[)"}) {
        assert_int_equal(error_of([&] { venice::read_models(body); }).status, VENICE_ERROR_MALFORMED_RESPONSE);
    }
    assert_true(venice::read_models(R"({"data":[]})").empty());
}

void reads_styles_in_both_forms(void**) {
    const std::vector<std::string> expected = {"3D Model", "Anime"};
    assert_true(venice::read_styles(R"({"object":"list","data":["3D Model","Anime"]})").items == expected);
    assert_true(venice::read_styles(R"(["3D Model","Anime"])").items == expected);
    assert_true(venice::read_styles(R"(["3D Model",7,null,"Anime"])").items == expected);
    for (const std::string_view body : {"", "<html>", "null", "{}", R"({"data":{}})", R"(["cut)"}) {
        assert_int_equal(error_of([&] { venice::read_styles(body); }).status, VENICE_ERROR_MALFORMED_RESPONSE);
    }
}

void prices_flat_models(void**) {
    expect_price(model("pixel"), nullptr, 0.01, 0.02);
    Request request = request_for("pixel");
    request.set_int("variants", 4);
    expect_price(model("pixel"), &request, 0.04, 0.08);
    request.set_int("variants", 3);
    expect_price(model("ratio"), &request, 0.1125, -1);
}

void prices_tiers(void**) {
    Request request = request_for("tier");
    expect_price(model("tier"), nullptr, 0.18, 0.18);
    expect_price(model("tier"), &request, 0.18, 0.18);
    request.set_string("resolution", "4K");
    request.set_int("variants", 2);
    expect_price(model("tier"), &request, 0.70, 0.70);
}

void prices_qualities_before_tiers(void**) {
    Request request = request_for("quality");
    expect_price(model("quality"), &request, 0.26, -1);
    request.set_string("quality", "low");
    expect_price(model("quality"), &request, 0.02, -1);
    request.set_string("resolution", "2K");
    expect_price(model("quality"), &request, 0.03, -1);
}

void adds_the_rewrite_once(void**) {
    Request request = request_for("pixel");
    request.set_bool("enhance_prompt", false);
    expect_price(model("pixel"), &request, 0.01, 0.02);
    request.set_bool("enhance_prompt", true);
    request.set_int("variants", 2);
    expect_price(model("pixel"), &request, 0.06, -1);
    assert_false(venice::may_cost_more(model("pixel"), request));
    request.set_bool("enable_web_search", true);
    assert_true(venice::may_cost_more(model("pixel"), request));
    assert_false(venice::may_cost_more(model("ratio"), request));
    request = request_for("offline");
    request.set_bool("enhance_prompt", true);
    assert_false(venice::price_of(model("offline"), &request).has_value());
}

void prices_each_entry_of_a_form(void**) {
    assert_true(near(venice::price_of_image(model("quality"), "2K", "low")->usd, 0.03));
    assert_true(near(venice::price_of_image(model("quality"), "", "")->usd, 0.26));
    assert_false(venice::price_of_image(model("quality"), "2K", "").has_value());
    assert_true(near(venice::price_of_image(model("tier"), "4K", "any")->usd, 0.35));
    assert_true(near(venice::price_of_image(model("pixel"), "", "")->usd, 0.01));
}

void never_guesses_a_price(void**) {
    Request request = request_for("quality");
    request.set_string("resolution", "2K");  // with the default quality, high: not in the list
    assert_false(venice::price_of(model("quality"), &request).has_value());
    request.set_string("resolution", "8K");
    assert_false(venice::price_of(model("quality"), &request).has_value());
    assert_false(venice::price_of(model("tier"), &request).has_value());
    request.set_string("resolution", "1K");  // the tier's own spelling is "1k"
    assert_false(venice::price_of(model("tier"), &request).has_value());
    assert_false(venice::price_of(model("offline"), nullptr).has_value());
}

void fitting_requests_have_no_problem(void**) {
    for (const char* id : {"pixel", "ratio", "tier", "quality", "bare", "wrong-types"}) {
        assert_true(venice::problems_with_model(request_for(id), model(id)).empty());
    }
    Request request = request_for("quality");
    request.set_string("aspect_ratio", "1:1");
    request.set_string("resolution", "2K");
    request.set_string("quality", "low");
    assert_true(venice::problems_with_model(request, model("quality")).empty());
    Request pixel = request_for("pixel");
    pixel.set_int("width", 1280);
    pixel.set_int("height", 16);
    pixel.set_int("steps", 20);
    pixel.set_string("prompt", "1234567890");
    assert_true(venice::problems_with_model(pixel, model("pixel")).empty());
}

void sees_a_model_that_cannot_do_it(void**) {
    expect_problem(request_for("pixel"), model("ratio"), "model", "ratio");
    expect_problem(request_for("offline"), model("offline"), "model", "offline");
    expect_problem(request_for("bria-bg-remover"), model("bria-bg-remover"), "model", "does not make images");
}

void counts_prompts_in_characters(void**) {
    Request request = request_for("pixel");
    request.set_string("prompt", "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9");
    assert_true(venice::problems_with_model(request, model("pixel")).empty());
    request.set_string("prompt", "12345678901");
    expect_problem(request, model("pixel"), "prompt", "11 characters");
    request.set_string("prompt", "short");
    request.set_string("negative_prompt", "12345678901");
    expect_problem(request, model("pixel"), "negative_prompt", "10");
}

void sees_values_outside_the_models_lists(void**) {
    Request request = request_for("ratio");
    request.set_string("aspect_ratio", "16:9");
    expect_problem(request, model("ratio"), "aspect_ratio", "auto, 1:1, 19.5:9");
    request = request_for("tier");
    request.set_string("resolution", "1K");
    expect_problem(request, model("tier"), "resolution", "1k, 4K");
    request = request_for("quality");
    request.set_string("quality", "medium");
    expect_problem(request, model("quality"), "quality", "low, high");
}

void sees_fields_that_the_model_does_not_take(void**) {
    Request request = request_for("pixel");
    request.set_string("aspect_ratio", "1:1");
    expect_problem(request, model("pixel"), "aspect_ratio", "does not take");
    request = request_for("ratio");
    request.set_string("resolution", "1K");
    expect_problem(request, model("ratio"), "resolution", "does not take");
    request = request_for("tier");
    request.set_string("quality", "low");
    expect_problem(request, model("tier"), "quality", "does not take");
    request = request_for("ratio");
    request.set_int("width", 512);
    expect_problem(request, model("ratio"), "width", "aspect_ratio");
}

void sees_sides_and_steps_that_do_not_fit(void**) {
    Request request = request_for("pixel");
    request.set_int("height", 1000);
    expect_problem(request, model("pixel"), "height", "multiple of 16");
    request = request_for("pixel");
    request.set_int("steps", 21);
    expect_problem(request, model("pixel"), "steps", "20");
}

void lists_all_problems_at_once(void**) {
    Request request = request_for("pixel");
    request.set_int("width", 1001);
    request.set_int("height", 1001);
    request.set_int("steps", 30);
    request.set_string("quality", "low");
    assert_int_equal(venice::problems_with_model(request, model("pixel")).size(), 4);
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(keeps_every_entry_with_an_id_in_order),
        cmocka_unit_test(reads_a_pixel_model),
        cmocka_unit_test(reads_the_other_sizings),
        cmocka_unit_test(missing_members_are_unknown),
        cmocka_unit_test(knows_what_cannot_be_used),
        cmocka_unit_test(refuses_lists_that_are_none),
        cmocka_unit_test(reads_styles_in_both_forms),
        cmocka_unit_test(prices_flat_models),
        cmocka_unit_test(prices_tiers),
        cmocka_unit_test(prices_qualities_before_tiers),
        cmocka_unit_test(adds_the_rewrite_once),
        cmocka_unit_test(prices_each_entry_of_a_form),
        cmocka_unit_test(never_guesses_a_price),
        cmocka_unit_test(fitting_requests_have_no_problem),
        cmocka_unit_test(sees_a_model_that_cannot_do_it),
        cmocka_unit_test(counts_prompts_in_characters),
        cmocka_unit_test(sees_values_outside_the_models_lists),
        cmocka_unit_test(sees_fields_that_the_model_does_not_take),
        cmocka_unit_test(sees_sides_and_steps_that_do_not_fit),
        cmocka_unit_test(lists_all_problems_at_once),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
