/* SPDX-License-Identifier: MIT */
/* What can be set, what is refused, and the body that comes of it. */
#include "checks.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

static venice_request *request;

static int make_request(void **state) {
    (void)state;
    request = new_request();
    return 0;
}

static int free_request(void **state) {
    (void)state;
    venice_request_free(request);
    request = NULL;
    return 0;
}

#define REFUSES(expected, part, call)                                        \
    do {                                                                     \
        const char *before = NULL;                                           \
        char *copy = NULL;                                                   \
        EXPECT(VENICE_OK, venice_request_body(request, &before, &error));    \
        copy = test_malloc(strlen(before) + 1);                              \
        strcpy(copy, before);                                                \
        EXPECT_MESSAGE(expected, part, call);                                \
        expect_body(request, copy);                                          \
        test_free(copy);                                                     \
    } while (0)

static void an_empty_request_has_an_empty_body(void **state) {
    (void)state;
    expect_body(request, "{}");
}

static void every_parameter_goes_into_the_body_in_the_order_of_the_table(void **state) {
    (void)state;
    EXPECT(VENICE_OK, venice_request_set_json(request, "style_references", "[{\"image\":\"https://x/y.png\",\"strength\":0.5}]", &error));
    EXPECT(VENICE_OK, venice_request_set_bool(request, "disable_prompt_optimization_thinking", 1, &error));
    EXPECT(VENICE_OK, venice_request_set_bool(request, "enhance_prompt", 1, &error));
    EXPECT(VENICE_OK, venice_request_set_bool(request, "enable_web_search", 0, &error));
    EXPECT(VENICE_OK, venice_request_set_bool(request, "embed_exif_metadata", 1, &error));
    EXPECT(VENICE_OK, venice_request_set_bool(request, "return_binary", 0, &error));
    EXPECT(VENICE_OK, venice_request_set_string(request, "format", "png", &error));
    EXPECT(VENICE_OK, venice_request_set_bool(request, "hide_watermark", -7, &error));
    EXPECT(VENICE_OK, venice_request_set_bool(request, "safe_mode", 0, &error));
    EXPECT(VENICE_OK, venice_request_set_int(request, "lora_strength", 50, &error));
    EXPECT(VENICE_OK, venice_request_set_string(request, "style_preset", "3D Model", &error));
    EXPECT(VENICE_OK, venice_request_set_int(request, "variants", 2, &error));
    EXPECT(VENICE_OK, venice_request_set_int(request, "seed", -5, &error));
    EXPECT(VENICE_OK, venice_request_set_double(request, "cfg_scale", 7.5, &error));
    EXPECT(VENICE_OK, venice_request_set_int(request, "steps", 20, &error));
    EXPECT(VENICE_OK, venice_request_set_string(request, "quality", "high", &error));
    EXPECT(VENICE_OK, venice_request_set_string(request, "resolution", "2K", &error));
    EXPECT(VENICE_OK, venice_request_set_string(request, "aspect_ratio", "19.5:9", &error));
    EXPECT(VENICE_OK, venice_request_set_int(request, "height", 512, &error));
    EXPECT(VENICE_OK, venice_request_set_int(request, "width", 1024, &error));
    EXPECT(VENICE_OK, venice_request_set_string(request, "negative_prompt", "", &error));
    EXPECT(VENICE_OK, venice_request_set_string(request, "prompt", "a \"fox\"\n\xC3\xA9 \xF0\x9F\xA6\x8A \\/", &error));
    EXPECT(VENICE_OK, venice_request_set_string(request, "model", "m", &error));
    EXPECT(VENICE_OK, venice_request_set_json(request, "z_new", "[ 1 ]", &error));
    EXPECT(VENICE_OK, venice_request_set_json(request, "a-new", "{\"x\":null}", &error));
    expect_body(request,
                "{\"model\":\"m\",\"prompt\":\"a \\\"fox\\\"\\n\xC3\xA9 \xF0\x9F\xA6\x8A \\\\/\",\"negative_prompt\":\"\",\"width\":1024,\"height\":512,"
                "\"aspect_ratio\":\"19.5:9\",\"resolution\":\"2K\",\"quality\":\"high\",\"steps\":20,\"cfg_scale\":7.5,\"seed\":-5,\"variants\":2,"
                "\"style_preset\":\"3D Model\",\"lora_strength\":50,\"safe_mode\":false,\"hide_watermark\":true,\"format\":\"png\","
                "\"return_binary\":false,\"embed_exif_metadata\":true,\"enable_web_search\":false,\"enhance_prompt\":true,"
                "\"disable_prompt_optimization_thinking\":true,\"style_references\":[{\"image\":\"https://x/y.png\",\"strength\":0.5}],"
                "\"a-new\":{\"x\":null},\"z_new\":[ 1 ]}");
}

