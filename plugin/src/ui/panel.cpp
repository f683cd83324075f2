// SPDX-License-Identifier: MIT
#include "ui/panel.hpp"

namespace venice_gimp {

Panel::Panel(GtkWidget* menu_button, const char* ui_file, const char* page_id, const std::string& name)
    : builder_(load_ui(ui_file)), popover_(gtk_popover_new(menu_button)) {
    gtk_container_add(GTK_CONTAINER(popover_), get_widget(builder_.get(), page_id));
    gtk_popover_set_position(GTK_POPOVER(popover_), GTK_POS_BOTTOM);
    set_accessible_name(popover_, name);
}

void Panel::say(const char* label_id, const std::string& text) const {
    auto* label = part<GtkLabel>(label_id);
    gtk_label_set_text(label, text.c_str());
    gtk_widget_set_visible(GTK_WIDGET(label), text.empty() ? FALSE : TRUE);
    if (!text.empty()) {
        announce(GTK_WIDGET(label), text);
    }
}

}  // namespace venice_gimp
