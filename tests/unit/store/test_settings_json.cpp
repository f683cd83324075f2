// SPDX-License-Identifier: MIT
#include <clocale>
#include <cstdlib>
#include <new>

#include "../generation/cmocka.hpp"
#include "store/json.hpp"
#include "store/run_record.hpp"
#include "store/settings_json.hpp"
#include "store/values_json.hpp"

using namespace venice_gimp;

namespace {

void everything_comes_back(void**) {
    DialogValues values;
    values.settings.prompt = "ein \"Fuchs\"\n🦊";
    values.settings.negative_prompt = "snow";
    values.settings.model = "z-image-turbo";
    values.settings.width = 1280;
    values.settings.height = 8;
    values.settings.aspect_ratio = "19.5:9";
    values.settings.resolution = "1k";
    values.settings.quality = "low";
    values.settings.steps = 0;
    values.settings.cfg_scale = 7.25;
    values.settings.seed = -999999999;
    values.settings.variants = 4;
    values.settings.style_preset = "Anime";
    values.settings.lora_strength = 0;
    values.settings.safe_mode = false;
    values.settings.hide_watermark = true;
    values.settings.embed_exif_metadata = false;
    values.settings.enable_web_search = true;
    values.settings.enhance_prompt = false;
    values.settings.format = "webp";
    values.target = "canvas";
    values.placement = "fit";
    values.size_is_automatic = false;
    values.seed_is_fixed = true;

    const std::string json = dialog_values_to_json(values);
    const DialogValues read = dialog_values_from_json(json).value();
    assert_text(read.settings.prompt, "ein \"Fuchs\"\n🦊");
    assert_text(read.settings.aspect_ratio, "19.5:9");
    assert_true(read.settings.seed == -999999999);
    assert_true(read.settings.steps == 0 && read.settings.cfg_scale == 7.25 && read.settings.lora_strength == 0);
    assert_true(read.settings.safe_mode == false && read.settings.hide_watermark == true);
    assert_int_equal(read.settings.variants, 4);
    assert_text(read.target, "canvas");
    assert_false(read.size_is_automatic);
    assert_true(read.seed_is_fixed);
    assert_text(dialog_values_to_json(read), json.c_str());  // and so for all the others
}

void what_is_not_set_is_not_written(void**) {
    Settings settings;
    settings.prompt = "fox";
    settings.safe_mode = true;
    assert_text(settings_to_json(settings), R"({"prompt":"fox","safe_mode":true,"variants":1})");
}

void the_body_of_a_request_is_taken(void**) {
    const Settings settings = settings_from_json(R"({"model":"m","prompt":"p","seed":42,"width":512,"height":768,"format":"png","steps":20,
        "return_binary":true,"style_references":[{"image":"x"}],"cfg_scale":1e1})").value();
    assert_text(settings.model, "m");
    assert_true(settings.seed == 42 && settings.width == 512 && settings.height == 768 && settings.cfg_scale == 10);
    assert_int_equal(settings.variants, 1);
    assert_false(settings.safe_mode.has_value());
}

void members_of_another_type_are_left_out(void**) {
    const Settings settings = settings_from_json(R"({"prompt":7,"seed":"x","width":1.5,"height":1e300,"safe_mode":"yes","model":"m"})").value();
    assert_text(settings.prompt, "");
    assert_false(settings.seed || settings.width || settings.height || settings.safe_mode);
    assert_text(settings.model, "m");
}

void what_is_no_object_is_refused(void**) {
    for (const char* text : {"", "null", "[]", "{", "{\"prompt\":\"\xff\"}", "7", "\"prompt\""}) {
        assert_false(settings_from_json(text).has_value());
        assert_false(dialog_values_from_json(text).has_value());
    }
    assert_false(settings_from_json(std::string(100000, '[')).has_value());
}

void the_locale_does_not_matter(void**) {
    Settings settings;
    settings.cfg_scale = 2.5;
    if (std::setlocale(LC_NUMERIC, "de_DE.UTF-8") == nullptr) {
        std::setlocale(LC_NUMERIC, "");
    }
    const std::string json = settings_to_json(settings);
    const Settings read = settings_from_json(R"({"cfg_scale":3.75})").value();
    std::setlocale(LC_NUMERIC, "C");
    assert_true(json.find("2.5") != std::string::npos);
    assert_true(read.cfg_scale == 3.75);
}

int allocations_left = 0;
void* fail_at_last(std::size_t size) { return --allocations_left == 0 ? nullptr : std::malloc(size); }

// Every allocation of cJSON fails once: then there is no text at all, never a part of it.
void without_memory_nothing_is_half_written(void**) {
    DialogValues values;
    values.settings.prompt = "fox";
    values.settings.steps = 4;
    values.settings.safe_mode = true;
    RunRecord run;
    run.images.resize(2);
    const auto written = [&] { return dialog_values_to_json(values) + print_json(json_of(run).get()); };
    const std::string expected = written();
    cJSON_Hooks hooks{fail_at_last, std::free};
    cJSON_InitHooks(&hooks);
    std::string json;
    int failures = 0;
    while (json.empty()) {
        allocations_left = failures + 1;
        try {
            json = written();
        } catch (const std::bad_alloc&) {
            ++failures;
        }
    }
    cJSON_InitHooks(nullptr);
    assert_text(json, expected.c_str());
    assert_true(failures > 50);
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(everything_comes_back),
        cmocka_unit_test(what_is_not_set_is_not_written),
        cmocka_unit_test(the_body_of_a_request_is_taken),
        cmocka_unit_test(members_of_another_type_are_left_out),
        cmocka_unit_test(what_is_no_object_is_refused),
        cmocka_unit_test(the_locale_does_not_matter),
        cmocka_unit_test(without_memory_nothing_is_half_written),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