static void whole_numbers_keep_to_their_range(void **state) {
    static const struct {
        const char *name;
        int64_t minimum, maximum;
    } ranges[] = {
        {"width", 1, 1280},      {"height", 1, 1280},     {"steps", 1, 1000},
        {"seed", -999999999, 999999999}, {"variants", 1, 4}, {"lora_strength", 0, 100},
    };
    char body[100];
    size_t i;
    (void)state;
    for (i = 0; i < sizeof ranges / sizeof ranges[0]; ++i) {
        const char *name = ranges[i].name;
        EXPECT(VENICE_OK, venice_request_clear(request, &error));
        EXPECT(VENICE_OK, venice_request_set_int(request, name, ranges[i].minimum, &error));
        snprintf(body, sizeof body, "{\"%s\":%lld}", name, (long long)ranges[i].minimum);
        expect_body(request, body);
        EXPECT(VENICE_OK, venice_request_set_int(request, name, ranges[i].maximum, &error));
        snprintf(body, sizeof body, "{\"%s\":%lld}", name, (long long)ranges[i].maximum);
        expect_body(request, body);
        REFUSES(VENICE_ERROR_OUT_OF_RANGE, name, venice_request_set_int(request, name, ranges[i].minimum - 1, &error));
        REFUSES(VENICE_ERROR_OUT_OF_RANGE, name, venice_request_set_int(request, name, ranges[i].maximum + 1, &error));
        REFUSES(VENICE_ERROR_OUT_OF_RANGE, name, venice_request_set_int(request, name, INT64_MIN, &error));
        REFUSES(VENICE_ERROR_OUT_OF_RANGE, name, venice_request_set_int(request, name, INT64_MAX, &error));
    }
}

