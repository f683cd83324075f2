// SPDX-License-Identifier: MIT
#include "catalog/request_plan.hpp"

#include <utility>

#include "catalog/model_check.hpp"
#include "catalog/model_fields.hpp"

namespace venice {

RequestPlan plan_request(const Request& request) {
    RequestPlan plan;
    const auto leave_out = [&](std::string_view field, const char* reason, const char* code) {
        plan.left_out.push_back({std::string(field), reason, code});
    };
    const auto leaves_out = [&](std::string_view field) {
        const UnusedField* unused = request.model() != nullptr ? unused_field(*request.model(), field) : nullptr;
        if (unused != nullptr) {
            leave_out(field, unused->reason, unused->code);
            return true;
        }
        if (field == "variants" && request.bool_value("return_binary") && request.int_value("variants") == 1) {
            leave_out(field, "A binary answer holds one image: the server refuses variants beside return_binary.", "not_taken");
            return true;
        }
        return false;
    };
    std::vector<std::string_view> names = request.names();
    std::erase_if(names, leaves_out);
    plan.body = request.json_of(names);
    return plan;
}

std::vector<Problem> problems_of(const Request& request, const ModelInfo* model) {
    std::vector<Problem> problems = request.problems();
    const ModelInfo* judge = model != nullptr ? model : request.model();
    if (judge != nullptr) {
        for (Problem& problem : problems_with_model(request, *judge)) {
            problems.push_back(std::move(problem));
        }
    }
    return problems;
}

std::shared_ptr<const std::string> checked_body(const Request& request) {
    return request.body([&request] {
        throw_if_any(problems_of(request, nullptr));
        return plan_request(request).body;
    });
}

}  // namespace venice
