// SPDX-License-Identifier: MIT
#include "catalog/model_size.hpp"

#include <cmath>

#include "checks.hpp"

using venice::ModelInfo;
using venice::Request;

namespace {

ModelInfo pixel_model(std::int32_t divisor) {
    ModelInfo model;
    model.has_constraints = true;
    model.size_divisor = divisor;
    return model;
}

ModelInfo ratio_model(std::vector<std::string> ratios, std::vector<std::string> tiers = {}) {
    ModelInfo model;
    model.has_constraints = true;
    model.aspect_ratios = std::move(ratios);
    model.default_aspect_ratio = model.aspect_ratios.front();
    model.resolutions = std::move(tiers);
    model.default_resolution = model.resolutions.empty() ? "" : model.resolutions.front();
    return model;
}

void expect_fit(const ModelInfo& model, std::int32_t width, std::int32_t height, const char* expected, bool raise = false) {
    Request request;
    venice::fit_size(request, model, width, height, raise);
    expect_text(request.json(), expected);
}

void a_size_that_fits_stays_as_it_is(void**) {
    expect_fit(pixel_model(16), 1024, 1024, R"({"width":1024,"height":1024})");
    expect_fit(pixel_model(8), 1280, 1280, R"({"width":1280,"height":1280})");
    expect_fit(pixel_model(8), 1280, 832, R"({"width":1280,"height":832})");
}

void takes_the_shape_and_a_megapixel(void**) {
    expect_fit(pixel_model(8), 300, 300, R"({"width":1024,"height":1024})");
    expect_fit(pixel_model(16), 600, 400, R"({"width":1248,"height":832})");
    expect_fit(pixel_model(16), 400, 600, R"({"width":832,"height":1248})");
    expect_fit(pixel_model(8), 4000, 3000, R"({"width":1280,"height":960})");
    expect_fit(pixel_model(8), 1920, 1080, R"({"width":1280,"height":720})");
    expect_fit(pixel_model(1), 1000, 7, R"({"width":1280,"height":9})");
}

// For all shapes: within the limits, a multiple, and as near to the shape as the divisor allows.
void every_pair_is_allowed_and_close(void**) {
    for (const std::int32_t divisor : {1, 8, 16, 64, 2000}) {
        const ModelInfo model = pixel_model(divisor);
        for (const std::int32_t width : {1, 9, 333, 1000, 1281, 5000, 262144}) {
            for (const std::int32_t height : {1, 7, 512, 999, 1280, 4096, 262144}) {
                Request request;
                venice::fit_size(request, model, width, height, false);
                const double w = static_cast<double>(*request.int_value("width"));
                const double h = static_cast<double>(*request.int_value("height"));
                assert_true(w >= 1 && h >= 1 && w <= 1280 && h <= 1280);
                if (divisor <= 1280) {
                    assert_int_equal(static_cast<int>(w) % divisor, 0);
                    assert_int_equal(static_cast<int>(h) % divisor, 0);
                }
                const double wanted = std::log(static_cast<double>(width) / height);
                if (divisor <= 16 && std::abs(wanted) < std::log(4.0)) {
                    assert_true(std::abs(std::log(w / h) - wanted) < 0.03);
                }
            }
        }
    }
}

void chooses_the_nearest_ratio_by_proportion(void**) {
    const ModelInfo model = ratio_model({"auto", "1:1", "19.5:9", "16:9", "9:16", "x:y", "0:1", "1:", "3:-1"});
    expect_fit(model, 1000, 1000, R"({"aspect_ratio":"1:1"})");
    expect_fit(model, 3000, 1000, R"({"aspect_ratio":"19.5:9"})");
    expect_fit(model, 1900, 1000, R"({"aspect_ratio":"16:9"})");
    expect_fit(model, 400, 1000, R"({"aspect_ratio":"9:16"})");
    // 1.33: nearer to 16:9 than to 1:1 in pixels, but not by proportion; between 2:1 and 1:2 the same.
    expect_fit(ratio_model({"2:1", "1:2"}), 1001, 1000, R"({"aspect_ratio":"2:1"})");
    expect_fit(ratio_model({"2:1", "1:2"}), 1000, 1001, R"({"aspect_ratio":"1:2"})");
    expect_fit(ratio_model({"auto", "wide"}), 1000, 500, "{}");
}

void replaces_what_belongs_to_another_idiom(void**) {
    Request request;
    request.set_int("width", 64);
    request.set_int("height", 64);
    venice::fit_size(request, ratio_model({"1:1"}, {"1K", "2K"}), 10, 10, false);
    expect_text(request.json(), R"({"aspect_ratio":"1:1"})");
    request.set_string("resolution", "2K");
    venice::fit_size(request, ratio_model({"1:1"}, {"1K", "2K"}), 10, 10, false);
    expect_text(request.json(), R"({"aspect_ratio":"1:1","resolution":"2K"})");
    venice::fit_size(request, pixel_model(8), 1024, 1024, true);
    expect_text(request.json(), R"({"width":1024,"height":1024})");
}

void raises_the_tier_only_when_told(void**) {
    const ModelInfo model = ratio_model({"1:1", "16:9"}, {"4K", "1K", "2K"});
    expect_fit(model, 3000, 3000, R"({"aspect_ratio":"1:1"})");
    expect_fit(model, 500, 500, R"({"aspect_ratio":"1:1","resolution":"1K"})", true);
    expect_fit(model, 1024, 1024, R"({"aspect_ratio":"1:1","resolution":"1K"})", true);
    expect_fit(model, 1100, 1100, R"({"aspect_ratio":"1:1","resolution":"2K"})", true);
    expect_fit(model, 1920, 1080, R"({"aspect_ratio":"16:9","resolution":"2K"})", true);
    expect_fit(model, 9000, 9000, R"({"aspect_ratio":"1:1","resolution":"4K"})", true);
    expect_fit(ratio_model({"1:1"}, {"huge", "1k"}), 100, 100, R"({"aspect_ratio":"1:1","resolution":"1k"})", true);
    expect_fit(ratio_model({"1:1"}, {"huge"}), 9000, 9000, R"({"aspect_ratio":"1:1"})", true);
}

void refuses_sizes_that_are_none(void**) {
    Request request;
    const auto error = error_of([&] { venice::fit_size(request, pixel_model(8), 10, 0, false); });
    assert_int_equal(error.status, VENICE_ERROR_OUT_OF_RANGE);
    expect_text(error.problems[0].field, "height");
    expect_text(request.json(), "{}");
}

void expect_output(const ModelInfo& model, const Request* request, std::int32_t width, std::int32_t height, bool exact) {
    const auto size = venice::output_size(model, request);
    assert_true(size.has_value());
    assert_int_equal(size->width, width);
    assert_int_equal(size->height, height);
    assert_int_equal(size->exact, exact);
}

void tells_what_comes_out(void**) {
    expect_output(pixel_model(8), nullptr, 1024, 1024, true);
    Request request;
    request.set_int("width", 640);
    expect_output(pixel_model(8), &request, 640, 1024, true);
    request.set_string("aspect_ratio", "16:9");
    expect_output(ratio_model({"1:1", "16:9"}), &request, 1365, 768, false);
    request.set_string("resolution", "2k");
    expect_output(ratio_model({"1:1", "16:9"}, {"1k", "2k"}), &request, 2731, 1536, false);
    request.set_string("aspect_ratio", "7:1");  // unknown: the server makes the default
    expect_output(ratio_model({"1:1", "16:9"}, {"1k", "2k"}), &request, 2048, 2048, false);
    assert_false(venice::output_size(ratio_model({"auto", "1:1"}), nullptr).has_value());
    assert_false(venice::output_size(ratio_model({"1:1"}, {"huge"}), nullptr).has_value());
    assert_false(venice::output_size(ModelInfo(), nullptr).has_value());
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(a_size_that_fits_stays_as_it_is),
        cmocka_unit_test(takes_the_shape_and_a_megapixel),
        cmocka_unit_test(every_pair_is_allowed_and_close),
        cmocka_unit_test(chooses_the_nearest_ratio_by_proportion),
        cmocka_unit_test(replaces_what_belongs_to_another_idiom),
        cmocka_unit_test(raises_the_tier_only_when_told),
        cmocka_unit_test(refuses_sizes_that_are_none),
        cmocka_unit_test(tells_what_comes_out),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