static void cfg_scale_keeps_to_its_range(void **state) {
    (void)state;
    EXPECT(VENICE_OK, venice_request_set_double(request, "cfg_scale", 0.0001, &error));
    expect_body(request, "{\"cfg_scale\":1e-04}");
    EXPECT(VENICE_OK, venice_request_set_double(request, "cfg_scale", 20, &error));
    expect_body(request, "{\"cfg_scale\":20}");
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "above 0 up to 20", venice_request_set_double(request, "cfg_scale", 0, &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "20.0001", venice_request_set_double(request, "cfg_scale", 20.0001, &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "cfg_scale", venice_request_set_double(request, "cfg_scale", -1, &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "cfg_scale", venice_request_set_double(request, "cfg_scale", (double)NAN, &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "cfg_scale", venice_request_set_double(request, "cfg_scale", (double)INFINITY, &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "cfg_scale", venice_request_set_double(request, "cfg_scale", -(double)INFINITY, &error));
}

/* `count` times U+00E9, which has two bytes. */
static char *accents(size_t count) {
    char *text = test_malloc(2 * count + 1);
    size_t i;
    for (i = 0; i < count; ++i) {
        memcpy(text + 2 * i, "\xC3\xA9", 2);
    }
    text[2 * count] = '\0';
    return text;
}

static void text_is_counted_in_characters(void **state) {
    static const char *const names[] = {"prompt", "negative_prompt"};
    char *longest = accents(32768);
    char *too_long = accents(32769);
    size_t i;
    (void)state;
    for (i = 0; i < 2; ++i) {
        EXPECT(VENICE_OK, venice_request_set_string(request, names[i], longest, &error));
        REFUSES(VENICE_ERROR_OUT_OF_RANGE, "32768", venice_request_set_string(request, names[i], too_long, &error));
    }
    test_free(longest);
    test_free(too_long);
}

static void only_the_negative_prompt_may_be_empty(void **state) {
    static const char *const names[] = {"model", "prompt", "aspect_ratio", "resolution", "quality", "style_preset", "format"};
    size_t i;
    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; ++i) {
        REFUSES(VENICE_ERROR_OUT_OF_RANGE, names[i], venice_request_set_string(request, names[i], "", &error));
    }
    EXPECT(VENICE_OK, venice_request_set_string(request, "negative_prompt", "", &error));
}

static void choices_are_matched_exactly(void **state) {
    static const char *const qualities[] = {"low", "medium", "high"};
    static const char *const formats[] = {"png", "jpeg", "webp"};
    static const char *const wrong[] = {"Low", "PNG", "jpg", "high ", "x"};
    size_t i;
    (void)state;
    for (i = 0; i < 3; ++i) {
        EXPECT(VENICE_OK, venice_request_set_string(request, "quality", qualities[i], &error));
        EXPECT(VENICE_OK, venice_request_set_string(request, "format", formats[i], &error));
    }
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
        REFUSES(VENICE_ERROR_OUT_OF_RANGE, "low, medium, high", venice_request_set_string(request, "quality", wrong[i], &error));
        REFUSES(VENICE_ERROR_OUT_OF_RANGE, "png, jpeg, webp", venice_request_set_string(request, "format", wrong[i], &error));
    }
}

static void invalid_utf8_is_refused(void **state) {
    static const char *const broken[] = {"\xFF", "a\x80", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80"};
    size_t i;
    (void)state;
    EXPECT(VENICE_OK, venice_request_set_string(request, "prompt", "before", &error));
    for (i = 0; i < sizeof broken / sizeof broken[0]; ++i) {
        char json[20];
        snprintf(json, sizeof json, "\"%s\"", broken[i]);
        REFUSES(VENICE_ERROR_INVALID_TEXT, "prompt", venice_request_set_string(request, "prompt", broken[i], &error));
        REFUSES(VENICE_ERROR_INVALID_TEXT, "format", venice_request_set_string(request, "format", broken[i], &error));
        REFUSES(VENICE_ERROR_INVALID_TEXT, "prompt", venice_request_set_json(request, "prompt", json, &error));
        REFUSES(VENICE_ERROR_INVALID_TEXT, "newer", venice_request_set_json(request, "newer", json, &error));
        REFUSES(VENICE_ERROR_UNKNOWN_PARAMETER, NULL, venice_request_set_string(request, broken[i], "x", &error));
        REFUSES(VENICE_ERROR_INVALID_ARGUMENT, NULL, venice_request_set_json(request, broken[i], "1", &error));
    }
}

/* Each setter with each parameter of another type. */
static void a_setter_takes_only_its_own_type(void **state) {
    size_t i;
    (void)state;
    for (i = 0; i < venice_parameter_count(); ++i) {
        const venice_parameter *parameter = venice_parameter_at(i);
        const char *name = venice_parameter_name(parameter);
        const int32_t type = venice_parameter_type(parameter);
        if (type != VENICE_TYPE_STRING) {
            REFUSES(VENICE_ERROR_WRONG_TYPE, name, venice_request_set_string(request, name, "1", &error));
        }
        if (type != VENICE_TYPE_INT) {
            REFUSES(VENICE_ERROR_WRONG_TYPE, name, venice_request_set_int(request, name, 1, &error));
        }
        if (type != VENICE_TYPE_DOUBLE) {
            REFUSES(VENICE_ERROR_WRONG_TYPE, name, venice_request_set_double(request, name, 1, &error));
        }
        if (type != VENICE_TYPE_BOOL) {
            REFUSES(VENICE_ERROR_WRONG_TYPE, name, venice_request_set_bool(request, name, 1, &error));
            REFUSES(VENICE_ERROR_WRONG_TYPE, name, venice_request_set_json(request, name, "true", &error));
        }
        if (type != VENICE_TYPE_JSON) {
            REFUSES(VENICE_ERROR_WRONG_TYPE, name, venice_request_set_json(request, name, "[1]", &error));
            REFUSES(VENICE_ERROR_WRONG_TYPE, name, venice_request_set_json(request, name, "{}", &error));
        }
        if (type == VENICE_TYPE_INT) {
            REFUSES(VENICE_ERROR_WRONG_TYPE, name, venice_request_set_json(request, name, "1.5", &error));
        }
        if (type != VENICE_TYPE_STRING) {
            REFUSES(VENICE_ERROR_WRONG_TYPE, name, venice_request_set_json(request, name, "\"1\"", &error));
        }
    }
}

static void unknown_names_are_refused_with_the_known_ones(void **state) {
    static const char *const names[] = {"", "Prompt", "prompt ", "negative-prompt", "inpaint"};
    size_t i;
    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; ++i) {
        REFUSES(VENICE_ERROR_UNKNOWN_PARAMETER, "negative_prompt", venice_request_set_string(request, names[i], "x", &error));
        REFUSES(VENICE_ERROR_UNKNOWN_PARAMETER, "style_preset", venice_request_set_int(request, names[i], 1, &error));
        REFUSES(VENICE_ERROR_UNKNOWN_PARAMETER, "cfg_scale", venice_request_set_double(request, names[i], 1, &error));
        REFUSES(VENICE_ERROR_UNKNOWN_PARAMETER, "safe_mode", venice_request_set_bool(request, names[i], 1, &error));
        assert_int_equal(venice_request_is_set(request, names[i]), 0);
    }
}

static void json_of_known_fields_is_checked_like_the_other_setters(void **state) {
    (void)state;
    EXPECT(VENICE_OK, venice_request_set_json(request, "prompt", " \"a \\u00e9 \\ud83e\\udd8a\" ", &error));
    EXPECT(VENICE_OK, venice_request_set_json(request, "width", "1280", &error));
    EXPECT(VENICE_OK, venice_request_set_json(request, "cfg_scale", "7", &error));
    EXPECT(VENICE_OK, venice_request_set_json(request, "safe_mode", "false", &error));
    expect_body(request, "{\"prompt\":\"a \xC3\xA9 \xF0\x9F\xA6\x8A\",\"width\":1280,\"cfg_scale\":7,\"safe_mode\":false}");
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "width", venice_request_set_json(request, "width", "1281", &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "seed", venice_request_set_json(request, "seed", "9223372036854775808", &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "cfg_scale", venice_request_set_json(request, "cfg_scale", "1e999", &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "cfg_scale", venice_request_set_json(request, "cfg_scale", "1e-999", &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "format", venice_request_set_json(request, "format", "\"gif\"", &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "prompt", venice_request_set_json(request, "prompt", "\"\"", &error));
}

static void style_references_are_checked(void **state) {
    (void)state;
    EXPECT(VENICE_OK, venice_request_set_json(request, "style_references", "[]", &error));
    EXPECT(VENICE_OK, venice_request_set_json(request, "style_references", "[{\"image\":\"x\"},{\"image\":\"y\",\"strength\":0.1},{\"image\":\"z\",\"strength\":1}]", &error));
    REFUSES(VENICE_ERROR_WRONG_TYPE, "style_references", venice_request_set_json(request, "style_references", "{}", &error));
    REFUSES(VENICE_ERROR_WRONG_TYPE, "image", venice_request_set_json(request, "style_references", "[1]", &error));
    REFUSES(VENICE_ERROR_WRONG_TYPE, "image", venice_request_set_json(request, "style_references", "[{\"strength\":1}]", &error));
    REFUSES(VENICE_ERROR_WRONG_TYPE, "image", venice_request_set_json(request, "style_references", "[{\"image\":7}]", &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "0.1 to 1", venice_request_set_json(request, "style_references", "[{\"image\":\"x\",\"strength\":0.09}]", &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "0.1 to 1", venice_request_set_json(request, "style_references", "[{\"image\":\"x\",\"strength\":1.01}]", &error));
}

static void numbers_of_unknown_fields_are_sent_as_written(void **state) {
    static const char *const values[] = {
        "9223372036854775808", "1e-7", "1E+2", "0.10", "-0", "12345678901234567890.123456789",
        /* more digits than cJSON reads */
        "[1234567890123456789012345678901234567890123456789012345678901234567890]",
        "0.00000000000000000000000000000000000000000000000000000000000000000000001",
    };
    char body[200];
    size_t i;
    (void)state;
    for (i = 0; i < sizeof values / sizeof values[0]; ++i) {
        EXPECT(VENICE_OK, venice_request_set_json(request, "newer", values[i], &error));
        snprintf(body, sizeof body, "{\"newer\":%s}", values[i]);
        expect_body(request, body);
    }
}

static void wrong_json_is_refused(void **state) {
    static const char *const texts[] = {"", " ", "tru", "01", "1.", "[1,]", "{\"a\":1,}", "'a'", "\"\n\"", "\"\\ud83d\"", "1 2", "NaN", "nulll", "[[[["};
    size_t i;
    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        REFUSES(VENICE_ERROR_INVALID_JSON, "newer", venice_request_set_json(request, "newer", texts[i], &error));
        REFUSES(VENICE_ERROR_INVALID_JSON, "prompt", venice_request_set_json(request, "prompt", texts[i], &error));
    }
    REFUSES(VENICE_ERROR_INVALID_TEXT, "newer", venice_request_set_json(request, "newer", "\"a\\u0000b\"", &error));
    REFUSES(VENICE_ERROR_INVALID_TEXT, "newer", venice_request_set_json(request, "newer", "[{\"\\u0000\":1}]", &error));
    REFUSES(VENICE_ERROR_INVALID_TEXT, "prompt", venice_request_set_json(request, "prompt", "\"a\\u0000b\"", &error));
}

static void names_of_unknown_fields_keep_to_the_rules(void **state) {
    char name[66];
    (void)state;
    memset(name, 'n', sizeof name);
    name[64] = '\0';
    EXPECT(VENICE_OK, venice_request_set_json(request, name, "1", &error));
    EXPECT(VENICE_OK, venice_request_set_json(request, "aZ_09-", "1", &error));
    name[64] = 'n';
    name[65] = '\0';
    REFUSES(VENICE_ERROR_INVALID_ARGUMENT, "64", venice_request_set_json(request, name, "1", &error));
    REFUSES(VENICE_ERROR_INVALID_ARGUMENT, NULL, venice_request_set_json(request, "", "1", &error));
    REFUSES(VENICE_ERROR_INVALID_ARGUMENT, NULL, venice_request_set_json(request, "a b", "1", &error));
    REFUSES(VENICE_ERROR_INVALID_ARGUMENT, NULL, venice_request_set_json(request, "a\"", "1", &error));
    REFUSES(VENICE_ERROR_INVALID_ARGUMENT, NULL, venice_request_set_json(request, "\xC3\xA9", "1", &error));
}

static void what_is_unset_is_not_sent(void **state) {
    (void)state;
    EXPECT(VENICE_OK, venice_request_set_string(request, "prompt", "x", &error));
    EXPECT(VENICE_OK, venice_request_set_int(request, "seed", 0, &error));
    EXPECT(VENICE_OK, venice_request_set_json(request, "newer", "1", &error));
    assert_int_equal(venice_request_is_set(request, "prompt"), 1);
    assert_int_equal(venice_request_is_set(request, "newer"), 1);
    EXPECT(VENICE_OK, venice_request_set_string(request, "prompt", NULL, &error));
    assert_int_equal(venice_request_is_set(request, "prompt"), 0);
    expect_body(request, "{\"seed\":0,\"newer\":1}");
    EXPECT(VENICE_OK, venice_request_set_json(request, "seed", " null ", &error));
    expect_body(request, "{\"newer\":1}");
    EXPECT(VENICE_OK, venice_request_unset(request, "newer", &error));
    EXPECT(VENICE_OK, venice_request_unset(request, "newer", &error));
    EXPECT(VENICE_OK, venice_request_unset(request, "never heard of", &error));
    expect_body(request, "{}");
}

static void clearing_unsets_everything(void **state) {
    (void)state;
    EXPECT(VENICE_OK, venice_request_set_string(request, "prompt", "x", &error));
    EXPECT(VENICE_OK, venice_request_set_json(request, "newer", "1", &error));
    EXPECT(VENICE_OK, venice_request_clear(request, &error));
    expect_body(request, "{}");
    assert_int_equal(venice_request_is_set(request, "prompt"), 0);
}

static void a_copy_is_independent(void **state) {
    venice_request *copy = NULL;
    (void)state;
    EXPECT(VENICE_OK, venice_request_set_string(request, "prompt", "first", &error));
    EXPECT(VENICE_OK, venice_request_set_json(request, "newer", "1e3", &error));
    EXPECT(VENICE_OK, venice_request_copy(request, &copy, &error));
    EXPECT(VENICE_OK, venice_request_set_string(request, "prompt", "second", &error));
    EXPECT(VENICE_OK, venice_request_unset(copy, "newer", &error));
    expect_body(request, "{\"prompt\":\"second\",\"newer\":1e3}");
    expect_body(copy, "{\"prompt\":\"first\"}");
    venice_request_free(request);
    request = copy;
    expect_body(request, "{\"prompt\":\"first\"}");
}

static void values_are_copied(void **state) {
    char value[] = "first";
    (void)state;
    EXPECT(VENICE_OK, venice_request_set_string(request, "prompt", value, &error));
    memcpy(value, "XXXXX", 5);
    expect_body(request, "{\"prompt\":\"first\"}");
}

static void a_check_lists_all_problems(void **state) {
    venice_error *failure = NULL;
    (void)state;
    EXPECT(VENICE_OK, venice_request_set_int(request, "variants", 2, &error));
    EXPECT(VENICE_OK, venice_request_set_bool(request, "return_binary", 1, &error));
    assert_int_equal(venice_request_check(request, NULL, &failure), VENICE_ERROR_INVALID_REQUEST);
    assert_int_equal(venice_error_problem_count(failure), 3);
    assert_string_equal(venice_error_problem_field(failure, 0), "model");
    assert_string_equal(venice_error_problem_field(failure, 1), "prompt");
    assert_string_equal(venice_error_problem_field(failure, 2), "variants");
    assert_non_null(strstr(venice_error_message(failure), venice_error_problem_message(failure, 1)));
    assert_null(venice_error_problem_field(failure, 3));
    assert_null(venice_error_problem_message(failure, 3));
    assert_int_equal(venice_error_http_status(failure), 0);
    assert_int_equal(venice_error_may_be_charged(failure), 0);
    assert_int_equal(venice_error_retry_after_ms(failure), -1);
    assert_null(venice_error_server_message(failure));
    assert_null(venice_error_server_code(failure));
    assert_null(venice_error_request_id(failure));
    venice_error_free(failure);
}

static void a_complete_request_passes_the_check(void **state) {
    (void)state;
    EXPECT(VENICE_OK, venice_request_set_string(request, "model", "m", &error));
    EXPECT(VENICE_OK, venice_request_set_string(request, "prompt", "p", &error));
    EXPECT(VENICE_OK, venice_request_set_bool(request, "return_binary", 1, &error));
    EXPECT(VENICE_OK, venice_request_check(request, NULL, &error));
    EXPECT(VENICE_OK, venice_request_set_int(request, "variants", 1, &error));
    EXPECT(VENICE_OK, venice_request_check(request, NULL, &error));
}

static void a_request_goes_into_json_and_comes_back(void **state) {
    static const char *const text = "{\"prompt\":\"\xC3\xA9\",\"cfg_scale\":7.25,\"variants\":1,\"return_binary\":true,\"newer\":12345678901234567890}";
    venice_request *made = NULL;
    const char *json = NULL;
    (void)state;
    EXPECT(VENICE_OK, venice_request_new_from_json(text, &made, &error));
    EXPECT(VENICE_OK, venice_request_json(made, &json, &error));
    assert_string_equal(json, text);
    venice_request_free(made);
}

static void wrong_fields_in_json_are_named(void **state) {
    venice_request *made = (venice_request *)&made;
    venice_error *failure = NULL;
    (void)state;
    assert_int_equal(venice_request_new_from_json("{\"width\":5000,\"safe_mode\":\"no\"}", &made, &failure), VENICE_ERROR_OUT_OF_RANGE);
    assert_null(made);
    assert_int_equal(venice_error_problem_count(failure), 2);
    assert_string_equal(venice_error_problem_field(failure, 0), "width");
    assert_string_equal(venice_error_problem_code(failure, 0), "out_of_range");
    assert_string_equal(venice_error_problem_field(failure, 1), "safe_mode");
    assert_string_equal(venice_error_problem_code(failure, 1), "wrong_type");
    assert_null(venice_error_problem_code(failure, 2));
    venice_error_free(failure);
    EXPECT_MESSAGE(VENICE_ERROR_INVALID_JSON, "JSON", venice_request_new_from_json("{", &made, &error));
    EXPECT_MESSAGE(VENICE_ERROR_WRONG_TYPE, "object", venice_request_new_from_json("7", &made, &error));
}

static void a_plan_tells_what_is_left_out(void **state) {
    venice_plan *plan = NULL;
    (void)state;
    EXPECT(VENICE_OK, venice_request_set_int(request, "variants", 1, &error));
    EXPECT(VENICE_OK, venice_request_set_bool(request, "return_binary", 1, &error));
    EXPECT(VENICE_OK, venice_request_plan(request, &plan, &error));
    EXPECT(VENICE_OK, venice_request_clear(request, &error));
    assert_string_equal(venice_plan_body(plan), "{\"return_binary\":true}");
    assert_int_equal(venice_plan_left_out_count(plan), 1);
    assert_string_equal(venice_plan_left_out_field(plan, 0), "variants");
    assert_string_equal(venice_plan_left_out_code(plan, 0), "not_taken");
    assert_true(strlen(venice_plan_left_out_reason(plan, 0)) > 10);
    assert_null(venice_plan_left_out_field(plan, 1));
    assert_null(venice_plan_left_out_code(plan, 1));
    assert_null(venice_plan_left_out_reason(plan, 1));
    venice_plan_free(plan);
}

static void a_style_reference_is_encoded(void **state) {
    static const unsigned char png[] = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x02\0\0\0\x03";
    (void)state;
    EXPECT(VENICE_OK, venice_request_add_style_reference(request, png, 24, 0.5, &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "0.1", venice_request_add_style_reference(request, png, 24, 2, &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "PNG", venice_request_add_style_reference(request, png, 7, 0.5, &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "8 MB", venice_request_add_style_reference(request, png, 8388608, 0.5, &error));
    REFUSES(VENICE_ERROR_FILE, "/no/such/file", venice_request_add_style_reference_file(request, "/no/such/file", 0.5, &error));
    assert_int_equal(venice_request_style_reference_count(request), 1);
    expect_body(request, "{\"style_references\":[{\"image\":\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAAD\",\"strength\":0.5}]}");
}

static void what_the_api_removed_cannot_be_set(void **state) {
    (void)state;
    REFUSES(VENICE_ERROR_UNKNOWN_PARAMETER, "May 2025", venice_request_set_json(request, "inpaint", "{}", &error));
}

static void an_error_tells_the_field(void **state) {
    venice_error *failure = NULL;
    (void)state;
    assert_int_equal(venice_request_set_int(request, "width", 0, &failure), VENICE_ERROR_OUT_OF_RANGE);
    assert_int_equal(venice_error_problem_count(failure), 1);
    assert_string_equal(venice_error_problem_field(failure, 0), "width");
    assert_string_equal(venice_error_message(failure), "width must be a whole number from 1 to 1280, not 0.");
    venice_error_free(failure);
}

static void an_error_is_overwritten_and_never_read(void **state) {
    venice_error *failure = (venice_error *)&failure;
    (void)state;
    assert_int_equal(venice_request_set_int(request, "width", 0, &failure), VENICE_ERROR_OUT_OF_RANGE);
    assert_ptr_not_equal(failure, &failure);
    venice_error_free(failure);
    assert_int_equal(venice_request_set_int(request, "width", 1, &failure), VENICE_OK);
    assert_null(failure);
    assert_int_equal(venice_request_set_int(request, "width", 0, NULL), VENICE_ERROR_OUT_OF_RANGE);
}

/* With a decimal comma, where the system has such a locale. */
static void numbers_do_not_depend_on_the_locale(void **state) {
    static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8", "sv_SE.UTF-8", "pl_PL.UTF-8"};
    size_t i = 0;
    (void)state;
    while (i < sizeof locales / sizeof locales[0] && setlocale(LC_ALL, locales[i]) == NULL) {
        ++i;
    }
    if (i == sizeof locales / sizeof locales[0]) {
        print_message("# no locale with a decimal comma is installed\n");
        skip();
    }
    assert_string_equal(localeconv()->decimal_point, ",");
    EXPECT(VENICE_OK, venice_request_set_double(request, "cfg_scale", 7.25, &error));
    EXPECT(VENICE_OK, venice_request_set_json(request, "newer", "[1.5]", &error));
    expect_body(request, "{\"cfg_scale\":7.25,\"newer\":[1.5]}");
    EXPECT(VENICE_OK, venice_request_set_json(request, "cfg_scale", "0.5", &error));
    expect_body(request, "{\"cfg_scale\":0.5,\"newer\":[1.5]}");
    EXPECT(VENICE_OK, venice_request_set_json(request, "style_references", "[{\"image\":\"x\",\"strength\":0.5}]", &error));
    REFUSES(VENICE_ERROR_OUT_OF_RANGE, "20.5", venice_request_set_double(request, "cfg_scale", 20.5, &error));
    setlocale(LC_ALL, "C");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_request, free_request)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(an_empty_request_has_an_empty_body),
        TEST(every_parameter_goes_into_the_body_in_the_order_of_the_table),
        TEST(whole_numbers_keep_to_their_range),
        TEST(cfg_scale_keeps_to_its_range),
        TEST(text_is_counted_in_characters),
        TEST(only_the_negative_prompt_may_be_empty),
        TEST(choices_are_matched_exactly),
        TEST(invalid_utf8_is_refused),
        TEST(a_setter_takes_only_its_own_type),
        TEST(unknown_names_are_refused_with_the_known_ones),
        TEST(json_of_known_fields_is_checked_like_the_other_setters),
        TEST(style_references_are_checked),
        TEST(numbers_of_unknown_fields_are_sent_as_written),
        TEST(wrong_json_is_refused),
        TEST(names_of_unknown_fields_keep_to_the_rules),
        TEST(what_is_unset_is_not_sent),
        TEST(clearing_unsets_everything),
        TEST(a_copy_is_independent),
        TEST(values_are_copied),
        TEST(a_check_lists_all_problems),
        TEST(a_complete_request_passes_the_check),
        TEST(a_request_goes_into_json_and_comes_back),
        TEST(wrong_fields_in_json_are_named),
        TEST(a_plan_tells_what_is_left_out),
        TEST(a_style_reference_is_encoded),
        TEST(what_the_api_removed_cannot_be_set),
        TEST(an_error_tells_the_field),
        TEST(an_error_is_overwritten_and_never_read),
        TEST(numbers_do_not_depend_on_the_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
