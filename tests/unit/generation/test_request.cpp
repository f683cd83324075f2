// SPDX-License-Identifier: MIT
#include "cmocka.hpp"
#include "generation/build_request.hpp"

using namespace venice_gimp;

namespace {

Settings fox() {
    Settings settings;
    settings.prompt = "a red fox";
    return settings;
}

std::string body_of(const Settings& settings) {
    const RequestHandle request = build_request(settings, "z-image-turbo", 42);
    return request_body(request.get());
}

// The status that building and checking throws, or OK.
venice_status status_of(const Settings& settings) {
    try {
        const RequestHandle request = build_request(settings, "z-image-turbo", settings.seed.value_or(42));
        check_request(request.get(), nullptr);
        return VENICE_OK;
    } catch (const VeniceException& exception) {
        assert_true(!exception.failure().message.empty());
        assert_text(exception.failure().message, exception.what());
        return exception.failure().status;
    }
}

void only_what_is_set_is_sent(void**) {
    assert_text(body_of(fox()), R"({"model":"z-image-turbo","prompt":"a red fox","seed":42,"format":"png","return_binary":true})");
}

void everything_that_is_set_is_sent(void**) {
    Settings settings = fox();
    settings.negative_prompt = "snow";
    settings.width = 640;
    settings.height = 480;
    settings.aspect_ratio = "16:9";
    settings.resolution = "2K";
    settings.quality = "high";
    settings.steps = 8;
    settings.cfg_scale = 7.5;
    settings.style_preset = "Anime";
    settings.lora_strength = 0;
    settings.safe_mode = false;
    settings.hide_watermark = true;
    settings.embed_exif_metadata = true;
    settings.enable_web_search = true;
    settings.enhance_prompt = true;
    settings.format = "webp";
    assert_text(body_of(settings),
                R"({"model":"z-image-turbo","prompt":"a red fox","negative_prompt":"snow","width":640,"height":480,"aspect_ratio":"16:9",)"
                R"("resolution":"2K","quality":"high","steps":8,"cfg_scale":7.5,"seed":42,"style_preset":"Anime","lora_strength":0,)"
                R"("safe_mode":false,"hide_watermark":true,"format":"webp","return_binary":true,"embed_exif_metadata":true,)"
                R"("enable_web_search":true,"enhance_prompt":true})");
}

void variants_are_requests_of_their_own(void**) {
    Settings settings = fox();
    settings.variants = 3;
    assert_true(body_of(settings).find("variants") == std::string::npos);
}

void text_is_kept_as_it_is(void**) {
    Settings settings = fox();
    settings.prompt = "a \"red\"\nfox, 雪";
    const std::string body = body_of(settings);
    assert_true(body.find(R"("prompt":"a \"red\"\nfox, 雪")") != std::string::npos);
}

void mistakes_are_told_apart(void**) {
    Settings settings = fox();
    settings.width = 4096;
    assert_int_equal(status_of(settings), VENICE_ERROR_OUT_OF_RANGE);
    settings = fox();
    settings.steps = -3;
    assert_int_equal(status_of(settings), VENICE_ERROR_OUT_OF_RANGE);
    settings = fox();
    settings.seed = 1000000000;
    assert_int_equal(status_of(settings), VENICE_ERROR_OUT_OF_RANGE);
    settings = fox();
    settings.cfg_scale = 20.5;
    assert_int_equal(status_of(settings), VENICE_ERROR_OUT_OF_RANGE);
    settings = fox();
    settings.format = "bmp";
    assert_int_equal(status_of(settings), VENICE_ERROR_OUT_OF_RANGE);
    settings = fox();
    settings.prompt = "f\xffox";
    assert_int_equal(status_of(settings), VENICE_ERROR_INVALID_TEXT);
    settings = fox();
    settings.prompt.clear();
    assert_int_equal(status_of(settings), VENICE_ERROR_INVALID_REQUEST);
    assert_int_equal(status_of(fox()), VENICE_OK);
}

void seed_zero_is_a_seed(void**) {
    const RequestHandle request = build_request(fox(), "m", 0);
    assert_true(request_body(request.get()).find(R"("seed":0)") != std::string::npos);
}

void one_to_four_variants(void**) {
    check_variants(1);
    check_variants(4);
    for (const std::int64_t wrong : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{5}}) {
        bool thrown = false;
        try {
            check_variants(wrong);
        } catch (const VeniceException& exception) {
            thrown = exception.failure().status == VENICE_ERROR_OUT_OF_RANGE;
        }
        assert_true(thrown);
    }
}

// As when there is no memory for the error.
void a_failure_without_details_may_be_charged(void**) {
    const Failure failure = to_failure(VENICE_ERROR_OUT_OF_MEMORY, nullptr);
    assert_int_equal(failure.status, VENICE_ERROR_OUT_OF_MEMORY);
    assert_text(failure.message, "out_of_memory");
    assert_true(failure.may_be_charged);
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_set_is_sent),
        cmocka_unit_test(everything_that_is_set_is_sent),
        cmocka_unit_test(variants_are_requests_of_their_own),
        cmocka_unit_test(text_is_kept_as_it_is),
        cmocka_unit_test(mistakes_are_told_apart),
        cmocka_unit_test(seed_zero_is_a_seed),
        cmocka_unit_test(one_to_four_variants),
        cmocka_unit_test(a_failure_without_details_may_be_charged),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
