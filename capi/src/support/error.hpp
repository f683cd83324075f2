// SPDX-License-Identifier: MIT
// The library's exception: everything that a venice_error can tell. It never leaves the library; see api/guard.hpp.
#pragma once

#include <venice/status.h>

#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace venice {

// One field of a request and what is wrong with it. The field is empty where the request as a whole is meant.
struct Problem {
    std::string field;
    std::string message;
    std::string code = {};  // stable, for programs; empty: none
};

struct ErrorInfo {
    venice_status status = VENICE_ERROR_INTERNAL;
    std::string message;
    std::int32_t http_status = 0;
    std::string server_message;  // empty: none
    std::string server_code;     // empty: none
    std::string request_id;      // empty: unknown
    std::int64_t retry_after_ms = -1;
    bool may_be_charged = false;
    std::vector<Problem> problems;
};

// Without memory for its texts: what is left to tell. That must not hide that something may be charged.
inline ErrorInfo copy_or_essentials(const ErrorInfo& info) noexcept {
    try {
        return info;
    } catch (...) {
        ErrorInfo essentials;
        essentials.status = info.status;
        essentials.message = "Out of memory.";  // so short that it needs none
        essentials.http_status = info.http_status;
        essentials.retry_after_ms = info.retry_after_ms;
        essentials.may_be_charged = info.may_be_charged;
        return essentials;
    }
}

class Error : public std::exception {
public:
    explicit Error(ErrorInfo info) : info_(std::move(info)) {}
    Error(venice_status status, std::string message) { info_.status = status, info_.message = std::move(message); }

    const ErrorInfo& info() const noexcept { return info_; }
    const char* what() const noexcept override { return info_.message.c_str(); }

private:
    ErrorInfo info_;
};

// A field that is wrong by itself: the status says how, the error has the one problem.
inline Error field_error(venice_status status, std::string field, std::string message) {
    ErrorInfo info;
    info.status = status;
    info.message = message;
    info.problems.push_back({std::move(field), std::move(message), venice_status_name(status)});
    return Error(std::move(info));
}

}  // namespace venice
