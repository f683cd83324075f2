/* SPDX-License-Identifier: MIT */
/* NULL for each argument of each function. */
#include "checks.h"

static venice_client *client;
static venice_request *request;

static int set_up(void **state) {
    (void)state;
    client = new_client();
    request = new_request();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    venice_request_free(request);
    assert_int_equal(venice_client_free(client), VENICE_OK);
    return 0;
}

#define REFUSES(part, call) EXPECT_MESSAGE(VENICE_ERROR_INVALID_ARGUMENT, part, call)

/* A failing call sets *out to NULL, whatever was in it. */
#define REFUSES_OUT(type, part, call)          \
    do {                                       \
        type *out = (type *)&out;              \
        REFUSES(part, call);                   \
        assert_null(out);                      \
    } while (0)

static void requests(void **state) {
    const char *json = "before";
    (void)state;
    REFUSES("out", venice_request_new(NULL, &error));
    REFUSES_OUT(venice_request, "request", venice_request_copy(NULL, &out, &error));
    REFUSES("out", venice_request_copy(request, NULL, &error));
    REFUSES("request", venice_request_set_string(NULL, "prompt", "x", &error));
    REFUSES("name", venice_request_set_string(request, NULL, "x", &error));
    REFUSES("name", venice_request_set_string(request, NULL, NULL, &error));
    REFUSES("request", venice_request_set_int(NULL, "seed", 1, &error));
    REFUSES("name", venice_request_set_int(request, NULL, 1, &error));
    REFUSES("request", venice_request_set_double(NULL, "cfg_scale", 1, &error));
    REFUSES("name", venice_request_set_double(request, NULL, 1, &error));
    REFUSES("request", venice_request_set_bool(NULL, "safe_mode", 1, &error));
    REFUSES("name", venice_request_set_bool(request, NULL, 1, &error));
    REFUSES("request", venice_request_set_json(NULL, "seed", "1", &error));
    REFUSES("name", venice_request_set_json(request, NULL, "1", &error));
    REFUSES("json", venice_request_set_json(request, "seed", NULL, &error));
    REFUSES("request", venice_request_unset(NULL, "seed", &error));
    REFUSES("name", venice_request_unset(request, NULL, &error));
    REFUSES("request", venice_request_clear(NULL, &error));
    REFUSES("request", venice_request_body(NULL, &json, &error));
    assert_null(json);
    REFUSES("json", venice_request_body(request, NULL, &error));
    REFUSES("request", venice_request_check(NULL, NULL, &error));
    assert_int_equal(venice_request_is_set(NULL, "seed"), 0);
    assert_int_equal(venice_request_is_set(request, NULL), 0);
    REFUSES_OUT(venice_request, "json", venice_request_new_from_json(NULL, &out, &error));
    REFUSES("out", venice_request_new_from_json("{}", NULL, &error));
    json = "before";
    REFUSES("request", venice_request_json(NULL, &json, &error));
    assert_null(json);
    REFUSES("json", venice_request_json(request, NULL, &error));
    REFUSES("request", venice_request_add_style_reference(NULL, (const uint8_t *)"x", 1, 0, &error));
    REFUSES("data", venice_request_add_style_reference(request, NULL, 0, 0, &error));
    REFUSES("request", venice_request_add_style_reference_file(NULL, "x", 0, &error));
    REFUSES("path", venice_request_add_style_reference_file(request, NULL, 0, &error));
    assert_int_equal(venice_request_style_reference_count(NULL), 0);
    REFUSES("request", venice_request_use_model(NULL, NULL, &error));
    EXPECT(VENICE_OK, venice_request_use_model(request, NULL, &error));
    REFUSES("request", venice_request_fit_size(NULL, NULL, 1, 1, 0, &error));
    REFUSES("model", venice_request_fit_size(request, NULL, 1, 1, 0, &error));
    REFUSES_OUT(venice_plan, "request", venice_request_plan(NULL, &out, &error));
    REFUSES("out", venice_request_plan(request, NULL, &error));
    assert_null(venice_plan_body(NULL));
    assert_int_equal(venice_plan_left_out_count(NULL), 0);
    assert_null(venice_plan_left_out_field(NULL, 0));
    assert_null(venice_plan_left_out_code(NULL, 0));
    assert_null(venice_plan_left_out_reason(NULL, 0));
    venice_plan_free(NULL);
    venice_request_free(NULL);
}

