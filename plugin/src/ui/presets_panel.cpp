// SPDX-License-Identifier: MIT
#include "ui/presets_panel.hpp"

#include <cerrno>

#include "i18n.hpp"

namespace venice_gimp {

PresetsPanel::PresetsPanel(GtkWidget* menu_button, const Presets& presets, Values values, Show show)
    : panel_(menu_button, "presets-popover.ui", "presets_page", _("Presets")),
      presets_(presets),
      values_(std::move(values)),
      show_(std::move(show)),
      name_(panel_.part<GtkEntry>("preset_name")),
      save_(panel_.part<GtkButton>("preset_save")),
      list_(panel_.part<GtkListBox>("presets_list")) {
    connect(name_, "changed", [this] { refresh(); });
    connect(name_, "activate", [this] { save_or_rename(); });
    connect(save_, "clicked", [this] { save_or_rename(); });
    connect(list_, "row-activated", [this] { load(); });
    connect(list_, "selected-rows-changed", [this] { refresh(); });
    connect(panel_.part<GObject>("preset_rename"), "clicked", [this] { begin_renaming(); });
    connect(panel_.part<GObject>("preset_delete"), "clicked", [this] { remove(); });
    connect(panel_.part<GObject>("preset_reset"), "clicked", [this] {
        show_(DialogValues{});
        panel_.close();
    });
}

void PresetsPanel::open() {
    renaming_.clear();
    gtk_entry_set_text(name_, "");
    panel_.say("presets_problem", "");
    panel_.open();
    list();
}

void PresetsPanel::list() {
    presets_.list([this, watcher = lifetime_.watcher()](const Stored<std::vector<std::string>>& names) {
        if (watcher.expired()) {
            return;
        }
        if (const auto* found = std::get_if<std::vector<std::string>>(&names)) {
            fill(*found);
        } else {
            panel_.say("presets_problem", std::get<StoreFailure>(names).message);
        }
    });
}

void PresetsPanel::fill(const std::vector<std::string>& names) {
    gtk_container_foreach(
        GTK_CONTAINER(list_),
        [](GtkWidget* row, gpointer) {
            if (GTK_IS_LIST_BOX_ROW(row)) {
                gtk_widget_destroy(row);
            }
        },
        nullptr);
    names_ = names;
    for (const std::string& name : names_) {
        GtkWidget* label = gtk_label_new(name.c_str());
        gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
        gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
        gtk_widget_set_margin_start(label, 6);
        gtk_widget_set_margin_top(label, 4);
        gtk_widget_set_margin_bottom(label, 4);
        GtkWidget* row = gtk_list_box_row_new();
        gtk_container_add(GTK_CONTAINER(row), label);
        set_accessible_name(row, name);
        gtk_widget_set_tooltip_text(row, _("Fill the form with this preset"));
        gtk_container_add(GTK_CONTAINER(list_), row);
        gtk_widget_show_all(row);
    }
    refresh();
}

std::string PresetsPanel::typed() const {
    const GFreePtr<char> text(g_strstrip(g_strdup(gtk_entry_get_text(name_))));
    return text.get();
}

std::string PresetsPanel::chosen() const {
    GtkListBoxRow* row = gtk_list_box_get_selected_row(list_);
    return row != nullptr ? names_.at(static_cast<std::size_t>(gtk_list_box_row_get_index(row))) : "";
}

void PresetsPanel::refresh() {
    const gboolean has_choice = chosen().empty() ? FALSE : TRUE;
    gtk_widget_set_sensitive(panel_.part<GtkWidget>("preset_rename"), has_choice);
    gtk_widget_set_sensitive(panel_.part<GtkWidget>("preset_delete"), has_choice);
    gtk_widget_set_sensitive(GTK_WIDGET(save_), typed().empty() ? FALSE : TRUE);
}

OnSaved PresetsPanel::then_list() {
    return [this, watcher = lifetime_.watcher()](const std::optional<StoreFailure>& failure) {
        if (watcher.expired()) {
            return;
        }
        const bool is_taken = failure && failure->error_number == EEXIST;
        panel_.say("presets_problem", is_taken ? _("There is already a preset of this name.") : failure ? failure->message : "");
        list();
    };
}

void PresetsPanel::save_or_rename() {
    const std::string name = typed();
    if (name.empty()) {
        return;
    }
    if (renaming_.empty()) {
        presets_.save(name, values_(), then_list());
    } else {
        presets_.rename(std::exchange(renaming_, ""), name, then_list());
    }
    gtk_entry_set_text(name_, "");
}

void PresetsPanel::begin_renaming() {
    renaming_ = chosen();
    gtk_entry_set_text(name_, renaming_.c_str());
    gtk_widget_grab_focus(GTK_WIDGET(name_));
}

void PresetsPanel::remove() {
    if (!chosen().empty()) {
        presets_.remove(chosen(), then_list());
    }
}

void PresetsPanel::load() {
    if (chosen().empty()) {
        return;
    }
    presets_.load(chosen(), [this, watcher = lifetime_.watcher()](const Stored<DialogValues>& values) {
        if (watcher.expired()) {
            return;
        }
        if (const auto* loaded = std::get_if<DialogValues>(&values)) {
            show_(*loaded);
            panel_.close();
        } else {
            panel_.say("presets_problem", std::get<StoreFailure>(values).message);
        }
    });
}

}  // namespace venice_gimp
