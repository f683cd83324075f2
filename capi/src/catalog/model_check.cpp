// SPDX-License-Identifier: MIT
#include "catalog/model_check.hpp"

#include <algorithm>

#include "catalog/model_fields.hpp"
#include "support/text.hpp"

namespace venice {
namespace {

constexpr double enhancement_usd = 0.04;

class ModelCheck {
public:
    ModelCheck(const Request& request, const ModelInfo& model) : request_(request), model_(model) {}

    std::vector<Problem> run() {
        check_model();
        check_length("prompt");
        check_length("negative_prompt");
        check_choice("aspect_ratio", model_.aspect_ratios);
        check_choice("resolution", model_.resolutions);
        check_choice("quality", model_.qualities);
        check_side("width");
        check_side("height");
        check_steps();
        check_style_references();
        return std::move(problems_);
    }

private:
    void add(const char* field, const char* code, const std::string& message) { problems_.push_back({field, message, code}); }

    // True if there is nothing more to say of the field. One that the request leaves out for this model is no problem.
    bool is_settled(const char* field) {
        const UnusedField* unused = unused_field(model_, field);
        if (request_.is_set(field) && unused == nullptr) {
            return false;
        }
        const bool is_left_out = request_.model() != nullptr && request_.model()->id == model_.id;
        if (request_.is_set(field) && !is_left_out) {
            add(field, unused->code, model_.name + " does not take " + field + ". " + unused->reason);
        }
        return true;
    }

    void check_model() {
        const std::string id = request_.string_value("model").value_or(model_.id);
        if (id != model_.id) {
            add("model", "other_model", "The request is for " + displayable(id, 64) + ", not for " + model_.id + ".");
        } else if (!model_.generates) {
            add("model", "no_generator", model_.name + " does not make images from text.");
        } else if (model_.offline) {
            add("model", "offline", model_.name + " is offline at the moment.");
        }
    }

    void check_length(const char* field) {
        const auto text = request_.string_value(field);
        const std::size_t length = text ? character_count(*text) : 0;
        if (model_.prompt_limit > 0 && length > static_cast<std::size_t>(model_.prompt_limit)) {
            add(field, "too_long", std::string(field) + " has " + std::to_string(length) + " characters; " + model_.name + " takes up to " +
                           std::to_string(model_.prompt_limit) + ".");
        }
    }

    // The server falls back in silence to the default for a ratio that it does not know, and answers 400 for the others.
    void check_choice(const char* field, const std::vector<std::string>& allowed) {
        if (is_settled(field)) {
            return;
        }
        const std::string value = request_.string_value(field).value_or("");
        if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
            add(field, "not_a_choice",
                std::string(field) + " must be one of " + joined(allowed) + " for " + model_.name + ", not \"" + displayable(value, 64) + "\".");
        }
    }

    void check_side(const char* field) {
        if (is_settled(field)) {
            return;
        }
        const std::int64_t value = request_.int_value(field).value_or(0);
        if (value % model_.size_divisor != 0) {
            add(field, "not_a_multiple",
                std::string(field) + " must be a multiple of " + std::to_string(model_.size_divisor) + " for " + model_.name + ", not " +
                    std::to_string(value) + ".");
        }
    }

    // Where the model ignores steps, so does this.
    void check_steps() {
        const auto steps = request_.int_value("steps");
        if (steps && model_.max_steps > 0 && *steps > model_.max_steps && unused_field(model_, "steps") == nullptr) {
            add("steps", "out_of_range",
                "steps must be from 1 to " + std::to_string(model_.max_steps) + " for " + model_.name + ", not " + std::to_string(*steps) + ".");
        }
    }

    void check_style_references() {
        if (is_settled("style_references")) {
            return;
        }
        const std::size_t count = request_.style_reference_count();
        if (model_.max_style_references > 0 && count > static_cast<std::size_t>(model_.max_style_references)) {
            add("style_references", "too_many",
                model_.name + " takes up to " + std::to_string(model_.max_style_references) + " style references, not " + std::to_string(count) + ".");
        }
    }

    const Request& request_;
    const ModelInfo& model_;
    std::vector<Problem> problems_;
};

template <typename Map>
const typename Map::mapped_type* find_in(const Map& map, const std::string& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

}  // namespace

std::vector<Problem> problems_with_model(const Request& request, const ModelInfo& model) { return ModelCheck(request, model).run(); }

std::optional<Price> price_of_image(const ModelInfo& model, const std::string& resolution, const std::string& quality) {
    const std::string& tier = resolution.empty() ? model.default_resolution : resolution;
    // The vendor's order: quality wins over resolutions where both stand, and the flat price is for those that have neither.
    if (!model.quality_prices.empty()) {
        const auto* levels = find_in(model.quality_prices, tier);
        const Price* found = levels != nullptr ? find_in(*levels, quality.empty() ? model.default_quality : quality) : nullptr;
        return found != nullptr ? std::optional(*found) : std::nullopt;
    }
    if (!model.resolution_prices.empty()) {
        const Price* found = find_in(model.resolution_prices, tier);
        return found != nullptr ? std::optional(*found) : std::nullopt;
    }
    return model.flat_price;
}

std::optional<Price> price_of(const ModelInfo& model, const Request* request) {
    if (request == nullptr) {
        return price_of_image(model, "", "");
    }
    auto price = price_of_image(model, request->string_value("resolution").value_or(""), request->string_value("quality").value_or(""));
    if (!price) {
        return price;
    }
    const auto images = static_cast<double>(request->int_value("variants").value_or(1));
    price->usd *= images;
    price->diem = price->diem < 0 ? -1 : price->diem * images;
    if (request->bool_value("enhance_prompt")) {
        // The vendor names dollars only, once for each rewrite, however many images come of it.
        price->usd += enhancement_usd;
        price->diem = -1;
    }
    return price;
}

bool may_cost_more(const ModelInfo& model, const Request& request) {
    return request.bool_value("enable_web_search") && unused_field(model, "enable_web_search") == nullptr;
}

}  // namespace venice