static void accounts(void **state) {
    double amount = 7;
    (void)state;
    REFUSES_OUT(venice_account, "client", venice_get_account(NULL, &out, &error));
    REFUSES("out", venice_get_account(client, NULL, &error));
    REFUSES_OUT(venice_job, "client", venice_submit_account(NULL, &out, &error));
    REFUSES("out", venice_submit_account(client, NULL, &error));
    REFUSES_OUT(venice_account, "job", venice_job_account(NULL, &out, &error));
    assert_int_equal(venice_account_balance_usd(NULL, &amount), 0);
    assert_true(amount <= 0 && amount >= 0);
    assert_int_equal(venice_account_balance_diem(NULL, NULL), 0);
    assert_int_equal(venice_account_is_access_permitted(NULL), 0);
    assert_null(venice_account_tier(NULL));
    assert_int_equal(venice_account_is_charged(NULL), 0);
    assert_null(venice_account_key_expiration(NULL));
    assert_null(venice_account_next_epoch(NULL));
    assert_int_equal(venice_account_limit_count(NULL), 0);
    assert_null(venice_account_limit_model(NULL, 0));
    assert_null(venice_account_limit_type(NULL, 0));
    assert_true(venice_account_limit_amount(NULL, 0) < 0);
    assert_null(venice_account_json(NULL));
    venice_account_free(NULL);
}

static void parameters(void **state) {
    double minimum = 7, maximum = 7;
    (void)state;
    assert_null(venice_parameter_find(NULL));
    assert_null(venice_parameter_name(NULL));
    assert_int_equal(venice_parameter_type(NULL), 0);
    assert_null(venice_parameter_summary(NULL));
    assert_null(venice_parameter_unit(NULL));
    assert_null(venice_parameter_default(NULL));
    assert_int_equal(venice_parameter_bounds(NULL, &minimum, &maximum), 0);
    assert_true(minimum <= 0 && minimum >= 0 && maximum <= 0 && maximum >= 0);
    assert_int_equal(venice_parameter_bounds(NULL, NULL, NULL), 0);
    assert_int_equal(venice_parameter_choice_count(NULL), 0);
    assert_null(venice_parameter_choice_at(NULL, 0));
}

static void clients(void **state) {
    (void)state;
    REFUSES("out", venice_client_new(NULL, &error));
    REFUSES("client", venice_client_set_string(NULL, "api_key", "x", &error));
    REFUSES("name", venice_client_set_string(client, NULL, "x", &error));
    REFUSES("name", venice_client_set_string(client, NULL, NULL, &error));
    REFUSES("client", venice_client_set_int(NULL, "max_in_flight", 1, &error));
    REFUSES("name", venice_client_set_int(client, NULL, 1, &error));
    REFUSES_OUT(venice_result, "client", venice_generate(NULL, request, &out, &error));
    REFUSES_OUT(venice_result, "request", venice_generate(client, NULL, &out, &error));
    REFUSES("out", venice_generate(client, request, NULL, &error));
    REFUSES_OUT(venice_models, "client", venice_list_models(NULL, &out, &error));
    REFUSES("out", venice_list_models(client, NULL, &error));
    REFUSES_OUT(venice_styles, "client", venice_list_styles(NULL, &out, &error));
    REFUSES("out", venice_list_styles(client, NULL, &error));
    assert_int_equal(venice_client_free(NULL), VENICE_OK);
}

