// SPDX-License-Identifier: MIT
// The row "Model": the server's list behind a button; "Loading models…" before it is there; an entry for an id if it cannot be had.
#pragma once

#include <string>
#include <vector>

#include "generation/session.hpp"
#include "store/dialog_state.hpp"
#include "ui/choice_button.hpp"
#include "ui/glib_support.hpp"

namespace venice_gimp {

class ModelRow {
public:
    ModelRow(GtkBuilder* builder, DialogState& memory, std::string initial_id, Action changed);
    ModelRow(const ModelRow&) = delete;
    ModelRow& operator=(const ModelRow&) = delete;

    void show_loading();  // if there is no list yet: else the one that there is stays
    void show_list(std::shared_ptr<const Catalog> catalog);
    void show_entry();  // if there is no list
    void show(const std::string& id);

    bool is_loading() const;
    bool has_list() const { return catalog_ != nullptr; }
    std::string id() const;             // empty: the server's default
    const venice_model* model() const;  // null: not known
    const venice_model* find(const std::string& id) const;
    std::string name_of(const std::string& id) const;
    void open();  // moves the focus there and shows the choices

private:
    std::vector<Choice> choices() const;
    Choice choice(const venice_model* model, const std::string& section) const;
    std::string retirement(const venice_model* model) const;
    void choose(const std::string& id);
    void refresh();
    bool can_be_used(const std::string& id) const;

    GtkLabel* label_;
    GtkStack* stack_;
    GtkSpinner* spinner_;
    GtkLabel* text_;
    GtkEntry* entry_;
    DialogState& memory_;
    Action changed_;
    std::string wanted_id_;  // stays while a list without it is shown
    std::shared_ptr<const Catalog> catalog_;
    std::vector<ModelHandle> models_;
    ChoiceButton button_;
    bool updating_ = false;
};

}  // namespace venice_gimp
