// SPDX-License-Identifier: MIT
// The procedures of the plug-in. Making one happens at each start of GIMP and at each run: no network, no disk and no key in it.
#pragma once

#include <libgimp/gimp.h>

namespace venice_gimp {

constexpr const char* generate_layers_name = "plug-in-venice-generate-layers";
constexpr const char* reuse_settings_name = "plug-in-venice-reuse-settings";
constexpr const char* create_image_name = "plug-in-venice-create-image";

GimpProcedure* new_generate_layers_procedure(GimpPlugIn* plug_in);
GimpProcedure* new_create_image_procedure(GimpPlugIn* plug_in);
GimpProcedure* new_reuse_settings_procedure(GimpPlugIn* plug_in);

}  // namespace venice_gimp
