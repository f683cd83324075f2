// SPDX-License-Identifier: MIT
#include "support/json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include "support/text.hpp"

namespace venice {
namespace {

// A recursive descent over RFC 8259's grammar that builds nothing. The depth is bounded as cJSON's is.
class JsonChecker {
public:
    explicit JsonChecker(std::string_view text) : text_(text) {}

    bool check() {
        const bool value_ok = value(0);
        skip_white_space();
        return value_ok && position_ == text_.size();
    }

    bool has_nul_escape() const { return has_nul_escape_; }

    // Up to version 1.7.18 cJSON reads no more than 63 characters of a number.
    bool has_long_number() const { return longest_number_ > 63; }

private:
    static constexpr int max_depth = 500;

    bool at(char c) const { return position_ < text_.size() && text_[position_] == c; }

    bool accept(char c) {
        const bool there = at(c);
        position_ += there;
        return there;
    }

    bool accept_digit() {
        const bool there = position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9';
        position_ += there;
        return there;
    }

    void skip_white_space() {
        while (accept(' ') || accept('\t') || accept('\n') || accept('\r')) {
        }
    }

    bool literal(std::string_view word) {
        const bool there = text_.substr(position_, word.size()) == word;
        position_ += there ? word.size() : 0;
        return there;
    }

    bool value(int depth) {
        skip_white_space();
        if (depth > max_depth || position_ == text_.size()) {
            return false;
        }
        switch (text_[position_]) {
            case '{':
                return object(depth);
            case '[':
                return array(depth);
            case '"':
                return string();
            default:
                return literal("true") || literal("false") || literal("null") || number();
        }
    }

    bool object(int depth) {
        accept('{');
        skip_white_space();
        if (accept('}')) {
            return true;
        }
        do {
            skip_white_space();
            if (!string()) {
                return false;
            }
            skip_white_space();
            if (!accept(':') || !value(depth + 1)) {
                return false;
            }
            skip_white_space();
        } while (accept(','));
        return accept('}');
    }

    bool array(int depth) {
        accept('[');
        skip_white_space();
        if (accept(']')) {
            return true;
        }
        do {
            if (!value(depth + 1)) {
                return false;
            }
            skip_white_space();
        } while (accept(','));
        return accept(']');
    }

    bool string() {
        if (!accept('"')) {
            return false;
        }
        while (position_ < text_.size()) {
            const char c = text_[position_++];
            if (c == '"') {
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20 || (c == '\\' && !escape())) {
                return false;
            }
        }
        return false;
    }

    // Behind the backslash. A lone surrogate is not text either: cJSON refuses it, so it is refused here.
    bool escape() {
        if (position_ == text_.size()) {
            return false;
        }
        const char c = text_[position_++];
        if (c != 'u') {
            return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
        }
        const int unit = hex4();
        if (unit >= 0xD800 && unit < 0xDC00) {
            const int low = literal("\\u") ? hex4() : -1;
            return low >= 0xDC00 && low < 0xE000;
        }
        has_nul_escape_ = has_nul_escape_ || unit == 0;
        return unit >= 0 && !(unit >= 0xDC00 && unit < 0xE000);
    }

    int hex4() {
        int unit = 0;
        for (int i = 0; i < 4; ++i, ++position_) {
            const char c = position_ < text_.size() ? text_[position_] : ' ';
            const bool digit = c >= '0' && c <= '9';
            const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (!digit && !letter) {
                return -1;
            }
            unit = unit * 16 + (digit ? c - '0' : (c | 0x20) - 'a' + 10);
        }
        return unit;
    }

    bool digits() {
        bool any = false;
        while (accept_digit()) {
            any = true;
        }
        return any;
    }

    bool number() {
        const std::size_t start = position_;
        const bool well = number_parts();
        longest_number_ = std::max(longest_number_, position_ - start);
        return well;
    }

    bool number_parts() {
        accept('-');
        if (!accept('0') && !digits()) {
            return false;
        }
        if (accept('.') && !digits()) {
            return false;
        }
        if (accept('e') || accept('E')) {
            accept('+') || accept('-');
            return digits();
        }
        return true;
    }

