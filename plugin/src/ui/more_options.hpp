// SPDX-License-Identifier: MIT
// "More Options": what few need. A model that does not use one has it insensitive, with the reason.
#pragma once

#include "generation/settings.hpp"
#include "generation/venice_handles.hpp"
#include "ui/glib_support.hpp"

namespace venice_gimp {

class MoreOptions {
public:
    MoreOptions(GtkBuilder* builder, const Action& changed);
    MoreOptions(const MoreOptions&) = delete;
    MoreOptions& operator=(const MoreOptions&) = delete;

    void show(const Settings& settings);
    void show_model(const venice_model* model);  // null: not known; then everything can be set
    void write_to(Settings& settings) const;     // only what the model uses

private:
    void offer(GtkWidget* widget, const char* field, const venice_model* model, const char* explanation);

    GtkSpinButton* steps_;
    GtkSpinButton* cfg_;
    GtkSpinButton* lora_;
    GtkToggleButton* safe_;
    GtkToggleButton* watermark_;
    GtkToggleButton* web_;
    GtkToggleButton* enhance_;
};

}  // namespace venice_gimp
