// SPDX-License-Identifier: MIT
// Every allocation fails once: of libvenice (this program's `operator new` serves it too), of cJSON (its hooks) and of libcurl (curl_global_init_mem). For
// whole uses of the library, from making the client to freeing the last handle, the n-th allocation fails, for all n, in whichever thread: that one only,
// and then it and all that follow. Each time the use must end with a status that is true, nothing may be left over, and what was sent must be told as what may
// have been charged. test_exceptions.cpp does the same for single functions. Prints TAP.
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <venice/venice.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <new>
#include <optional>
#include <string>
#include <type_traits>

#include "canned_server.hpp"
#include "tap.hpp"

// --- the allocations that fail

namespace {

enum class Extent { this_one, all_from_here };

thread_local bool counted = true;  // not on the server's thread

std::atomic<long> countdown{0};  // 0: none fails
std::atomic<Extent> extent{Extent::this_one};
std::atomic<bool> fired{false};
std::atomic<long> alive{0};

// Whether the next allocation is to fail.
bool is_due() {
    if (!counted || (fired && extent == Extent::this_one)) {
        return false;
    }
    if (fired) {
        return true;
    }
    long left = countdown;
    while (left > 0 && !countdown.compare_exchange_weak(left, left - 1)) {
    }
    if (left == 1) {
        fired = true;
    }
    return left == 1;
}

void arm(long nth, Extent how_many) {
    extent = how_many;
    fired = false;
    countdown = nth;
}

// Whether an allocation has failed.
bool disarm() {
    countdown = 0;
    return fired.exchange(false);
}

void* counted_if_there(void* memory) {
    alive += memory != nullptr && counted ? 1 : 0;
    return memory;
}

void* allocate(std::size_t size) { return is_due() ? nullptr : counted_if_there(std::malloc(size > 0 ? size : 1)); }

void release(void* memory) {
    alive -= memory != nullptr && counted ? 1 : 0;
    std::free(memory);
}

void* allocate_zeroed(std::size_t count, std::size_t size) { return is_due() ? nullptr : counted_if_there(std::calloc(count, size)); }

// A block that only changes its size is as many blocks as before.
void* reallocate(void* memory, std::size_t size) {
    return memory == nullptr ? allocate(size) : is_due() ? nullptr : std::realloc(memory, size);
}

char* duplicate(const char* text) {
    auto* copy = static_cast<char*>(allocate(std::strlen(text) + 1));
    return copy != nullptr ? std::strcpy(copy, text) : nullptr;
}

}  // namespace

// Not inlined: gcc would take it for a mismatch when it sees one half only.
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (void* memory = allocate(size)) {
        return memory;
    }
    throw std::bad_alloc();
}
// As the standard's own does; a sanitizer's would not fit the operator delete below.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { release(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { release(memory); }

