// SPDX-License-Identifier: MIT
#include "ui/radio_tiles.hpp"

#include <algorithm>
#include <utility>

namespace venice_gimp {

namespace {

constexpr int shape_size = 20;  // pixels, the longer side

gboolean draw_shape(GtkWidget* area, cairo_t* cairo, gpointer data) {
    const auto* size = static_cast<const PixelSize*>(data);
    const double scale = static_cast<double>(shape_size) / std::max({size->width, size->height, 1});
    const double width = std::max(3.0, size->width * scale);
    const double height = std::max(3.0, size->height * scale);
    GdkRGBA color;
    GtkStyleContext* style = gtk_widget_get_style_context(area);
    gtk_style_context_get_color(style, gtk_style_context_get_state(style), &color);
    gdk_cairo_set_source_rgba(cairo, &color);
    cairo_set_line_width(cairo, 1.0);
    cairo_rectangle(cairo, (gtk_widget_get_allocated_width(area) - width) / 2.0, (gtk_widget_get_allocated_height(area) - height) / 2.0, width, height);
    cairo_stroke(cairo);
    return GDK_EVENT_PROPAGATE;
}

GtkWidget* new_shape(PixelSize size) {
    GtkWidget* area = gtk_drawing_area_new();
    gtk_widget_set_size_request(area, shape_size + 4, shape_size + 4);
    if (size.width > 0) {
        g_signal_connect_data(area, "draw", G_CALLBACK(draw_shape), new PixelSize(size),
                              [](gpointer data, GClosure*) { delete static_cast<PixelSize*>(data); }, GConnectFlags{});
    }
    return area;
}

}  // namespace

RadioTiles::RadioTiles(GtkContainer* place, Action chosen) : place_(place), action_(std::move(chosen)) {
    gtk_widget_set_no_show_all(GTK_WIDGET(place_), TRUE);
}

void RadioTiles::show(const std::vector<std::string>& values, std::string (*shown_as)(const std::string&), const std::string& chosen,
                      const ShapeOf& shape_of) {
    if (values != values_) {
        values_ = values;
        buttons_.clear();
        gtk_container_foreach(place_, [](GtkWidget* child, gpointer) { gtk_widget_destroy(child); }, nullptr);
        for (const std::string& value : values_) {
            add(value, shown_as(value), shape_of);
        }
    }
    const auto found = std::find(values_.begin(), values_.end(), chosen);
    if (found != values_.end()) {
        gtk_toggle_button_set_active(buttons_[static_cast<std::size_t>(found - values_.begin())], TRUE);
    }
    gtk_widget_set_visible(GTK_WIDGET(place_), values_.empty() ? FALSE : TRUE);
}

void RadioTiles::add(const std::string& value, const std::string& text, const ShapeOf& shape_of) {
    GtkWidget* button = gtk_radio_button_new(nullptr);
    if (!buttons_.empty()) {
        gtk_radio_button_join_group(GTK_RADIO_BUTTON(button), GTK_RADIO_BUTTON(buttons_.front()));
    }
    gtk_toggle_button_set_mode(GTK_TOGGLE_BUTTON(button), FALSE);
    GtkWidget* box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    if (shape_of) {
        gtk_container_add(GTK_CONTAINER(box), new_shape(shape_of(value)));
    }
    gtk_container_add(GTK_CONTAINER(box), gtk_label_new(text.c_str()));
    gtk_container_add(GTK_CONTAINER(button), box);
    set_accessible_name(button, text);
    gtk_container_add(place_, button);
    gtk_widget_show_all(button);
    GtkWidget* parent = gtk_widget_get_parent(button);
    if (GTK_IS_FLOW_BOX_CHILD(parent)) {
        gtk_widget_set_can_focus(parent, FALSE);  // one stop of Tab for each tile, not two
        gtk_widget_show(parent);
    }
    buttons_.push_back(GTK_TOGGLE_BUTTON(button));
    connect(button, "toggled", [this, button] {
        if (gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(button)) != FALSE) {
            action_();
        }
    });
}

std::string RadioTiles::chosen() const {
    const auto active =
        std::find_if(buttons_.begin(), buttons_.end(), [](GtkToggleButton* button) { return gtk_toggle_button_get_active(button) != FALSE; });
    return active != buttons_.end() ? values_[static_cast<std::size_t>(active - buttons_.begin())] : "";
}

}  // namespace venice_gimp
