// SPDX-License-Identifier: MIT
// plug-in-venice-reuse-settings: from a layer back to its making.
#include <stdexcept>

#include "gimp/gimp_handles.hpp"
#include "gimp/insert_layers.hpp"
#include "gimp/layer_actions.hpp"
#include "i18n.hpp"
#include "procedures/arguments.hpp"
#include "procedures/generate_into.hpp"
#include "procedures/procedure_support.hpp"
#include "procedures/procedures.hpp"
#include "store/settings_json.hpp"

namespace venice_gimp {
namespace {

// The layer given, or the selected one. A mask stands for its layer.
GimpItem* the_layer(GimpImage* image, GimpDrawable** drawables) {
    const MemoryHandle<GimpDrawable*> selected(drawables == nullptr || drawables[0] == nullptr ? gimp_image_get_selected_drawables(image)
                                                                                               : nullptr);
    GimpDrawable** const given = selected ? selected.get() : drawables;
    if (given == nullptr || given[0] == nullptr || given[1] != nullptr) {
        throw std::runtime_error(_("Choose one layer whose settings are to be used."));
    }
    GimpItem* const item = GIMP_ITEM(given[0]);
    return gimp_item_is_layer_mask(item) ? GIMP_ITEM(gimp_layer_from_mask(GIMP_LAYER_MASK(item))) : item;
}

Settings settings_of_layer(GimpItem* layer) {
    const std::optional<std::string> json = generation_of(layer);
    if (!json) {
        throw std::runtime_error(_("This layer was not generated with Venice, or its settings were not kept: there is nothing to reuse."));
    }
    const std::optional<Settings> settings = settings_from_json(*json);
    if (!settings) {
        throw std::runtime_error(_("The settings of this layer are damaged and cannot be read."));
    }
    return *settings;
}

GimpValueArray* generate(GimpProcedure* procedure, GimpImage* image, GimpItem* layer, GimpProcedureConfig* config) {
    const PlacementArguments placement = placement_of(config);
    check_can_insert(image);
    Target target = freeze_target(image, placement.target);
    target.active_layer_id = gimp_item_get_id(layer);
    return generate_into(procedure, target, settings_of_layer(layer), placement.options);
}

GimpValueArray* run(GimpProcedure* procedure, GimpRunMode run_mode, GimpImage* image, GimpDrawable** drawables,
                    GimpProcedureConfig* config, gpointer) noexcept {
    // cppcheck-suppress throwInNoexceptFunction ; run_guarded() catches all
    return run_guarded(procedure, [=] {
        if (image == nullptr) {
            return failed(procedure, _("An image is needed."));
        }
        GimpItem* const layer = the_layer(image, drawables);
        return run_mode == GIMP_RUN_NONINTERACTIVE ? generate(procedure, image, layer, config)
                                                   : run_interactively(procedure, run_mode, image, settings_of_layer(layer), false);
    });
}

void describe(GimpProcedure* procedure) {
    gimp_procedure_set_menu_label(procedure, _("_Reuse Settings of This Layer…"));
    gimp_procedure_add_menu_path(procedure, "<Image>/Filters/Venice/");
    gimp_procedure_add_menu_path(procedure, "<Layers>");
    gimp_procedure_set_documentation(
        procedure, _("Open the generation window with the settings that a layer was made with"),
        _("The settings are kept on each generated layer, also in an XCF file. Non-interactive calls generate again with the same settings and "
          "the same seed, which is charged, and put the new layer above that one; target, placement and group say where, as in "
          "plug-in-venice-generate-layers."),
        reuse_settings_name);
    set_authors(procedure);
}

}  // namespace

GimpProcedure* new_reuse_settings_procedure(GimpPlugIn* plug_in) {
    GimpProcedure* procedure = gimp_image_procedure_new(plug_in, reuse_settings_name, GIMP_PDB_PROC_TYPE_PLUGIN, run, nullptr, nullptr);
    gimp_procedure_set_image_types(procedure, "*");
    gimp_procedure_set_sensitivity_mask(procedure, GIMP_PROCEDURE_SENSITIVE_DRAWABLE);
    describe(procedure);
    add_placement_arguments(procedure);
    add_layers_return_value(procedure);
    return procedure;
}

}  // namespace venice_gimp
