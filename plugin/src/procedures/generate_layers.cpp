// SPDX-License-Identifier: MIT
// plug-in-venice-generate-layers: new layers for an image.
#include "gimp/insert_layers.hpp"
#include "i18n.hpp"
#include "procedures/arguments.hpp"
#include "procedures/generate_into.hpp"
#include "procedures/procedure_support.hpp"
#include "procedures/procedures.hpp"

namespace venice_gimp {
namespace {

GimpValueArray* generate(GimpProcedure* procedure, GimpImage* image, GimpProcedureConfig* config) {
    if (image == nullptr) {
        return failed(procedure, _("An image is needed. To make a new one, call plug-in-venice-create-image."));
    }
    const PlacementArguments placement = placement_of(config);
    check_can_insert(image);
    return generate_into(procedure, freeze_target(image, placement.target), settings_of(config), placement.options);
}

GimpValueArray* run(GimpProcedure* procedure, GimpRunMode run_mode, GimpImage* image, GimpDrawable**, GimpProcedureConfig* config,
                    gpointer) noexcept {
    return run_guarded(procedure, [=] {
        return run_mode == GIMP_RUN_NONINTERACTIVE ? generate(procedure, image, config)
                                                   : run_interactively(procedure, run_mode, image, settings_of(config), false);
    });
}

void describe(GimpProcedure* procedure) {
    gimp_procedure_set_menu_label(procedure, _("Generate _Layers…"));
    gimp_procedure_add_menu_path(procedure, "<Image>/Filters/Venice/");
    gimp_procedure_set_documentation(
        procedure, _("Generate images from text with Venice as new layers"),
        _("Each image becomes a layer above the active one, in one undo step. The arguments target, placement and group say where: by default "
          "at its true size, centered on the selection, or on the canvas if nothing is selected. A selection becomes the mask of the layers. "
          "Non-interactive calls send the requests, which are charged, and wait. The API key comes from the environment variable "
          "VENICE_API_KEY or from the keyring, never from an argument."),
        generate_layers_name);
    set_authors(procedure);
}

}  // namespace

GimpProcedure* new_generate_layers_procedure(GimpPlugIn* plug_in) {
    GimpProcedure* procedure = gimp_image_procedure_new(plug_in, generate_layers_name, GIMP_PDB_PROC_TYPE_PLUGIN, run, nullptr, nullptr);
    gimp_procedure_set_image_types(procedure, "*");
    gimp_procedure_set_sensitivity_mask(procedure, GIMP_PROCEDURE_SENSITIVE_ALWAYS);
    describe(procedure);
    add_generation_arguments(procedure);
    add_placement_arguments(procedure);
    add_layers_return_value(procedure);
    return procedure;
}

}  // namespace venice_gimp
