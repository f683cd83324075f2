// SPDX-License-Identifier: MIT
#include "catalog/model_fields.hpp"

#include <algorithm>
#include <array>

namespace venice {
namespace {

struct Rule {
    std::string_view field;
    bool (*is_unused)(const ModelInfo& model);
    UnusedField told;
};

bool is_sized_by_ratio(const ModelInfo& model) { return !model.aspect_ratios.empty(); }
bool is_sized_by_pixels(const ModelInfo& model) { return model.aspect_ratios.empty(); }

// The list names bounds of steps for every model, also for those that have no use for them: of the models sized by ratio none has, of the others these have not.
bool ignores_steps(const ModelInfo& model) { return is_sized_by_ratio(model) || model.id == "z-image-turbo" || model.id == "chroma"; }

constexpr UnusedField pixels{"not_used", "The model is sized by aspect_ratio, not by width and height."};

constexpr std::array rules{
    Rule{"width", is_sized_by_ratio, pixels},
    Rule{"height", is_sized_by_ratio, pixels},
    Rule{"aspect_ratio", is_sized_by_pixels, {"not_used", "The model is sized by width and height; it does not take aspect_ratio."}},
    Rule{"resolution", [](const ModelInfo& model) { return model.resolutions.empty(); }, {"not_taken", "The model does not take resolution: it has one tier only."}},
    Rule{"quality", [](const ModelInfo& model) { return model.qualities.empty(); }, {"not_taken", "The model does not take quality: it has one level only."}},
    Rule{"steps", ignores_steps, {"not_used", "The model chooses the number of steps itself."}},
    Rule{"hide_watermark", [](const ModelInfo& model) { return !model.resolution_prices.empty() || !model.quality_prices.empty(); },
         {"not_used", "Only flat-priced models can have a watermark to hide."}},
    Rule{"enable_web_search", [](const ModelInfo& model) { return model.web_search == false; }, {"not_used", "The model cannot search the web."}},
    Rule{"disable_prompt_optimization_thinking", [](const ModelInfo& model) { return !model.prompt_optimization_thinking; },
         {"not_used", "The model does not think about prompts before it draws."}},
    Rule{"style_references", [](const ModelInfo& model) { return !model.style_references; }, {"not_taken", "The model does not take style_references."}},
};

}  // namespace

const UnusedField* unused_field(const ModelInfo& model, std::string_view field) {
    const auto* rule = std::find_if(rules.begin(), rules.end(), [&](const Rule& candidate) { return candidate.field == field; });
    return rule != rules.end() && model.has_constraints && rule->is_unused(model) ? &rule->told : nullptr;
}

}  // namespace venice
