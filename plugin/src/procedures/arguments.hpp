// SPDX-License-Identifier: MIT
// The arguments that the procedures have: the API's own fields, with '-' for '_', and where new layers go.
#pragma once

#include <libgimp/gimp.h>

#include "generation/settings.hpp"
#include "gimp/insert_layers.hpp"

namespace venice_gimp {

void add_generation_arguments(GimpProcedure* procedure);

Settings settings_of(GimpProcedureConfig* config);

// target, placement and group. Scripts get what they ask for: by default, layers at their true size, without a group.
void add_placement_arguments(GimpProcedure* procedure);

struct PlacementArguments {
    TargetKind target = TargetKind::selection;
    InsertOptions options;
};

// Throws std::runtime_error with the names that there are.
PlacementArguments placement_of(GimpProcedureConfig* config);

}  // namespace venice_gimp