static void jobs(void **state) {
    int32_t fd = 7;
    (void)state;
    REFUSES_OUT(venice_job, "client", venice_submit_generate(NULL, request, &out, &error));
    REFUSES_OUT(venice_job, "request", venice_submit_generate(client, NULL, &out, &error));
    REFUSES("out", venice_submit_generate(client, request, NULL, &error));
    REFUSES_OUT(venice_job, "client", venice_submit_models(NULL, &out, &error));
    REFUSES("out", venice_submit_models(client, NULL, &error));
    REFUSES_OUT(venice_job, "client", venice_submit_styles(NULL, &out, &error));
    REFUSES("out", venice_submit_styles(client, NULL, &error));
    REFUSES("job", venice_job_wait(NULL, 0, &error));
    REFUSES("job", venice_job_cancel(NULL, &error));
    REFUSES_OUT(venice_result, "job", venice_job_result(NULL, &out, &error));
    REFUSES_OUT(venice_models, "job", venice_job_models(NULL, &out, &error));
    REFUSES_OUT(venice_styles, "job", venice_job_styles(NULL, &out, &error));
    REFUSES_OUT(venice_event, "client", venice_client_next_event(NULL, 0, &out, &error));
    REFUSES("out", venice_client_next_event(client, 0, NULL, &error));
    REFUSES("client", venice_client_event_fd(NULL, &fd, &error));
    assert_int_equal(fd, -1);
    REFUSES("fd", venice_client_event_fd(client, NULL, &error));
    REFUSES("client", venice_client_set_notify(NULL, NULL, NULL, &error));
    EXPECT(VENICE_OK, venice_client_set_notify(client, NULL, NULL, &error));
    assert_int_equal(venice_job_id(NULL), 0);
    assert_int_equal(venice_job_state(NULL), VENICE_JOB_FAILED);
    assert_int_equal(venice_job_phase(NULL), VENICE_PHASE_ENDED);
    assert_int_equal(venice_job_received_bytes(NULL), 0);
    assert_int_equal(venice_job_total_bytes(NULL), -1);
    assert_int_equal(venice_job_retry_in_ms(NULL), -1);
    assert_int_equal(venice_job_image_count(NULL), 0);
    REFUSES_OUT(venice_image, "job", venice_job_image(NULL, 0, &out, &error));
    REFUSES("out", venice_job_image(NULL, 0, NULL, &error));
    REFUSES_OUT(venice_image_stream, "job", venice_job_image_stream(NULL, 0, &out, &error));
    REFUSES("out", venice_job_image_stream(NULL, 0, NULL, &error));
    assert_int_equal(venice_event_image_index(NULL), 0);
    assert_int_equal(venice_event_type(NULL), 0);
    assert_int_equal(venice_event_job_id(NULL), 0);
    venice_job_free(NULL);
    venice_event_free(NULL);
}

static void results(void **state) {
    int64_t seed = 7;
    (void)state;
    REFUSES_OUT(venice_image, "result", venice_result_image(NULL, 0, &out, &error));
    REFUSES("out", venice_result_image(NULL, 0, NULL, &error));
    assert_int_equal(venice_result_image_count(NULL), 0);
    assert_null(venice_result_id(NULL));
    assert_int_equal(venice_result_is_blurred(NULL), 0);
    assert_int_equal(venice_result_is_content_violation(NULL), 0);
    assert_true(venice_result_timing_ms(NULL, "total") < 0);
    assert_true(venice_result_timing_ms(NULL, NULL) < 0);
    assert_null(venice_result_enhanced_prompt(NULL));
    assert_null(venice_result_deprecation_warning(NULL));
    assert_null(venice_result_deprecation_date(NULL));
    assert_null(venice_result_deprecation_replacement(NULL));
    assert_int_equal(venice_result_is_deprecated(NULL), 0);
    assert_true(venice_result_balance_usd(NULL) < 0);
    assert_true(venice_result_balance_diem(NULL) < 0);
    assert_int_equal(venice_result_rate_limit(NULL), -1);
    assert_int_equal(venice_result_rate_limit_remaining(NULL), -1);
    assert_int_equal(venice_result_rate_limit_reset_ms(NULL), -1);
    assert_int_equal(venice_result_header_count(NULL), 0);
    assert_null(venice_result_header_name_at(NULL, 0));
    assert_null(venice_result_header_value_at(NULL, 0));
    assert_null(venice_image_stream_data(NULL));
    assert_int_equal(venice_image_stream_size(NULL), 0);
    assert_int_equal(venice_image_stream_is_complete(NULL), 0);
    venice_image_stream_free(NULL);
    assert_null(venice_result_request_json(NULL));
    assert_null(venice_result_header(NULL, "CF-RAY"));
    assert_null(venice_result_header(NULL, NULL));
    assert_null(venice_image_data(NULL));
    assert_int_equal(venice_image_size(NULL), 0);
    assert_null(venice_image_media_type(NULL));
    assert_int_equal(venice_image_width(NULL), 0);
    assert_int_equal(venice_image_height(NULL), 0);
    assert_int_equal(venice_image_seed(NULL, &seed), 0);
    assert_int_equal(venice_image_seed(NULL, NULL), 0);
    REFUSES("image", venice_image_save(NULL, "x", &error));
    REFUSES(NULL, venice_image_save(NULL, NULL, &error));
    venice_result_free(NULL);
    venice_image_free(NULL);
}

