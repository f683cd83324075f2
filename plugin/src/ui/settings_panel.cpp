// SPDX-License-Identifier: MIT
#include "ui/settings_panel.hpp"

#include "i18n.hpp"

namespace venice_gimp {

SettingsPanel::SettingsPanel(GtkWidget* menu_button, DialogState& memory, Action clear_history, Action changed)
    : panel_(menu_button, "settings-popover.ui", "settings_page", _("Settings")),
      memory_(memory),
      changed_(std::move(changed)),
      ask_above_(panel_.part<GtkSpinButton>("ask_spin")),
      review_(panel_.part<GtkToggleButton>("review_check")),
      group_(panel_.part<GtkComboBox>("group_combo")),
      keep_on_layers_(panel_.part<GtkToggleButton>("keep_check")) {
    auto* groups = GTK_COMBO_BOX_TEXT(group_);
    gtk_combo_box_text_append(groups, "auto", _("Automatic: two or more"));
    gtk_combo_box_text_append(groups, "always", _("Always"));
    gtk_combo_box_text_append(groups, "never", _("Never"));
    show();
    connect(ask_above_, "value-changed", [this] { keep(); });
    connect(review_, "toggled", [this] { keep(); });
    connect(group_, "changed", [this] { keep(); });
    connect(keep_on_layers_, "toggled", [this] { keep(); });
    connect(panel_.part<GObject>("clear_history"), "clicked", [this, clear_history = std::move(clear_history)] {
        clear_history();
        panel_.say("settings_result", _("The history is empty."));
    });
    connect(panel_.part<GObject>("clear_prompts"), "clicked", [this] {
        memory_.clear_recent_prompts();
        panel_.say("settings_result", _("No earlier prompts are kept."));
    });
}

void SettingsPanel::open() {
    panel_.say("settings_result", "");
    show();
    panel_.open();
}

void SettingsPanel::show() {
    const Preferences& preferences = memory_.values().preferences;
    updating_ = true;
    gtk_spin_button_set_value(ask_above_, preferences.ask_above_usd);
    gtk_toggle_button_set_active(review_, preferences.review_before_inserting ? TRUE : FALSE);
    gtk_combo_box_set_active_id(group_, preferences.group.c_str());
    gtk_toggle_button_set_active(keep_on_layers_, preferences.keep_settings_on_layers ? TRUE : FALSE);
    updating_ = false;
}

void SettingsPanel::keep() {
    if (updating_) {
        return;
    }
    Preferences preferences = memory_.values().preferences;
    preferences.ask_above_usd = gtk_spin_button_get_value(ask_above_);
    preferences.review_before_inserting = gtk_toggle_button_get_active(review_) != FALSE;
    if (const char* group = gtk_combo_box_get_active_id(group_)) {
        preferences.group = group;
    }
    preferences.keep_settings_on_layers = gtk_toggle_button_get_active(keep_on_layers_) != FALSE;
    memory_.set_preferences(preferences);
    changed_();
}

}  // namespace venice_gimp
