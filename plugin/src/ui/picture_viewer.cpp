// SPDX-License-Identifier: MIT
#include "ui/picture_viewer.hpp"

#include <gdk/gdkkeysyms.h>

#include <algorithm>

#include "i18n.hpp"

namespace venice_gimp {

namespace {

constexpr double share_of_monitor = 0.9;

GdkRectangle work_area(GtkWidget* widget) {
    GdkRectangle area{0, 0, 1024, 768};
    GdkWindow* window = gtk_widget_get_window(widget);
    if (window != nullptr) {
        gdk_monitor_get_workarea(gdk_display_get_monitor_at_window(gtk_widget_get_display(widget), window), &area);
    }
    return area;
}

gboolean draw_picture(GtkWidget* area, cairo_t* cairo, gpointer surface) {
    draw_fitted(cairo, static_cast<cairo_surface_t*>(surface), gtk_widget_get_allocated_width(area), gtk_widget_get_allocated_height(area));
    return TRUE;
}

bool closes(const GdkEventKey& event) {
    const guint modifiers = event.state & gtk_accelerator_get_default_mod_mask();
    const bool is_w = event.keyval == GDK_KEY_w || event.keyval == GDK_KEY_W;
    return event.keyval == GDK_KEY_Escape || event.keyval == GDK_KEY_space || (modifiers == GDK_CONTROL_MASK && is_w);
}

}  // namespace

int largest_side_on_screen(GtkWidget* widget) {
    const GdkRectangle area = work_area(widget);
    return std::max(area.width, area.height) * gtk_widget_get_scale_factor(widget);
}

void show_picture_window(GtkWindow* parent, const std::string& title, ScreenPicture picture) {
    GtkWidget* window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
    gtk_window_set_title(GTK_WINDOW(window), title.c_str());
    gtk_window_set_transient_for(GTK_WINDOW(window), parent);
    gtk_window_set_destroy_with_parent(GTK_WINDOW(window), TRUE);
    const GdkRectangle area = work_area(GTK_WIDGET(parent));
    const int factor = gtk_widget_get_scale_factor(GTK_WIDGET(parent));
    const double width = static_cast<double>(picture.width) / factor;
    const double height = static_cast<double>(picture.height) / factor;
    const double scale = std::min({1.0, area.width * share_of_monitor / width, area.height * share_of_monitor / height});
    gtk_window_set_default_size(GTK_WINDOW(window), std::max(1, static_cast<int>(width * scale)), std::max(1, static_cast<int>(height * scale)));
    GtkWidget* canvas = gtk_drawing_area_new();
    set_accessible_name(canvas, format(_("Picture: %s"), title.c_str()));
    g_signal_connect_data(canvas, "draw", G_CALLBACK(draw_picture), make_surface(std::move(picture)).release(),
                          [](gpointer surface, GClosure*) { cairo_surface_destroy(static_cast<cairo_surface_t*>(surface)); }, GConnectFlags{});
    gtk_container_add(GTK_CONTAINER(window), canvas);
    connect_event(window, "key-press-event", [window](GdkEvent* event) {
        if (!closes(event->key)) {
            return false;
        }
        gtk_widget_destroy(window);
        return true;
    });
    gtk_widget_show_all(window);
}

}  // namespace venice_gimp
