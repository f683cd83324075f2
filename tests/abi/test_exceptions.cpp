// SPDX-License-Identifier: MIT
// Usage: test-abi-exceptions MAP_FILE
//
// No exception gets out of libvenice. This program's `operator new` serves the library too. For every exported function, the first allocation of a call
// fails, then the second, and so on until the call needs no more: once with std::bad_alloc, once with something that no handler expects; once this
// allocation only, once all that follow too. Then the same for the client's own thread, and for a callback that throws. Prints TAP.
#include <venice/venice.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <new>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "canned_server.hpp"
#include "tap.hpp"

// --- the allocations that fail

namespace {

enum class Thrown { bad_alloc, something_else };
enum class Extent { this_one, all_from_here };
struct SomethingElse {};

// Which threads' allocations count: the caller's, or those of threads that the library started.
enum class Role { library, caller, exempt };
thread_local Role role = Role::library;

std::atomic<Role> victim{Role::exempt};
std::atomic<int> countdown{0};
std::atomic<bool> fired{false};
std::atomic<Thrown> thrown{Thrown::bad_alloc};
std::atomic<Extent> extent{Extent::this_one};

void fail_if_due() {
    // The victim is read once: it may become exempt meanwhile.
    if (role == Role::exempt || victim != role) {
        return;
    }
    const int left = --countdown;
    if (left == 0 || (left < 0 && extent == Extent::all_from_here)) {
        fired = true;
        if (thrown == Thrown::bad_alloc) {
            throw std::bad_alloc();
        }
        throw SomethingElse();
    }
}

void arm(Role whose, int nth) {
    fired = false;
    countdown = nth;
    victim = whose;
}

// Whether an allocation has failed.
bool disarm() {
    victim = Role::exempt;
    return fired;
}

// For as long as it lives nothing fails, and nothing is counted.
class Exempt {
public:
    Exempt() = default;
    ~Exempt() {
        countdown = left_;
        victim = whose_;
    }
    Exempt(const Exempt&) = delete;
    Exempt& operator=(const Exempt&) = delete;

private:
    const Role whose_ = victim.exchange(Role::exempt);
    const int left_ = countdown;
};

}  // namespace

// Not inlined: gcc would take it for a mismatch when it sees one half only.
[[gnu::noinline]] void* operator new(std::size_t size) {
    fail_if_due();
    if (void* memory = std::malloc(size > 0 ? size : 1)) {
        return memory;
    }
    throw std::bad_alloc();
}
// As the standard's own does; a sanitizer's would not fit the operator delete below.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    try {
        return operator new(size);
    } catch (...) {
        return nullptr;
    }
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

// --- reporting