static void catalog(void **state) {
    double usd = 7, diem = 7;
    int32_t width = 7, height = 7;
    (void)state;
    assert_int_equal(venice_models_count(NULL), 0);
    REFUSES_OUT(venice_model, "models", venice_models_get(NULL, 0, &out, &error));
    REFUSES("out", venice_models_get(NULL, 0, NULL, &error));
    REFUSES_OUT(venice_model, "models", venice_models_find(NULL, "default", &out, &error));
    REFUSES("out", venice_models_find(NULL, "default", NULL, &error));
    REFUSES_OUT(venice_model, "models", venice_models_find_trait(NULL, "default", &out, &error));
    REFUSES_OUT(venice_model, "models", venice_models_default(NULL, &out, &error));
    REFUSES("out", venice_models_default(NULL, NULL, &error));
    REFUSES_OUT(venice_models, "client", venice_cached_models(NULL, &out, &error));
    REFUSES("out", venice_cached_models(client, NULL, &error));
    REFUSES_OUT(venice_styles, "client", venice_cached_styles(NULL, &out, &error));
    assert_int_equal(venice_models_fetched_ms(NULL), 0);
    assert_int_equal(venice_models_is_stale(NULL), 0);
    assert_int_equal(venice_styles_fetched_ms(NULL), 0);
    assert_int_equal(venice_styles_is_stale(NULL), 0);
    assert_null(venice_model_description(NULL));
    assert_null(venice_model_source(NULL));
    assert_int_equal(venice_model_is_beta(NULL), 0);
    assert_int_equal(venice_model_is_uncensored(NULL), 0);
    assert_int_equal(venice_model_is_deprecated(NULL), 0);
    assert_null(venice_model_removal_date(NULL));
    assert_null(venice_model_deprecation_date(NULL));
    assert_null(venice_model_replacement(NULL));
    assert_int_equal(venice_model_region_count(NULL), 0);
    assert_null(venice_model_region_at(NULL, 0));
    assert_int_equal(venice_model_trait_count(NULL), 0);
    assert_null(venice_model_trait_at(NULL, 0));
    assert_null(venice_model_unused_reason(NULL, "steps"));
    assert_null(venice_model_unused_reason(NULL, NULL));
    assert_int_equal(venice_model_max_style_references(NULL), 0);
    assert_int_equal(venice_model_uses_style_strength(NULL), 0);
    assert_int_equal(venice_model_image_price(NULL, NULL, NULL, &usd, &diem), 0);
    assert_true(usd <= -1 && usd >= -1 && diem <= -1 && diem >= -1);
    assert_int_equal(venice_model_output_size(NULL, NULL, &width, &height), 0);
    assert_true(width == 0 && height == 0);
    assert_int_equal(venice_model_output_size(NULL, request, NULL, NULL), 0);
    assert_null(venice_model_id(NULL));
    assert_null(venice_model_name(NULL));
    assert_null(venice_model_privacy(NULL));
    assert_int_equal(venice_model_is_usable(NULL), 0);
    assert_int_equal(venice_model_is_offline(NULL), 0);
    assert_int_equal(venice_model_has_trait(NULL, "default"), 0);
    assert_int_equal(venice_model_has_trait(NULL, NULL), 0);
    assert_int_equal(venice_model_sizing(NULL), 0);
    assert_int_equal(venice_model_size_divisor(NULL), 0);
    assert_int_equal(venice_model_aspect_ratio_count(NULL), 0);
    assert_null(venice_model_aspect_ratio_at(NULL, 0));
    assert_null(venice_model_default_aspect_ratio(NULL));
    assert_int_equal(venice_model_resolution_count(NULL), 0);
    assert_null(venice_model_resolution_at(NULL, 0));
    assert_null(venice_model_default_resolution(NULL));
    assert_int_equal(venice_model_quality_count(NULL), 0);
    assert_null(venice_model_quality_at(NULL, 0));
    assert_null(venice_model_default_quality(NULL));
    assert_int_equal(venice_model_default_steps(NULL), 0);
    assert_int_equal(venice_model_max_steps(NULL), 0);
    assert_int_equal(venice_model_prompt_limit(NULL), 0);
    assert_null(venice_model_json(NULL));
    assert_int_equal(venice_model_price(NULL, request, &usd, &diem), 0);
    assert_true(usd <= -1 && usd >= -1 && diem <= -1 && diem >= -1);
    assert_int_equal(venice_model_price(NULL, NULL, NULL, NULL), 0);
    assert_int_equal(venice_styles_count(NULL), 0);
    assert_null(venice_styles_at(NULL, 0));
    venice_models_free(NULL);
    venice_model_free(NULL);
    venice_styles_free(NULL);
}