namespace {

constexpr const char* cache_folder = "test-abi-allocations-cache-in-a-folder-with-a-long-name";
constexpr int most_runs = 50'000;
int run_number = 0;                                 // each has its own, which is the seed of its request
std::array<std::atomic<int>, most_runs> payments;   // requests for images that the server has seen
std::array<bool, most_runs> hides_the_price;        // its error says that nothing was charged

constexpr const char* prompt = "a prompt that is longer than the short string buffer of a C++ library";

// --- uses of the library

// What one use came to. The first call that fails ends it.
struct Outcome {
    venice_status status = VENICE_OK;
    const char* problem = nullptr;  // what must not be; no string, which would need memory
    bool told = false;              // there is an error with details
    bool delivered = false;         // there is a result: what fails later is about its use
    bool may_be_charged = false;
};

void free_handle(venice_account* handle) { venice_account_free(handle); }
void free_handle(venice_client* handle) { venice_client_free(handle); }
void free_handle(venice_image* handle) { venice_image_free(handle); }
void free_handle(venice_job* handle) { venice_job_free(handle); }
void free_handle(venice_model* handle) { venice_model_free(handle); }
void free_handle(venice_models* handle) { venice_models_free(handle); }
void free_handle(venice_plan* handle) { venice_plan_free(handle); }
void free_handle(venice_request* handle) { venice_request_free(handle); }
void free_handle(venice_result* handle) { venice_result_free(handle); }
void free_handle(venice_styles* handle) { venice_styles_free(handle); }

template <typename Handle>
void free_as(void* handle) {
    free_handle(static_cast<Handle*>(handle));
}

// The handles of one use, freed in any order, here from the last to the first.
class Use {
public:
    Use() = default;
    ~Use() {
        while (count_ > 0) {
            const Freeing& last = frees_[--count_];
            last.free(last.handle);
        }
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

    const Outcome& outcome() const { return outcome_; }

    template <typename... Parameters, typename... Arguments>
    bool call(venice_status (*function)(Parameters...), Arguments... arguments) {
        venice_error* error = nullptr;
        const venice_status status = function(arguments..., &error);
        return ends_well(status, error);
    }

    // The handle, or null if it failed.
    template <typename Handle, typename... Parameters, typename... Arguments>
    Handle* make(venice_status (*function)(Parameters...), Arguments... arguments) {
        Handle* handle = nullptr;
        venice_error* error = nullptr;
        const venice_status status = function(arguments..., &handle, &error);
        const bool well = ends_well(status, error);
        if (handle != nullptr) {
            frees_[count_++] = {handle, &free_as<Handle>};
        }
        if constexpr (std::is_same_v<Handle, venice_result>) {
            outcome_.delivered = well;
        }
        expect(well == (handle != nullptr), "*out does not fit the status");
        return handle;
    }

    void note_delivery() { outcome_.delivered = true; }

    // What another use came to that ends before this one.
    void take_over(const Outcome& other) {
        if (outcome_.status == VENICE_OK) {
            outcome_ = other;
        }
    }

    void expect(bool holds, const char* what) {
        if (!holds && outcome_.problem == nullptr) {
            outcome_.problem = what;
        }
    }

private:
    struct Freeing {
        void* handle = nullptr;
        void (*free)(void*) = nullptr;
    };

    bool ends_well(venice_status status, venice_error* error) {
        outcome_.status = status;
        outcome_.told = error != nullptr;
        outcome_.may_be_charged = venice_error_may_be_charged(error) != 0;
        expect(error == nullptr || venice_error_status(error) == status, "the error's status is another than the one returned");
        expect(error == nullptr || *venice_error_message(error) != '\0', "the error says nothing");
        expect(error == nullptr || status != VENICE_OK, "an error in spite of success");
        venice_error_free(error);
        return status == VENICE_OK;
    }

    Outcome outcome_;
    std::array<Freeing, 16> frees_;  // no allocation of its own
    std::size_t count_ = 0;
};

venice_client* new_client(Use& use, const char* url) {
    auto* client = use.make<venice_client>(venice_client_new);
    const bool well = client != nullptr && use.call(venice_client_set_string, client, "base_url", url) &&
                      use.call(venice_client_set_string, client, "api_key", "key-that-is-longer-than-the-short-string-buffer") &&
                      use.call(venice_client_set_int, client, "max_retries", 0);
    return well ? client : nullptr;
}

venice_request* new_request(Use& use) {
    auto* request = use.make<venice_request>(venice_request_new);
    const bool well = request != nullptr && use.call(venice_request_set_string, request, "model", "a-model-with-a-name-that-needs-memory") &&
                      use.call(venice_request_set_string, request, "prompt", prompt) && use.call(venice_request_set_int, request, "seed", int64_t{run_number});
    return well ? request : nullptr;
}

void generate(Use& use, const char* url) {
    auto* client = new_client(use, url);
    auto* request = client != nullptr ? new_request(use) : nullptr;
    auto* result = request != nullptr ? use.make<venice_result>(venice_generate, client, request) : nullptr;
    auto* image = result != nullptr ? use.make<venice_image>(venice_result_image, result, std::size_t{0}) : nullptr;
    if (image != nullptr) {
        use.expect(venice_image_width(image) == 1 && venice_image_height(image) == 1, "the image is another one");
        use.expect(std::strcmp(venice_image_media_type(image), "image/png") == 0, "the image is of another type");
    }
}

// The same as a job, whose end is announced.
void generate_as_a_job(Use& use, const char* url) {
    auto* client = new_client(use, url);
    auto* request = client != nullptr ? new_request(use) : nullptr;
    auto* job = request != nullptr ? use.make<venice_job>(venice_submit_generate, client, request) : nullptr;
    if (job == nullptr || !use.call(venice_job_wait, job, int64_t{-1})) {
        return;
    }
    const bool succeeded = venice_job_state(job) == VENICE_JOB_SUCCEEDED;
    auto* result = use.make<venice_result>(venice_job_result, job);
    if (succeeded) {
        use.note_delivery();  // the result stays in the job
    }
    if (result != nullptr) {
        use.expect(venice_result_image_count(result) == 1, "there is another number of images");
    } else if (venice_job_image_count(job) > 0) {  // the answer was wrong behind its image: that is not lost
        Use other;
        other.make<venice_image>(venice_job_image, job, std::size_t{0});
    }
}

void build_a_request(Use& use, const char*) {
    auto* request = new_request(use);
    auto* copy = request != nullptr ? use.make<venice_request>(venice_request_copy, request) : nullptr;
    const std::uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0};
    const bool well = copy != nullptr && use.call(venice_request_add_style_reference, copy, png, sizeof png, 0.5) &&
                      use.call(venice_request_set_json, copy, "a_field_that_is_newer_than_the_library", R"({"a":["b",{"c":1.5}]})") &&
                      use.call(venice_request_set_json, copy, "negative_prompt", R"("a text that is longer than the short string buffer")") &&
                      use.call(venice_request_set_double, copy, "cfg_scale", 7.5) && use.call(venice_request_check, copy, nullptr);
    const char* json = nullptr;
    const char* body = nullptr;
    if (well && use.call(venice_request_json, copy, &json)) {
        auto* read = use.make<venice_request>(venice_request_new_from_json, json);
        auto* plan = read != nullptr ? use.make<venice_plan>(venice_request_plan, read) : nullptr;
        if (plan != nullptr && use.call(venice_request_body, read, &body)) {
            use.expect(std::strcmp(venice_plan_body(plan), body) == 0, "the body is another than the plan's");
        }
    }
}

// Fetched, and then read from the cache.
void read_the_catalogue(Use& use, const char* url) {
    auto* client = new_client(use, url);
    if (client == nullptr || !use.call(venice_client_set_string, client, "cache_dir", cache_folder)) {
        return;
    }
    auto* fetched = use.make<venice_models>(venice_list_models, client);
    auto* cached = fetched != nullptr ? use.make<venice_models>(venice_cached_models, client) : nullptr;
    auto* model = cached != nullptr ? use.make<venice_model>(venice_models_find, cached, "tiered") : nullptr;
    auto* styles = model != nullptr ? use.make<venice_styles>(venice_list_styles, client) : nullptr;
    auto* account = styles != nullptr ? use.make<venice_account>(venice_get_account, client) : nullptr;
    auto* request = account != nullptr ? new_request(use) : nullptr;
    if (request != nullptr && use.call(venice_request_use_model, request, model) &&
        use.call(venice_request_fit_size, request, model, 1600, 900, VENICE_TIER_SUFFICIENT)) {
        use.make<venice_plan>(venice_request_plan, request);
    }
}

std::string error_answer() {
    return CannedServer::whole_answer("400 Bad Request", R"({"error":"Invalid request parameters, and why that is so","issues":[{"code":"too_big",
        "path":["style_references",0,"strength"],"message":"Number must be less than or equal to one"}]})");
}

