// SPDX-License-Identifier: MIT
// How the window is called, the first time and whenever it is raised again.
#pragma once

#include <gtk/gtk.h>

#include <optional>

#include "store/dialog_values.hpp"

namespace venice_gimp {

struct Opening {
    gint32 image_id = 0;    // what the layers are for; 0: a new image
    gint32 display_id = 0;  // the window that it was called from; 0: not known
    guint32 timestamp = 0;  // of the user's key or click, so that the window manager lets the window come up
    std::optional<DialogValues> values;  // what the form is to show; not set: what it showed the last time
    bool focus_generate = false;         // all is filled in: only the press is missing
};

}  // namespace venice_gimp
