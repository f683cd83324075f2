// SPDX-License-Identifier: MIT
// Turns an answer that is no success into an Error: what happened, why, what to do.
#pragma once

#include <string_view>

#include "response/headers.hpp"
#include "support/error.hpp"

namespace venice {

// `http_status` is not 2xx. The body may have any of the documented shapes, be HTML, or be empty.
ErrorInfo read_error_response(long http_status, const Headers& headers, std::string_view body);

// The server says with this status that it did not do what it was asked: nothing was charged.
bool is_refusal(long http_status);

// The answer says that the model is offline, which is over in no time that anybody waits for; not that it may be, or that it is at capacity.
bool says_offline(long http_status, std::string_view body);

}  // namespace venice
