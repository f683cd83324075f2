// SPDX-License-Identifier: MIT
#include "store/json.hpp"

#include <glib.h>

#include <cmath>
#include <new>

namespace venice_gimp {
namespace {

constexpr double largest_exact_integer = 9007199254740992.0;  // 2^53

Json checked(cJSON* json) {
    if (json == nullptr) {
        throw std::bad_alloc();
    }
    return Json(json);
}

}  // namespace

Json parse_object(std::string_view text) {
    if (g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr) == FALSE) {
        return nullptr;
    }
    Json json(cJSON_ParseWithLength(text.data(), text.size()));
    return cJSON_IsObject(json.get()) != 0 ? std::move(json) : nullptr;
}

std::string print_json(const cJSON* json) {
    const std::unique_ptr<char, decltype(&cJSON_free)> text(cJSON_PrintUnformatted(json), cJSON_free);
    if (!text) {
        throw std::bad_alloc();
    }
    return text.get();
}

Json new_object() {
    return checked(cJSON_CreateObject());
}

Json new_array() {
    return checked(cJSON_CreateArray());
}

Json text_json(const std::string& text) {
    const std::unique_ptr<char, decltype(&g_free)> valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())), g_free);
    return checked(cJSON_CreateString(valid.get()));
}

Json number_json(double number) {
    return checked(cJSON_CreateNumber(number));
}

Json bool_json(bool value) {
    return checked(cJSON_CreateBool(value ? 1 : 0));
}

Json texts_json(const std::vector<std::string>& texts) {
    Json array = new_array();
    for (const std::string& text : texts) {
        add_item(array.get(), text_json(text));
    }
    return array;
}

void set_member(cJSON* object, const std::string& name, Json value) {
    cJSON_DeleteItemFromObjectCaseSensitive(object, name.c_str());
    if (cJSON_AddItemToObject(object, name.c_str(), value.get()) == 0) {
        throw std::bad_alloc();
    }
    static_cast<void>(value.release());  // the object owns it now
}

void add_item(cJSON* array, Json value) {
    cJSON_AddItemToArray(array, value.release());  // needs no memory, so it cannot fail
}

const cJSON* member(const cJSON* object, const char* name) {
    return cJSON_IsObject(object) != 0 ? cJSON_GetObjectItemCaseSensitive(object, name) : nullptr;
}

std::string text_member(const cJSON* object, const char* name) {
    const cJSON* value = member(object, name);
    return cJSON_IsString(value) != 0 ? value->valuestring : "";
}

std::optional<double> number_member(const cJSON* object, const char* name) {
    const cJSON* value = member(object, name);
    return cJSON_IsNumber(value) != 0 && std::isfinite(value->valuedouble) ? std::optional(value->valuedouble) : std::nullopt;
}

std::optional<std::int64_t> integer_member(const cJSON* object, const char* name) {
    const std::optional<double> number = number_member(object, name);
    const bool fits = number && std::abs(*number) <= largest_exact_integer && std::trunc(*number) == *number;
    return fits ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
}

std::optional<bool> bool_member(const cJSON* object, const char* name) {
    const cJSON* value = member(object, name);
    return cJSON_IsBool(value) != 0 ? std::optional(cJSON_IsTrue(value) != 0) : std::nullopt;
}

std::vector<std::string> texts_member(const cJSON* object, const char* name) {
    std::vector<std::string> texts;
    const cJSON* array = member(object, name);
    for (const cJSON* item = cJSON_IsArray(array) != 0 ? array->child : nullptr; item != nullptr; item = item->next) {
        if (cJSON_IsString(item) != 0) {
            texts.emplace_back(item->valuestring);
        }
    }
    return texts;
}

}  // namespace venice_gimp
