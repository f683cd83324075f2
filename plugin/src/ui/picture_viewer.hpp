// SPDX-License-Identifier: MIT
// A window with the whole picture. Escape, Space and Ctrl+W close it.
#pragma once

#include <string>

#include "ui/glib_support.hpp"
#include "ui/image_tile.hpp"

namespace venice_gimp {

// The longer side, in pixels, of a picture that fills the largest monitor of the window's screen: more cannot be seen.
int largest_side_on_screen(GtkWidget* widget);

// Shows a window of its own, which goes when it is closed or with its parent. Never larger than the monitor.
void show_picture_window(GtkWindow* parent, const std::string& title, ScreenPicture picture);

}  // namespace venice_gimp
