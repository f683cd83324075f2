// SPDX-License-Identifier: MIT
// ☰ ▸ Settings: what holds for every run.
#pragma once

#include "store/dialog_state.hpp"
#include "ui/panel.hpp"

namespace venice_gimp {

class SettingsPanel {
public:
    // `clear_history` empties the results of earlier sessions; `changed` after any change.
    SettingsPanel(GtkWidget* menu_button, DialogState& memory, Action clear_history, Action changed);
    SettingsPanel(const SettingsPanel&) = delete;
    SettingsPanel& operator=(const SettingsPanel&) = delete;

    void open();

private:
    void show();
    void keep();

    Panel panel_;
    DialogState& memory_;
    Action changed_;
    GtkSpinButton* ask_above_;
    GtkToggleButton* review_;
    GtkComboBox* group_;
    GtkToggleButton* keep_on_layers_;
    bool updating_ = false;
};

}  // namespace venice_gimp