    std::string_view text_;
    std::size_t position_ = 0;
    bool has_nul_escape_ = false;
    std::size_t longest_number_ = 0;
};

// Behind the string that begins at `position`. The text is valid JSON.
std::size_t skip_string(std::string_view text, std::size_t position) {
    for (++position; text[position] != '"'; ++position) {
        position += text[position] == '\\' ? 1 : 0;
    }
    return position + 1;
}

// What stands between the commas of the outermost object or array.
std::optional<std::vector<std::string_view>> split_entries(std::string_view text, char opening) {
    if (text.empty() || text.front() != opening) {
        return std::nullopt;
    }
    std::vector<std::string_view> entries;
    std::size_t start = 1;
    int depth = 0;
    for (std::size_t position = 0; position < text.size(); ++position) {
        const char c = text[position];
        if (c == '"') {
            position = skip_string(text, position) - 1;
            continue;
        }
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        if ((c == ',' && depth == 1) || depth == 0) {
            const std::string_view entry = trimmed(text.substr(start, position - start));
            if (!entry.empty()) {
                entries.push_back(entry);
            }
            start = position + 1;
        }
    }
    return entries;
}

}  // namespace

JsonFault check_json(std::string_view text) {
    if (!is_valid_utf8(text)) {
        return JsonFault::not_utf8;
    }
    JsonChecker checker(text);
    if (!checker.check()) {
        return JsonFault::not_json;
    }
    return checker.has_nul_escape() ? JsonFault::nul_escape : JsonFault::none;
}

std::string with_readable_strings(std::string_view json) {
    std::string readable = as_valid_utf8(json);
    // Two characters at once behind a backslash, so that "\\\\u0000" stays what it is.
    for (std::size_t at = 0; (at = readable.find('\\', at)) != std::string::npos; at += 2) {
        if (readable.compare(at, 6, "\\u0000") == 0) {
            readable.replace(at, 6, "\\ufffd");
        }
    }
    return readable;
}

std::optional<std::vector<std::pair<std::string, std::string_view>>> json_members(std::string_view text) {
    const auto entries = split_entries(trimmed(text), '{');
    if (!entries) {
        return std::nullopt;
    }
    std::vector<std::pair<std::string, std::string_view>> members;
    for (const std::string_view entry : *entries) {
        const std::size_t name_end = skip_string(entry, 0);
        const Json name = parse_json(entry.substr(0, name_end));
        const std::size_t colon = entry.find(':', name_end);
        members.emplace_back(name->valuestring, trimmed(entry.substr(colon + 1)));
    }
    return members;
}

std::optional<std::vector<std::string_view>> json_elements(std::string_view text) { return split_entries(trimmed(text), '['); }

Json parse_json(std::string_view text) {
    Json json(cJSON_ParseWithLength(text.data(), text.size()));
    if (!json) {
        // cJSON does not say why: if nothing is wrong with the text, memory was lacking.
        JsonChecker checker(text);
        if (is_valid_utf8(text) && checker.check() && !checker.has_nul_escape() && !checker.has_long_number()) {
            throw std::bad_alloc();
        }
    }
    return json;
}

std::string print_json(const cJSON* json) {
    struct Free {
        void operator()(char* text) const noexcept { cJSON_free(text); }
    };
    const std::unique_ptr<char, Free> text(cJSON_PrintBuffered(json, 1024, 0));
    if (!text) {
        throw std::bad_alloc();
    }
    return text.get();
}

Json checked(cJSON* json) {
    if (json == nullptr) {
        throw std::bad_alloc();
    }
    return Json(json);
}

void add_member(cJSON* object, const char* name, Json value) {
    if (!cJSON_AddItemToObjectCS(object, name, value.get())) {
        throw std::bad_alloc();
    }
    static_cast<void>(value.release());  // the object owns it now
}

const cJSON* member(const cJSON* object, const char* name) {
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : nullptr;
}

std::string string_member(const cJSON* object, const char* name) {
    const cJSON* value = member(object, name);
    return cJSON_IsString(value) ? value->valuestring : "";
}

std::optional<double> number_member(const cJSON* object, const char* name) {
    const cJSON* value = member(object, name);
    return cJSON_IsNumber(value) && std::isfinite(value->valuedouble) ? std::optional(value->valuedouble) : std::nullopt;
}

std::int32_t int_member(const cJSON* object, const char* name, std::int32_t otherwise) {
    const double value = number_member(object, name).value_or(otherwise);
    const bool fits = value >= 0 && value <= std::numeric_limits<std::int32_t>::max();
    return fits ? static_cast<std::int32_t>(value) : otherwise;
}

bool bool_member(const cJSON* object, const char* name) { return cJSON_IsTrue(member(object, name)) != 0; }

std::vector<std::string> string_array(const cJSON* array) {
    std::vector<std::string> strings;
    for (const cJSON* item = cJSON_IsArray(array) ? array->child : nullptr; item != nullptr; item = item->next) {
        if (cJSON_IsString(item)) {
            strings.emplace_back(item->valuestring);
        }
    }
    return strings;
}

}  // namespace venice
