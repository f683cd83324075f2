// SPDX-License-Identifier: MIT
#include "request/request.hpp"

#include <algorithm>
#include <cmath>

#include "catalog/model_info.hpp"
#include "response/image_info.hpp"
#include "support/base64_encode.hpp"
#include "support/json.hpp"
#include "support/read_file.hpp"
#include "support/text.hpp"

namespace venice {
namespace {

const char* type_name(std::int32_t type) {
    switch (type) {
        case VENICE_TYPE_STRING:
            return "text";
        case VENICE_TYPE_INT:
            return "a whole number";
        case VENICE_TYPE_DOUBLE:
            return "a number";
        case VENICE_TYPE_BOOL:
            return "true or false";
        default:
            return "JSON";
    }
}

const venice_parameter& known_parameter(std::string_view name, std::int32_t type) {
    const venice_parameter* parameter = find_parameter(name);
    if (parameter == nullptr) {
        std::vector<std::string_view> names;
        for (const venice_parameter& known : parameters()) {
            names.emplace_back(known.name);
        }
        const std::string shown = displayable(name, 64);
        throw field_error(VENICE_ERROR_UNKNOWN_PARAMETER, shown,
                          "There is no parameter \"" + shown + "\". The parameters are " + joined(names) + ".");
    }
    if (parameter->type != type) {
        throw field_error(VENICE_ERROR_WRONG_TYPE, parameter->name,
                          std::string(parameter->name) + " is " + type_name(parameter->type) + ", not " + type_name(type) + ".");
    }
    return *parameter;
}

Error out_of_range(const venice_parameter& parameter, const std::string& value) {
    return field_error(VENICE_ERROR_OUT_OF_RANGE, parameter.name,
                       std::string(parameter.name) + " must be " + allowed_values(parameter) + ", not " + value + ".");
}

void check_number(const venice_parameter& parameter, double value, const std::string& text) {
    const bool too_low = parameter.minimum_excluded ? value <= parameter.minimum : value < parameter.minimum;
    if (too_low || value > parameter.maximum || !std::isfinite(value)) {
        throw out_of_range(parameter, text);
    }
}

void check_text(const venice_parameter& parameter, std::string_view value) {
    if (!is_utf8_without_nul(value)) {
        throw field_error(VENICE_ERROR_INVALID_TEXT, parameter.name, std::string(parameter.name) + " must be valid UTF-8 without NUL.");
    }
    if (!parameter.choices.empty()) {
        if (std::find(parameter.choices.begin(), parameter.choices.end(), value) == parameter.choices.end()) {
            throw out_of_range(parameter, "\"" + displayable(value, 64) + "\"");
        }
        return;
    }
    const auto length = static_cast<double>(character_count(value));
    if (length < parameter.minimum || length > parameter.maximum) {
        throw out_of_range(parameter, number_text(length));
    }
}

constexpr const char* style_references = "style_references";

// The vendor says "less than 8 MB", of the image itself.
constexpr std::size_t style_image_limit = std::size_t{8} << 20;

void check_style_image_size(std::size_t bytes) {
    if (bytes >= style_image_limit) {
        throw field_error(VENICE_ERROR_OUT_OF_RANGE, style_references,
                          "An image of style_references must have less than 8 MB (8388608 bytes). Scale it down, or save it as JPEG.");
    }
}

void check_style_strength(double strength) {
    if (!(strength >= 0.1 && strength <= 1)) {
        throw field_error(VENICE_ERROR_OUT_OF_RANGE, style_references,
                          "The strength of style_references must be from 0.1 to 1, not " + number_text(strength) + ".");
    }
}

void check_style_reference(const cJSON* item) {
    const std::string image = string_member(item, "image");
    if (image.empty()) {
        throw field_error(VENICE_ERROR_WRONG_TYPE, style_references, "Each of style_references needs an image: base64, a data URI or a URL.");
    }
    for (const cJSON* inside = item->child; inside != nullptr; inside = inside->next) {
        const std::string_view name = inside->string;
        if (name == "strength") {
            if (!cJSON_IsNumber(inside)) {
                throw field_error(VENICE_ERROR_WRONG_TYPE, style_references, "The strength of style_references is a number.");
            }
            check_style_strength(inside->valuedouble);
        } else if (name != "image") {
            throw field_error(VENICE_ERROR_UNKNOWN_PARAMETER, style_references,
                              "style_references takes image and strength, not \"" + displayable(name, 64) + "\".");
        }
    }
    if (!image.starts_with("http://") && !image.starts_with("https://")) {
        const std::size_t start = image.starts_with("data:") ? image.find(',') + 1 : 0;
        const std::size_t padding = image.ends_with("==") ? 2 : image.ends_with('=') ? 1 : 0;
        const std::size_t decoded = (image.size() - start) * 3 / 4;
        check_style_image_size(decoded - std::min(padding, decoded));
    }
}

// Vendor's rule: an array of {image: base64, data URI or URL; strength: 0.1..1}, and nothing else in it.
void check_style_references(const cJSON* json) {
    if (!cJSON_IsArray(json)) {
        throw field_error(VENICE_ERROR_WRONG_TYPE, style_references, "style_references is an array of objects with image and strength.");
    }
    for (const cJSON* item = json->child; item != nullptr; item = item->next) {
        check_style_reference(item);
    }
}

void check_field_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    if (name.empty() || name.size() > 64 || !std::all_of(name.begin(), name.end(), allowed)) {
        throw field_error(VENICE_ERROR_INVALID_ARGUMENT, displayable(name, 64),
                          "A field's name has 1 to 64 characters out of a-z, A-Z, 0-9, _ and -.");
    }
    if (name == "inpaint") {
        throw field_error(VENICE_ERROR_UNKNOWN_PARAMETER, "inpaint", "The API removed inpaint in May 2025 and refuses every request that has it.");
    }
}

}  // namespace

