// SPDX-License-Identifier: MIT
#include "request/parameters.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "support/text.hpp"

namespace venice {
namespace {

constexpr std::array qualities{"low", "medium", "high"};
constexpr std::array formats{"png", "jpeg", "webp"};

// The schema says 7500 for prompts, but models of the live list take up to 32768: without a model, the widest holds.
constexpr double longest_prompt = 32768;

// Ids, ratios, tiers and styles are opaque texts of the server; this only keeps nonsense out.
constexpr double longest_name = 256;

constexpr std::array table{
    venice_parameter{"model", VENICE_TYPE_STRING, "characters", nullptr, "The model that makes the image, by its id.", 1, longest_name},
    venice_parameter{"prompt", VENICE_TYPE_STRING, "characters", nullptr, "What the image shows.", 1, longest_prompt},
    venice_parameter{"negative_prompt", VENICE_TYPE_STRING, "characters", nullptr, "What the image must not show; some models use it.", 0,
                     longest_prompt},
    venice_parameter{"width", VENICE_TYPE_INT, "px", "1024", "Width of the image; pixel models only.", 1, 1280},
    venice_parameter{"height", VENICE_TYPE_INT, "px", "1024", "Height of the image; pixel models only.", 1, 1280},
    venice_parameter{"aspect_ratio", VENICE_TYPE_STRING, "", nullptr, "Shape of the image, one of the model's ratios.", 1, longest_name},
    venice_parameter{"resolution", VENICE_TYPE_STRING, "", nullptr, "Size of the image, one of the model's tiers such as 2K.", 1,
                     longest_name},
    venice_parameter{"quality", VENICE_TYPE_STRING, "", nullptr, "How much work goes into the image; changes the price.", 0, 0, false,
                     qualities},
    venice_parameter{"steps", VENICE_TYPE_INT, "", nullptr, "Inference steps; few models use them.", 1, 1000},
    venice_parameter{"cfg_scale", VENICE_TYPE_DOUBLE, "", nullptr, "How closely the image follows the prompt.", 0, 20, true},
    venice_parameter{"seed", VENICE_TYPE_INT, "", nullptr, "The same seed and settings repeat an image; 0 is a seed like any other.",
                     -999999999, 999999999},
    venice_parameter{"variants", VENICE_TYPE_INT, "images", "1", "How many images to make; each is charged.", 1, 4},
    venice_parameter{"style_preset", VENICE_TYPE_STRING, "", nullptr, "A style from the style list, in its exact spelling.", 1,
                     longest_name},
    venice_parameter{"lora_strength", VENICE_TYPE_INT, "%", nullptr, "How strongly the model's LoRAs act.", 0, 100},
    venice_parameter{"safe_mode", VENICE_TYPE_BOOL, "", "true", "Blurs adult content."},
    venice_parameter{"hide_watermark", VENICE_TYPE_BOOL, "", "false", "Leaves the watermark out."},
    venice_parameter{"format", VENICE_TYPE_STRING, "", "\"webp\"", "File format of the image; some models ignore it.", 0, 0, false,
                     formats},
    venice_parameter{"return_binary", VENICE_TYPE_BOOL, "", "false", "The answer is the image itself instead of JSON."},
    venice_parameter{"embed_exif_metadata", VENICE_TYPE_BOOL, "", "false", "Writes the settings into the image's EXIF block."},
    venice_parameter{"enable_web_search", VENICE_TYPE_BOOL, "", "false", "Lets the model look things up, where it can; may cost extra."},
    venice_parameter{"enhance_prompt", VENICE_TYPE_BOOL, "", "false", "Rewrites the prompt first: up to 30 s more, and $0.04 for each rewrite."},
    venice_parameter{"disable_prompt_optimization_thinking", VENICE_TYPE_BOOL, "", "false",
                     "Skips the thinking of models that optimise the prompt."},
    venice_parameter{"style_references", VENICE_TYPE_JSON, "", nullptr,
                     "Images whose style to follow: an array of objects with image (base64, data URI or URL) and strength (0.1 to 1)."},
};

// With their lengths: most comparisons end there.
constexpr auto table_names = [] {
    std::array<std::string_view, table.size()> names;
    std::transform(table.begin(), table.end(), names.begin(), [](const venice_parameter& parameter) { return parameter.name; });
    return names;
}();

}  // namespace

std::span<const venice_parameter> parameters() { return table; }

const venice_parameter* find_parameter(std::string_view name) {
    const auto found = std::find(table_names.begin(), table_names.end(), name);
    return found != table_names.end() ? &table[static_cast<std::size_t>(found - table_names.begin())] : nullptr;
}

std::string allowed_values(const venice_parameter& parameter) {
    if (!parameter.choices.empty()) {
        return "one of " + joined(parameter.choices);
    }
    const std::string maximum = number_text(parameter.maximum);
    const std::string from = (parameter.minimum_excluded ? "above " : "from ") + number_text(parameter.minimum);
    switch (parameter.type) {
        case VENICE_TYPE_STRING:
            return "text of " + number_text(parameter.minimum) + " to " + maximum + " characters";
        case VENICE_TYPE_INT:
            return "a whole number " + from + " to " + maximum;
        default:  // of other types no value is out of range
            return "a number " + from + " up to " + maximum;
    }
}

}  // namespace venice
