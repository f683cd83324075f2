// SPDX-License-Identifier: MIT
// cJSON behind RAII, and what cJSON does not check.
#pragma once

#include <cjson/cJSON.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venice {

struct JsonDeleter {
    void operator()(cJSON* json) const noexcept { cJSON_Delete(json); }
};
using Json = std::unique_ptr<cJSON, JsonDeleter>;

// What a text is not, in the order of the checks.
enum class JsonFault { none, not_utf8, not_json, nul_escape };

// Checks strictly against RFC 8259. cJSON takes more than that ("01", raw control characters) and cuts strings at \u0000.
JsonFault check_json(std::string_view text);

// JSON whose strings cannot be read, but for that: bytes that are no UTF-8, and \u0000, become U+FFFD.
std::string with_readable_strings(std::string_view json);

// Null if the text is not JSON, or holds a number with more digits than cJSON takes. Throws std::bad_alloc.
Json parse_json(std::string_view text);

// The members of an object, in their order, each with its value as it is written (numbers keep all their digits). Nothing if the text is no object. The
// text must have passed check_json(), and the values are parts of it.
std::optional<std::vector<std::pair<std::string, std::string_view>>> json_members(std::string_view text);

// The elements of an array, in the same way.
std::optional<std::vector<std::string_view>> json_elements(std::string_view text);

// Without white space. Throws std::bad_alloc.
std::string print_json(const cJSON* json);

// cJSON reports a lack of memory as null.
Json checked(cJSON* json);

// Adds under the name, which is not copied and must live as long as the object, and takes ownership of the value.
void add_member(cJSON* object, const char* name, Json value);

// Members by exact name; null or empty where the object is none, or has no such member of this type.
const cJSON* member(const cJSON* object, const char* name);
std::string string_member(const cJSON* object, const char* name);
std::optional<double> number_member(const cJSON* object, const char* name);
std::int32_t int_member(const cJSON* object, const char* name, std::int32_t otherwise);
bool bool_member(const cJSON* object, const char* name);
std::vector<std::string> string_array(const cJSON* array);

}  // namespace venice
