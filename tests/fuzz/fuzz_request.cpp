// SPDX-License-Identifier: MIT
// A request as JSON: what is taken comes out again as it was, and makes a body that is JSON.
#include <optional>
#include <string>

#include "catalog/request_plan.hpp"
#include "fuzzing.hpp"
#include "request/request.hpp"
#include "support/json.hpp"

using fuzzing::require;

namespace {

std::optional<venice::Request> read(std::string_view json) {
    try {
        return venice::Request::from_json(json);
    } catch (const venice::Error& error) {
        require(error.info().status != VENICE_ERROR_INTERNAL && error.info().status != VENICE_ERROR_OUT_OF_MEMORY, "what is wrong is told");
        require(!error.info().message.empty(), "what is wrong is told in words");
        return std::nullopt;
    }
}

void set_as_text(std::string_view text) {
    venice::Request request;
    for (const char* name : {"prompt", "format", "style_references"}) {
        try {
            request.set_string(name, text);
            require(request.is_set(name), "what is taken is set");
        } catch (const venice::Error& error) {
            require(error.info().problems.size() == 1 && error.info().problems.front().field == name, "the field is named");
        }
    }
    require(venice::check_json(request.json()) == venice::JsonFault::none, "any text makes JSON");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzzing::text_of(data, size);
    set_as_text(text);
    const auto request = read(text);
    if (request) {
        const std::string json = request->json();
        const auto again = read(json);
        require(again.has_value(), "what was taken once is taken again");
        require(again->json() == json, "nothing changes on the way");
        require(venice::check_json(venice::plan_request(*request).body) == venice::JsonFault::none, "a request's body is JSON");
        static_cast<void>(venice::problems_of(*request, nullptr));
    }
    return 0;
}
