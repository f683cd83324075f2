// SPDX-License-Identifier: MIT
// An answer that is no success: its status in the first line, headers, an empty line, and the body.
#include <string>

#include "fuzzing.hpp"
#include "response/error_response.hpp"
#include "support/text.hpp"

using fuzzing::require;

namespace {

void require_fit_for_showing(const std::string& text) {
    require(venice::is_valid_utf8(text), "what is shown is UTF-8");
    require(venice::displayable(text, text.size()) == text, "what is shown has no control characters");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto [line, rest] = fuzzing::split_line(fuzzing::text_of(data, size));
    const long status = static_cast<long>(venice::parse_int(line).value_or(400) % 1000);
    venice::Headers headers;
    while (!rest.empty()) {
        std::tie(line, rest) = fuzzing::split_line(rest);
        if (line.empty() || line == "\r") {
            break;
        }
        headers.add_line(line);
    }
    const venice::ErrorInfo info = venice::read_error_response(status, headers, rest);
    require(info.status != VENICE_OK, "an error is an error");
    require(info.http_status == status, "the status is told");
    require(info.may_be_charged == !venice::is_refusal(status), "a refusal costs nothing");
    require(info.retry_after_ms >= -1, "a wait is a wait");
    require(info.problems.size() <= 100, "the problems are bounded");
    require(!info.message.empty() && info.message.size() < std::size_t{1} << 20, "the message is bounded");
    require_fit_for_showing(info.message);
    for (const venice::Problem& problem : info.problems) {
        require_fit_for_showing(problem.field);
        require_fit_for_showing(problem.message);
    }
    for (const std::string* text : {&info.server_message, &info.server_code, &info.request_id}) {
        require(venice::is_valid_utf8(*text) && text->find('\0') == std::string::npos, "texts are UTF-8 without NUL");
    }
    return 0;
}
