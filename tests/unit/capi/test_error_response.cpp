// SPDX-License-Identifier: MIT
#include "checks.hpp"
#include "response/error_response.hpp"
#include "support/text.hpp"

using venice::ErrorInfo;
using venice::Headers;
using venice::read_error_response;

namespace {

ErrorInfo read(long http_status, std::string_view body, std::initializer_list<std::string_view> header_lines = {}) {
    Headers headers;
    for (const std::string_view line : header_lines) {
        headers.add_line(line);
    }
    return read_error_response(http_status, headers, body);
}

struct Case {
    long http_status;
    venice_status status;
    bool may_be_charged;
};

void maps_every_status(void**) {
    for (const Case& expected : {
             Case{302, VENICE_ERROR_REDIRECT, false},
             Case{400, VENICE_ERROR_BAD_REQUEST, false},
             Case{401, VENICE_ERROR_UNAUTHORIZED, false},
             Case{402, VENICE_ERROR_PAYMENT_REQUIRED, false},
             Case{403, VENICE_ERROR_FORBIDDEN, false},
             Case{404, VENICE_ERROR_NOT_FOUND, false},
             Case{413, VENICE_ERROR_REQUEST_TOO_LARGE, false},
             Case{415, VENICE_ERROR_UNSUPPORTED_MEDIA_TYPE, false},
             Case{418, VENICE_ERROR_HTTP, false},
             Case{422, VENICE_ERROR_CONTENT_REFUSED, false},
             Case{429, VENICE_ERROR_RATE_LIMITED, false},
             Case{500, VENICE_ERROR_SERVER, true},
             Case{502, VENICE_ERROR_BAD_GATEWAY, true},
             Case{503, VENICE_ERROR_UNAVAILABLE, false},
             Case{504, VENICE_ERROR_GATEWAY_TIMEOUT, true},
             Case{524, VENICE_ERROR_GATEWAY_TIMEOUT, true},
             Case{599, VENICE_ERROR_HTTP, true},
         }) {
        const ErrorInfo error = read(expected.http_status, R"({"error":"because"})");
        assert_int_equal(error.status, expected.status);
        assert_int_equal(error.http_status, expected.http_status);
        assert_int_equal(error.may_be_charged, expected.may_be_charged);
        expect_contains(error.message, std::to_string(expected.http_status));
        expect_contains(error.message, "because");
        if (expected.may_be_charged) {
            expect_lacks(error.message, "Nothing was charged");
        }
    }
}

void reads_a_plain_text(void**) {
    const ErrorInfo error = read(401, R"({"error":"Authentication failed"})");
    expect_text(error.server_message, "Authentication failed");
    expect_text(error.server_code, "");
    expect_text(error.request_id, "");
    assert_true(error.problems.empty());
    assert_int_equal(error.retry_after_ms, -1);
}

void reads_issues(void**) {
    const ErrorInfo error = read(400, R"({"error":"Invalid request parameters",
        "details":{"_errors":[],"width":{"_errors":["too wide"]}},
        "issues":[{"code":"too_big","path":["width"],"message":"too wide"},
                  {"code":"custom","path":["style_references",0,"image"],"message":"no image"},
                  {"code":"unrecognized_keys","path":[],"message":"unknown field x"}]})");
    assert_int_equal(error.problems.size(), 3);
    expect_text(error.problems[0].field, "width");
    expect_text(error.problems[0].message, "too wide");
    expect_text(error.problems[1].field, "style_references.0.image");
    expect_text(error.problems[2].field, "");
    expect_contains(error.message, "width: too wide");
    expect_contains(error.message, "unknown field x");
}

void reads_a_tree_of_details(void**) {
    const ErrorInfo error = read(400, R"({"error":"Invalid","details":{"_errors":["as a whole"],"steps":{"_errors":["too many"]},
        "style_references":{"_errors":[],"1":{"_errors":[],"strength":{"_errors":["too strong","really"]}}}}})");
    assert_int_equal(error.problems.size(), 4);
    expect_text(error.problems[0].field, "");
    expect_text(error.problems[1].field, "steps");
    expect_text(error.problems[2].field, "style_references.1.strength");
    expect_text(error.problems[3].message, "really");
}

