// SPDX-License-Identifier: MIT
#include <venice/error.h>

#include "api/borrowed_text.hpp"
#include "api/handles.hpp"

using venice::text_or_null;

namespace {

const venice::Problem* problem_at(const venice_error* error, std::size_t index) {
    return error != nullptr && index < error->info.problems.size() ? &error->info.problems[index] : nullptr;
}

}  // namespace

void venice_error_free(venice_error* error) { delete error; }

venice_status venice_error_status(const venice_error* error) { return error != nullptr ? error->info.status : VENICE_OK; }

const char* venice_error_message(const venice_error* error) { return error != nullptr ? error->info.message.c_str() : ""; }

int32_t venice_error_http_status(const venice_error* error) { return error != nullptr ? error->info.http_status : 0; }

const char* venice_error_server_message(const venice_error* error) {
    return error != nullptr ? text_or_null(error->info.server_message) : nullptr;
}

const char* venice_error_server_code(const venice_error* error) {
    return error != nullptr ? text_or_null(error->info.server_code) : nullptr;
}

const char* venice_error_request_id(const venice_error* error) { return error != nullptr ? text_or_null(error->info.request_id) : nullptr; }

int64_t venice_error_retry_after_ms(const venice_error* error) { return error != nullptr ? error->info.retry_after_ms : -1; }

int32_t venice_error_may_be_charged(const venice_error* error) { return error != nullptr && error->info.may_be_charged ? 1 : 0; }

size_t venice_error_problem_count(const venice_error* error) { return error != nullptr ? error->info.problems.size() : 0; }

const char* venice_error_problem_field(const venice_error* error, size_t index) {
    const venice::Problem* problem = problem_at(error, index);
    return problem != nullptr ? problem->field.c_str() : nullptr;
}

const char* venice_error_problem_message(const venice_error* error, size_t index) {
    const venice::Problem* problem = problem_at(error, index);
    return problem != nullptr ? problem->message.c_str() : nullptr;
}

const char* venice_error_problem_code(const venice_error* error, size_t index) {
    const venice::Problem* problem = problem_at(error, index);
    return problem != nullptr ? problem->code.c_str() : nullptr;
}
