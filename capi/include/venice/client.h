/* SPDX-License-Identifier: MIT */
/**
 * @file client.h
 * The connection to the service: options, and the blocking calls.
 *
 * One client is enough for a program: it keeps connections open and runs any number of jobs (job.h) on one thread of its own. For each
 * answer with images of several MiB, while it arrives, one more has their memory provided; it runs no code of the program.
 *
 * ## Options
 *
 * | name | type | range | default |
 * |---|---|---|---|
 * | api_key | string | printable ASCII without spaces | none: only what needs no key works |
 * | base_url | string | https, or http to a loopback address (127.0.0.0/8, [::1], "localhost") | https://api.venice.ai/api/v1 |
 * | user_agent | string | printable ASCII | libvenice/VERSION |
 * | connect_timeout_ms | int | 1..3600000 | 30000 |
 * | total_timeout_ms | int | 0 (no limit)..86400000; from the first try (not from submitting: a job may wait for its turn) to the end, with all retries and the waits between them | 600000 |
 * | idle_timeout_ms | int | 0 (no limit)..86400000; no byte in either direction for so long, to the second | 300000 |
 * | max_response_bytes | int | 1024..4294967296 | 268435456 (256 MiB) |
 * | cache_dir | string | a folder for the lists of models and styles, made for this user alone (0700, files 0600) if it is missing; see catalog.h | none: nothing is kept on disk |
 * | cache_max_age_ms | int | 0..31536000000; younger lists are taken from the folder without asking the server | 3600000 (1 h) |
 * | max_in_flight | int | 1..256 requests at once; the others wait, queued | 4 |
 * | max_retries | int | 0 (never, and never held back)..100; how often one request is sent again after 429 and 503, see job.h | 3 |
 * | max_retry_wait_ms | int | 0..86400000; where the server asks for a longer wait, the job fails at once; where it does not say how long, it is not longer | 120000 |
 * | proxy | string | http, https, socks4, socks4a, socks5 or socks5h URL, name and password in it if need be; "": none | what the environment says |
 * | ca_file | string | a file of certificates in PEM form, trusted besides the system's; read when it is set | none |
 *
 * A change holds for jobs that are submitted after it. The usual proxy variables of the environment (https_proxy, no_proxy, …) are obeyed
 * unless `proxy` is set (no_proxy holds for that too); no proxy ever gets a plain http request to this machine, which would show it the key.
 * Certificates are verified, always. Redirects are not followed. A request for images that was sent
 * is sent again only after the answers 429 and 503, by which the server says that it did nothing: `max_retries`, and job.h.
 */
#ifndef VENICE_CLIENT_H
#define VENICE_CLIENT_H

#include <venice/error.h>
#include <venice/status.h>
#include <venice/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a client. No thread is started and nothing is sent before the first job.
 *
 * @param out receives the client; free it with venice_client_free()
 * @return VENICE_OK, INVALID_ARGUMENT, OUT_OF_MEMORY, INTERNAL (no descriptors left). Any thread. Since 1.0.
 */
VENICE_API venice_status venice_client_new(venice_client **out, venice_error **error);

/**
 * Cancels all jobs, waits for the client's thread (not for the network), and frees the client. Jobs and results stay valid; jobs that were not done
 * report that they were cancelled. No other call on this client may run or come. NULL is fine.
 *
 * @return VENICE_OK; BUSY when called from inside the client's own callback, FORKED in a child process: then the client is not freed. Since 1.0.
 */
VENICE_API venice_status venice_client_free(venice_client *client);

/**
 * Sets a text option; see the table.
 *
 * @param name  an option of type string
 * @param value UTF-8; copied. NULL restores the default.
 * @return VENICE_OK, INVALID_ARGUMENT, UNKNOWN_PARAMETER, WRONG_TYPE, OUT_OF_RANGE (not a URL that is allowed), INVALID_TEXT, FILE, OUT_OF_MEMORY, FORKED. Since 1.0.
 */
VENICE_API venice_status venice_client_set_string(venice_client *client, const char *name, const char *value, venice_error **error);

/**
 * Sets a number option; see the table.
 *
 * @param name  an option of type int
 * @param value in the unit and the range of the table
 * @return VENICE_OK, INVALID_ARGUMENT, UNKNOWN_PARAMETER, WRONG_TYPE, OUT_OF_RANGE, FORKED. Since 1.0.
 */
VENICE_API venice_status venice_client_set_int(venice_client *client, const char *name, int64_t value, venice_error **error);

/**
 * Generates: sends the request, waits for the answer and decodes it. The same as submitting a job and waiting for it; the client's events
 * do not show it.
 *
 * @param request must have at least model and prompt
 * @param out     receives the result; free it with venice_result_free()
 * @return VENICE_OK, or any status of status.h. Any thread (BUSY on the client's own), but it blocks for seconds to minutes. Since 1.0.
 */
VENICE_API venice_status venice_generate(venice_client *client, const venice_request *request, venice_result **out, venice_error **error);

/**
 * Fetches the list of image models and waits for it, or takes it from the cache folder (catalog.h). No key is needed.
 *
 * @param out receives the list; free it with venice_models_free()
 * @return VENICE_OK, or any status of status.h. Blocks for the network. Since 1.0.
 */
VENICE_API venice_status venice_list_models(venice_client *client, venice_models **out, venice_error **error);

/** Fetches the list of styles and waits for it; free it with venice_styles_free(). As venice_list_models(). Since 1.0. */
VENICE_API venice_status venice_list_styles(venice_client *client, venice_styles **out, venice_error **error);

#ifdef __cplusplus
}
#endif

#endif