void reads_a_text_of_details(void**) {
    const ErrorInfo error = read(400, R"({"error":"Invalid request body","details":"The body is not valid JSON"})");
    assert_int_equal(error.problems.size(), 1);
    expect_text(error.problems[0].field, "");
    expect_contains(error.message, "Invalid request body");
    expect_contains(error.message, "The body is not valid JSON");
}

void reads_an_error_object(void**) {
    const ErrorInfo error = read(413, R"({"error":{"message":"too large","type":"invalid_request_error","param":"prompt","code":"payload_too_large"}})");
    expect_text(error.server_message, "too large");
    expect_text(error.server_code, "payload_too_large");
    assert_int_equal(error.problems.size(), 1);
    expect_text(error.problems[0].field, "prompt");
    const ErrorInfo without_code = read(413, R"({"error":{"message":"too large","type":"invalid_request_error","param":null,"code":null}})");
    expect_text(without_code.server_code, "invalid_request_error");
    assert_true(without_code.problems.empty());
}

void reads_code_and_request_id(void**) {
    const ErrorInfo with_code = read(402, R"({"error":"spent","code":"INSUFFICIENT_BALANCE"})");
    expect_text(with_code.server_code, "INSUFFICIENT_BALANCE");
    const ErrorInfo with_id = read(500, R"({"error":"Inference failed","request_id":"abc-1"})", {"CF-RAY: ray-2\r\n"});
    expect_text(with_id.request_id, "abc-1");
    expect_text(read(500, R"({"error":"x"})", {"cf-ray: ray-2\r\n"}).request_id, "ray-2");
}

void reads_how_long_to_wait(void**) {
    assert_int_equal(read(429, "{}", {"Retry-After: 7\r\n"}).retry_after_ms, 7000);
    assert_int_equal(read(429, "{}", {"retry-after: 1.5\r\n"}).retry_after_ms, 1500);
    assert_int_equal(read(429, "{}", {"Retry-After: 0\r\n"}).retry_after_ms, 0);
    // A date is seen from the server's clock.
    constexpr std::string_view date = "Date: Wed, 21 Oct 2015 07:28:00 GMT\r\n";
    assert_int_equal(read(429, "{}", {date, "Retry-After: Wed, 21 Oct 2015 07:28:07 GMT\r\n"}).retry_after_ms, 7000);
    assert_int_equal(read(429, "{}", {date, "Retry-After: Wed, 21 Oct 2015 07:27:00 GMT\r\n"}).retry_after_ms, 0);
    for (const std::string_view line : {"Retry-After: soon\r\n", "Retry-After: -1\r\n", "Retry-After: nan\r\n", "Retry-After: 1e300\r\n", "Retry-After:\r\n"}) {
        assert_int_equal(read(429, "{}", {line}).retry_after_ms, -1);
    }
}

void survives_other_bodies(void**) {
    for (const std::string_view body : {"", "<html><body>502 Bad Gateway</body></html>", "plain text", "[]", "null", "7", "\"text\"", "{}", R"({"error":7})", R"({"error":null})",
                                        R"({"error":{}})", R"({"error":[1]})", R"({"issues":7,"details":7})", R"({"issues":[null,7,{"path":7},{"path":[null,true]}]})",
                                        R"({"details":{"a":{"b":7}}})", "{\"error\":\"\xFF\"}", R"({"error":"a\u0000b"})", R"({"error":"cut)"}) {
        const ErrorInfo error = read(502, body);
        assert_int_equal(error.status, VENICE_ERROR_BAD_GATEWAY);
        expect_text(error.server_message, "");
        expect_lacks(error.message, "<");
        assert_true(venice::is_valid_utf8(error.message));
    }
}

