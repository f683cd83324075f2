// SPDX-License-Identifier: MIT
// Response headers: names in any case, the last one wins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/text.hpp"

namespace venice {

// All of them in one text, because there are many, and most are read by nobody: a string for each would be half of what keeping a small answer costs.
class Headers {
public:
    // A line as it came, "Name: value\r\n". What is no header is left out.
    void add_line(std::string_view line) {
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos) {
            const bool readable = is_utf8_without_nul(line);  // if it is not, one of the two may be
            const std::uint32_t name = add_text(trimmed(line.substr(0, colon)), readable);
            const std::uint32_t value = add_text(trimmed(line.substr(colon + 1)), readable);
            fields_.push_back({name, value});
        }
    }

    void clear() {
        text_.clear();
        fields_.clear();
    }

    // In the order in which they came.
    std::size_t count() const { return fields_.size(); }
    const char* name_at(std::size_t index) const { return text_.c_str() + fields_[index].name; }
    const char* value_at(std::size_t index) const { return text_.c_str() + fields_[index].value; }

    // Null if there is none.
    const char* find(std::string_view name) const {
        for (std::size_t index = count(); index > 0; --index) {
            const Field& field = fields_[index - 1];
            const std::size_t length = field.value - field.name - 1;
            if (length == name.size() && equals_ignoring_case({text_.data() + field.name, length}, name)) {
                return text_.data() + field.value;
            }
        }
        return nullptr;
    }

    std::string value(std::string_view name) const {
        const char* found = find(name);
        return found != nullptr ? found : std::string();
    }

    bool is_true(std::string_view name) const { return equals_ignoring_case(value(name), "true"); }

private:
    struct Field {  // where in text_ each begins; a NUL ends it. The value stands right behind the name
        std::uint32_t name;
        std::uint32_t value;
    };

    // Headers may come in any encoding, and some servers let a NUL through.
    std::uint32_t add_text(std::string_view bytes, bool readable) {
        const auto start = static_cast<std::uint32_t>(text_.size());
        if (readable || is_utf8_without_nul(bytes)) {
            text_ += bytes;
        } else {
            text_ += displayable(bytes, bytes.size());
        }
        text_ += '\0';
        return start;
    }

    std::string text_;
    std::vector<Field> fields_;
};

}  // namespace venice