namespace {

std::string now_testing;
[[noreturn]] void on_terminate() {
    std::printf("Bail out! std::terminate() during %s, at allocation %d\n", now_testing.c_str(), static_cast<int>(countdown));
    std::fflush(stdout);
    std::_Exit(1);
}

// --- the calls

// One call: what it came to, and "" or what is wrong with what it left.
struct Outcome {
    venice_status status;
    std::string problem;
};
struct Call {
    std::string name;
    std::function<Outcome()> make;
};
std::vector<Call> calls;

void release(venice_account* handle) { venice_account_free(handle); }
void release(venice_client* handle) { venice_client_free(handle); }
void release(venice_event* handle) { venice_event_free(handle); }
void release(venice_image* handle) { venice_image_free(handle); }
void release(venice_image_stream* handle) { venice_image_stream_free(handle); }
void release(venice_plan* handle) { venice_plan_free(handle); }
void release(venice_job* handle) {
    venice_job_wait(handle, -1, nullptr);
    venice_job_free(handle);
}
void release(venice_model* handle) { venice_model_free(handle); }
void release(venice_models* handle) { venice_models_free(handle); }
void release(venice_request* handle) { venice_request_free(handle); }
void release(venice_result* handle) { venice_result_free(handle); }
void release(venice_styles* handle) { venice_styles_free(handle); }
void release(const char*) {}  // borrowed

std::string check_error(venice_status status, venice_error* error) {
    std::string problem;
    if (error != nullptr && venice_error_status(error) != status) {
        problem = "the error's status is another than the one returned";
    } else if (status == VENICE_OK && error != nullptr) {
        problem = "an error in spite of success";
    }
    venice_error_free(error);
    return problem;
}

// A function whose last parameter is the error.
template <typename... Parameters, typename... Arguments>
void fallible(const char* name, venice_status (*function)(Parameters...), Arguments... arguments) {
    calls.push_back({name, [=] {
                         venice_error* error = nullptr;
                         const venice_status status = function(arguments..., &error);
                         return Outcome{status, check_error(status, error)};
                     }});
}

// A function that makes something through its last parameter but one.
template <typename Made, typename... Parameters, typename... Arguments>
void makes(const char* name, venice_status (*function)(Parameters...), Arguments... arguments) {
    calls.push_back({name, [=] {
                         Made* made = nullptr;
                         venice_error* error = nullptr;
                         const venice_status status = function(arguments..., &made, &error);
                         std::string problem = check_error(status, error);
                         if ((made != nullptr) != (status == VENICE_OK)) {
                             problem = "*out does not fit the status";
                         }
                         if (made != nullptr) {
                             const Exempt exempt;
                             release(made);
                         }
                         return Outcome{status, problem};
                     }});
}

// A function that cannot fail.
template <typename Result, typename... Parameters, typename... Arguments>
void plain(const char* name, Result (*function)(Parameters...), Arguments... arguments) {
    calls.push_back({name, [=] {
                         static_cast<void>(function(arguments...));
                         return Outcome{VENICE_OK, ""};
                     }});
}

#define FALLIBLE(function, ...) fallible(#function, function __VA_OPT__(, ) __VA_ARGS__)
#define MAKES(made, function, ...) makes<made>(#function, function __VA_OPT__(, ) __VA_ARGS__)
#define PLAIN(function, ...) plain(#function, function __VA_OPT__(, ) __VA_ARGS__)

// Frees what `make` makes.
template <typename Handle, typename Result>
void frees(const char* name, Result (*function)(Handle*), std::function<Handle*()> make) {
    calls.push_back({name, [=] {
                         Handle* handle = nullptr;
                         {
                             const Exempt exempt;
                             handle = make();
                         }
                         static_cast<void>(function(handle));
                         return Outcome{VENICE_OK, ""};
                     }});
}
#define FREES(freeing, ...) frees(#freeing, freeing, std::function(__VA_ARGS__))

// --- what the calls are made on

template <typename Handle, typename... Parameters, typename... Arguments>
Handle* made(venice_status (*function)(Parameters...), Arguments... arguments) {
    Handle* handle = nullptr;
    if (function(arguments..., &handle, nullptr) != VENICE_OK) {
        std::printf("Bail out! setting up failed\n");
        std::exit(1);
    }
    return handle;
}

venice_client* new_client(const CannedServer& server) {
    auto* client = made<venice_client>(venice_client_new);
    venice_client_set_string(client, "base_url", server.url(), nullptr);
    venice_client_set_string(client, "api_key", "key-that-is-longer-than-the-short-string-buffer", nullptr);
    return client;
}

venice_request* new_request() {
    auto* request = made<venice_request>(venice_request_new);
    venice_request_set_string(request, "model", "a-model-with-a-name-that-needs-memory", nullptr);
    venice_request_set_string(request, "prompt", "a prompt that is longer than the short string buffer", nullptr);
    return request;
}

venice_error* new_error() {
    venice_error* error = nullptr;
    auto* request = made<venice_request>(venice_request_new);
    venice_request_check(request, nullptr, &error);
    venice_request_free(request);
    return error;
}

template <typename Submit>
venice_job* ended(Submit submit) {
    venice_job* job = submit();
    venice_job_wait(job, -1, nullptr);
    return job;
}

venice_event* next_event(venice_client* client) {
    release(made<venice_job>(venice_submit_styles, client));
    return made<venice_event>(venice_client_next_event, client, std::int64_t{-1});
}

// Calls it with what is sent written anew: if that still were there from the call before, nothing could fail in writing it.
template <auto function, typename Made>
venice_status anew(venice_client* client, venice_request* request, Made** out, venice_error** error) {
    venice_request_use_model(request, nullptr, nullptr);
    return function(client, request, out, error);
}

struct Fixture {
    explicit Fixture(const CannedServer& server)
        : client(new_client(server)),
          request(new_request()),
          scratch(new_request()),
          error(new_error()),
          generating(ended([&] { return made<venice_job>(venice_submit_generate, client, request); })),
          listing_models(ended([&] { return made<venice_job>(venice_submit_models, client); })),
          listing_styles(ended([&] { return made<venice_job>(venice_submit_styles, client); })),
          asking_for_account(ended([&] { return made<venice_job>(venice_submit_account, client); })),
          result(made<venice_result>(venice_job_result, generating)),
          image(made<venice_image>(venice_result_image, result, std::size_t{0})),
          models(made<venice_models>(venice_job_models, listing_models)),
          model(made<venice_model>(venice_models_find, models, "tiered")),
          styles(made<venice_styles>(venice_job_styles, listing_styles)),
          account(made<venice_account>(venice_job_account, asking_for_account)),
          plan(made<venice_plan>(venice_request_plan, request)),
          stream(made<venice_image_stream>(venice_job_image_stream, generating, std::size_t{0})),
          event(next_event(client)) {}
    ~Fixture() {
        venice_event_free(event);
        venice_image_stream_free(stream);
        venice_plan_free(plan);
        venice_account_free(account);
        venice_styles_free(styles);
        venice_model_free(model);
        venice_models_free(models);
        venice_image_free(image);
        venice_result_free(result);
        venice_job_free(asking_for_account);
        venice_job_free(listing_styles);
        venice_job_free(listing_models);
        venice_job_free(generating);
        venice_error_free(error);
        venice_request_free(scratch);
        venice_request_free(request);
        venice_client_free(client);
    }
    Fixture(const Fixture&) = delete;
    Fixture& operator=(const Fixture&) = delete;

