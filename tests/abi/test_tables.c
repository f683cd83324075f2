/* SPDX-License-Identifier: MIT */
/* What can be asked for: the table of parameters, the names of the statuses, the version. */
#include "checks.h"

#include <stdlib.h>

typedef struct {
    const char *name;
    int32_t type;
    const char *unit;
    const char *standard; /* NULL: none */
    double minimum, maximum; /* both 0: not said in the table */
    const char *choices[4];
} Row;

/* As in the table of request.h. */
static const Row rows[] = {
    {"model", VENICE_TYPE_STRING, "characters", NULL, 0, 0, {NULL}},
    {"prompt", VENICE_TYPE_STRING, "characters", NULL, 1, 32768, {NULL}},
    {"negative_prompt", VENICE_TYPE_STRING, "characters", NULL, 0, 32768, {NULL}},
    {"width", VENICE_TYPE_INT, "px", "1024", 1, 1280, {NULL}},
    {"height", VENICE_TYPE_INT, "px", "1024", 1, 1280, {NULL}},
    {"aspect_ratio", VENICE_TYPE_STRING, "", NULL, 0, 0, {NULL}},
    {"resolution", VENICE_TYPE_STRING, "", NULL, 0, 0, {NULL}},
    {"quality", VENICE_TYPE_STRING, "", NULL, 0, 0, {"low", "medium", "high", NULL}},
    {"steps", VENICE_TYPE_INT, "", NULL, 0, 0, {NULL}},
    {"cfg_scale", VENICE_TYPE_DOUBLE, "", NULL, 0, 20, {NULL}},
    {"seed", VENICE_TYPE_INT, "", NULL, -999999999, 999999999, {NULL}},
    {"variants", VENICE_TYPE_INT, "images", "1", 1, 4, {NULL}},
    {"style_preset", VENICE_TYPE_STRING, "", NULL, 0, 0, {NULL}},
    {"lora_strength", VENICE_TYPE_INT, "%", NULL, 0, 100, {NULL}},
    {"safe_mode", VENICE_TYPE_BOOL, "", "true", 0, 0, {NULL}},
    {"hide_watermark", VENICE_TYPE_BOOL, "", "false", 0, 0, {NULL}},
    {"format", VENICE_TYPE_STRING, "", "\"webp\"", 0, 0, {"png", "jpeg", "webp", NULL}},
    {"return_binary", VENICE_TYPE_BOOL, "", "false", 0, 0, {NULL}},
    {"embed_exif_metadata", VENICE_TYPE_BOOL, "", "false", 0, 0, {NULL}},
    {"enable_web_search", VENICE_TYPE_BOOL, "", "false", 0, 0, {NULL}},
    {"enhance_prompt", VENICE_TYPE_BOOL, "", "false", 0, 0, {NULL}},
    {"disable_prompt_optimization_thinking", VENICE_TYPE_BOOL, "", "false", 0, 0, {NULL}},
    {"style_references", VENICE_TYPE_JSON, "", NULL, 0, 0, {NULL}},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static void the_table_is_the_one_of_the_header(void **state) {
    size_t i;
    (void)state;
    assert_int_equal(venice_parameter_count(), ROWS);
    for (i = 0; i < ROWS; ++i) {
        const venice_parameter *parameter = venice_parameter_at(i);
        const char *standard = venice_parameter_default(parameter);
        assert_string_equal(venice_parameter_name(parameter), rows[i].name);
        assert_int_equal(venice_parameter_type(parameter), rows[i].type);
        assert_string_equal(venice_parameter_unit(parameter), rows[i].unit);
        assert_true((standard == NULL) == (rows[i].standard == NULL));
        if (standard != NULL) {
            assert_string_equal(standard, rows[i].standard);
        }
        assert_true(strlen(venice_parameter_summary(parameter)) > 10);
        assert_ptr_equal(venice_parameter_find(rows[i].name), parameter);
    }
    assert_null(venice_parameter_at(ROWS));
    assert_null(venice_parameter_at(SIZE_MAX));
    assert_null(venice_parameter_find("Prompt"));
    assert_null(venice_parameter_find(""));
}

static int same(double a, double b) { return a <= b && a >= b; }

static void bounds_are_those_of_the_header(void **state) {
    size_t i;
    (void)state;
    for (i = 0; i < ROWS; ++i) {
        const venice_parameter *parameter = venice_parameter_at(i);
        double minimum = 7, maximum = 7;
        const int32_t bounded = venice_parameter_bounds(parameter, &minimum, &maximum);
        if (rows[i].maximum > 0) {
            assert_int_equal(bounded, 1);
            assert_true(same(minimum, rows[i].minimum) && same(maximum, rows[i].maximum));
        }
        if (!bounded) {
            assert_true(same(minimum, 0) && same(maximum, 0));
        }
        assert_int_equal(venice_parameter_bounds(parameter, NULL, NULL), bounded);
    }
}

/* A form that is built from the bounds must not offer what is refused. */
static void bounds_of_numbers_are_what_the_setters_take(void **state) {
    venice_request *request = new_request();
    size_t i;
    (void)state;
    for (i = 0; i < ROWS; ++i) {
        double minimum, maximum;
        if (rows[i].type == VENICE_TYPE_INT && venice_parameter_bounds(venice_parameter_at(i), &minimum, &maximum)) {
            EXPECT(VENICE_OK, venice_request_set_int(request, rows[i].name, (int64_t)minimum, &error));
            EXPECT(VENICE_OK, venice_request_set_int(request, rows[i].name, (int64_t)maximum, &error));
            EXPECT(VENICE_ERROR_OUT_OF_RANGE, venice_request_set_int(request, rows[i].name, (int64_t)minimum - 1, &error));
            EXPECT(VENICE_ERROR_OUT_OF_RANGE, venice_request_set_int(request, rows[i].name, (int64_t)maximum + 1, &error));
        }
    }
    venice_request_free(request);
}

static void choices_are_those_of_the_header(void **state) {
    size_t i, j;
    (void)state;
    for (i = 0; i < ROWS; ++i) {
        const venice_parameter *parameter = venice_parameter_at(i);
        for (j = 0; rows[i].choices[j] != NULL; ++j) {
            assert_string_equal(venice_parameter_choice_at(parameter, j), rows[i].choices[j]);
        }
        assert_int_equal(venice_parameter_choice_count(parameter), j);
        assert_null(venice_parameter_choice_at(parameter, j));
        assert_null(venice_parameter_choice_at(parameter, SIZE_MAX));
    }
}

/* What the library says the server's defaults are must be something that it would take itself. */
static void defaults_can_be_set(void **state) {
    venice_request *request = new_request();
    size_t i;
    (void)state;
    for (i = 0; i < ROWS; ++i) {
        const char *standard = venice_parameter_default(venice_parameter_at(i));
        if (standard != NULL) {
            EXPECT(VENICE_OK, venice_request_set_json(request, rows[i].name, standard, &error));
        }
    }
    venice_request_free(request);
}

static const struct {
    venice_status number;
    const char *name;
} statuses[] = {
    {0, "ok"}, {1, "invalid_argument"}, {2, "unknown_parameter"}, {3, "wrong_type"}, {4, "out_of_range"}, {5, "invalid_text"},
    {6, "invalid_json"}, {7, "invalid_request"}, {8, "not_ready"}, {9, "busy"}, {10, "forked"}, {20, "out_of_memory"}, {21, "internal"},
    {22, "cancelled"}, {23, "file"}, {30, "resolve"}, {31, "connect"}, {32, "tls"}, {33, "proxy"}, {34, "network"}, {35, "timeout"},
    {50, "incomplete_response"}, {51, "malformed_response"}, {52, "response_too_large"}, {53, "redirect"}, {399, "http"},
    {400, "bad_request"}, {401, "unauthorized"}, {402, "payment_required"}, {403, "forbidden"}, {404, "not_found"},
    {413, "request_too_large"}, {415, "unsupported_media_type"}, {422, "content_refused"}, {429, "rate_limited"}, {500, "server"},
    {502, "bad_gateway"}, {503, "unavailable"}, {504, "gateway_timeout"},
};

static void statuses_have_stable_names(void **state) {
    size_t i;
    int known = 0;
    venice_status status;
    (void)state;
    for (i = 0; i < sizeof statuses / sizeof statuses[0]; ++i) {
        assert_string_equal(venice_status_name(statuses[i].number), statuses[i].name);
    }
    for (status = -10; status < 1000; ++status) {
        known += strcmp(venice_status_name(status), "unknown") != 0;
    }
    assert_int_equal(known, sizeof statuses / sizeof statuses[0]);
    assert_string_equal(venice_status_name(INT32_MAX), "unknown");
    assert_string_equal(venice_status_name(INT32_MIN), "unknown");
}

static void phases_have_stable_names(void **state) {
    static const char *const names[] = {"queued", "connecting", "sending", "waiting", "receiving", "decoding", "ended", "waiting_to_retry"};
    const int32_t count = (int32_t)(sizeof names / sizeof names[0]);
    int32_t phase;
    (void)state;
    for (phase = -10; phase < 1000; ++phase) {
        assert_string_equal(venice_phase_name(phase), phase >= 0 && phase < count ? names[phase] : "unknown");
    }
}

static void the_version_has_three_parts(void **state) {
    int major = -1, minor = -1, patch = -1, length = 0;
    (void)state;
    assert_int_equal(sscanf(venice_version(), "%d.%d.%d%n", &major, &minor, &patch, &length), 3);
    assert_int_equal(length, strlen(venice_version()));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_the_one_of_the_header),
        cmocka_unit_test(bounds_are_those_of_the_header),
        cmocka_unit_test(bounds_of_numbers_are_what_the_setters_take),
        cmocka_unit_test(choices_are_those_of_the_header),
        cmocka_unit_test(defaults_can_be_set),
        cmocka_unit_test(statuses_have_stable_names),
        cmocka_unit_test(phases_have_stable_names),
        cmocka_unit_test(the_version_has_three_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
