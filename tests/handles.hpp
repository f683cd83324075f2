// SPDX-License-Identifier: MIT
// Handles of the public ABI that free themselves, for programs that only use it.
#pragma once

#include <venice/venice.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace handles {

[[noreturn]] inline void give_up(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

template <auto free>
struct Freed {
    template <typename Handle>
    void operator()(Handle* handle) const noexcept {
        free(handle);
    }
};

using Client = std::unique_ptr<venice_client, Freed<venice_client_free>>;
using Request = std::unique_ptr<venice_request, Freed<venice_request_free>>;
using Job = std::unique_ptr<venice_job, Freed<venice_job_free>>;
using Event = std::unique_ptr<venice_event, Freed<venice_event_free>>;
using Result = std::unique_ptr<venice_result, Freed<venice_result_free>>;
using Image = std::unique_ptr<venice_image, Freed<venice_image_free>>;
using Error = std::unique_ptr<venice_error, Freed<venice_error_free>>;
using ImageStream = std::unique_ptr<venice_image_stream, Freed<venice_image_stream_free>>;
using Models = std::unique_ptr<venice_models, Freed<venice_models_free>>;
using Model = std::unique_ptr<venice_model, Freed<venice_model_free>>;

// Calls the function with the arguments and an error at the end; a failure ends the program.
template <typename Function, typename... Arguments>
void call(Function* function, Arguments... arguments) {
    venice_error* error = nullptr;
    if (const venice_status status = function(arguments..., &error); status != VENICE_OK) {
        give_up(std::string(venice_status_name(status)) + ": " + venice_error_message(error));
    }
}

// The same for a function that makes a handle, which comes behind the other arguments.
template <typename Owner, typename Function, typename... Arguments>
Owner make(Function* function, Arguments... arguments) {
    typename Owner::pointer handle = nullptr;
    call(function, arguments..., &handle);
    return Owner(handle);
}

}  // namespace handles
