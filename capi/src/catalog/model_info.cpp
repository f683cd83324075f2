// SPDX-License-Identifier: MIT
#include "catalog/model_info.hpp"

#include <algorithm>
#include <utility>

#include "support/error.hpp"
#include "support/json.hpp"

namespace venice {
namespace {

Json parse_list(std::string_view body, const char* what) {
    Json json = check_json(body) == JsonFault::none ? parse_json(body) : nullptr;
    if (!json) {
        throw Error(VENICE_ERROR_MALFORMED_RESPONSE,
                    std::string("The server's list of ") + what + " is not valid JSON. Check base_url, or try again later.");
    }
    return json;
}

std::optional<Price> read_price(const cJSON* json) {
    const auto usd = number_member(json, "usd");
    const auto diem = number_member(json, "diem");
    if (!usd || *usd < 0) {
        return std::nullopt;
    }
    return Price{*usd, diem.value_or(-1)};
}

std::map<std::string, Price, std::less<>> read_prices(const cJSON* json) {
    std::map<std::string, Price, std::less<>> prices;
    for (const cJSON* item = cJSON_IsObject(json) ? json->child : nullptr; item != nullptr; item = item->next) {
        if (const auto price = read_price(item)) {
            prices.insert_or_assign(item->string, *price);
        }
    }
    return prices;
}

std::optional<Deprecation> read_deprecation(const cJSON* json) {
    if (!cJSON_IsObject(json)) {
        return std::nullopt;
    }
    const std::string removes_at = string_member(json, "removesAt");
    return Deprecation{string_member(json, "startsAt"), removes_at.empty() ? string_member(json, "date") : removes_at,
                       string_member(json, "replacementModelId")};
}

void read_capabilities(const cJSON* spec, const cJSON* constraints, ModelInfo& model) {
    const cJSON* web_search = member(spec, "supportsWebSearch");
    model.web_search = cJSON_IsBool(web_search) ? std::optional(cJSON_IsTrue(web_search) != 0) : std::nullopt;
    model.prompt_optimization_thinking = bool_member(spec, "supportsOptimizePromptThinking");
    model.max_style_references = int_member(constraints, "maxStyleReferences", 0);
    model.style_references = bool_member(spec, "supportsStyleReferences") || model.max_style_references > 0;
    model.style_reference_strength = bool_member(constraints, "supportsStyleReferenceStrength");
}

void read_constraints(const cJSON* constraints, ModelInfo& model) {
    model.has_constraints = cJSON_IsObject(constraints);
    model.aspect_ratios = string_array(member(constraints, "aspectRatios"));
    model.default_aspect_ratio = string_member(constraints, "defaultAspectRatio");
    model.resolutions = string_array(member(constraints, "resolutions"));
    model.default_resolution = string_member(constraints, "defaultResolution");
    model.qualities = string_array(member(constraints, "qualities"));
    model.default_quality = string_member(constraints, "defaultQuality");
    model.size_divisor = std::max(1, int_member(constraints, "widthHeightDivisor", 1));
    model.prompt_limit = int_member(constraints, "promptCharacterLimit", 0);
    const cJSON* steps = member(constraints, "steps");
    model.default_steps = int_member(steps, "default", 0);
    model.max_steps = int_member(steps, "max", 0);
}

void read_pricing(const cJSON* pricing, ModelInfo& model) {
    model.flat_price = read_price(member(pricing, "generation"));
    model.resolution_prices = read_prices(member(pricing, "resolutions"));
    const cJSON* quality = member(pricing, "quality");
    for (const cJSON* tier = cJSON_IsObject(quality) ? quality->child : nullptr; tier != nullptr; tier = tier->next) {
        model.quality_prices.insert_or_assign(tier->string, read_prices(tier));
    }
}

// The list has no member that tells the removers of backgrounds from the generators, but for their ids.
bool makes_images_from_text(const std::string& id) { return id.find("bg-remover") == std::string::npos; }

ModelInfo read_model(const cJSON* entry, std::string_view text) {
    const cJSON* spec = member(entry, "model_spec");
    ModelInfo model;
    model.id = string_member(entry, "id");
    model.name = string_member(spec, "name");
    if (model.name.empty()) {
        model.name = model.id;
    }
    model.description = string_member(spec, "description");
    model.source = string_member(spec, "modelSource");
    model.privacy = string_member(spec, "privacy");
    model.beta = bool_member(spec, "betaModel") || bool_member(spec, "beta");
    model.uncensored = bool_member(spec, "uncensored");
    model.deprecation = read_deprecation(member(spec, "deprecation"));
    model.regions = string_array(member(spec, "regionRestrictions"));
    model.offline = bool_member(spec, "offline");
    model.generates = makes_images_from_text(model.id);
    model.traits = string_array(member(spec, "traits"));
    read_constraints(member(spec, "constraints"), model);
    read_capabilities(spec, member(spec, "constraints"), model);
    read_pricing(member(spec, "pricing"), model);
    model.json = text;
    return model;
}

// The elements of the member "data", as they are written. `body` is valid JSON, and an object with such an array in it.
std::vector<std::string_view> entry_texts(std::string_view body) {
    const auto members = json_members(body).value_or(std::vector<std::pair<std::string, std::string_view>>());
    const auto data = std::find_if(members.begin(), members.end(), [](const auto& named) { return named.first == "data"; });
    return data == members.end() ? std::vector<std::string_view>() : json_elements(data->second).value_or(std::vector<std::string_view>());
}

}  // namespace

bool ModelInfo::has_trait(std::string_view trait) const { return std::find(traits.begin(), traits.end(), trait) != traits.end(); }

ModelList read_models(std::string_view body) {
    const Json json = parse_list(body, "models");
    const cJSON* data = member(json.get(), "data");
    if (!cJSON_IsArray(data)) {
        throw Error(VENICE_ERROR_MALFORMED_RESPONSE, "The server's list of models has no \"data\". Check base_url, or try again later.");
    }
    ModelList models;
    const auto texts = entry_texts(body);
    std::size_t index = 0;
    for (const cJSON* entry = data->child; entry != nullptr; entry = entry->next, ++index) {
        if (!string_member(entry, "id").empty()) {
            models.items.push_back(read_model(entry, texts.at(index)));
        }
    }
    return models;
}

StyleList read_styles(std::string_view body) {
    const Json json = parse_list(body, "styles");
    // One of the vendor's guides shows the bare array.
    const cJSON* data = cJSON_IsArray(json.get()) ? json.get() : member(json.get(), "data");
    if (!cJSON_IsArray(data)) {
        throw Error(VENICE_ERROR_MALFORMED_RESPONSE, "The server's list of styles has no \"data\". Check base_url, or try again later.");
    }
    StyleList styles;
    styles.items = string_array(data);
    return styles;
}

}  // namespace venice
