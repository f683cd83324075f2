// SPDX-License-Identifier: MIT
#include <venice/status.h>

const char* venice_version(void) { return VENICE_VERSION; }

const char* venice_status_name(venice_status status) {
    switch (status) {
        case VENICE_OK:
            return "ok";
        case VENICE_ERROR_INVALID_ARGUMENT:
            return "invalid_argument";
        case VENICE_ERROR_UNKNOWN_PARAMETER:
            return "unknown_parameter";
        case VENICE_ERROR_WRONG_TYPE:
            return "wrong_type";
        case VENICE_ERROR_OUT_OF_RANGE:
            return "out_of_range";
        case VENICE_ERROR_INVALID_TEXT:
            return "invalid_text";
        case VENICE_ERROR_INVALID_JSON:
            return "invalid_json";
        case VENICE_ERROR_INVALID_REQUEST:
            return "invalid_request";
        case VENICE_ERROR_NOT_READY:
            return "not_ready";
        case VENICE_ERROR_BUSY:
            return "busy";
        case VENICE_ERROR_FORKED:
            return "forked";
        case VENICE_ERROR_OUT_OF_MEMORY:
            return "out_of_memory";
        case VENICE_ERROR_INTERNAL:
            return "internal";
        case VENICE_ERROR_CANCELLED:
            return "cancelled";
        case VENICE_ERROR_FILE:
            return "file";
        case VENICE_ERROR_RESOLVE:
            return "resolve";
        case VENICE_ERROR_CONNECT:
            return "connect";
        case VENICE_ERROR_TLS:
            return "tls";
        case VENICE_ERROR_PROXY:
            return "proxy";
        case VENICE_ERROR_NETWORK:
            return "network";
        case VENICE_ERROR_TIMEOUT:
            return "timeout";
        case VENICE_ERROR_INCOMPLETE_RESPONSE:
            return "incomplete_response";
        case VENICE_ERROR_MALFORMED_RESPONSE:
            return "malformed_response";
        case VENICE_ERROR_RESPONSE_TOO_LARGE:
            return "response_too_large";
        case VENICE_ERROR_REDIRECT:
            return "redirect";
        case VENICE_ERROR_HTTP:
            return "http";
        case VENICE_ERROR_BAD_REQUEST:
            return "bad_request";
        case VENICE_ERROR_UNAUTHORIZED:
            return "unauthorized";
        case VENICE_ERROR_PAYMENT_REQUIRED:
            return "payment_required";
        case VENICE_ERROR_FORBIDDEN:
            return "forbidden";
        case VENICE_ERROR_NOT_FOUND:
            return "not_found";
        case VENICE_ERROR_REQUEST_TOO_LARGE:
            return "request_too_large";
        case VENICE_ERROR_UNSUPPORTED_MEDIA_TYPE:
            return "unsupported_media_type";
        case VENICE_ERROR_CONTENT_REFUSED:
            return "content_refused";
        case VENICE_ERROR_RATE_LIMITED:
            return "rate_limited";
        case VENICE_ERROR_SERVER:
            return "server";
        case VENICE_ERROR_BAD_GATEWAY:
            return "bad_gateway";
        case VENICE_ERROR_UNAVAILABLE:
            return "unavailable";
        case VENICE_ERROR_GATEWAY_TIMEOUT:
            return "gateway_timeout";
        default:
            return "unknown";
    }
}