static void errors(void **state) {
    (void)state;
    assert_int_equal(venice_error_status(NULL), VENICE_OK);
    assert_string_equal(venice_error_message(NULL), "");
    assert_int_equal(venice_error_http_status(NULL), 0);
    assert_null(venice_error_server_message(NULL));
    assert_null(venice_error_server_code(NULL));
    assert_null(venice_error_request_id(NULL));
    assert_int_equal(venice_error_retry_after_ms(NULL), -1);
    assert_int_equal(venice_error_may_be_charged(NULL), 0);
    assert_int_equal(venice_error_problem_count(NULL), 0);
    assert_null(venice_error_problem_field(NULL, 0));
    assert_null(venice_error_problem_message(NULL, 0));
    assert_null(venice_error_problem_code(NULL, 0));
    venice_error_free(NULL);
}

/* The error is optional everywhere. */
static void without_error(void **state) {
    venice_request *copy = (venice_request *)&copy;
    (void)state;
    assert_int_equal(venice_request_new(NULL, NULL), VENICE_ERROR_INVALID_ARGUMENT);
    assert_int_equal(venice_request_copy(NULL, &copy, NULL), VENICE_ERROR_INVALID_ARGUMENT);
    assert_null(copy);
    assert_int_equal(venice_request_set_string(NULL, NULL, NULL, NULL), VENICE_ERROR_INVALID_ARGUMENT);
    assert_int_equal(venice_request_set_json(NULL, NULL, NULL, NULL), VENICE_ERROR_INVALID_ARGUMENT);
    assert_int_equal(venice_client_new(NULL, NULL), VENICE_ERROR_INVALID_ARGUMENT);
    assert_int_equal(venice_generate(NULL, NULL, NULL, NULL), VENICE_ERROR_INVALID_ARGUMENT);
    assert_int_equal(venice_submit_generate(NULL, NULL, NULL, NULL), VENICE_ERROR_INVALID_ARGUMENT);
    assert_int_equal(venice_job_wait(NULL, -1, NULL), VENICE_ERROR_INVALID_ARGUMENT);
    assert_int_equal(venice_job_result(NULL, NULL, NULL), VENICE_ERROR_INVALID_ARGUMENT);
    assert_int_equal(venice_client_next_event(NULL, -1, NULL, NULL), VENICE_ERROR_INVALID_ARGUMENT);
    assert_int_equal(venice_models_get(NULL, 0, NULL, NULL), VENICE_ERROR_INVALID_ARGUMENT);
    assert_int_equal(venice_image_save(NULL, NULL, NULL), VENICE_ERROR_INVALID_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests), cmocka_unit_test(parameters), cmocka_unit_test(clients), cmocka_unit_test(jobs),
        cmocka_unit_test(results),  cmocka_unit_test(catalog),    cmocka_unit_test(errors),  cmocka_unit_test(without_error),
        cmocka_unit_test(accounts),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
