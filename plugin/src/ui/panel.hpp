// SPDX-License-Identifier: MIT
// A page that hangs from the menu button, inside the window: not a dialog of its own, and Escape leaves it.
#pragma once

#include <string>

#include "ui/glib_support.hpp"

namespace venice_gimp {

class Panel {
public:
    // `page_id` is the id of the page in the .ui file.
    Panel(GtkWidget* menu_button, const char* ui_file, const char* page_id, const std::string& name);
    Panel(const Panel&) = delete;
    Panel& operator=(const Panel&) = delete;

    void open() { gtk_popover_popup(GTK_POPOVER(popover_)); }
    void close() { gtk_popover_popdown(GTK_POPOVER(popover_)); }
    GtkBuilder* builder() const { return builder_.get(); }
    template <typename Object>
    Object* part(const char* id) const {
        return get<Object>(builder_.get(), id);
    }

    // A line that is there only if it says something.
    void say(const char* label_id, const std::string& text) const;

private:
    GObjectPtr<GtkBuilder> builder_;
    GtkWidget* popover_;
};

}  // namespace venice_gimp