void bounds_deep_details(void**) {
    std::string details;
    for (int i = 0; i < 300; ++i) {
        details += "{\"a\":";
    }
    details += "\"deep\"" + std::string(300, '}');
    assert_int_equal(read(400, "{\"error\":\"x\",\"details\":" + details + "}").status, VENICE_ERROR_BAD_REQUEST);
}

void shows_hostile_texts_in_one_harmless_line(void**) {
    const std::string hostile = R"(a\nb\u001b[31m\u202e)" + std::string(5000, 'x');
    for (const std::string& body : {R"({"error":")" + hostile + R"("})", R"({"error":{"message":")" + hostile + R"(","param":")" + hostile + R"("}})",
                                    R"({"error":"x","issues":[{"path":[")" + hostile + R"("],"message":")" + hostile + R"("}]})",
                                    R"({"error":"x","details":{")" + hostile + R"(":{"_errors":[")" + hostile + R"("]}}})"}) {
        const ErrorInfo error = read(400, body);
        for (const char* bad : {"\n", "\x1B", "\xE2\x80\xAE"}) {
            expect_lacks(error.message, bad);
            for (const venice::Problem& problem : error.problems) {
                expect_lacks(problem.field + problem.message, bad);
            }
        }
        assert_true(error.message.size() < 2500);
    }
}

void hands_the_servers_text_over_unchanged(void**) { expect_text(read(400, R"({"error":"a\nb"})").server_message, "a\nb"); }

void does_not_say_the_same_twice(void**) {
    const std::string message = read(400, R"({"error":"too wide","issues":[{"path":["width"],"message":"too wide"}]})").message;
    assert_true(message.find("too wide") == message.rfind("too wide"));
}

void stays_quick_with_very_many_issues(void**) {
    std::string body = R"({"error":"x","issues":[)";
    for (int i = 0; i < 20'000; ++i) {
        body += (i > 0 ? "," : "") + std::string(R"({"path":["f"],"message":"m)") + std::to_string(i) + "\"}";
    }
    const ErrorInfo error = read(400, body + "]}");
    assert_true(error.problems.size() >= 10);
    assert_true(error.message.size() < 200'000);
}

void tells_offline_from_at_capacity(void**) {
    assert_true(venice::says_offline(503, R"({"error":"The model is currently offline. Please try again later."})"));
    assert_true(venice::says_offline(503, R"({"error":{"message":"Try another one","code":"MODEL_OFFLINE"}})"));
    assert_false(venice::says_offline(503, R"({"error":"The model is at capacity"})"));
    assert_false(venice::says_offline(503, R"({"error":"The model is offline or at capacity"})"));
    assert_false(venice::says_offline(503, "<html>offline</html>"));
    assert_false(venice::says_offline(429, R"({"error":"offline"})"));
}

void request_id_is_always_text(void**) { assert_true(venice::is_valid_utf8(read(500, "", {"CF-RAY: a\xFF\xE9z\r\n"}).request_id)); }

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(maps_every_status),
        cmocka_unit_test(reads_a_plain_text),
        cmocka_unit_test(reads_issues),
        cmocka_unit_test(reads_a_tree_of_details),
        cmocka_unit_test(reads_a_text_of_details),
        cmocka_unit_test(reads_an_error_object),
        cmocka_unit_test(reads_code_and_request_id),
        cmocka_unit_test(reads_how_long_to_wait),
        cmocka_unit_test(survives_other_bodies),
        cmocka_unit_test(bounds_deep_details),
        cmocka_unit_test(shows_hostile_texts_in_one_harmless_line),
        cmocka_unit_test(hands_the_servers_text_over_unchanged),
        cmocka_unit_test(does_not_say_the_same_twice),
        cmocka_unit_test(stays_quick_with_very_many_issues),
        cmocka_unit_test(tells_offline_from_at_capacity),
        cmocka_unit_test(request_id_is_always_text),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
