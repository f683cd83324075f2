// SPDX-License-Identifier: MIT
#include "account/account_info.hpp"
#include "checks.hpp"

namespace {

void reads_what_the_api_documents(void**) {
    const venice::AccountInfo account = venice::read_account(R"({"data":{"accessPermitted":true,"apiTier":{"id":"paid","isCharged":true},
        "balances":{"USD":-0.25,"DIEM":100.5},"keyExpiration":"2027-06-01T00:00:00Z","nextEpochBegins":"2026-05-07T00:00:00.000Z","futureMember":[1],
        "rateLimits":[{"apiModelId":"a","rateLimits":[{"amount":100,"type":"RPM"},{"amount":27,"type":"RPD"}]},{"rateLimits":[{"amount":5,"type":"NEW"}]},7]}})");
    assert_true(account.access_permitted == true && account.is_charged);
    expect_text(account.tier, "paid");
    assert_true(*account.balance_usd <= -0.25 && *account.balance_usd >= -0.25);
    assert_true(*account.balance_diem >= 100.5 && *account.balance_diem <= 100.5);
    expect_text(account.key_expiration, "2027-06-01T00:00:00Z");
    expect_text(account.next_epoch, "2026-05-07T00:00:00.000Z");
    assert_int_equal(account.limits.size(), 3);
    expect_text(account.limits[1].model, "a");
    expect_text(account.limits[1].type, "RPD");
    assert_int_equal(static_cast<int>(account.limits[1].amount), 27);
    expect_text(account.limits[2].model, "");
    expect_contains(account.json, "\"futureMember\":[1]");
}

void what_is_missing_is_unknown_and_not_zero(void**) {
    for (const char* body : {R"({"data":{}})", R"({"data":{"accessPermitted":"yes","balances":{"USD":"1","DIEM":null},"keyExpiration":null,"apiTier":[],"rateLimits":{}}})"}) {
        const venice::AccountInfo account = venice::read_account(body);
        assert_false(account.access_permitted.has_value() || account.balance_usd.has_value() || account.balance_diem.has_value());
        assert_true(account.key_expiration.empty() && account.next_epoch.empty() && account.limits.empty() && account.tier.empty());
    }
}

void refuses_what_is_no_account(void**) {
    for (const char* body : {"", "<html>", "[]", "{}", R"({"data":[]})", R"({"data":{)"}) {
        assert_int_equal(error_of([&] { venice::read_account(body); }).status, VENICE_ERROR_MALFORMED_RESPONSE);
    }
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_api_documents),
        cmocka_unit_test(what_is_missing_is_unknown_and_not_zero),
        cmocka_unit_test(refuses_what_is_no_account),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
