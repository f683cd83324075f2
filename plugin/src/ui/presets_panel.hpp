// SPDX-License-Identifier: MIT
// ☰ ▸ Presets: the form's values by name.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "store/presets.hpp"
#include "ui/panel.hpp"

namespace venice_gimp {

class PresetsPanel {
public:
    using Values = std::function<DialogValues()>;
    using Show = std::function<void(const DialogValues&)>;

    PresetsPanel(GtkWidget* menu_button, const Presets& presets, Values values, Show show);
    PresetsPanel(const PresetsPanel&) = delete;
    PresetsPanel& operator=(const PresetsPanel&) = delete;

    void open();

private:
    void list();
    void fill(const std::vector<std::string>& names);
    void save_or_rename();
    void load();
    void begin_renaming();
    void remove();
    void refresh();
    std::string chosen() const;
    std::string typed() const;
    OnSaved then_list();

    Panel panel_;
    const Presets& presets_;
    Values values_;
    Show show_;
    GtkEntry* name_;
    GtkButton* save_;
    GtkListBox* list_;
    std::vector<std::string> names_;
    std::string renaming_;  // the preset that gets the typed name; empty: a new one does
    Lifetime lifetime_;
};

}  // namespace venice_gimp
