// SPDX-License-Identifier: MIT
#include "procedures/arguments.hpp"

#include <memory>
#include <stdexcept>

#include "gimp/gimp_handles.hpp"
#include "i18n.hpp"

namespace venice_gimp {
namespace {

// Values outside what the API allows stand for "not set". The declared ranges are as wide as the types: GIMP would replace a value outside
// them by the default without an error, whereas libvenice says what is wrong.
constexpr int unset_number = 0;
constexpr int unset_seed = -1000000000;  // 0 is a seed like any other
constexpr int unset_lora_strength = -1;  // 0 switches the LoRA off

constexpr auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE);

void add_text(GimpProcedure* procedure, const char* name, const char* label, const char* description) {
    gimp_procedure_add_string_argument(procedure, name, label, description, "", flags);
}

void add_number(GimpProcedure* procedure, const char* name, const char* label, const char* description, int initial) {
    gimp_procedure_add_int_argument(procedure, name, label, description, G_MININT, G_MAXINT, initial, flags);
}

struct Switch {
    const char* name;
    const char* label;
    const char* description;
    bool api_default;
};

const Switch safe_mode{"safe-mode", N_("Safe _mode"), N_("Blur adult content"), true};
const Switch hide_watermark{"hide-watermark", N_("_Hide watermark"), N_("Leave out the service's watermark"), false};
const Switch embed_exif_metadata{"embed-exif-metadata", N_("Embed E_XIF metadata"),
                                 N_("Let the service write the settings into the image file"), false};
const Switch enable_web_search{"enable-web-search", N_("_Web search"), N_("Let the model search the web; may cost extra"), false};
const Switch enhance_prompt{"enhance-prompt", N_("_Enhance prompt"),
                            N_("Let the service rewrite the prompt; takes longer and may cost extra"), false};
const Switch disable_thinking{"disable-prompt-optimization-thinking", N_("_Disable prompt optimization thinking"),
                              N_("Let the model begin without thinking about the prompt; faster"), false};

void add_switch(GimpProcedure* procedure, const Switch& argument) {
    gimp_procedure_add_boolean_argument(procedure, argument.name, _(argument.label), _(argument.description), argument.api_default, flags);
}

void add_content_arguments(GimpProcedure* procedure) {
    add_text(procedure, "prompt", _("_Prompt"), _("Description of the picture"));
    add_text(procedure, "model", _("_Model"), _("Id of the model; empty: the service's default model"));
    add_text(procedure, "negative-prompt", _("_Negative prompt"), _("What the picture should not show"));
}

void add_size_arguments(GimpProcedure* procedure) {
    add_number(procedure, "width", _("_Width"), _("Width in pixels, for models that take one; 0: the default"), unset_number);
    add_number(procedure, "height", _("_Height"), _("Height in pixels, for models that take one; 0: the default"), unset_number);
    add_text(procedure, "aspect-ratio", _("_Aspect ratio"), _("Such as 16:9, for models that take one; empty: the model's default"));
    add_text(procedure, "resolution", _("_Resolution"), _("Such as 2K, for models that take one; empty: the model's default"));
    add_text(procedure, "quality", _("_Quality"), _("low, medium or high, for models that take one; empty: the model's default"));
}

void add_sampling_arguments(GimpProcedure* procedure) {
    add_number(procedure, "steps", _("S_teps"), _("Number of steps; 0: the model's default"), unset_number);
    gimp_procedure_add_double_argument(procedure, "cfg-scale", _("_CFG scale"),
                                       _("How closely to follow the prompt; 0: the model's default"), -G_MAXDOUBLE, G_MAXDOUBLE,
                                       unset_number, flags);
    add_number(procedure, "seed", _("_Seed"), _("The same seed and settings repeat an image; -1000000000: a new one"), unset_seed);
    add_number(procedure, "variants", _("_Variants"), _("Number of images, each with its own seed: seed, seed + 1, …; each is charged"), 1);
    add_text(procedure, "style-preset", _("St_yle"), _("Name of a style of the service; empty: none"));
    add_number(procedure, "lora-strength", _("_LoRA strength"), _("0 to 100, for models that have one; -1: the model's default"),
               unset_lora_strength);
}

void add_option_arguments(GimpProcedure* procedure) {
    add_switch(procedure, safe_mode);
    add_switch(procedure, hide_watermark);
    add_switch(procedure, embed_exif_metadata);
    add_switch(procedure, enable_web_search);
    add_switch(procedure, enhance_prompt);
    add_switch(procedure, disable_thinking);
    add_text(procedure, "format", _("_Format"), _("Format of the transfer: png, jpeg or webp; empty: png"));
}

std::string text_of(GimpProcedureConfig* config, const char* name) {
    char* raw = nullptr;
    g_object_get(config, name, &raw, nullptr);
    const MemoryHandle<char> text(raw);
    return text ? text.get() : "";
}

int number_of(GimpProcedureConfig* config, const char* name) {
    gint number = 0;
    g_object_get(config, name, &number, nullptr);
    return number;
}

std::optional<std::int64_t> number_unless(GimpProcedureConfig* config, const char* name, int unset) {
    const int number = number_of(config, name);
    return number == unset ? std::nullopt : std::optional<std::int64_t>(number);
}

std::optional<double> cfg_scale_of(GimpProcedureConfig* config) {
    gdouble scale = 0;
    g_object_get(config, "cfg-scale", &scale, nullptr);
    const bool unset = !(scale < 0 || scale > 0);
    return unset ? std::nullopt : std::optional(scale);
}

// A switch in the API's own position is not sent, for not every model knows every field.
std::optional<bool> switch_of(GimpProcedureConfig* config, const Switch& argument) {
    gboolean value = FALSE;
    g_object_get(config, argument.name, &value, nullptr);
    const bool on = value != FALSE;
    return on == argument.api_default ? std::nullopt : std::optional(on);
}

}  // namespace

