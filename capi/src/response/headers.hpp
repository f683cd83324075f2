// SPDX-License-Identifier: MIT
// Response headers: names in any case, the last one wins.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/text.hpp"

namespace venice {

class Headers {
public:
    // A line as it came, "Name: value\r\n". What is no header is left out.
    void add_line(std::string_view line) {
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos) {
            fields_.emplace_back(as_text(trimmed(line.substr(0, colon))), as_text(trimmed(line.substr(colon + 1))));
        }
    }

    const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

    void clear() { fields_.clear(); }

    // Null if there is none.
    const std::string* find(std::string_view name) const {
        for (auto field = fields_.rbegin(); field != fields_.rend(); ++field) {
            if (equals_ignoring_case(field->first, name)) {
                return &field->second;
            }
        }
        return nullptr;
    }

    std::string value(std::string_view name) const {
        const std::string* found = find(name);
        return found != nullptr ? *found : std::string();
    }

    bool is_true(std::string_view name) const { return equals_ignoring_case(value(name), "true"); }

private:
    // Headers may come in any encoding, and some servers let a NUL through; texts of this library are UTF-8 and end at the first NUL.
    static std::string as_text(std::string_view bytes) {
        const bool is_text = is_valid_utf8(bytes) && bytes.find('\0') == std::string_view::npos;
        return is_text ? std::string(bytes) : displayable(bytes, bytes.size());
    }

    std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace venice
