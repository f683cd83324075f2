// SPDX-License-Identifier: MIT
// The parameters of one request: checked when set, written as JSON when sent. What of them a model gets: catalog/request_plan.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "request/parameters.hpp"
#include "support/error.hpp"

namespace venice {

struct ModelInfo;

class Request {
public:
    // All setters throw Error and then leave the request as it was.
    void set_string(std::string_view name, std::string_view value);
    void set_int(std::string_view name, std::int64_t value);
    void set_double(std::string_view name, double value);
    void set_bool(std::string_view name, bool value);
    void set_json(std::string_view name, std::string_view json);
    void unset(std::string_view name);
    void clear();  // the model of use_model() too

    // All fields of a JSON object, as set_json() for each. Throws Error with every problem found.
    static Request from_json(std::string_view json);

    // Appends to style_references. Throws Error. A strength of 0 is not sent.
    void add_style_reference(std::span<const std::uint8_t> image, double strength);
    void add_style_reference_file(const std::string& path, double strength);

    // From now on only what this model uses is sent. Null: no model any more. Setting another "model" drops it.
    void use_model(std::shared_ptr<const ModelInfo> model);
    const ModelInfo* model() const { return model_.get(); }

    bool is_set(std::string_view name) const;

    // Empty if it is not set or of another type.
    std::optional<std::string> string_value(std::string_view name) const;
    std::optional<std::int64_t> int_value(std::string_view name) const;
    bool bool_value(std::string_view name) const;  // false if it is not set

    std::size_t style_reference_count() const;

    // The names of what is set, in the order of the table, fields unknown to the table last.
    std::vector<std::string_view> names() const;

    // A JSON object of what is set, in the same order.
    std::string json() const { return json_of(names()); }

    // The same of some of these names, all of which must be set.
    std::string json_of(std::span<const std::string_view> names) const;

    // What is missing or does not fit together, whatever the model. With a model: catalog/request_plan.hpp.
    std::vector<Problem> problems() const;

    // What `write` gives: asked for once, until the request changes, and kept. For catalog/request_plan.hpp.
    template <typename Write>
    std::shared_ptr<const std::string> body(Write&& write) const {
        if (!body_) {
            body_ = std::make_shared<const std::string>(write());
        }
        return body_;
    }

private:
    struct RawJson {
        std::string text;
    };
    using Value = std::variant<std::string, std::int64_t, double, bool, RawJson>;

    const Value* find(std::string_view name) const;
    void store(std::string_view name, Value value);

    std::map<std::string, Value, std::less<>> values_;
    std::shared_ptr<const ModelInfo> model_;
    mutable std::shared_ptr<const std::string> body_;  // null: not written since the last change
};

// Throws VENICE_ERROR_INVALID_REQUEST with all problems, if there are any.
void throw_if_any(std::vector<Problem> problems);

}  // namespace venice
