// SPDX-License-Identifier: MIT
// RAII for libvenice's handles, and its errors as an exception. Everything else of the plug-in talks to the library through these.
#pragma once

#include <venice/venice.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "generation/shown_text.hpp"

namespace venice_gimp {

template <auto Free>
struct HandleDeleter {
    template <typename Handle>
    void operator()(Handle* handle) const noexcept {
        Free(handle);
    }
};

using ClientHandle = std::unique_ptr<venice_client, HandleDeleter<venice_client_free>>;
using RequestHandle = std::unique_ptr<venice_request, HandleDeleter<venice_request_free>>;
using JobHandle = std::unique_ptr<venice_job, HandleDeleter<venice_job_free>>;
using EventHandle = std::unique_ptr<venice_event, HandleDeleter<venice_event_free>>;
using ResultHandle = std::unique_ptr<venice_result, HandleDeleter<venice_result_free>>;
using ImageStreamHandle = std::unique_ptr<venice_image_stream, HandleDeleter<venice_image_stream_free>>;
using ImageHandle = std::unique_ptr<venice_image, HandleDeleter<venice_image_free>>;
using ModelsHandle = std::unique_ptr<venice_models, HandleDeleter<venice_models_free>>;
using ModelHandle = std::unique_ptr<venice_model, HandleDeleter<venice_model_free>>;
using AccountHandle = std::unique_ptr<venice_account, HandleDeleter<venice_account_free>>;
using StylesHandle = std::unique_ptr<venice_styles, HandleDeleter<venice_styles_free>>;
using ErrorHandle = std::unique_ptr<venice_error, HandleDeleter<venice_error_free>>;

// Why something failed, kept as values so that it can outlive the handles and be copied.
struct Failure {
    venice_status status = VENICE_OK;
    std::string message;  // English, for scripts and logs; the dialog has words of its own for what users meet
    std::string server_message;  // the server's own words; empty if it gave none
    bool may_be_charged = false;
    std::int64_t retry_after_ms = -1;
};

// Both texts may be, or hold, the server's own.
inline void make_fit_to_show(Failure& failure) {
    failure.message = shown_line(failure.message, 4 * longest_shown_sentence);
    failure.server_message = shown_line(failure.server_message, longest_shown_sentence);
}

class VeniceException : public std::exception {
public:
    explicit VeniceException(Failure failure) : failure_(std::move(failure)) {}
    const Failure& failure() const noexcept { return failure_; }
    const char* what() const noexcept override { return failure_.message.c_str(); }

private:
    Failure failure_;
};

// A failed call as values. Takes the error, which may be null when memory was short.
inline Failure to_failure(venice_status status, venice_error* raw_error) {
    const ErrorHandle error(raw_error);
    Failure failure;
    failure.status = status;
    failure.message = error ? venice_error_message(error.get()) : venice_status_name(status);
    const char* words = venice_error_server_message(error.get());
    failure.server_message = words != nullptr ? words : "";
    make_fit_to_show(failure);
    failure.may_be_charged = !error || venice_error_may_be_charged(error.get()) != 0;  // without details nobody knows
    failure.retry_after_ms = venice_error_retry_after_ms(error.get());
    return failure;
}

// Calls a function of the library whose last parameter is the error, and throws if it fails.
template <typename Function, typename... Arguments>
void call(Function function, Arguments... arguments) {
    venice_error* error = nullptr;
    const venice_status status = function(arguments..., &error);
    if (status != VENICE_OK) {
        throw VeniceException(to_failure(status, error));
    }
}

// The same for a function that makes a handle: make<ResultHandle>(venice_job_result, job).
template <typename Handle, typename Function, typename... Arguments>
Handle make(Function function, Arguments... arguments) {
    typename Handle::pointer raw = nullptr;
    call(function, arguments..., &raw);
    return Handle(raw);
}

}  // namespace venice_gimp
