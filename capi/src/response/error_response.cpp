// SPDX-License-Identifier: MIT
#include "response/error_response.hpp"

#include <string>

#include "response/server_state.hpp"
#include "support/clock.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace venice {
namespace {

// Server texts are bounded: a gateway's HTML page does not belong into a message.
constexpr std::size_t longest_server_text = 1000;

struct Meaning {
    venice_status status;
    const char* what;
    const char* remedy;
};

Meaning meaning_of(long http_status) {
    switch (http_status) {
        case 400:
            return {VENICE_ERROR_BAD_REQUEST, "The server found the request wrong", "Change the named fields. Nothing was charged."};
        case 401:
            return {VENICE_ERROR_UNAUTHORIZED, "The server did not accept the API key",
                    "Check the key, and whether the model needs a paid plan. Nothing was charged."};
        case 402:
            return {VENICE_ERROR_PAYMENT_REQUIRED, "The balance, or the limit of the API key, is used up, or no key was sent",
                    "Add credit or raise the limit. Nothing was charged."};
        case 403:
            return {VENICE_ERROR_FORBIDDEN, "This API key or region may not use the model", "Choose another model. Nothing was charged."};
        case 404:
            return {VENICE_ERROR_NOT_FOUND, "The model is unknown or was retired", "Choose a model from the list. Nothing was charged."};
        case 413:
            return {VENICE_ERROR_REQUEST_TOO_LARGE, "The request is too large", "Send fewer or smaller images. Nothing was charged."};
        case 415:
            return {VENICE_ERROR_UNSUPPORTED_MEDIA_TYPE, "The server did not accept the content type",
                    "Check base_url: something else than the API may be there. Nothing was charged."};
        case 422:
            return {VENICE_ERROR_CONTENT_REFUSED, "The server refused the content", "Change the prompt. Nothing was charged."};
        case 429:
            return {VENICE_ERROR_RATE_LIMITED, "Too many requests, or the model is overloaded", "Wait, then try again. Nothing was charged."};
        case 500:
            return {VENICE_ERROR_SERVER, "Making the image failed on the server", "Try again later, or choose another model."};
        case 502:
            return {VENICE_ERROR_BAD_GATEWAY, "A gateway in front of the server got no good answer from it", "Try again later."};
        case 503:
            return {VENICE_ERROR_UNAVAILABLE, "The model is offline or at capacity",
                    "Try again later, or choose another model. Nothing was charged."};
        case 504:
        case 524:
            return {VENICE_ERROR_GATEWAY_TIMEOUT, "The server took too long", "Try again later."};
        default:
            break;
    }
    if (http_status >= 300 && http_status < 400) {
        return {VENICE_ERROR_REDIRECT, "The server wants to redirect the request, which is not followed, because the API key would go along",
                "Check base_url. Nothing was charged."};
    }
    return {VENICE_ERROR_HTTP, "The server gave an answer that the API does not document", "Try again later."};
}

// More than a request has fields: so many are of no use to anybody.
constexpr std::size_t most_problems = 100;

void add_problem(const std::string& field, const std::string& message, ErrorInfo& info) {
    if (info.problems.size() < most_problems) {
        info.problems.push_back({displayable(field, 100), displayable(message, longest_server_text)});
    }
}

// The documented shapes: {"error": "text"}, {"error": {"message", "code", "type"}}, and members beside "error".
void read_texts(const cJSON* body, ErrorInfo& info) {
    const cJSON* error = member(body, "error");
    info.server_message = cJSON_IsString(error) ? error->valuestring : string_member(error, "message");
    info.server_code = string_member(body, "code");
    if (info.server_code.empty()) {
        info.server_code = string_member(error, "code");
    }
    if (info.server_code.empty()) {
        info.server_code = string_member(error, "type");
    }
    info.request_id = string_member(body, "request_id");
    const std::string param = string_member(error, "param");
    if (!param.empty()) {
        add_problem(param, info.server_message, info);
    }
}

// "issues": [{"path": ["width"], "message": "…"}].
void read_issues(const cJSON* issues, ErrorInfo& info) {
    for (const cJSON* issue = cJSON_IsArray(issues) ? issues->child : nullptr; issue != nullptr; issue = issue->next) {
        std::string field;
        const cJSON* path = member(issue, "path");
        for (const cJSON* step = cJSON_IsArray(path) ? path->child : nullptr; step != nullptr; step = step->next) {
            field += field.empty() ? "" : ".";
            field += cJSON_IsString(step) ? step->valuestring : number_text(cJSON_GetNumberValue(step));
        }
        add_problem(field, string_member(issue, "message"), info);
    }
}

// "details": {"_errors": [], "width": {"_errors": ["…"]}}, nested to any depth that is sane; or a plain text.
void read_details(const cJSON* details, const std::string& field, int depth, ErrorInfo& info) {
    if (cJSON_IsString(details)) {
        add_problem(field, details->valuestring, info);
    }
    for (const cJSON* item = cJSON_IsObject(details) && depth < 8 ? details->child : nullptr; item != nullptr; item = item->next) {
        const std::string name = item->string;
        if (name == "_errors") {
            for (const std::string& text : string_array(item)) {
                add_problem(field, text, info);
            }
        } else {
            std::string path = field;
            path += path.empty() ? "" : ".";
            path += name;
            read_details(item, path, depth + 1, info);
        }
    }
}

std::string server_says(const ErrorInfo& info) {
    std::string text = displayable(info.server_message, longest_server_text);
    for (const Problem& problem : info.problems) {
        if (text.find(problem.message) == std::string::npos) {
            text += (text.empty() ? "" : "; ") + (problem.field.empty() ? "" : problem.field + ": ") + problem.message;
        }
    }
    return text;
}

}  // namespace

// The vendor charges nothing for a refused request; of what broke on the way (500, 502, 504, …) it says nothing.
bool is_refusal(long http_status) { return (http_status >= 300 && http_status < 500) || http_status == 503; }

bool says_offline(long http_status, std::string_view body) {
    if (http_status != 503) {
        return false;
    }
    const ErrorInfo info = read_error_response(http_status, Headers(), body);
    const std::string said = info.server_code + " " + info.server_message;
    return contains_ignoring_case(said, "offline") && !contains_ignoring_case(said, "capacity");
}

ErrorInfo read_error_response(long http_status, const Headers& headers, std::string_view body) {
    const Meaning meaning = meaning_of(http_status);
    ErrorInfo info;
    info.status = meaning.status;
    info.http_status = static_cast<std::int32_t>(http_status);
    if (check_json(body) == JsonFault::none) {
        const Json json = parse_json(body);
        read_texts(json.get(), info);
        read_issues(member(json.get(), "issues"), info);
        if (info.problems.empty()) {
            read_details(member(json.get(), "details"), "", 0, info);
        }
    }
    if (info.request_id.empty()) {
        info.request_id = headers.value("CF-RAY");
    }
    info.retry_after_ms = retry_after_ms(headers, unix_time_ms()).value_or(-1);
    info.may_be_charged = !is_refusal(http_status);
    const std::string said = server_says(info);
    info.message = std::string(meaning.what) + " (HTTP " + std::to_string(http_status) + ")" + (said.empty() ? "." : ": " + said) +
                   (said.empty() || said.ends_with('.') ? " " : ". ") + meaning.remedy;
    return info;
}

}  // namespace venice
