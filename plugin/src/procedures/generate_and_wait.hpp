// SPDX-License-Identifier: MIT
// A whole run at once, for scripts: from the settings to pictures, with progress in GIMP, while nothing else happens here.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "generation/settings.hpp"
#include "gimp/insert_layers.hpp"
#include "procedures/kept_run.hpp"

namespace venice_gimp {

struct Generated {
    std::vector<NewLayer> layers;  // at least one
    std::string remarks;           // what else is to be told, one sentence a line; may be empty
    std::shared_ptr<KeptRun> kept;  // to be settled when the layers stand
};

// Throws an exception with a sentence for the user if there is not one image.
Generated generate_and_wait(const Settings& settings);

}  // namespace venice_gimp
