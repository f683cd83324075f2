/* SPDX-License-Identifier: MIT */
/* CMocka, and what several of these tests need. */
#ifndef ABI_CHECKS_H
#define ABI_CHECKS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <venice/venice.h>

/* Whether a call that failed handed over the error that belongs to it; frees it. */
static inline void expect_error(venice_status status, venice_status expected, venice_error *error, const char *part) {
    assert_int_equal(status, expected);
    if (expected == VENICE_OK) {
        assert_null(error);
        return;
    }
    assert_non_null(error);
    assert_int_equal(venice_error_status(error), expected);
    if (part != NULL && strstr(venice_error_message(error), part) == NULL) {
        fail_msg("\"%s\" is not in \"%s\"", part, venice_error_message(error));
    }
    assert_null(strchr(venice_error_message(error), '\n'));
    assert_true(strlen(venice_error_message(error)) > 0);
    venice_error_free(error);
}

/* For calls that end in `&error`: EXPECT(VENICE_OK, venice_request_clear(request, &error)). */
#define EXPECT_MESSAGE(expected, part, call)             \
    do {                                                 \
        venice_error *error = (venice_error *)&error;    \
        const venice_status status = (call);             \
        expect_error(status, (expected), error, (part)); \
    } while (0)
#define EXPECT(expected, call) EXPECT_MESSAGE((expected), NULL, call)

static inline venice_request *new_request(void) {
    venice_request *request = NULL;
    EXPECT(VENICE_OK, venice_request_new(&request, &error));
    assert_non_null(request);
    return request;
}

static inline venice_client *new_client(void) {
    venice_client *client = NULL;
    EXPECT(VENICE_OK, venice_client_new(&client, &error));
    assert_non_null(client);
    return client;
}

static inline void expect_body(venice_request *request, const char *expected) {
    const char *json = NULL;
    EXPECT(VENICE_OK, venice_request_body(request, &json, &error));
    assert_string_equal(json, expected);
}

#endif
