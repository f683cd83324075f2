// SPDX-License-Identifier: MIT
// Times in messages: up to a minute in seconds, longer ones in minutes.
#include <cstdint>
#include <limits>
#include <utility>

#include "cmocka.hpp"
#include "ui/messages.hpp"

using namespace venice_gimp;

namespace {

std::string no_answer_after(double seconds) {
    Failure failure;
    failure.status = VENICE_ERROR_TIMEOUT;
    failure.may_be_charged = true;
    return message_for(failure, "Z-Image Turbo", seconds).text;
}

std::string too_many_requests(std::int64_t retry_after_ms) {
    Failure failure;
    failure.status = VENICE_ERROR_RATE_LIMITED;
    failure.retry_after_ms = retry_after_ms;
    return message_for(failure, "Z-Image Turbo", 1.0).text;
}

void how_long_no_answer_came_is_told_in_minutes(void**) {
    const std::string rest = " The image may still be charged; it cannot be fetched.";
    for (const double seconds : {0.0, 0.4, 31.0, 59.9}) {
        assert_text(no_answer_after(seconds), ("No answer came." + rest).c_str());
    }
    const std::pair<double, const char*> minutes[] = {
        {60.0, "No answer after 1 minute."}, {89.0, "No answer after 1 minute."}, {91.0, "No answer after 2 minutes."}, {300.2, "No answer after 5 minutes."}};
    for (const auto& [seconds, text] : minutes) {
        assert_text(no_answer_after(seconds), (text + rest).c_str());
    }
}

void nobody_is_told_to_try_too_early(void**) {
    const std::pair<std::int64_t, const char*> waits[] = {
        {1, " Try again in 1 second."},         {23'001, " Try again in 24 seconds."}, {60'000, " Try again in 60 seconds."},
        {60'001, " Try again in 2 minutes."},   {240'000, " Try again in 4 minutes."}, {241'000, " Try again in 5 minutes."},
        {-1, ""},                               {0, ""}};
    for (const auto& [milliseconds, text] : waits) {
        assert_text(too_many_requests(milliseconds), (std::string("Too many requests. Nothing was charged.") + text).c_str());
    }
    assert_true(too_many_requests(std::numeric_limits<std::int64_t>::max()).find('-') == std::string::npos);
}

void what_is_tried_again_by_itself_counts_down(void**) {
    assert_text(retry_text(1), "Too many requests. Trying again in 1 second.");
    assert_text(retry_text(60), "Too many requests. Trying again in 60 seconds.");
    assert_text(retry_text(61), "Too many requests. Trying again in 2 minutes.");
    assert_true(retry_text(std::numeric_limits<int>::max()).find('-') == std::string::npos);
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(how_long_no_answer_came_is_told_in_minutes),
        cmocka_unit_test(nobody_is_told_to_try_too_early),
        cmocka_unit_test(what_is_tried_again_by_itself_counts_down),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
