// SPDX-License-Identifier: MIT
#include "store/settings_json.hpp"

#include "store/json.hpp"
#include "store/values_json.hpp"

namespace venice_gimp {
namespace {

// One list of the fields for both directions: a visitor is called with each name and field.
template <typename AnySettings, typename Visitor>
void visit_settings(AnySettings& settings, const Visitor& visit) {
    visit("prompt", settings.prompt);
    visit("negative_prompt", settings.negative_prompt);
    visit("model", settings.model);
    visit("width", settings.width);
    visit("height", settings.height);
    visit("aspect_ratio", settings.aspect_ratio);
    visit("resolution", settings.resolution);
    visit("quality", settings.quality);
    visit("steps", settings.steps);
    visit("cfg_scale", settings.cfg_scale);
    visit("seed", settings.seed);
    visit("style_preset", settings.style_preset);
    visit("lora_strength", settings.lora_strength);
    visit("safe_mode", settings.safe_mode);
    visit("hide_watermark", settings.hide_watermark);
    visit("embed_exif_metadata", settings.embed_exif_metadata);
    visit("enable_web_search", settings.enable_web_search);
    visit("enhance_prompt", settings.enhance_prompt);
    visit("disable_prompt_optimization_thinking", settings.disable_prompt_optimization_thinking);
    visit("format", settings.format);
}

struct Writer {
    cJSON* object;

    void operator()(const char* name, const std::string& value) const {
        if (!value.empty()) {
            set_member(object, name, text_json(value));
        }
    }
    void operator()(const char* name, const std::optional<std::int64_t>& value) const {
        if (value) {
            set_member(object, name, number_json(static_cast<double>(*value)));
        }
    }
    void operator()(const char* name, const std::optional<double>& value) const {
        if (value) {
            set_member(object, name, number_json(*value));
        }
    }
    void operator()(const char* name, const std::optional<bool>& value) const {
        if (value) {
            set_member(object, name, bool_json(*value));
        }
    }
};

struct Reader {
    const cJSON* object;

    void operator()(const char* name, std::string& value) const { value = text_member(object, name); }
    void operator()(const char* name, std::optional<std::int64_t>& value) const { value = integer_member(object, name); }
    void operator()(const char* name, std::optional<double>& value) const { value = number_member(object, name); }
    void operator()(const char* name, std::optional<bool>& value) const { value = bool_member(object, name); }
};

}  // namespace

Json json_of(const Settings& settings) {
    Json object = new_object();
    visit_settings(settings, Writer{object.get()});
    set_member(object.get(), "variants", number_json(static_cast<double>(settings.variants)));
    return object;
}

Settings settings_of(const cJSON* object) {
    Settings settings;
    visit_settings(settings, Reader{object});
    settings.variants = integer_member(object, "variants").value_or(settings.variants);
    return settings;
}

Json json_of(const DialogValues& values) {
    Json object = json_of(values.settings);
    const Writer write{object.get()};
    write("target", values.target);
    write("placement", values.placement);
    write("size_is_automatic", std::optional(values.size_is_automatic));
    write("seed_is_fixed", std::optional(values.seed_is_fixed));
    return object;
}

DialogValues dialog_values_of(const cJSON* object) {
    DialogValues values;
    values.settings = settings_of(object);
    values.target = text_member(object, "target");
    values.placement = text_member(object, "placement");
    values.size_is_automatic = bool_member(object, "size_is_automatic").value_or(values.size_is_automatic);
    values.seed_is_fixed = bool_member(object, "seed_is_fixed").value_or(values.seed_is_fixed);
    return values;
}

std::string settings_to_json(const Settings& settings) {
    return print_json(json_of(settings).get());
}

std::optional<Settings> settings_from_json(std::string_view json) {
    const Json object = parse_object(json);
    return object ? std::optional(settings_of(object.get())) : std::nullopt;
}

std::string dialog_values_to_json(const DialogValues& values) {
    return print_json(json_of(values).get());
}

std::optional<DialogValues> dialog_values_from_json(std::string_view json) {
    const Json object = parse_object(json);
    return object ? std::optional(dialog_values_of(object.get())) : std::nullopt;
}

}  // namespace venice_gimp
