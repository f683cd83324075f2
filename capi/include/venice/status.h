/* SPDX-License-Identifier: MIT */
/**
 * @file status.h
 * What a call came to, and the library's version.
 */
#ifndef VENICE_STATUS_H
#define VENICE_STATUS_H

#include <venice/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What a call came to: 0 or one of the numbers below. Numbers never change; new ones may come.
 *
 * From 400 on they are the HTTP status of the server's answer (504 also stands for 524, and 404 is what searching a list of models comes to); 399 is any other
 * HTTP status that means failure. 50 to 53 are answers that cannot be used. All others come from this library or the network.
 */
typedef int32_t venice_status;

enum {
    /** 0: it worked. */
    VENICE_OK = 0,

    /** 1: an argument is NULL, a handle of the wrong kind, or a value that makes no sense here. Nothing was sent. */
    VENICE_ERROR_INVALID_ARGUMENT = 1,
    /** 2: there is no parameter or option of this name. Nothing was sent. */
    VENICE_ERROR_UNKNOWN_PARAMETER = 2,
    /** 3: the parameter exists, but has another type. Nothing was sent. */
    VENICE_ERROR_WRONG_TYPE = 3,
    /** 4: the value is outside the range, or not in the list of allowed values. Nothing was sent. */
    VENICE_ERROR_OUT_OF_RANGE = 4,
    /** 5: text that is not valid UTF-8, holds a NUL, or, where it goes into a header, a control character. Nothing was sent. */
    VENICE_ERROR_INVALID_TEXT = 5,
    /** 6: a JSON argument that is not JSON. Nothing was sent. */
    VENICE_ERROR_INVALID_JSON = 6,
    /** 7: parameters that are missing or do not fit each other or the model; the error lists the problems. Nothing was sent. */
    VENICE_ERROR_INVALID_REQUEST = 7,
    /** 8: what was asked for is not there yet: the job still runs, or the time limit of a waiting call has passed. */
    VENICE_ERROR_NOT_READY = 8,
    /** 9: cannot be done from inside the client's own callback: freeing the client, or waiting for what its thread does. */
    VENICE_ERROR_BUSY = 9,
    /** 10: the client was made before a fork(), and this is the child. */
    VENICE_ERROR_FORKED = 10,

    /** 20: out of memory. */
    VENICE_ERROR_OUT_OF_MEMORY = 20,
    /** 21: a mistake in the library. Please report it with the message. */
    VENICE_ERROR_INTERNAL = 21,
    /** 22: the job was cancelled, or its client freed. */
    VENICE_ERROR_CANCELLED = 22,
    /** 23: a file could not be read or written. */
    VENICE_ERROR_FILE = 23,

    /** 30: the server's name (or the proxy's) could not be looked up. Nothing was sent. */
    VENICE_ERROR_RESOLVE = 30,
    /** 31: no connection to the server (or the proxy). Nothing was sent. */
    VENICE_ERROR_CONNECT = 31,
    /** 32: the encrypted connection could not be set up or verified. Nothing was sent. */
    VENICE_ERROR_TLS = 32,
    /** 33: the proxy refused. Nothing was sent. */
    VENICE_ERROR_PROXY = 33,
    /** 34: the connection broke while the request was sent or the answer was read. See venice_error_may_be_charged(). */
    VENICE_ERROR_NETWORK = 34,
    /** 35: no connection, no sign of life, or no complete answer within the time set, or no next try in it. See venice_error_may_be_charged(). */
    VENICE_ERROR_TIMEOUT = 35,

    /** 50: the answer ended too early. */
    VENICE_ERROR_INCOMPLETE_RESPONSE = 50,
    /** 51: the answer is not what the API documents: not JSON, not base64, no image, an HTML page. */
    VENICE_ERROR_MALFORMED_RESPONSE = 51,
    /** 52: the answer is larger than the option `max_response_bytes`. */
    VENICE_ERROR_RESPONSE_TOO_LARGE = 52,
    /** 53: the server wanted to send us elsewhere. Redirects are not followed, because the key would go along. */
    VENICE_ERROR_REDIRECT = 53,

    /** 399: an HTTP status that is not in this list; see venice_error_http_status(). */
    VENICE_ERROR_HTTP = 399,
    /** 400: the server found the request wrong; the error lists the fields if the server named them. */
    VENICE_ERROR_BAD_REQUEST = 400,
    /** 401: the API key is unknown, expired or inactive, or the model needs a paid plan. */
    VENICE_ERROR_UNAUTHORIZED = 401,
    /** 402: the balance or the key's limit is used up; also the answer to a request without any key. */
    VENICE_ERROR_PAYMENT_REQUIRED = 402,
    /** 403: this key or this region may not use the model. */
    VENICE_ERROR_FORBIDDEN = 403,
    /** 404: the model is unknown or was retired; also from venice_models_find() and its like, which ask no server. */
    VENICE_ERROR_NOT_FOUND = 404,
    /** 413: the request is too large. */
    VENICE_ERROR_REQUEST_TOO_LARGE = 413,
    /** 415: the server did not accept the content type. */
    VENICE_ERROR_UNSUPPORTED_MEDIA_TYPE = 415,
    /** 422: the content was refused. */
    VENICE_ERROR_CONTENT_REFUSED = 422,
    /** 429: too many requests, or the model is overloaded; see venice_error_retry_after_ms(). */
    VENICE_ERROR_RATE_LIMITED = 429,
    /** 500: making the image failed on the server. */
    VENICE_ERROR_SERVER = 500,
    /** 502: a gateway in front of the server got no good answer from it. */
    VENICE_ERROR_BAD_GATEWAY = 502,
    /** 503: the server is at capacity, or the model is offline. */
    VENICE_ERROR_UNAVAILABLE = 503,
    /** 504 (and 524): the server took too long. */
    VENICE_ERROR_GATEWAY_TIMEOUT = 504
};

/**
 * The stable name of a status, for logs and for matching in other languages: "ok", "out_of_range", "rate_limited", …
 *
 * @param status any number
 * @return static text, never NULL; "unknown" for a number that this version does not know. Any thread. Since 1.0.
 */
VENICE_API const char *venice_status_name(venice_status status);

/**
 * The version of the library that runs (not of the header), as "major.minor.patch".
 *
 * @return static text. Any thread. Since 1.0.
 */
VENICE_API const char *venice_version(void);

#ifdef __cplusplus
}
#endif

#endif
