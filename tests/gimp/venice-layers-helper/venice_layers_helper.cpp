// SPDX-License-Identifier: MIT
// A plug-in for tests: what the window does with layers and no procedure of Venice for GIMP offers, as procedures that Python can call.
// Each takes an image by its number, as the window does: GIMP keeps an image alive that a running procedure was called with.
#include <libgimp/gimp.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "gimp/early_layer.hpp"
#include "gimp/insert_layers.hpp"
#include "gimp/layer_actions.hpp"

namespace {

using namespace venice_gimp;

constexpr const char* insert_name = "test-venice-insert";
constexpr const char* keep_only_name = "test-venice-keep-only";
constexpr const char* show_alone_name = "test-venice-show-alone";
constexpr const char* convert_name = "test-venice-convert-to-rgb";

std::string text_of(GimpProcedureConfig* config, const char* name) {
    char* owned = nullptr;
    g_object_get(config, name, &owned, nullptr);
    const std::unique_ptr<char, decltype(&g_free)> text(owned, g_free);
    return text != nullptr ? text.get() : "";
}

int number_of(GimpProcedureConfig* config, const char* name) {
    gint number = 0;
    g_object_get(config, name, &number, nullptr);
    return number;
}

std::vector<gint32> numbers_in(const std::string& text) {
    std::istringstream stream(text);
    std::vector<gint32> numbers;
    for (gint32 number = 0; stream >> number;) {
        numbers.push_back(number);
    }
    return numbers;
}

// Soft shapes with fine structure on them, as photographs have.
std::shared_ptr<const DecodedImage> picture(int width, int height) {
    auto image = std::make_shared<DecodedImage>();
    image->width = width;
    image->height = height;
    image->pixels = PixelBytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    std::byte* to = image->pixels.data();
    unsigned noise = 1;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            noise = noise * 1664525U + 1013904223U;
            const int grain = static_cast<int>(noise >> 28U);
            for (const int value : {x * 200 / width, y * 200 / height, (x + y) * 100 / (width + height) + ((x / 16 + y / 16) % 2) * 80}) {
                *to++ = static_cast<std::byte>(value + grain);
            }
        }
    }
    return image;
}

std::vector<NewLayer> new_layers(GimpProcedureConfig* config) {
    const auto pixels = picture(number_of(config, "width"), number_of(config, "height"));
    std::vector<NewLayer> layers;
    for (int index = 1; index <= number_of(config, "count"); ++index) {
        layers.push_back({pixels, "New " + std::to_string(index), "{}"});
    }
    return layers;
}

// What became of an insertion.
struct Report {
    std::string text;
    std::vector<GimpLayer*> layers;
    gint64 longest_step_us = 0;
};

// What happens to the image between two steps.
void change(GimpImage* image, const std::string& meanwhile) {
    if (meanwhile == "close") {
        gimp_image_delete(image);
    } else if (meanwhile == "resize") {
        gimp_image_resize(image, 300, 200, 0, 0);
    } else if (meanwhile == "anchor") {
        gimp_floating_sel_anchor(gimp_image_get_floating_sel(image));
    } else if (meanwhile == "gray") {
        gimp_image_convert_grayscale(image);
    } else if (meanwhile == "deep") {
        gimp_image_convert_precision(image, GIMP_PRECISION_FLOAT_LINEAR);
    } else if (meanwhile == "indexed") {
        gimp_image_convert_indexed(image, GIMP_CONVERT_DITHER_NONE, GIMP_CONVERT_PALETTE_WEB, 0, FALSE, FALSE, "");
    } else if (meanwhile == "profile") {
        const ObjectHandle<GimpColorProfile> profile(gimp_color_profile_new_rgb_adobe());
        gimp_image_convert_color_profile(image, profile.get(), GIMP_COLOR_RENDERING_INTENT_RELATIVE_COLORIMETRIC, TRUE);
    }
}

// Writes the layers while half of the picture has arrived, then changes the image, then the rest arrives. What is not written then, or
// cannot be used, is left to the insertion.
void write_early(GimpProcedureConfig* config, GimpImage* image, const Target& target, Placement placement, std::vector<NewLayer>& layers) {
    const std::string early = text_of(config, "early");
    if (early.empty()) {
        return;
    }
    const auto rows = std::make_shared<ProgressiveImage>();
    rows->begin(*layers.front().pixels);
    rows->publish(rows->picture()->height / 2);
    const auto write_all = [&layers] {
        for (const NewLayer& layer : layers) {
            while (layer.early->step(0)) {
            }
        }
    };
    for (NewLayer& layer : layers) {
        layer.early = std::make_shared<EarlyLayer>(target, placement, rows, layer.name);
    }
    write_all();
    change(image, text_of(config, "early-meanwhile"));
    rows->publish(rows->picture()->height);
    rows->end(early == "damaged" ? ProgressiveImage::State::needs_whole : ProgressiveImage::State::complete);
    if (early == "all") {
        write_all();
    }
    for (NewLayer& layer : layers) {
        layer.pixels = early == "damaged" ? layer.pixels : complete_picture(rows);
    }
}

bool timed_step(Insertion& insertion, gint64 budget_us, Report& report) {
    const gint64 start = g_get_monotonic_time();
    const bool done = insertion.step(budget_us);
    report.longest_step_us = std::max(report.longest_step_us, g_get_monotonic_time() - start);
    return done;
}

