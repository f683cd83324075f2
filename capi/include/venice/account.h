/* SPDX-License-Identifier: MIT */
/**
 * @file account.h
 * Balances and limits of an API key.
 *
 * They come from `GET /api_keys/rate_limits`, which answers every key. (`GET /billing/balance` answers an ordinary key as if it were wrong, and is
 * never asked.) An account does not change once fetched: all functions here may be called from any thread. They accept NULL and then return NULL, 0 or -1 as
 * said.
 */
#ifndef VENICE_ACCOUNT_H
#define VENICE_ACCOUNT_H

#include <venice/error.h>
#include <venice/status.h>
#include <venice/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Asks for the account of the client's key and waits for it. Costs nothing.
 *
 * @param out receives the account; free it with venice_account_free()
 * @return VENICE_OK, or any status of status.h; UNAUTHORIZED means that the key is wrong. Blocks for the network. Since 1.0.
 */
VENICE_API venice_status venice_get_account(venice_client *client, venice_account **out, venice_error **error);

/** Starts asking for the account. As venice_submit_generate(). Since 1.0. */
VENICE_API venice_status venice_submit_account(venice_client *client, venice_job **out, venice_error **error);

/** The result of venice_submit_account(); free it with venice_account_free(). As venice_job_result(). Since 1.0. */
VENICE_API venice_status venice_job_account(const venice_job *job, venice_account **out, venice_error **error);

/** Frees an account. NULL is fine. Since 1.0. */
VENICE_API void venice_account_free(venice_account *account);

/**
 * @param usd receives the balance in US dollars, which may be below 0; may be NULL
 * @return 1 if it is known; else 0, and the balance is 0. Since 1.0.
 */
VENICE_API int32_t venice_account_balance_usd(const venice_account *account, double *usd);

/**
 * @param diem receives the balance in DIEM; may be NULL
 * @return 1 if it is known; else 0, and the balance is 0. Since 1.0.
 */
VENICE_API int32_t venice_account_balance_diem(const venice_account *account, double *diem);

/** @return 1 if the key may generate, 0 if it may not (the balance is used up, for example), -1 if the server does not say. Since 1.0. */
VENICE_API int32_t venice_account_is_access_permitted(const venice_account *account);

/** @return the name of the API tier, such as "paid"; borrowed; "" if it is not known. Since 1.0. */
VENICE_API const char *venice_account_tier(const venice_account *account);

/** @return 1 if the key pays for what it uses, in USD or DIEM. Since 1.0. */
VENICE_API int32_t venice_account_is_charged(const venice_account *account);

/** @return when the key expires, as the server says it (ISO 8601); borrowed; NULL if never. Since 1.0. */
VENICE_API const char *venice_account_key_expiration(const venice_account *account);

/** @return when the next epoch begins, and limits that belong to one begin anew, as the server says it (ISO 8601); borrowed; NULL if it does not say. Since 1.0. */
VENICE_API const char *venice_account_next_epoch(const venice_account *account);

/** @return the number of rate limits, over all models. Since 1.0. */
VENICE_API size_t venice_account_limit_count(const venice_account *account);
/** @return the id of the model that limit `index` is for; borrowed; "" if the server names none; NULL if there is no such limit. Since 1.0. */
VENICE_API const char *venice_account_limit_model(const venice_account *account, size_t index);
/** @return the kind of limit `index`: "RPM" requests a minute, "RPD" requests a day, "TPM" tokens a minute, or a newer one; borrowed; NULL if there is no such limit. Since 1.0. */
VENICE_API const char *venice_account_limit_type(const venice_account *account, size_t index);
/** @return how many of its kind limit `index` allows; -1 if there is no such limit. Since 1.0. */
VENICE_API double venice_account_limit_amount(const venice_account *account, size_t index);

/** @return the whole answer as JSON text; borrowed; NULL for NULL. Since 1.0. */
VENICE_API const char *venice_account_json(const venice_account *account);

#ifdef __cplusplus
}
#endif

#endif