void be_refused(Use& use, const char* url) {
    auto* client = new_client(use, url);
    auto* request = client != nullptr ? new_request(use) : nullptr;
    if (request != nullptr && use.make<venice_result>(venice_generate, client, request) != nullptr) {
        use.expect(false, "a refusal was taken for a result");
    }
}

// Its client goes while it waits: the client's thread ends it.
void leave_a_job(Use& use, const char* url) {
    auto* request = new_request(use);
    venice_job* job = nullptr;
    {
        Use gone;
        auto* client = request != nullptr ? new_client(gone, url) : nullptr;
        job = client != nullptr ? use.make<venice_job>(venice_submit_generate, client, request) : nullptr;
        use.take_over(gone.outcome());
    }
    if (job != nullptr && use.call(venice_job_wait, job, int64_t{-1})) {
        use.make<venice_result>(venice_job_result, job);
    }
}

// And told so again when it was sent once more.
void be_told_to_wait(Use& use, const char* url) {
    auto* client = new_client(use, url);
    const bool tries_again = client != nullptr && use.call(venice_client_set_int, client, "max_retries", int64_t{1}) &&
                             use.call(venice_client_set_int, client, "max_retry_wait_ms", int64_t{1});
    auto* request = tries_again ? new_request(use) : nullptr;
    if (request != nullptr && use.make<venice_result>(venice_generate, client, request) != nullptr) {
        use.expect(false, "a refusal was taken for a result");
    }
}

void set_what_is_wrong(Use& use, const char*) {
    auto* request = new_request(use);
    if (request != nullptr) {
        use.make<venice_request>(venice_request_new_from_json, R"({"seed":"no number","steps":-1,"an unknown field that is wrong":{}})");
    }
}

struct Scenario {
    const char* name;
    void (*run)(Use& use, const char* url);
    venice_status without_failures;
};

// --- the tests

// What libcurl cannot do without memory, it sometimes tells as a connection that failed.
bool is_true_status(venice_status status, venice_status without_failures) {
    return status == VENICE_OK || status == VENICE_ERROR_OUT_OF_MEMORY || status == without_failures || status == VENICE_ERROR_CONNECT ||
           status == VENICE_ERROR_RESOLVE || status == VENICE_ERROR_NETWORK;
}

std::string problem_of(const Outcome& outcome, venice_status without_failures, long left_over) {
    if (outcome.problem != nullptr) {
        return outcome.problem;
    }
    if (!is_true_status(outcome.status, without_failures)) {
        return std::string("it was told as ") + venice_status_name(outcome.status);
    }
    return left_over != 0 ? std::to_string(left_over) + " allocations are left over" : "";
}