    venice_client* client;
    venice_request* request;  // complete, its fields not changed
    venice_request* scratch;  // changed by the calls
    venice_error* error;      // with problems
    venice_job* generating;
    venice_job* listing_models;
    venice_job* listing_styles;
    venice_job* asking_for_account;
    venice_result* result;
    venice_image* image;
    venice_models* models;
    venice_model* model;
    venice_styles* styles;
    venice_account* account;
    venice_plan* plan;
    venice_image_stream* stream;
    venice_event* event;
};

constexpr std::size_t first = 0;
constexpr std::size_t beyond = 99;
constexpr const char* cache_folder = "test-abi-exceptions-cache-in-a-folder-with-a-long-name";
constexpr const char* image_file = "test-abi-exceptions.png";
constexpr const char* long_text = "a text that is longer than the short string buffer of a C++ library";

void ignore(void*) {}

void list_status_and_errors(const Fixture& f) {
    PLAIN(venice_version);
    PLAIN(venice_status_name, VENICE_ERROR_NETWORK);
    FREES(venice_error_free, new_error);
    PLAIN(venice_error_status, f.error);
    PLAIN(venice_error_message, f.error);
    PLAIN(venice_error_http_status, f.error);
    PLAIN(venice_error_server_message, f.error);
    PLAIN(venice_error_server_code, f.error);
    PLAIN(venice_error_request_id, f.error);
    PLAIN(venice_error_retry_after_ms, f.error);
    PLAIN(venice_error_may_be_charged, f.error);
    PLAIN(venice_error_problem_count, f.error);
    PLAIN(venice_error_problem_field, f.error, first);
    PLAIN(venice_error_problem_message, f.error, first);
    PLAIN(venice_error_problem_code, f.error, first);
}

// What fails changes nothing: then the request still leaves out what its model does not use.
Outcome change_the_model(const Fixture& f) {
    {
        const Exempt exempt;
        venice_request_set_int(f.scratch, "width", 64, nullptr);
        venice_request_use_model(f.scratch, f.model, nullptr);
    }
    venice_error* error = nullptr;
    const venice_status status = venice_request_set_string(f.scratch, "model", long_text, &error);
    const Exempt exempt;
    const std::string problem = check_error(status, error);
    const char* body = nullptr;
    venice_request_body(f.scratch, &body, nullptr);
    const bool leaves_out = std::strstr(body, "width") == nullptr;
    return {status, leaves_out == (status != VENICE_OK) ? problem : "the model went although it failed"};
}

void list_requests(const Fixture& f) {
    MAKES(venice_request, venice_request_new);
    FREES(venice_request_free, new_request);
    MAKES(venice_request, venice_request_copy, f.request);
    FALLIBLE(venice_request_set_string, f.scratch, "prompt", long_text);
    FALLIBLE(venice_request_set_string, f.scratch, long_text, long_text);  // fails by itself
    FALLIBLE(venice_request_set_string, f.scratch, "format", long_text);
    calls.push_back({"venice_request_set_string", [&f] { return change_the_model(f); }});
    FALLIBLE(venice_request_set_int, f.scratch, "disable_prompt_optimization_thinking", 1);
    FALLIBLE(venice_request_set_int, f.scratch, "seed", 1);
    FALLIBLE(venice_request_set_double, f.scratch, "cfg_scale", 1.5);
    FALLIBLE(venice_request_set_double, f.scratch, "cfg_scale", 1e9);
    FALLIBLE(venice_request_set_bool, f.scratch, "disable_prompt_optimization_thinking", 1);
    FALLIBLE(venice_request_set_json, f.scratch, "a_field_that_is_newer_than_the_library", R"({"a":["b",{"c":1.5}]})");
    FALLIBLE(venice_request_set_json, f.scratch, "prompt", R"("a text that is longer than the short string buffer")");
    FALLIBLE(venice_request_set_json, f.scratch, "prompt", "{");
    FALLIBLE(venice_request_unset, f.scratch, "a_field_that_is_newer_than_the_library");
    FALLIBLE(venice_request_clear, f.scratch);
    PLAIN(venice_request_is_set, f.request, "a_field_that_is_newer_than_the_library");
    MAKES(const char, venice_request_body, f.request);
    FALLIBLE(venice_request_check, f.request, nullptr);
    FALLIBLE(venice_request_check, f.request, f.model);
    MAKES(venice_request, venice_request_new_from_json, R"({"prompt":"a text that is longer than the short string buffer","seed":1,"x":[1,{"a":"b"}]})");
    MAKES(venice_request, venice_request_new_from_json, R"({"seed":"no number","steps":-1})");
    MAKES(const char, venice_request_json, f.request);
    FALLIBLE(venice_request_add_style_reference, f.scratch, venice_image_data(f.image), venice_image_size(f.image), 0.5);
    FALLIBLE(venice_request_add_style_reference_file, f.scratch, image_file, 0.5);
    FALLIBLE(venice_request_add_style_reference_file, f.scratch, "/a folder that does not exist/image.png", 0.5);
    PLAIN(venice_request_style_reference_count, f.scratch);
    FALLIBLE(venice_request_use_model, f.scratch, f.model);
    FALLIBLE(venice_request_fit_size, f.scratch, f.model, 1600, 900, VENICE_TIER_SUFFICIENT);
    MAKES(venice_plan, venice_request_plan, f.scratch);
    FREES(venice_plan_free, [&f] { return made<venice_plan>(venice_request_plan, f.request); });
    PLAIN(venice_plan_body, f.plan);
    PLAIN(venice_plan_left_out_count, f.plan);
    PLAIN(venice_plan_left_out_field, f.plan, first);
    PLAIN(venice_plan_left_out_code, f.plan, first);
    PLAIN(venice_plan_left_out_reason, f.plan, first);
    PLAIN(venice_parameter_count);
    PLAIN(venice_parameter_at, first);
    PLAIN(venice_parameter_find, "disable_prompt_optimization_thinking");
    const venice_parameter* parameter = venice_parameter_find("format");
    PLAIN(venice_parameter_name, parameter);
    PLAIN(venice_parameter_type, parameter);
    PLAIN(venice_parameter_summary, parameter);
    PLAIN(venice_parameter_unit, parameter);
    PLAIN(venice_parameter_default, parameter);
    PLAIN(venice_parameter_bounds, parameter, nullptr, nullptr);
    PLAIN(venice_parameter_choice_count, parameter);
    PLAIN(venice_parameter_choice_at, parameter, first);
}

void list_clients_and_jobs(const Fixture& f) {
    MAKES(venice_client, venice_client_new);
    FREES(venice_client_free, [] { return made<venice_client>(venice_client_new); });
    FALLIBLE(venice_client_set_string, f.client, "api_key", long_text);
    FALLIBLE(venice_client_set_string, f.client, "user_agent", long_text);
    FALLIBLE(venice_client_set_string, f.client, long_text, long_text);
    FALLIBLE(venice_client_set_int, f.client, "max_in_flight", 4);
    FALLIBLE(venice_client_set_int, f.client, "max_in_flight", 1000);
    makes<venice_result>("venice_generate", anew<venice_generate, venice_result>, f.client, f.request);
    MAKES(venice_models, venice_list_models, f.client);
    MAKES(venice_styles, venice_list_styles, f.client);
    makes<venice_job>("venice_submit_generate", anew<venice_submit_generate, venice_job>, f.client, f.request);
    MAKES(venice_job, venice_submit_models, f.client);
    MAKES(venice_job, venice_submit_styles, f.client);
    FREES(venice_job_free, [&f] { return made<venice_job>(venice_submit_styles, f.client); });
    PLAIN(venice_job_id, f.generating);
    PLAIN(venice_job_state, f.generating);
    PLAIN(venice_job_phase, f.generating);
    PLAIN(venice_phase_name, VENICE_PHASE_WAITING);
    PLAIN(venice_job_received_bytes, f.generating);
    PLAIN(venice_job_total_bytes, f.generating);
    FALLIBLE(venice_job_wait, f.generating, -1);
    FALLIBLE(venice_job_cancel, f.generating);
    MAKES(venice_result, venice_job_result, f.generating);
    MAKES(venice_models, venice_job_models, f.listing_models);
    MAKES(venice_models, venice_job_models, f.generating);  // fails by itself
    MAKES(venice_styles, venice_job_styles, f.listing_styles);
    MAKES(venice_event, venice_client_next_event, f.client, 0);
    calls.push_back({"venice_client_event_fd", [&f] {
                         int32_t fd = -1;
                         venice_error* error = nullptr;
                         const venice_status status = venice_client_event_fd(f.client, &fd, &error);
                         return Outcome{status, check_error(status, error)};
                     }});
    FALLIBLE(venice_client_set_notify, f.client, ignore, nullptr);
    FREES(venice_event_free, [&f] { return next_event(f.client); });
    PLAIN(venice_event_type, f.event);
    PLAIN(venice_event_job_id, f.event);
    PLAIN(venice_event_image_index, f.event);
    PLAIN(venice_job_retry_in_ms, f.generating);
    PLAIN(venice_job_image_count, f.generating);
    MAKES(venice_image, venice_job_image, f.generating, first);
    MAKES(venice_image, venice_job_image, f.generating, beyond);
    MAKES(venice_image_stream, venice_job_image_stream, f.generating, first);
    MAKES(venice_account, venice_get_account, f.client);
    MAKES(venice_job, venice_submit_account, f.client);
    MAKES(venice_account, venice_job_account, f.asking_for_account);
    FALLIBLE(venice_client_set_string, f.client, "proxy", "http://a-proxy-with-a-long-name.example.org:3128");
    FALLIBLE(venice_client_set_string, f.client, "proxy", nullptr);
    FALLIBLE(venice_client_set_string, f.client, "ca_file", "/a folder that does not exist/certificates.pem");
    FALLIBLE(venice_client_set_string, f.client, "cache_dir", cache_folder);
    MAKES(venice_models, venice_list_models, f.client);  // writes the cache
    MAKES(venice_styles, venice_list_styles, f.client);
    MAKES(venice_models, venice_list_models, f.client);  // reads it
    MAKES(venice_models, venice_cached_models, f.client);
    MAKES(venice_styles, venice_cached_styles, f.client);
}

void list_results(const Fixture& f) {
    FREES(venice_result_free, [&f] { return made<venice_result>(venice_job_result, f.generating); });
    PLAIN(venice_result_image_count, f.result);
    MAKES(venice_image, venice_result_image, f.result, first);
    MAKES(venice_image, venice_result_image, f.result, beyond);
    PLAIN(venice_result_id, f.result);
    PLAIN(venice_result_is_blurred, f.result);
    PLAIN(venice_result_is_content_violation, f.result);
    PLAIN(venice_result_timing_ms, f.result, "inferencePreprocessingTime");
    PLAIN(venice_result_enhanced_prompt, f.result);
    PLAIN(venice_result_deprecation_warning, f.result);
    PLAIN(venice_result_balance_usd, f.result);
    PLAIN(venice_result_request_json, f.result);
    PLAIN(venice_result_is_deprecated, f.result);
    PLAIN(venice_result_deprecation_date, f.result);
    PLAIN(venice_result_deprecation_replacement, f.result);
    PLAIN(venice_result_balance_diem, f.result);
    PLAIN(venice_result_rate_limit, f.result);
    PLAIN(venice_result_rate_limit_remaining, f.result);
    PLAIN(venice_result_rate_limit_reset_ms, f.result);
    PLAIN(venice_result_header_count, f.result);
    PLAIN(venice_result_header_name_at, f.result, first);
    PLAIN(venice_result_header_value_at, f.result, first);
    FREES(venice_image_stream_free, [&f] { return made<venice_image_stream>(venice_job_image_stream, f.generating, std::size_t{0}); });
    PLAIN(venice_image_stream_data, f.stream);
    PLAIN(venice_image_stream_size, f.stream);
    PLAIN(venice_image_stream_is_complete, f.stream);
    PLAIN(venice_result_header, f.result, "X-Venice-Balance-Usd-And-More-Than-That");
    FREES(venice_image_free, [&f] { return made<venice_image>(venice_result_image, f.result, std::size_t{0}); });
    PLAIN(venice_image_data, f.image);
    PLAIN(venice_image_size, f.image);
    PLAIN(venice_image_media_type, f.image);
    PLAIN(venice_image_width, f.image);
    PLAIN(venice_image_height, f.image);
    PLAIN(venice_image_seed, f.image, nullptr);
    FALLIBLE(venice_image_save, f.image, image_file);
    FALLIBLE(venice_image_save, f.image, "/a folder that does not exist/image.png");
}

void list_account(const Fixture& f) {
    FREES(venice_account_free, [&f] { return made<venice_account>(venice_job_account, f.asking_for_account); });
    PLAIN(venice_account_balance_usd, f.account, nullptr);
    PLAIN(venice_account_balance_diem, f.account, nullptr);
    PLAIN(venice_account_is_access_permitted, f.account);
    PLAIN(venice_account_is_charged, f.account);
    PLAIN(venice_account_tier, f.account);
    PLAIN(venice_account_key_expiration, f.account);
    PLAIN(venice_account_next_epoch, f.account);
    PLAIN(venice_account_limit_count, f.account);
    PLAIN(venice_account_limit_model, f.account, first);
    PLAIN(venice_account_limit_type, f.account, first);
    PLAIN(venice_account_limit_amount, f.account, first);
    PLAIN(venice_account_json, f.account);
}

void list_catalogue(const Fixture& f) {
    FREES(venice_models_free, [&f] { return made<venice_models>(venice_job_models, f.listing_models); });
    PLAIN(venice_models_count, f.models);
    MAKES(venice_model, venice_models_get, f.models, first);
    MAKES(venice_model, venice_models_find, f.models, "tiered");
    MAKES(venice_model, venice_models_find, f.models, long_text);
    FREES(venice_model_free, [&f] { return made<venice_model>(venice_models_find, f.models, "tiered"); });
    PLAIN(venice_model_id, f.model);
    PLAIN(venice_model_name, f.model);
    PLAIN(venice_model_privacy, f.model);
    PLAIN(venice_model_is_usable, f.model);
    PLAIN(venice_model_is_offline, f.model);
    PLAIN(venice_model_has_trait, f.model, long_text);
    PLAIN(venice_model_sizing, f.model);
    PLAIN(venice_model_size_divisor, f.model);
    PLAIN(venice_model_aspect_ratio_count, f.model);
    PLAIN(venice_model_aspect_ratio_at, f.model, first);
    PLAIN(venice_model_default_aspect_ratio, f.model);
    PLAIN(venice_model_resolution_count, f.model);
    PLAIN(venice_model_resolution_at, f.model, first);
    PLAIN(venice_model_default_resolution, f.model);
    PLAIN(venice_model_quality_count, f.model);
    PLAIN(venice_model_quality_at, f.model, first);
    PLAIN(venice_model_default_quality, f.model);
    PLAIN(venice_model_default_steps, f.model);
    PLAIN(venice_model_max_steps, f.model);
    PLAIN(venice_model_prompt_limit, f.model);
    PLAIN(venice_model_json, f.model);
    PLAIN(venice_model_price, f.model, f.request, nullptr, nullptr);
    FREES(venice_styles_free, [&f] { return made<venice_styles>(venice_job_styles, f.listing_styles); });
    PLAIN(venice_models_fetched_ms, f.models);
    PLAIN(venice_models_is_stale, f.models);
    MAKES(venice_model, venice_models_find_trait, f.models, "default");
    MAKES(venice_model, venice_models_find_trait, f.models, long_text);
    MAKES(venice_model, venice_models_default, f.models);
    PLAIN(venice_model_description, f.model);
    PLAIN(venice_model_source, f.model);
    PLAIN(venice_model_is_beta, f.model);
    PLAIN(venice_model_is_uncensored, f.model);
    PLAIN(venice_model_is_deprecated, f.model);
    PLAIN(venice_model_removal_date, f.model);
    PLAIN(venice_model_deprecation_date, f.model);
    PLAIN(venice_model_replacement, f.model);
    PLAIN(venice_model_region_count, f.model);
    PLAIN(venice_model_region_at, f.model, first);
    PLAIN(venice_model_trait_count, f.model);
    PLAIN(venice_model_trait_at, f.model, first);
    PLAIN(venice_model_unused_reason, f.model, "disable_prompt_optimization_thinking");
    PLAIN(venice_model_max_style_references, f.model);
    PLAIN(venice_model_uses_style_strength, f.model);
    PLAIN(venice_model_image_price, f.model, "2K", "high", nullptr, nullptr);
    PLAIN(venice_model_output_size, f.model, f.request, nullptr, nullptr);
    PLAIN(venice_styles_fetched_ms, f.styles);
    PLAIN(venice_styles_is_stale, f.styles);
    PLAIN(venice_styles_count, f.styles);
    PLAIN(venice_styles_at, f.styles, first);
}

// --- the tests

const std::pair<Thrown, Extent> ways[] = {
    {Thrown::bad_alloc, Extent::this_one},
    {Thrown::bad_alloc, Extent::all_from_here},
    {Thrown::something_else, Extent::this_one},
    {Thrown::something_else, Extent::all_from_here},
};

constexpr int too_many_allocations = 20000;

void choose(std::pair<Thrown, Extent> way) {
    thrown = way.first;
    extent = way.second;
}

// "" or what went wrong when the first, second, … allocation of the call failed.
std::string fail_each_allocation(const Call& call, bool succeeds) {
    for (int nth = 1; nth < too_many_allocations; ++nth) {
        Outcome outcome{};
        arm(Role::caller, nth);
        try {
            outcome = call.make();
        } catch (...) {
            disarm();
            return "an exception got out when allocation " + std::to_string(nth) + " failed";
        }
        const bool failed = disarm();
        if (!outcome.problem.empty()) {
            return outcome.problem + ", when allocation " + std::to_string(nth) + " failed";
        }
        if (!failed) {
            return "";
        }
        const venice_status expected = thrown == Thrown::bad_alloc ? VENICE_ERROR_OUT_OF_MEMORY : VENICE_ERROR_INTERNAL;
        if (succeeds && call.name.ends_with("_free") == false && outcome.status != expected && outcome.status != VENICE_OK) {
            return std::string("it says ") + venice_status_name(outcome.status) + " when allocation " + std::to_string(nth) + " failed";
        }
    }
    return "it never comes to an end";
}

void test_every_entry_point() {
    for (const Call& call : calls) {
        now_testing = call.name;
        const bool succeeds = call.make().status == VENICE_OK;
        std::string problem;
        for (const auto& way : ways) {
            choose(way);
            if (problem.empty()) {
                problem = fail_each_allocation(call, succeeds);
            }
        }
        tap::report(call.name, problem);
    }
}

// What is exported is called above.
void test_that_none_is_missing(const char* map_file) {
    std::set<std::string> called;
    for (const Call& call : calls) {
        called.insert(call.name);
    }
    std::string missing;
    int exported = 0;
    std::ifstream map(map_file);
    for (std::string word; map >> word;) {
        if (word.starts_with("venice_") && word.ends_with(";")) {
            word.pop_back();
            ++exported;
            missing += called.contains(word) ? "" : " " + word;
        }
    }
    tap::report("every exported function was called", exported == 0 ? "the map is empty" : missing.empty() ? "" : "not called:" + missing);
}

// The end of the job that was just submitted, as an event; false if it does not come.
bool end_is_announced(venice_client* client, int64_t job_id) {
    venice_event* event = nullptr;
    while (venice_client_next_event(client, 20000, &event, nullptr) == VENICE_OK) {
        const bool is_it = venice_event_type(event) == VENICE_EVENT_ENDED && venice_event_job_id(event) == job_id;
        venice_event_free(event);
        if (is_it) {
            return true;
        }
    }
    return false;
}

using Submit = std::function<venice_job*(venice_client*)>;

std::string fail_each_allocation_of_the_thread(const CannedServer& server, const Submit& submit) {
    for (int nth = 1; nth < too_many_allocations; ++nth) {
        const std::string when = " when allocation " + std::to_string(nth) + " of the client's thread failed";
        venice_client* client = new_client(server);
        arm(Role::library, nth);
        venice_job* job = submit(client);
        const bool told = end_is_announced(client, venice_job_id(job));
        const bool failed = disarm();
        const int32_t state = venice_job_state(job);
        venice_job* next = submit(client);  // the client goes on
        venice_job_wait(next, 20000, nullptr);
        const bool goes_on = venice_job_state(next) == VENICE_JOB_SUCCEEDED;
        venice_job_free(next);
        venice_job_free(job);
        venice_client_free(client);
        if (!told) {
            return "the job's end was not announced" + when;
        }
        if (state != VENICE_JOB_SUCCEEDED && state != VENICE_JOB_FAILED) {
            return "the job did not end" + when;
        }
        if (!goes_on) {
            return "the next job did not succeed" + when;
        }
        if (!failed) {
            return state == VENICE_JOB_SUCCEEDED ? "" : "the job failed by itself";
        }
    }
    return "it never comes to an end";
}

void test_the_clients_thread(const CannedServer& server, venice_request* request) {
    const std::pair<const char*, Submit> jobs[] = {
        {"generating", [=](venice_client* client) { return made<venice_job>(venice_submit_generate, client, request); }},
        {"listing models", [](venice_client* client) { return made<venice_job>(venice_submit_models, client); }},
        {"listing styles", [](venice_client* client) { return made<venice_job>(venice_submit_styles, client); }},
    };
    for (const auto& [name, submit] : jobs) {
        now_testing = std::string("the client's thread, ") + name;
        std::string problem;
        for (const auto& way : ways) {
            choose(way);
            if (problem.empty()) {
                problem = fail_each_allocation_of_the_thread(server, submit);
            }
        }
        tap::report(now_testing, problem);
    }
}

std::atomic<int> throwing_calls{0};

void throw_from_callback(void* what) {
    ++throwing_calls;
    if (what != nullptr) {
        throw std::runtime_error("from the callback");
    }
    throw SomethingElse();
}

void test_a_throwing_callback(venice_client* client) {
    for (const bool standard : {true, false}) {
        now_testing = standard ? "a callback that throws a std::exception" : "a callback that throws something else";
        throwing_calls = 0;
        int token = 0;
        venice_client_set_notify(client, throw_from_callback, standard ? &token : nullptr, nullptr);
        auto* job = made<venice_job>(venice_submit_styles, client);
        const bool told = end_is_announced(client, venice_job_id(job));
        const bool well = venice_job_state(job) == VENICE_JOB_SUCCEEDED;
        for (int left = 30000; left > 0 && throwing_calls == 0; --left) {  // an event can be taken before its notification has begun
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        venice_client_set_notify(client, nullptr, nullptr, nullptr);
        venice_job_free(job);
        tap::report(now_testing, !told || !well ? "the job did not end well" : throwing_calls == 0 ? "the callback was not called" : "");
    }
}

}  // namespace

int main(int argc, char** argv) {
    role = Role::caller;
    std::set_terminate(on_terminate);
    if (argc != 2) {
        std::printf("Bail out! usage: test-abi-exceptions MAP_FILE\n");
        return 2;
    }
    {
        const CannedServer server([] { role = Role::exempt; });
        const Fixture fixture(server);
        venice_image_save(fixture.image, image_file, nullptr);
        list_status_and_errors(fixture);
        list_requests(fixture);
        list_results(fixture);
        list_catalogue(fixture);
        list_account(fixture);
        list_clients_and_jobs(fixture);  // last: it changes the client's options
        test_every_entry_point();
        test_that_none_is_missing(argv[1]);
        test_a_throwing_callback(fixture.client);
        test_the_clients_thread(server, fixture.request);
    }
    std::remove(image_file);
    std::filesystem::remove_all(cache_folder);
    return tap::end();
}
