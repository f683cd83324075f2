// SPDX-License-Identifier: MIT
#include "ui/window_layout.hpp"

#include <algorithm>

namespace venice_gimp {

namespace {

constexpr int wide_from = 760;
constexpr int form_width = 480;         // beside the results
constexpr int room_for_a_notice = 104;  // between form and button, so that no row is covered when a notice comes
constexpr int room_for_results = 170;   // what the form leaves, where it can

}  // namespace

WindowLayout::WindowLayout(GtkBuilder* builder, DialogState& memory)
    : window_(get<GtkWindow>(builder, "window")),
      pane_(get<GtkPaned>(builder, "pane")),
      form_(get_widget(builder, "form")),
      memory_(memory) {
    connect_event(window_, "configure-event", [this](GdkEvent*) {
        later_.once(0, [this] { resized(); });  // not while GTK allocates
        return false;
    });
}

void WindowLayout::place() {
    const RememberedValues& remembered = memory_.values();
    if (remembered.width > 0 && remembered.height > 0) {
        gtk_window_set_default_size(window_, remembered.width, remembered.height);
    }
    int width = 0;
    int height = 0;
    gtk_window_get_default_size(window_, &width, &height);
    arrange(width, height);
    if (remembered.pane_position >= 0 && gtk_orientable_get_orientation(GTK_ORIENTABLE(pane_)) == GTK_ORIENTATION_VERTICAL) {
        gtk_paned_set_position(pane_, remembered.pane_position);
    }
}

void WindowLayout::arrange(int width, int height) {
    if (width >= wide_from) {
        gtk_orientable_set_orientation(GTK_ORIENTABLE(pane_), GTK_ORIENTATION_HORIZONTAL);
        placed_at_ = form_width;
    } else {
        gtk_orientable_set_orientation(GTK_ORIENTABLE(pane_), GTK_ORIENTATION_VERTICAL);
        int natural = 0;
        gtk_widget_get_preferred_height(form_, nullptr, &natural);
        placed_at_ = std::min(natural + room_for_a_notice, height - room_for_results);
    }
    gtk_paned_set_position(pane_, placed_at_);
}

void WindowLayout::resized() {
    int width = 0;
    int height = 0;
    gtk_window_get_size(window_, &width, &height);
    const bool is_beside = gtk_orientable_get_orientation(GTK_ORIENTABLE(pane_)) == GTK_ORIENTATION_HORIZONTAL;
    if (is_beside != (width >= wide_from)) {
        arrange(width, height);
    }
}

void WindowLayout::keep() {
    int width = 0;
    int height = 0;
    gtk_window_get_size(window_, &width, &height);
    memory_.set_window_size(width, height);
    const bool is_below = gtk_orientable_get_orientation(GTK_ORIENTABLE(pane_)) == GTK_ORIENTATION_VERTICAL;
    const int position = gtk_paned_get_position(pane_);
    if (is_below && position != placed_at_) {
        memory_.set_pane_position(position);
    }
}

}  // namespace venice_gimp