void add_generation_arguments(GimpProcedure* procedure) {
    add_content_arguments(procedure);
    add_size_arguments(procedure);
    add_sampling_arguments(procedure);
    add_option_arguments(procedure);
}

Settings settings_of(GimpProcedureConfig* config) {
    Settings settings;
    settings.prompt = text_of(config, "prompt");
    settings.model = text_of(config, "model");
    settings.negative_prompt = text_of(config, "negative-prompt");
    settings.width = number_unless(config, "width", unset_number);
    settings.height = number_unless(config, "height", unset_number);
    settings.aspect_ratio = text_of(config, "aspect-ratio");
    settings.resolution = text_of(config, "resolution");
    settings.quality = text_of(config, "quality");
    settings.steps = number_unless(config, "steps", unset_number);
    settings.cfg_scale = cfg_scale_of(config);
    settings.seed = number_unless(config, "seed", unset_seed);
    settings.variants = number_of(config, "variants");
    settings.style_preset = text_of(config, "style-preset");
    settings.lora_strength = number_unless(config, "lora-strength", unset_lora_strength);
    settings.safe_mode = switch_of(config, safe_mode);
    settings.hide_watermark = switch_of(config, hide_watermark);
    settings.embed_exif_metadata = switch_of(config, embed_exif_metadata);
    settings.enable_web_search = switch_of(config, enable_web_search);
    settings.enhance_prompt = switch_of(config, enhance_prompt);
    settings.disable_prompt_optimization_thinking = switch_of(config, disable_thinking);
    settings.format = text_of(config, "format");
    return settings;
}

// Texts and not choices: GIMP would replace an unknown choice by the default without an error.
void add_placement_arguments(GimpProcedure* procedure) {
    gimp_procedure_add_string_argument(procedure, "target", _("_Target"),
                                       _("selection: the bounds of the selection, if there is one, else the canvas; canvas: always that"),
                                       "selection", flags);
    gimp_procedure_add_string_argument(
        procedure, "placement", _("P_lacement"),
        _("How an image is scaled to the target: actual: not at all; cover: until it covers the target; fit: until it is inside; stretch: "
          "to the target's size, which distorts"),
        "actual", flags);
    gimp_procedure_add_string_argument(
        procedure, "group", _("_Group"),
        _("Whether the layers get a group, in which only the first one is visible: never; automatic: if there are several; always"), "never",
        flags);
}

PlacementArguments placement_of(GimpProcedureConfig* config) {
    PlacementArguments arguments;
    const std::string target = text_of(config, "target");
    const std::optional<Placement> placement = placement_named(text_of(config, "placement"));
    const std::optional<Grouping> grouping = grouping_named(text_of(config, "group"));
    if (target != "selection" && target != "canvas") {
        throw std::runtime_error(_("target must be selection or canvas."));
    }
    if (!placement) {
        throw std::runtime_error(_("placement must be cover, fit, actual or stretch."));
    }
    if (!grouping) {
        throw std::runtime_error(_("group must be automatic, always or never."));
    }
    arguments.target = target == "canvas" ? TargetKind::canvas : TargetKind::selection;
    arguments.options.placement = *placement;
    arguments.options.grouping = *grouping;
    return arguments;
}

}  // namespace venice_gimp
