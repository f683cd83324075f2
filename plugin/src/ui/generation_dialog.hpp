// SPDX-License-Identifier: MIT
// The window in which images are described, made and inserted. The only header of plugin/src/ui that the procedures need.
#pragma once

#include <libgimp/gimp.h>

#include <optional>

#include "store/dialog_values.hpp"

namespace venice_gimp {

struct DialogContext {
    GimpImage* image = nullptr;          // where the layers go; null: there is none
    bool create_new_image = false;       // "New Image" is chosen, whatever image is open
    std::optional<DialogValues> values;  // what the form shows; not set: what it showed the last time
    bool focus_generate = false;         // for a run with the last values: all is filled in, and nothing is spent before the press
};

// Opens the one window of this GIMP and runs a main loop until it is closed; or, if it is open, raises it and returns at once. Returns
// GIMP_PDB_CANCEL: what was made is already in the images and nothing is left to return. GIMP_PDB_EXECUTION_ERROR if the window could not
// be opened.
GimpPDBStatusType run_generation_dialog(const DialogContext& context);

}  // namespace venice_gimp
