// SPDX-License-Identifier: MIT
// cJSON behind RAII, for files that we, or another version of us, wrote. Inside of store only.
#pragma once

#include <cjson/cJSON.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venice_gimp {

struct JsonDeleter {
    void operator()(cJSON* json) const noexcept { cJSON_Delete(json); }
};
using Json = std::unique_ptr<cJSON, JsonDeleter>;

// Null if the text is not a JSON object in UTF-8.
Json parse_object(std::string_view text);
std::string print_json(const cJSON* json);

Json new_object();
Json new_array();
Json text_json(const std::string& text);  // what is not UTF-8 in it is replaced
Json number_json(double number);
Json bool_json(bool value);
Json texts_json(const std::vector<std::string>& texts);

// Replaces the member of that name.
void set_member(cJSON* object, const std::string& name, Json value);
void add_item(cJSON* array, Json value);

// Members by name; null, empty or nullopt where there is none of this type.
const cJSON* member(const cJSON* object, const char* name);
std::string text_member(const cJSON* object, const char* name);
std::optional<double> number_member(const cJSON* object, const char* name);
std::optional<std::int64_t> integer_member(const cJSON* object, const char* name);
std::optional<bool> bool_member(const cJSON* object, const char* name);
std::vector<std::string> texts_member(const cJSON* object, const char* name);

}  // namespace venice_gimp
