// SPDX-License-Identifier: MIT
#include "account/account_info.hpp"

#include "support/error.hpp"
#include "support/json.hpp"

namespace venice {
namespace {

void read_limits(const cJSON* list, AccountInfo& account) {
    for (const cJSON* entry = cJSON_IsArray(list) ? list->child : nullptr; entry != nullptr; entry = entry->next) {
        const std::string model = string_member(entry, "apiModelId");
        const cJSON* limits = member(entry, "rateLimits");
        for (const cJSON* limit = cJSON_IsArray(limits) ? limits->child : nullptr; limit != nullptr; limit = limit->next) {
            const auto amount = number_member(limit, "amount");
            if (amount) {
                account.limits.push_back({model, string_member(limit, "type"), *amount});
            }
        }
    }
}

}  // namespace

AccountInfo read_account(std::string_view body) {
    const Json json = check_json(body) == JsonFault::none ? parse_json(body) : nullptr;
    const cJSON* data = member(json.get(), "data");
    if (!cJSON_IsObject(data)) {
        throw Error(VENICE_ERROR_MALFORMED_RESPONSE, "The server's answer about the account is not what the API documents. Check base_url, or try again later.");
    }
    AccountInfo account;
    const cJSON* permitted = member(data, "accessPermitted");
    account.access_permitted = cJSON_IsBool(permitted) ? std::optional(cJSON_IsTrue(permitted) != 0) : std::nullopt;
    account.tier = string_member(member(data, "apiTier"), "id");
    account.is_charged = bool_member(member(data, "apiTier"), "isCharged");
    account.balance_usd = number_member(member(data, "balances"), "USD");
    account.balance_diem = number_member(member(data, "balances"), "DIEM");
    account.key_expiration = string_member(data, "keyExpiration");
    account.next_epoch = string_member(data, "nextEpochBegins");
    read_limits(member(data, "rateLimits"), account);
    account.json = print_json(data);
    return account;
}

}  // namespace venice
