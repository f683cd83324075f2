// SPDX-License-Identifier: MIT
// The one place where exceptions end: every fallible entry point runs inside guarded().
#pragma once

#include <venice/types.h>

#include <new>
#include <utility>

#include "api/handles.hpp"
#include "support/error.hpp"

namespace venice {

// Hands the error over. Without memory for it the status has to do.
inline venice_status report(venice_error** out, ErrorInfo info) noexcept {
    const venice_status status = info.status;
    if (out != nullptr) {
        *out = new (std::nothrow) venice_error{std::move(info)};
    }
    return status;
}

inline venice_status report(venice_error** out, venice_status status, const char* message) noexcept {
    try {
        ErrorInfo info;
        info.status = status;
        info.message = message;
        return report(out, std::move(info));
    } catch (...) {
        return status;
    }
}

// Runs `body`, which may throw anything, and turns the outcome into a status.
template <typename Body>
venice_status guarded(venice_error** error, Body&& body) noexcept {
    if (error != nullptr) {
        *error = nullptr;
    }
    try {
        body();
        return VENICE_OK;
    } catch (const Error& thrown) {
        return report(error, copy_or_essentials(thrown.info()));
    } catch (const std::bad_alloc&) {
        return report(error, VENICE_ERROR_OUT_OF_MEMORY, "Out of memory.");
    } catch (const std::exception& thrown) {
        return report(error, VENICE_ERROR_INTERNAL, thrown.what());
    } catch (...) {
        return report(error, VENICE_ERROR_INTERNAL, "An unknown exception.");
    }
}

// The same for a function that makes a handle with `make`: *out is null unless it works.
template <typename Handle, typename Make>
venice_status guarded_out(Handle** out, venice_error** error, Make&& make) noexcept {
    if (out != nullptr) {
        *out = nullptr;
    }
    return guarded(error, [&] {  // cppcheck-suppress throwInNoexceptFunction  ; guarded() lets nothing out
        if (out == nullptr) {
            throw Error(VENICE_ERROR_INVALID_ARGUMENT, "out is NULL.");
        }
        *out = make();
    });
}

// What `body` gives becomes a handle, for which there is memory before `body` begins: what was paid for is not lost for want of it.
template <typename Handle, typename Body>
venice_status guarded_make(Handle** out, venice_error** error, Body&& body) noexcept {
    // cppcheck-suppress throwInNoexceptFunction  ; guarded() lets nothing out
    return guarded_out(out, error, [&] { return new Handle{body()}; });  // NOLINT(bugprone-unhandled-exception-at-new): guarded() lets nothing out
}

// The other way round, for what stays where it is: an error of `body` is told even without memory for the handle.
template <typename Handle, typename Body>
venice_status guarded_read(Handle** out, venice_error** error, Body&& body) noexcept {
    // cppcheck-suppress throwInNoexceptFunction  ; guarded() lets nothing out
    return guarded_out(out, error, [&] {
        auto content = body();
        return new Handle{std::move(content)};  // NOLINT(bugprone-unhandled-exception-at-new): guarded() lets nothing out
    });
}

template <typename Pointer>
Pointer& required(Pointer* pointer, const char* name) {
    if (pointer == nullptr) {
        throw Error(VENICE_ERROR_INVALID_ARGUMENT, std::string(name) + " is NULL.");
    }
    return *pointer;
}

}  // namespace venice
