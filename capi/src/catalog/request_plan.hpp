// SPDX-License-Identifier: MIT
// What of a request is sent, what is left out and why, and what stands in its way. Sending and asking both come here.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "request/request.hpp"

namespace venice {

struct RequestPlan {
    std::string body;               // of POST /image/generate
    std::vector<Problem> left_out;  // set, but not in the body
};

// With the model of Request::use_model(), if there is one; else all that is set is sent.
RequestPlan plan_request(const Request& request);

// All problems: of the fields themselves, and with the model; null: with that of Request::use_model(), if there is one.
std::vector<Problem> problems_of(const Request& request, const ModelInfo* model);

// The body if there is no problem: the same one for all jobs until the request changes. Throws Error (INVALID_REQUEST).
std::shared_ptr<const std::string> checked_body(const Request& request);

}  // namespace venice
