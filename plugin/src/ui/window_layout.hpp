// SPDX-License-Identifier: MIT
// The results below the form, or beside it where the window is wide; the size of both, from one time to the next.
#pragma once

#include "store/dialog_state.hpp"
#include "ui/glib_support.hpp"

namespace venice_gimp {

class WindowLayout {
public:
    // `compact_changed` whether there is too little height for everything.
    WindowLayout(GtkBuilder* builder, DialogState& memory, std::function<void(bool)> compact_changed);
    WindowLayout(const WindowLayout&) = delete;
    WindowLayout& operator=(const WindowLayout&) = delete;

    void place();  // before the window is shown
    void keep();   // for the next time

private:
    void resized();
    void arrange(int width, int height);
    void set_compact(bool is_compact);
    bool is_dragged() const;

    GtkWindow* window_;
    GtkPaned* pane_;
    GtkWidget* form_;
    GtkWidget* results_;
    DialogState& memory_;
    Timer later_;
    std::function<void(bool)> compact_changed_;
    bool is_compact_ = false;
    int placed_at_ = -1;  // where the divider was put by us
};

}  // namespace venice_gimp