void Request::set_string(std::string_view name, std::string_view value) {
    check_text(known_parameter(name, VENICE_TYPE_STRING), value);
    const bool is_other_model = name == "model" && model_ && value != model_->id;
    store(name, std::string(value));
    if (is_other_model) {
        model_.reset();
    }
}

void Request::set_int(std::string_view name, std::int64_t value) {
    check_number(known_parameter(name, VENICE_TYPE_INT), static_cast<double>(value), std::to_string(value));
    store(name, value);
}

void Request::set_double(std::string_view name, double value) {
    check_number(known_parameter(name, VENICE_TYPE_DOUBLE), value, number_text(value));
    store(name, value);
}

void Request::set_bool(std::string_view name, bool value) {
    known_parameter(name, VENICE_TYPE_BOOL);
    store(name, value);
}

void Request::set_json(std::string_view name, std::string_view json) {
    check_field_name(name);
    const std::string field(name);
    switch (check_json(json)) {
        case JsonFault::none:
            break;
        case JsonFault::not_json:
            throw field_error(VENICE_ERROR_INVALID_JSON, field, "The value of " + field + " is not JSON.");
        case JsonFault::not_utf8:
        case JsonFault::nul_escape:
            throw field_error(VENICE_ERROR_INVALID_TEXT, field, "The value of " + field + " must be valid UTF-8 without NUL.");
    }
    const std::string_view text = trimmed(json);
    const venice_parameter* parameter = find_parameter(name);
    if (text == "null") {
        unset(name);
        return;
    }
    if (parameter == nullptr) {
        store(name, RawJson{std::string(text)});
        return;
    }
    const Json parsed = parse_json(json);
    if (!parsed) {
        throw field_error(VENICE_ERROR_INVALID_JSON, field, "The value of " + field + " holds a number with too many digits.");
    }
    if (parameter->type == VENICE_TYPE_JSON) {
        check_style_references(parsed.get());
        store(name, RawJson{std::string(text)});
    } else if (cJSON_IsString(parsed.get())) {
        set_string(name, parsed->valuestring);
    } else if (cJSON_IsBool(parsed.get())) {
        set_bool(name, cJSON_IsTrue(parsed.get()) != 0);
    } else if (cJSON_IsNumber(parsed.get())) {
        if (parameter->type == VENICE_TYPE_DOUBLE || text.find_first_of(".eE") != std::string_view::npos) {
            set_double(name, parse_double(text).value_or(parsed->valuedouble));
        } else if (const auto whole = parse_int(text)) {
            set_int(name, *whole);
        } else {
            throw out_of_range(known_parameter(name, VENICE_TYPE_INT), displayable(text, 40));
        }
    } else {
        known_parameter(name, VENICE_TYPE_JSON);  // throws: an array or object where a plain value belongs
    }
}

void Request::unset(std::string_view name) {
    body_.reset();
    const auto found = values_.find(name);
    if (found != values_.end()) {
        values_.erase(found);
    }
    if (name == "model") {
        model_.reset();
    }
}

void Request::clear() {
    values_.clear();
    model_.reset();
    body_.reset();
}

Request Request::from_json(std::string_view json) {
    switch (check_json(json)) {
        case JsonFault::none:
            break;
        case JsonFault::not_json:
            throw Error(VENICE_ERROR_INVALID_JSON, "The text of the request is not JSON.");
        case JsonFault::not_utf8:
        case JsonFault::nul_escape:
            throw Error(VENICE_ERROR_INVALID_TEXT, "The text of the request must be valid UTF-8 without NUL.");
    }
    const auto members = json_members(json);
    if (!members) {
        throw Error(VENICE_ERROR_WRONG_TYPE, "The text of the request must be a JSON object.");
    }
    Request request;
    ErrorInfo all;
    for (const auto& [name, value] : *members) {
        try {
            request.set_json(name, value);
        } catch (const Error& error) {
            all.status = all.problems.empty() ? error.info().status : all.status;
            all.message += (all.message.empty() ? "" : " ") + error.info().message;
            all.problems.insert(all.problems.end(), error.info().problems.begin(), error.info().problems.end());
        }
    }
    if (!all.problems.empty()) {
        throw Error(std::move(all));
    }
    return request;
}

