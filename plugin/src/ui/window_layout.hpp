// SPDX-License-Identifier: MIT
// The results below the form, or beside it where the window is wide; the size of both, from one time to the next.
#pragma once

#include "store/dialog_state.hpp"
#include "ui/glib_support.hpp"

namespace venice_gimp {

class WindowLayout {
public:
    WindowLayout(GtkBuilder* builder, DialogState& memory);
    WindowLayout(const WindowLayout&) = delete;
    WindowLayout& operator=(const WindowLayout&) = delete;

    void place();  // before the window is shown
    void keep();   // for the next time

private:
    void resized();
    void arrange(int width, int height);

    GtkWindow* window_;
    GtkPaned* pane_;
    GtkWidget* form_;
    DialogState& memory_;
    Timer later_;
    int placed_at_ = -1;  // where the divider was put by us
};

}  // namespace venice_gimp
