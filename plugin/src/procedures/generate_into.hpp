// SPDX-License-Identifier: MIT
// New layers for an image without a window: what generate-layers and reuse-settings do for scripts.
#pragma once

#include <libgimp/gimp.h>

#include "generation/settings.hpp"
#include "gimp/insert_layers.hpp"

namespace venice_gimp {

// The return value that generate_into() gives.
void add_layers_return_value(GimpProcedure* procedure);

// Generates, waits and inserts. Throws an exception with a sentence for the user.
GimpValueArray* generate_into(GimpProcedure* procedure, const Target& target, const Settings& settings, InsertOptions options);

}  // namespace venice_gimp
