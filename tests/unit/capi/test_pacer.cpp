// SPDX-License-Identifier: MIT
// When requests may be sent, and sent again: with a clock of the test's own, so that nothing waits.
#include <chrono>

#include "checks.hpp"
#include "http/pacer.hpp"

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using venice::Headers;
using venice::Pacer;

namespace {

constexpr const char* key = "key";
const Pacer::TimePoint start = Pacer::TimePoint() + hours(1);
constexpr milliseconds two_minutes = seconds(120);

Headers headers_of(const std::vector<std::string>& lines) {
    Headers headers;
    for (const std::string& line : lines) {
        headers.add_line(line + "\r\n");
    }
    return headers;
}

// The server's clock says 12:00:00, whatever ours does.
const std::string noon = "Date: Wed, 21 Oct 2015 12:00:00 GMT";
constexpr std::int64_t noon_seconds = 1445428800;

Headers limits(int remaining, const std::string& reset) {
    return headers_of({noon, "x-ratelimit-limit-requests: 20", "x-ratelimit-remaining-requests: " + std::to_string(remaining), "x-ratelimit-reset-requests: " + reset});
}

void request(Pacer& pacer, long http_status, const Headers& headers, Pacer::TimePoint at = start) {
    pacer.started(key, 1);
    pacer.ended(key, http_status, headers, two_minutes, at);
}

std::optional<milliseconds> wait_after(long http_status, const Headers& headers, int tries, milliseconds longest = two_minutes, double random = 0) {
    return Pacer([random] { return random; }).wait_before_retry(http_status, headers, tries, longest);
}

void only_429_and_503_are_tried_again(void**) {
    for (long http_status = 0; http_status < 600; ++http_status) {
        assert_int_equal(wait_after(http_status, headers_of({"Retry-After: 1"}), 1).has_value(), http_status == 429 || http_status == 503);
    }
}

void what_the_server_asks_for_is_obeyed(void**) {
    assert_true(wait_after(429, headers_of({"Retry-After: 24"}), 1) == seconds(24));
    assert_true(wait_after(503, headers_of({"Retry-After: 2.5"}), 1) == milliseconds(2500));
    for (const char* date : {"Wed, 21 Oct 2015 12:00:24 GMT", "Wednesday, 21-Oct-15 12:00:24 GMT", "Wed Oct 21 12:00:24 2015"}) {
        assert_true(wait_after(429, headers_of({noon, std::string("Retry-After: ") + date}), 1) == seconds(24));
    }
    assert_true(wait_after(429, limits(0, std::to_string(noon_seconds + 24)), 1) == seconds(24));
    assert_true(wait_after(429, limits(0, std::to_string(noon_seconds * 1000 + 24000)), 1) == seconds(24));
    assert_true(wait_after(429, limits(3, std::to_string(noon_seconds + 24)), 1) == seconds(30));  // not the limit: the model is overloaded
}

void a_longer_wait_than_allowed_is_none(void**) {
    assert_false(wait_after(429, headers_of({"Retry-After: 121"}), 1).has_value());
    assert_false(wait_after(503, headers_of({"Retry-After: 2"}), 1, milliseconds(1999)).has_value());
    assert_false(wait_after(429, limits(0, std::to_string(noon_seconds + 100000)), 1).has_value());
    assert_true(wait_after(429, {}, 1, milliseconds(50)) == milliseconds(50));  // it did not ask for anything
    assert_true(wait_after(503, {}, 9, milliseconds(50)) == milliseconds(50));
}

void without_a_word_it_waits_longer_each_time(void**) {
    assert_true(wait_after(429, {}, 1) == seconds(30));
    for (const char* nonsense : {"Retry-After: soon", "Retry-After: -5", "Retry-After: nan", "Retry-After: 1e300", "Retry-After:"}) {
        assert_true(wait_after(429, headers_of({nonsense}), 1) == seconds(30));
    }
    const std::vector<int> full_seconds{1, 2, 4, 8, 16, 30, 30, 30};
    for (std::size_t i = 0; i < full_seconds.size(); ++i) {
        const milliseconds full = seconds(full_seconds[i]);
        const int tries = static_cast<int>(i) + 1;
        assert_true(wait_after(503, {}, tries, two_minutes, 0) == full / 2);
        assert_true(wait_after(503, {}, tries, two_minutes, 0.999) > full * 9 / 10 && wait_after(503, {}, tries, two_minutes, 0.999) <= full);
    }
    assert_true(wait_after(503, headers_of({"Retry-After: 0"}), 1) == milliseconds(500));  // never at once
    assert_true(wait_after(503, {}, 1000).has_value());
}

void a_429_stops_all_with_the_same_key(void**) {
    Pacer pacer([] { return 0.0; });
    assert_false(pacer.hold(key, 1, start).has_value());
    request(pacer, 429, headers_of({"Retry-After: 24"}));
    assert_true(pacer.hold(key, 1, start) == start + seconds(24));
    assert_false(pacer.hold("other key", 1, start).has_value());
    assert_false(pacer.hold(key, 1, start + seconds(24)).has_value());
    request(pacer, 503, headers_of({"Retry-After: 24"}), start + seconds(30));  // one model's trouble
    assert_false(pacer.hold(key, 1, start + seconds(30)).has_value());
}

void a_pause_that_nobody_would_wait_for_is_none(void**) {
    Pacer pacer([] { return 0.0; });
    request(pacer, 429, headers_of({"Retry-After: 3600"}));
    assert_false(pacer.hold(key, 1, start).has_value());
}

void nothing_is_sent_when_nothing_is_left(void**) {
    for (const std::string& reset : {std::to_string(noon_seconds + 40), std::to_string(noon_seconds * 1000 + 40000)}) {
        Pacer pacer([] { return 0.0; });
        request(pacer, 200, limits(2, reset));
        assert_false(pacer.hold(key, 2, start).has_value());
        assert_true(pacer.hold(key, 3, start) == start + seconds(40));  // variants count each
        pacer.started(key, 2);
        assert_true(pacer.hold(key, 1, start) == start + seconds(40));
        assert_false(pacer.hold(key, 1, start + seconds(40)).has_value());
    }
}

void an_older_answer_does_not_raise_what_is_left(void**) {
    Pacer pacer([] { return 0.0; });
    request(pacer, 200, limits(0, std::to_string(noon_seconds + 40)));
    request(pacer, 200, limits(5, std::to_string(noon_seconds + 40)));
    assert_true(pacer.hold(key, 1, start).has_value());
    request(pacer, 200, limits(19, std::to_string(noon_seconds + 100)));  // the next period
    assert_false(pacer.hold(key, 1, start).has_value());
}

void senseless_limits_stop_nobody(void**) {
    Pacer pacer([] { return 0.0; });
    for (const std::string& reset : {std::string("0"), std::string("-5"), std::string("soon"), std::string("nan"), std::string("1e300"), std::to_string(noon_seconds - 1)}) {
        request(pacer, 200, limits(0, reset));
        assert_false(pacer.hold(key, 1, start).has_value());
    }
}

void slows_down_before_failures_lock_the_key(void**) {
    Pacer pacer([] { return 0.0; });
    for (int i = 0; i < 20; ++i) {
        assert_false(pacer.hold(key, 1, start + seconds(i)).has_value());
        request(pacer, 400, {}, start + seconds(i));
    }
    assert_true(pacer.hold(key, 1, start + seconds(20)) == start + seconds(30));
    assert_false(pacer.hold(key, 1, start + seconds(30)).has_value());
}

void requests_in_flight_may_fail_as_well(void**) {
    Pacer pacer([] { return 0.0; });
    for (int i = 0; i < 19; ++i) {
        pacer.started(key, 1);  // without failures, any number
    }
    assert_false(pacer.hold(key, 1, start).has_value());
    for (int i = 0; i < 10; ++i) {
        pacer.ended(key, 400, {}, two_minutes, start);
    }
    assert_false(pacer.hold(key, 1, start).has_value());
    pacer.started(key, 1);
    assert_true(pacer.hold(key, 1, start) == start + seconds(30));
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(only_429_and_503_are_tried_again),
        cmocka_unit_test(what_the_server_asks_for_is_obeyed),
        cmocka_unit_test(a_longer_wait_than_allowed_is_none),
        cmocka_unit_test(without_a_word_it_waits_longer_each_time),
        cmocka_unit_test(a_429_stops_all_with_the_same_key),
        cmocka_unit_test(a_pause_that_nobody_would_wait_for_is_none),
        cmocka_unit_test(nothing_is_sent_when_nothing_is_left),
        cmocka_unit_test(an_older_answer_does_not_raise_what_is_left),
        cmocka_unit_test(senseless_limits_stop_nobody),
        cmocka_unit_test(slows_down_before_failures_lock_the_key),
        cmocka_unit_test(requests_in_flight_may_fail_as_well),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