// `steps` single steps, then what happens meanwhile, then all the rest. "cancel" ends it there, "anchor" tries again after a failure.
Report insert(GimpProcedureConfig* config) {
    GimpImage* const image = gimp_image_get_by_id(number_of(config, "image-id"));
    const std::string meanwhile = text_of(config, "meanwhile");
    const gint64 budget_us = number_of(config, "budget");
    prepare_insertion();
    prepare_scaling();
    const Placement placement = placement_named(text_of(config, "placement")).value();
    const Target target = freeze_target(image);
    std::vector<NewLayer> layers = new_layers(config);
    write_early(config, image, target, placement, layers);
    Insertion insertion(target, std::move(layers), {placement, grouping_named(text_of(config, "group")).value(), "Pictures"});
    Report report;
    int left = number_of(config, "steps");
    try {
        bool done = false;
        while (!done) {
            if (left-- == 0) {
                if (meanwhile == "cancel") {
                    return report;
                }
                change(image, meanwhile);
            }
            done = timed_step(insertion, budget_us, report);
        }
        report.text = insertion.notice();
    } catch (const InsertError& error) {
        report.text = error.what();
        if (meanwhile == "anchor") {
            change(image, meanwhile);
            insertion.finish();
        }
    }
    report.layers = insertion.layers();
    return report;
}

GimpValueArray* returned(GimpProcedure* procedure, const std::string& text, const std::vector<GimpLayer*>& layers, gint64 longest_us) {
    GimpValueArray* values = gimp_procedure_new_return_values(procedure, GIMP_PDB_SUCCESS, nullptr);
    GimpLayer** array = g_new0(GimpLayer*, layers.size() + 1);
    std::copy(layers.begin(), layers.end(), array);
    g_value_set_string(gimp_value_array_index(values, 1), text.c_str());
    g_value_take_boxed(gimp_value_array_index(values, 2), array);
    g_value_set_int(gimp_value_array_index(values, 3), static_cast<gint>(longest_us));
    return values;
}

GimpValueArray* run(GimpProcedure* procedure, GimpProcedureConfig* config, gpointer) noexcept {
    try {
        const std::string name = gimp_procedure_get_name(procedure);
        if (name == insert_name) {
            const Report report = insert(config);
            return returned(procedure, report.text, report.layers, report.longest_step_us);
        }
        if (name == convert_name) {
            convert_to_rgb(gimp_image_get_by_id(number_of(config, "image-id")));
            return returned(procedure, "", {}, 0);
        }
        const std::vector<gint32> run_layers = numbers_in(text_of(config, "layer-ids"));
        const gint32 layer = number_of(config, "layer-id");
        const bool was_there = name == keep_only_name ? keep_only(run_layers, layer) : show_alone(run_layers, layer);
        return returned(procedure, was_there ? "" : "gone", {}, 0);
    } catch (const std::exception& exception) {
        return gimp_procedure_new_return_values(procedure, GIMP_PDB_EXECUTION_ERROR,
                                                g_error_new_literal(GIMP_PLUG_IN_ERROR, 0, exception.what()));
    }
}

void add_number(GimpProcedure* procedure, const char* name, int value) {
    gimp_procedure_add_int_argument(procedure, name, name, name, -1, G_MAXINT, value, G_PARAM_READWRITE);
}

void add_text(GimpProcedure* procedure, const char* name, const char* value) {
    gimp_procedure_add_string_argument(procedure, name, name, name, value, G_PARAM_READWRITE);
}

GimpProcedure* create_procedure(GimpPlugIn* plug_in, const gchar* name) noexcept {
    GimpProcedure* procedure = gimp_procedure_new(plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run, nullptr, nullptr);
    gimp_procedure_set_menu_label(procedure, name);  // the name of its undo steps
    for (const auto& [argument, value] : {std::pair{"image-id", 0}, {"layer-id", 0}, {"width", 64}, {"height", 48}, {"count", 1},
                                          {"steps", -1}, {"budget", 0}}) {
        add_number(procedure, argument, value);
    }
    for (const auto& [argument, value] : {std::pair{"layer-ids", ""}, {"placement", "cover"}, {"group", "automatic"}, {"meanwhile", ""}, {"early", ""},
                                          {"early-meanwhile", ""}}) {
        add_text(procedure, argument, value);
    }
    gimp_procedure_add_string_return_value(procedure, "text", "text", "A notice or an error", "", G_PARAM_READWRITE);
    gimp_procedure_add_core_object_array_return_value(procedure, "layers", "layers", "The new layers", GIMP_TYPE_LAYER, G_PARAM_READWRITE);
    gimp_procedure_add_int_return_value(procedure, "longest-step", "longest step", "in microseconds", 0, G_MAXINT, 0, G_PARAM_READWRITE);
    return procedure;
}

GList* query_procedures(GimpPlugIn*) noexcept {
    GList* names = nullptr;
    for (const char* name : {insert_name, keep_only_name, show_alone_name, convert_name}) {
        names = g_list_append(names, g_strdup(name));
    }
    return names;
}

gboolean set_i18n(GimpPlugIn*, const gchar*, gchar**, gchar**) noexcept {
    return FALSE;
}

void class_init(gpointer plug_in_class, gpointer) noexcept {
    auto* const functions = static_cast<GimpPlugInClass*>(plug_in_class);
    functions->query_procedures = query_procedures;
    functions->create_procedure = create_procedure;
    functions->set_i18n = set_i18n;
}

GType helper_type() {
    return g_type_register_static_simple(GIMP_TYPE_PLUG_IN, "VeniceLayersHelper", sizeof(GimpPlugInClass), class_init, sizeof(GimpPlugIn),
                                         nullptr, GTypeFlags{});
}

}  // namespace

GIMP_MAIN(helper_type())
