// SPDX-License-Identifier: MIT
#include <venice/request.h>

#include "api/guard.hpp"
#include "catalog/request_plan.hpp"
#include "request/parameters.hpp"

using venice::guarded;
using venice::guarded_make;
using venice::required;

namespace {

template <typename Text>
venice_status lend(venice_request* request, const char** json, venice_error** error, Text&& text) {
    return guarded(error, [&] {
        const char*& out = required(json, "json");
        out = nullptr;
        venice_request& source = required(request, "request");
        source.lent = text(source.request);
        out = source.lent.c_str();
    });
}

const venice::Problem* left_out_at(const venice_plan* plan, std::size_t index) {
    return plan != nullptr && index < plan->plan.left_out.size() ? &plan->plan.left_out[index] : nullptr;
}

}  // namespace

venice_status venice_request_new(venice_request** out, venice_error** error) {
    return guarded_make(out, error, [] { return venice::Request(); });
}

void venice_request_free(venice_request* request) { delete request; }

venice_status venice_request_copy(const venice_request* request, venice_request** out, venice_error** error) {
    return guarded_make(out, error, [&] { return required(request, "request").request; });
}

venice_status venice_request_new_from_json(const char* json, venice_request** out, venice_error** error) {
    return guarded_make(out, error, [&] { return venice::Request::from_json(&required(json, "json")); });
}

venice_status venice_request_json(venice_request* request, const char** json, venice_error** error) {
    return lend(request, json, error, [](const venice::Request& source) { return source.json(); });
}

venice_status venice_request_set_string(venice_request* request, const char* name, const char* value, venice_error** error) {
    return guarded(error, [&] {
        venice::Request& target = required(request, "request").request;
        if (value == nullptr) {
            target.unset(&required(name, "name"));
        } else {
            target.set_string(&required(name, "name"), value);
        }
    });
}

venice_status venice_request_set_int(venice_request* request, const char* name, int64_t value, venice_error** error) {
    return guarded(error, [&] { required(request, "request").request.set_int(&required(name, "name"), value); });
}

venice_status venice_request_set_double(venice_request* request, const char* name, double value, venice_error** error) {
    return guarded(error, [&] { required(request, "request").request.set_double(&required(name, "name"), value); });
}

venice_status venice_request_set_bool(venice_request* request, const char* name, int32_t value, venice_error** error) {
    return guarded(error, [&] { required(request, "request").request.set_bool(&required(name, "name"), value != 0); });
}

venice_status venice_request_set_json(venice_request* request, const char* name, const char* json, venice_error** error) {
    return guarded(error, [&] { required(request, "request").request.set_json(&required(name, "name"), &required(json, "json")); });
}

venice_status venice_request_unset(venice_request* request, const char* name, venice_error** error) {
    return guarded(error, [&] { required(request, "request").request.unset(&required(name, "name")); });
}

venice_status venice_request_add_style_reference(venice_request* request, const uint8_t* data, size_t size, double strength, venice_error** error) {
    return guarded(error, [&] {
        venice::Request& target = required(request, "request").request;
        target.add_style_reference({&required(data, "data"), size}, strength);
    });
}

venice_status venice_request_add_style_reference_file(venice_request* request, const char* path, double strength, venice_error** error) {
    return guarded(error, [&] {
        venice::Request& target = required(request, "request").request;
        target.add_style_reference_file(&required(path, "path"), strength);
    });
}

size_t venice_request_style_reference_count(const venice_request* request) {
    std::size_t count = 0;
    venice::guarded(nullptr, [&] { count = required(request, "request").request.style_reference_count(); });
    return count;
}

venice_status venice_request_use_model(venice_request* request, const venice_model* model, venice_error** error) {
    return guarded(error, [&] {
        venice::Request& target = required(request, "request").request;
        target.use_model(model != nullptr ? std::shared_ptr<const venice::ModelInfo>(model->list, model->info) : nullptr);
    });
}

venice_status venice_request_clear(venice_request* request, venice_error** error) {
    return guarded(error, [&] { required(request, "request").request.clear(); });
}

int32_t venice_request_is_set(const venice_request* request, const char* name) {
    return request != nullptr && name != nullptr && request->request.is_set(name) ? 1 : 0;
}

venice_status venice_request_body(venice_request* request, const char** json, venice_error** error) {
    return lend(request, json, error, [](const venice::Request& source) { return venice::plan_request(source).body; });
}

venice_status venice_request_check(const venice_request* request, const venice_model* model, venice_error** error) {
    return guarded(error, [&] {
        const venice::Request& checked = required(request, "request").request;
        venice::throw_if_any(venice::problems_of(checked, model != nullptr ? model->info : nullptr));
    });
}

venice_status venice_request_plan(const venice_request* request, venice_plan** out, venice_error** error) {
    return guarded_make(out, error, [&] { return venice::plan_request(required(request, "request").request); });
}

void venice_plan_free(venice_plan* plan) { delete plan; }

const char* venice_plan_body(const venice_plan* plan) { return plan != nullptr ? plan->plan.body.c_str() : nullptr; }

size_t venice_plan_left_out_count(const venice_plan* plan) { return plan != nullptr ? plan->plan.left_out.size() : 0; }

const char* venice_plan_left_out_field(const venice_plan* plan, size_t index) {
    const venice::Problem* entry = left_out_at(plan, index);
    return entry != nullptr ? entry->field.c_str() : nullptr;
}

const char* venice_plan_left_out_code(const venice_plan* plan, size_t index) {
    const venice::Problem* entry = left_out_at(plan, index);
    return entry != nullptr ? entry->code.c_str() : nullptr;
}

const char* venice_plan_left_out_reason(const venice_plan* plan, size_t index) {
    const venice::Problem* entry = left_out_at(plan, index);
    return entry != nullptr ? entry->message.c_str() : nullptr;
}

size_t venice_parameter_count(void) { return venice::parameters().size(); }

const venice_parameter* venice_parameter_at(size_t index) {
    return index < venice::parameters().size() ? &venice::parameters()[index] : nullptr;
}

const venice_parameter* venice_parameter_find(const char* name) { return name != nullptr ? venice::find_parameter(name) : nullptr; }

const char* venice_parameter_name(const venice_parameter* parameter) { return parameter != nullptr ? parameter->name : nullptr; }

int32_t venice_parameter_type(const venice_parameter* parameter) { return parameter != nullptr ? parameter->type : 0; }

const char* venice_parameter_summary(const venice_parameter* parameter) { return parameter != nullptr ? parameter->summary : nullptr; }

const char* venice_parameter_unit(const venice_parameter* parameter) { return parameter != nullptr ? parameter->unit : nullptr; }

const char* venice_parameter_default(const venice_parameter* parameter) { return parameter != nullptr ? parameter->default_json : nullptr; }

int32_t venice_parameter_bounds(const venice_parameter* parameter, double* minimum, double* maximum) {
    const bool bounded = parameter != nullptr && parameter->has_bounds();
    if (minimum != nullptr) {
        *minimum = bounded ? parameter->minimum : 0;
    }
    if (maximum != nullptr) {
        *maximum = bounded ? parameter->maximum : 0;
    }
    return bounded ? 1 : 0;
}

size_t venice_parameter_choice_count(const venice_parameter* parameter) { return parameter != nullptr ? parameter->choices.size() : 0; }

const char* venice_parameter_choice_at(const venice_parameter* parameter, size_t index) {
    return parameter != nullptr && index < parameter->choices.size() ? parameter->choices[index] : nullptr;
}
