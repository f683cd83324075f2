// SPDX-License-Identifier: MIT
#include <venice/account.h>

#include "api/borrowed_text.hpp"
#include "api/client_access.hpp"

using venice::core_of;
using venice::guarded_make;
using venice::Job;
using venice::text_or_null;

namespace {

using Account = std::shared_ptr<const venice::AccountInfo>;

int32_t tell(const std::optional<double>& amount, double* out) {
    if (out != nullptr) {
        *out = amount.value_or(0);
    }
    return amount ? 1 : 0;
}

const venice::RateLimit* limit_at(const venice_account* account, std::size_t index) {
    return account != nullptr && index < account->account->limits.size() ? &account->account->limits[index] : nullptr;
}

}  // namespace

venice_status venice_get_account(venice_client* client, venice_account** out, venice_error** error) {
    return guarded_make(out, error, [&] {
        venice::ClientCore& core = core_of(client);
        return venice::wait_for<Account>(core, core.submit_account(false));
    });
}

venice_status venice_submit_account(venice_client* client, venice_job** out, venice_error** error) {
    return guarded_make(out, error, [&] { return core_of(client).submit_account(true); });
}

venice_status venice_job_account(const venice_job* job, venice_account** out, venice_error** error) {
    return guarded_make(out, error, [&] { return venice::payload_of<Account>(venice::job_of(job), Job::Kind::account); });
}

void venice_account_free(venice_account* account) { delete account; }

int32_t venice_account_balance_usd(const venice_account* account, double* usd) {
    return tell(account != nullptr ? account->account->balance_usd : std::nullopt, usd);
}

int32_t venice_account_balance_diem(const venice_account* account, double* diem) {
    return tell(account != nullptr ? account->account->balance_diem : std::nullopt, diem);
}

int32_t venice_account_is_access_permitted(const venice_account* account) {
    if (account == nullptr) {
        return 0;
    }
    const auto& permitted = account->account->access_permitted;
    return !permitted ? -1 : *permitted ? 1 : 0;
}

const char* venice_account_tier(const venice_account* account) { return account != nullptr ? account->account->tier.c_str() : nullptr; }

int32_t venice_account_is_charged(const venice_account* account) { return account != nullptr && account->account->is_charged ? 1 : 0; }

const char* venice_account_key_expiration(const venice_account* account) {
    return account != nullptr ? text_or_null(account->account->key_expiration) : nullptr;
}

const char* venice_account_next_epoch(const venice_account* account) {
    return account != nullptr ? text_or_null(account->account->next_epoch) : nullptr;
}

size_t venice_account_limit_count(const venice_account* account) { return account != nullptr ? account->account->limits.size() : 0; }

const char* venice_account_limit_model(const venice_account* account, size_t index) {
    const venice::RateLimit* limit = limit_at(account, index);
    return limit != nullptr ? limit->model.c_str() : nullptr;
}

const char* venice_account_limit_type(const venice_account* account, size_t index) {
    const venice::RateLimit* limit = limit_at(account, index);
    return limit != nullptr ? limit->type.c_str() : nullptr;
}

double venice_account_limit_amount(const venice_account* account, size_t index) {
    const venice::RateLimit* limit = limit_at(account, index);
    return limit != nullptr ? limit->amount : -1;
}

const char* venice_account_json(const venice_account* account) { return account != nullptr ? account->account->json.c_str() : nullptr; }