Outcome run(const Scenario& scenario, const char* url) {
    Use use;
    scenario.run(use, url);
    return use.outcome();
}

// `count` becomes the number of allocations that there are to fail.
std::string fail_each_allocation(const Scenario& scenario, const char* url, Extent how_many, long& count) {
    for (count = 0; ++run_number < most_runs; ++count) {
        std::filesystem::remove_all(cache_folder);
        const long before = alive;
        arm(count + 1, how_many);
        const Outcome outcome = run(scenario, url);
        const bool failed = disarm();
        hides_the_price[static_cast<std::size_t>(run_number)] = outcome.told && !outcome.delivered && !outcome.may_be_charged;
        const std::string problem = problem_of(outcome, scenario.without_failures, alive - before);
        if (!problem.empty()) {
            return problem + " when allocation " + std::to_string(count + 1) + " failed";
        }
        if (!failed) {
            return outcome.status == scenario.without_failures ? "" : "it does not do without failures what it should";
        }
    }
    return "it never comes to an end";
}

template <typename Server>
void test(const Scenario& scenario, const Server& server) {
    for (const Extent how_many : {Extent::this_one, Extent::all_from_here}) {
        // Once without failures: what is made once and for all is made here.
        ++run_number;
        std::string problem = run(scenario, server.url()).status == scenario.without_failures ? "" : "it does not do what it should";
        long count = 0;
        if (problem.empty()) {
            problem = fail_each_allocation(scenario, server.url(), how_many, count);
        }
        tap::report(std::string(scenario.name) + (how_many == Extent::this_one ? ": each" : ": all from each on") + " of " + std::to_string(count), problem);
    }
}

// On the server's thread.
void note_payment(const std::string& request) {
    const std::size_t seed = request.find("\"seed\":");
    const long number = request.starts_with("POST ") && seed != std::string::npos ? std::strtol(request.c_str() + seed + 7, nullptr, 10) : 0;
    if (number > 0 && number < most_runs) {
        ++payments[static_cast<std::size_t>(number)];
    }
}

// Only now: a server may still have been busy with a request whose client had given up.
void test_the_payments() {
    std::string problem;
    int paid = 0;
    for (std::size_t number = 0; number < std::size_t{most_runs} && problem.empty(); ++number) {
        paid += payments[number];
        problem = payments[number] > 1                              ? "an image was paid for twice"
                  : payments[number] == 1 && hides_the_price[number] ? "an image was paid for, and the error does not say so"
                                                                     : "";
    }
    tap::report("of what was paid for, every error says so", problem.empty() && paid == 0 ? "nothing was paid for" : problem);
}

}  // namespace

int main() {
    // Before anything else uses libcurl.
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, allocate, release, reallocate, duplicate, allocate_zeroed) != CURLE_OK) {
        std::printf("Bail out! libcurl does not start\n");
        return 2;
    }
    cJSON_Hooks hooks{allocate, release};
    cJSON_InitHooks(&hooks);
    const auto not_counted = [] { counted = false; };
    {
        const CannedServer server(not_counted, [](const std::string& request) -> std::optional<std::string> {
            note_payment(request);
            return std::nullopt;
        });
        const CannedServer refusing(not_counted, [](const std::string&) { return error_answer(); });
        const CannedServer busy(not_counted, [](const std::string&) { return CannedServer::whole_answer("429 Too Many Requests", "{}", "Retry-After: 0\r\n"); });
        const CannedServer broken(not_counted, [](const std::string& request) {
            note_payment(request);
            return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n{\"id\":\"and no more";
        });
        const SilentServer silent;
        test({"generating", generate, VENICE_OK}, server);
        test({"generating as a job", generate_as_a_job, VENICE_OK}, server);
        test({"building a request", build_a_request, VENICE_OK}, server);
        test({"reading the catalogue", read_the_catalogue, VENICE_OK}, server);
        test({"being refused", be_refused, VENICE_ERROR_BAD_REQUEST}, refusing);
        test({"being told to wait", be_told_to_wait, VENICE_ERROR_RATE_LIMITED}, busy);
        test({"an answer that is cut off", generate, VENICE_ERROR_INCOMPLETE_RESPONSE}, broken);
        test({"an answer to a job that is cut off", generate_as_a_job, VENICE_ERROR_INCOMPLETE_RESPONSE}, broken);
        test({"leaving a job", leave_a_job, VENICE_ERROR_CANCELLED}, silent);
        test({"setting what is wrong", set_what_is_wrong, VENICE_ERROR_WRONG_TYPE}, server);
    }
    test_the_payments();
    std::filesystem::remove_all(cache_folder);
    return tap::end();
}
