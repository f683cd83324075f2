// SPDX-License-Identifier: MIT
// plug-in-venice-create-image: a new image.
#include "gimp/insert_layers.hpp"
#include "i18n.hpp"
#include "procedures/arguments.hpp"
#include "procedures/generate_and_wait.hpp"
#include "procedures/procedure_support.hpp"
#include "procedures/procedures.hpp"

namespace venice_gimp {
namespace {

GimpValueArray* generate(GimpProcedure* procedure, GimpProcedureConfig* config) {
    const Generated generated = generate_and_wait(settings_of(config));
    GimpImage* const image = create_image(generated.layers);
    generated.kept->settle();
    show_remarks(generated);
    GimpValueArray* values = gimp_procedure_new_return_values(procedure, GIMP_PDB_SUCCESS, nullptr);
    g_value_set_object(gimp_value_array_index(values, 1), image);
    return values;
}

GimpValueArray* run(GimpProcedure* procedure, GimpProcedureConfig* config, gpointer) noexcept {
    return run_guarded(procedure, [=] {
        GimpRunMode run_mode = GIMP_RUN_NONINTERACTIVE;
        g_object_get(config, "run-mode", &run_mode, nullptr);
        return run_mode == GIMP_RUN_NONINTERACTIVE ? generate(procedure, config)
                                                   : run_interactively(procedure, run_mode, nullptr, settings_of(config), true);
    });
}

void describe(GimpProcedure* procedure) {
    gimp_procedure_set_menu_label(procedure, _("_Venice Image…"));
    gimp_procedure_add_menu_path(procedure, "<Image>/File/Create/");
    gimp_procedure_set_documentation(
        procedure, _("Generate an image from text with Venice"),
        _("The new image has the size of the generated one; several become its layers. Non-interactive calls send the requests, which are "
          "charged, and wait. The API key comes from the environment variable VENICE_API_KEY or from the keyring, never from an argument."),
        create_image_name);
    set_authors(procedure);
}

}  // namespace

GimpProcedure* new_create_image_procedure(GimpPlugIn* plug_in) {
    GimpProcedure* procedure = gimp_procedure_new(plug_in, create_image_name, GIMP_PDB_PROC_TYPE_PLUGIN, run, nullptr, nullptr);
    describe(procedure);
    gimp_procedure_add_enum_argument(procedure, "run-mode", _("Run mode"), _("The run mode"), GIMP_TYPE_RUN_MODE, GIMP_RUN_NONINTERACTIVE,
                                     G_PARAM_READWRITE);
    add_generation_arguments(procedure);
    gimp_procedure_add_image_return_value(procedure, "image", _("Image"), _("The new image"), TRUE, G_PARAM_READWRITE);
    return procedure;
}

}  // namespace venice_gimp