void Request::add_style_reference(std::span<const std::uint8_t> image, double strength) {
    check_style_image_size(image.size());
    if (std::isnan(strength) || strength < 0 || strength > 0) {
        check_style_strength(strength);
    }
    const auto info = sniff_image(image);
    if (!info) {
        throw field_error(VENICE_ERROR_OUT_OF_RANGE, style_references, "An image of style_references must be a PNG, JPEG or WebP file.");
    }
    const Value* earlier = find(style_references);
    std::string text = earlier != nullptr ? std::get<RawJson>(*earlier).text : "[]";
    text.erase(text.rfind(']'));
    text += style_reference_count() > 0 ? "," : "";
    text += std::string("{\"image\":\"data:") + info->media_type + ";base64," + base64_encoded(image) + "\"";
    text += strength > 0 ? ",\"strength\":" + number_text(strength) + "}]" : "}]";
    store(style_references, RawJson{std::move(text)});
}

void Request::add_style_reference_file(const std::string& path, double strength) {
    const auto bytes = read_file(path, style_image_limit - 1);
    check_style_image_size(bytes ? bytes->size() : style_image_limit);
    add_style_reference({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()}, strength);  // NOLINT(bugprone-unchecked-optional-access): else thrown
}

std::size_t Request::style_reference_count() const {
    const Value* value = find(style_references);
    return value != nullptr ? json_elements(std::get<RawJson>(*value).text).value_or(std::vector<std::string_view>()).size() : 0;
}

void Request::use_model(std::shared_ptr<const ModelInfo> model) {
    if (model) {
        set_string("model", model->id);
    }
    model_ = std::move(model);
    body_.reset();
}

void Request::store(std::string_view name, Value value) {
    body_.reset();
    values_.insert_or_assign(std::string(name), std::move(value));
}

const Request::Value* Request::find(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
}

bool Request::is_set(std::string_view name) const { return find(name) != nullptr; }

std::optional<std::string> Request::string_value(std::string_view name) const {
    const Value* value = find(name);
    const auto* text = value != nullptr ? std::get_if<std::string>(value) : nullptr;
    return text != nullptr ? std::optional(*text) : std::nullopt;
}

std::optional<std::int64_t> Request::int_value(std::string_view name) const {
    const Value* value = find(name);
    const auto* number = value != nullptr ? std::get_if<std::int64_t>(value) : nullptr;
    return number != nullptr ? std::optional(*number) : std::nullopt;
}

bool Request::bool_value(std::string_view name) const {
    const Value* value = find(name);
    const auto* truth = value != nullptr ? std::get_if<bool>(value) : nullptr;
    return truth != nullptr && *truth;
}

std::vector<std::string_view> Request::names() const {
    // The map has them by the alphabet: the fields unknown to the table are in their order already.
    std::vector<std::pair<std::size_t, std::string_view>> ranked;
    ranked.reserve(values_.size());
    for (const auto& [name, value] : values_) {
        const venice_parameter* parameter = find_parameter(name);
        ranked.emplace_back(parameter != nullptr ? static_cast<std::size_t>(parameter - parameters().data()) : parameters().size(), name);
    }
    std::sort(ranked.begin(), ranked.end());
    std::vector<std::string_view> names;
    names.reserve(ranked.size());
    for (const auto& [rank, name] : ranked) {
        names.push_back(name);
    }
    return names;
}

std::string Request::json_of(std::span<const std::string_view> names) const {
    // Numbers go in as text: cJSON's own would be rounded to 15 digits. Texts and names stay where they are, for as long as the object lives.
    struct ToJson {
        Json operator()(const std::string& text) const { return checked(cJSON_CreateStringReference(text.c_str())); }
        Json operator()(std::int64_t number) const { return checked(cJSON_CreateRaw(std::to_string(number).c_str())); }
        Json operator()(double number) const { return checked(cJSON_CreateRaw(number_text(number).c_str())); }
        Json operator()(bool truth) const { return checked(cJSON_CreateBool(truth)); }
        Json operator()(const RawJson& json) const { return checked(cJSON_CreateRaw(json.text.c_str())); }
    };
    const Json object = checked(cJSON_CreateObject());
    for (const std::string_view name : names) {
        const auto& [key, value] = *values_.find(name);
        add_member(object.get(), key.c_str(), std::visit(ToJson{}, value));
    }
    return print_json(object.get());
}

std::vector<Problem> Request::problems() const {
    std::vector<Problem> problems;
    for (const char* required : {"model", "prompt"}) {
        if (!is_set(required)) {
            problems.push_back({required, std::string(required) + " is required.", "required"});
        }
    }
    if (int_value("variants").value_or(1) > 1 && bool_value("return_binary")) {
        problems.push_back({"variants", "variants must be 1 when return_binary is true: a binary answer holds one image.", "conflict"});
    }
    return problems;
}

void throw_if_any(std::vector<Problem> problems) {
    if (problems.empty()) {
        return;
    }
    ErrorInfo info;
    info.status = VENICE_ERROR_INVALID_REQUEST;
    for (const Problem& problem : problems) {
        info.message += (info.message.empty() ? "" : " ") + problem.message;
    }
    info.problems = std::move(problems);
    throw Error(std::move(info));
}

}  // namespace venice
