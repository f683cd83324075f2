/* SPDX-License-Identifier: MIT */
/**
 * @file venice.h
 * libvenice: images from text through the Venice.ai HTTP API.
 *
 * This header includes all others. Reading order: types.h, status.h, error.h, request.h, client.h, job.h, result.h, catalog.h, account.h.
 *
 * ## A first program
 *
 *     venice_client *client; venice_request *request; venice_result *result; venice_error *error;
 *     venice_client_new(&client, NULL);
 *     venice_client_set_string(client, "api_key", getenv("VENICE_API_KEY"), NULL);
 *     venice_request_new(&request, NULL);
 *     venice_request_set_string(request, "model", "z-image-turbo", NULL);
 *     venice_request_set_string(request, "prompt", "a red fox in the snow", NULL);
 *     if (venice_generate(client, request, &result, &error) != VENICE_OK)
 *         puts(venice_error_message(error));
 *
 * examples/generate.c is a complete one; beside it are the same in C++, Python, LuaJIT, Rust, Go and Node.
 *
 * ## Conventions, for all functions
 *
 * - **Types.** Only opaque handles, `int32_t`, `int64_t`, `double`, `size_t`, NUL-terminated UTF-8 `const char *`, and pointer + size
 *   for bytes. A truth value is an `int32_t`, 0 or 1. Constants are plain numbers; they are given in the comments, never change, and
 *   new ones may be added: treat an unknown one as "something else", not as an error.
 * - **Results.** A function that can fail returns a #venice_status. What it makes comes through an `**out` parameter and is yours: free it
 *   with the `venice_…_free` of its type. On failure `*out` is set to NULL. `venice_…_free(NULL)` is fine.
 * - **Errors.** The last parameter `venice_error **error` may be NULL. Otherwise `*error` is overwritten (never read): with NULL on success, on
 *   failure with a new error that you free with venice_error_free(). If there is no memory even for that, it is NULL: the status still tells.
 * - **Lifetimes.** A child keeps its parent alive: handles may be freed in any order. A borrowed string (a `const char *` that a
 *   function returns) lives as long as the handle that it was asked from. Where that handle can change, as a request can, it lives until
 *   the next call on that handle.
 * - **Threads.** Clients and jobs may be used from any thread at any time. A request is used by one thread at a time, and may be freed from any.
 *   Results, images, models, styles, accounts, plans, events and errors do not change once made and may be read from any number of threads.
 * - **Text** is UTF-8. Text that is not valid UTF-8, or JSON text with an escaped NUL, is refused (VENICE_ERROR_INVALID_TEXT), never cut.
 *   Numbers never depend on the locale.
 * - **fork().** A client made before fork() works on in the parent only; in the child every call on it returns VENICE_ERROR_FORKED.
 */
#ifndef VENICE_VENICE_H
#define VENICE_VENICE_H

#include <venice/account.h>
#include <venice/catalog.h>
#include <venice/client.h>
#include <venice/error.h>
#include <venice/job.h>
#include <venice/request.h>
#include <venice/result.h>
#include <venice/status.h>
#include <venice/types.h>

#endif
