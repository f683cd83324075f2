// SPDX-License-Identifier: MIT
#include "ui/window_layout.hpp"

#include <algorithm>
#include <utility>

namespace venice_gimp {

namespace {

constexpr int wide_from = 760;
constexpr int form_width = 480;         // beside the results
constexpr int margin_beside = 6;        // above the results, so that both headings are in line
constexpr int room_for_a_notice = 104;  // between form and button, so that no row is covered when a notice comes
constexpr int room_for_results = 212;   // what the form leaves, where it can
constexpr int compact_below = 600;      // pixels of height
constexpr int compact_room_for_results = 106;

}  // namespace

WindowLayout::WindowLayout(GtkBuilder* builder, DialogState& memory, std::function<void(bool)> compact_changed)
    : window_(get<GtkWindow>(builder, "window")),
      pane_(get<GtkPaned>(builder, "pane")),
      form_(get_widget(builder, "form")),
      results_(get_widget(builder, "results_place")),
      memory_(memory),
      compact_changed_(std::move(compact_changed)) {
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
    set_compact(height < compact_below);
    gtk_widget_set_margin_top(results_, width >= wide_from ? margin_beside : 0);
    if (width >= wide_from) {
        gtk_orientable_set_orientation(GTK_ORIENTABLE(pane_), GTK_ORIENTATION_HORIZONTAL);
        placed_at_ = form_width;
    } else {
        gtk_orientable_set_orientation(GTK_ORIENTABLE(pane_), GTK_ORIENTATION_VERTICAL);
        int natural = 0;
        gtk_widget_get_preferred_height(form_, nullptr, &natural);
        placed_at_ = std::min(natural + room_for_a_notice, height - (is_compact_ ? compact_room_for_results : room_for_results));
    }
    gtk_paned_set_position(pane_, placed_at_);
}

void WindowLayout::resized() {
    int width = 0;
    int height = 0;
    gtk_window_get_size(window_, &width, &height);
    const bool is_beside = gtk_orientable_get_orientation(GTK_ORIENTABLE(pane_)) == GTK_ORIENTATION_HORIZONTAL;
    const bool crosses_compact = is_compact_ != (height < compact_below);
    if (is_beside != (width >= wide_from) || (crosses_compact && !is_dragged())) {
        arrange(width, height);
    }
    set_compact(height < compact_below);
}

void WindowLayout::set_compact(bool is_compact) {
    if (std::exchange(is_compact_, is_compact) != is_compact) {
        compact_changed_(is_compact);
    }
}

// GTK moves the handle, too, where there is no room for what was asked for.
bool WindowLayout::is_dragged() const {
    int lowest = 0;
    int highest = 0;
    g_object_get(pane_, "min-position", &lowest, "max-position", &highest, nullptr);
    return gtk_paned_get_position(pane_) != std::clamp(placed_at_, lowest, std::max(lowest, highest));
}

void WindowLayout::keep() {
    int width = 0;
    int height = 0;
    gtk_window_get_size(window_, &width, &height);
    memory_.set_window_size(width, height);
    const bool is_below = gtk_orientable_get_orientation(GTK_ORIENTABLE(pane_)) == GTK_ORIENTATION_VERTICAL;
    if (is_below && is_dragged()) {
        memory_.set_pane_position(gtk_paned_get_position(pane_));
    }
}

}  // namespace venice_gimp
