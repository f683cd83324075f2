// SPDX-License-Identifier: MIT
// What the dialog's rows hold, and what its menu sets: plain values.
#pragma once

#include <string>

#include "generation/settings.hpp"
#include "store/history_limits.hpp"

namespace venice_gimp {

// One press of Generate: the API's settings, and where the result goes. A preset and the last values are this; DialogValues{} are the
// defaults to which the dialog is reset. The words are those of the procedures' arguments.
struct DialogValues {
    Settings settings;
    std::string target;             // selection, canvas; empty: selection if there is one
    std::string placement;          // cover, fit, actual, stretch; empty: cover
    bool size_is_automatic = true;  // else the settings' own width, height, aspect_ratio, resolution
    bool seed_is_fixed = false;     // else new each time, whatever settings.seed was last
};

// The same for every run, in the ☰ menu.
struct Preferences {
    std::string group = "auto";  // auto (for two or more images), always, never
    bool review_before_inserting = false;
    double ask_above_usd = 1.0;
    bool keep_settings_on_layers = true;  // prompts and settings
    HistoryLimits history;
};

}  // namespace venice_gimp
