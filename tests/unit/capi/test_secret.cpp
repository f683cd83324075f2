// SPDX-License-Identifier: MIT
// The API key does not stay in memory that is free again: neither in the library's own, nor in what it hands to libcurl.
#include "checks.hpp"

#include <venice/venice.h>

#include <curl/curl.h>

#include <map>
#include <string>
#include <utility>

#include "../freed_blocks.hpp"
#include "client/redaction.hpp"
#include "http/pacer.hpp"
#include "http/transfer.hpp"
#include "support/secret.hpp"

using venice::Secret;

namespace {

constexpr const char* key = "sk-A-Key-That-Is-Found-Nowhere-Else-0123456789";

// libcurl's own memory, watched too.
void* curl_allocate(std::size_t size) { return std::calloc(1, size > 0 ? size : 1); }
void curl_release(void* block) { freed_blocks::release(block); }
void* curl_clear(std::size_t count, std::size_t size) { return std::calloc(count, size); }

void* curl_resize(void* block, std::size_t size) {
    void* larger = curl_allocate(size);
    if (block != nullptr && larger != nullptr) {
        const std::size_t old = malloc_usable_size(block);
        std::memcpy(larger, block, old < size ? old : size);
        curl_release(block);
    }
    return larger;
}

char* curl_duplicate(const char* text) {
    auto* copy = static_cast<char*>(curl_allocate(std::strlen(text) + 1));
    return copy != nullptr ? std::strcpy(copy, text) : nullptr;
}

// Without it, a test that finds nothing would say nothing.
void a_plain_string_is_found(void**) {
    freed_blocks::look_for(key);
    {
        const std::string plain(key);
        freed_blocks::keep(plain.data());
    }
    assert_int_equal(freed_blocks::number_with_it(), 1);
}

void a_secret_is_a_text(void**) {
    assert_true(Secret().empty() && Secret("").empty());
    assert_string_equal(Secret().c_str(), "");
    assert_string_equal(Secret("abc").c_str(), "abc");
    assert_true(Secret("abc").view() == "abc");
    assert_string_equal(Secret("Bearer ", "abc").c_str(), "Bearer abc");
    Secret one("one");
    const Secret copy = one;
    Secret moved = std::move(one);
    one = copy;
    assert_true(moved.view() == "one" && copy.view() == "one" && one.view() == "one");
    one = Secret("two");
    moved = one;
    assert_true(moved.view() == "two");
    std::map<Secret, int, venice::SecretLess> map;
    map.emplace("a", 1);
    assert_true(map.find(std::string_view("a")) != map.end() && map.find(std::string_view("b")) == map.end());
}

void a_secret_is_wiped(void**) {
    freed_blocks::look_for(key);
    {
        Secret one(key);
        Secret copy = one;
        Secret moved = std::move(one);
        one = copy;
        copy = Secret("another");
        moved = Secret();
        const Secret line("Authorization: Bearer ", key);
        std::vector<Secret> growing;
        for (int i = 0; i < 20; ++i) {
            growing.emplace_back(key);
        }
    }
    assert_int_equal(freed_blocks::number_with_it(), 0);
}

void short_keys_are_wiped_too(void**) {
    freed_blocks::look_for("k3y");
    {
        auto on_the_heap = std::make_unique<Secret>("k3y");
        const auto moved = std::make_unique<Secret>(std::move(*on_the_heap));
        assert_true(moved->view() == "k3y");
    }
    assert_int_equal(freed_blocks::number_with_it(), 0);
}

void the_pacer_forgets(void**) {
    freed_blocks::look_for(key);
    {
        venice::Pacer pacer([] { return 0.0; });
        pacer.started(key, 1);
        pacer.ended(key, 200, {}, std::chrono::seconds(1), {});
    }
    assert_int_equal(freed_blocks::number_with_it(), 0);
}

class Receiver : public venice::HttpReceiver {
public:
    Receiver() {
        venice::HttpSettings settings;
        settings.url = "http://127.0.0.1:9/";
        settings.user_agent = "test";
        settings.loopback_http = true;
        request_.settings = std::make_shared<const venice::HttpSettings>(settings);
        request_.headers = std::make_shared<const venice::RequestHeaders>(key, true);
        request_.body = std::make_shared<const std::string>("{}");
    }
    const venice::HttpRequest& http_request() const override { return request_; }
    bool abandoned() const override { return false; }
    void phase_changed(venice::HttpPhase) override {}
    bool may_be_sent() override { return true; }
    void held_back(std::chrono::steady_clock::time_point) override {}
    bool may_be_asked_again() const override { return true; }
    void refused(std::chrono::steady_clock::time_point) override {}
    void headers_received(long, const venice::Headers&) override {}
    void body_received(std::string_view) override {}
    void progressed(std::int64_t, std::int64_t) noexcept override {}
    void succeeded(const venice::Headers&) override {}
    void failed(venice::ErrorInfo) override {}
    void dropped() noexcept override {}
    void wake_waiting() noexcept override {}
    void failed_without_details(venice_status, bool) noexcept override {}

private:
    venice::HttpRequest request_;
};

void the_header_for_libcurl_is_wiped(void**) {
    freed_blocks::look_for(key);
    {
        const auto receiver = std::make_shared<Receiver>();
        venice::Transfer transfer;
        transfer.begin(receiver);
        venice::ErrorInfo error;
        error.message = "no word of it";
        venice::Redaction(receiver->http_request()).apply(error);
    }
    assert_int_equal(freed_blocks::number_with_it(), 0);
}

// From setting it to the end of a job that failed, and after another key.
void a_client_forgets(void**) {
    freed_blocks::look_for(key);
    venice_client* client = nullptr;
    venice_request* request = nullptr;
    assert_int_equal(venice_client_new(&client, nullptr), VENICE_OK);
    assert_int_equal(venice_client_set_string(client, "base_url", "http://127.0.0.1:9/", nullptr), VENICE_OK);
    assert_int_equal(venice_client_set_string(client, "api_key", key, nullptr), VENICE_OK);
    assert_int_equal(venice_client_set_string(client, "api_key", (std::string(key).replace(0, 20, 20, ' ')).c_str(), nullptr), VENICE_ERROR_INVALID_TEXT);
    assert_int_equal(venice_request_new(&request, nullptr), VENICE_OK);
    venice_request_set_string(request, "model", "m", nullptr);
    venice_request_set_string(request, "prompt", "p", nullptr);
    for (int i = 0; i < 3; ++i) {
        venice_result* result = nullptr;
        venice_error* error = nullptr;
        assert_int_equal(venice_generate(client, request, &result, &error), VENICE_ERROR_CONNECT);
        venice_error_free(error);
    }
    venice_request_free(request);
    assert_int_equal(venice_client_set_string(client, "api_key", nullptr, nullptr), VENICE_OK);
    assert_int_equal(venice_client_set_string(client, "api_key", key, nullptr), VENICE_OK);
    assert_int_equal(venice_client_free(client), VENICE_OK);
    assert_int_equal(freed_blocks::number_with_it(), 0);
}

}  // namespace

int main() {
    curl_global_init_mem(CURL_GLOBAL_DEFAULT, curl_allocate, curl_release, curl_resize, curl_duplicate, curl_clear);
    const CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_string_is_found),
        cmocka_unit_test(a_secret_is_a_text),
        cmocka_unit_test(a_secret_is_wiped),
        cmocka_unit_test(short_keys_are_wiped_too),
        cmocka_unit_test(the_pacer_forgets),
        cmocka_unit_test(the_header_for_libcurl_is_wiped),
        cmocka_unit_test(a_client_forgets),
    };
    const int failed = cmocka_run_group_tests(tests, nullptr, nullptr);
    curl_global_cleanup();
    return failed;
}
