// SPDX-License-Identifier: MIT
#include "ui/style_row.hpp"

#include <algorithm>

#include "generation/shown_text.hpp"
#include "i18n.hpp"

namespace venice_gimp {

StyleRow::StyleRow(GtkBuilder* builder, std::string initial, Action changed)
    : text_(get<GtkLabel>(builder, "style_text")),
      style_(std::move(initial)),
      button_(get<GtkMenuButton>(builder, "style_button"), _("Styles"), [this] { return choices(); },
              [this, changed = std::move(changed)](const std::string& style) {
                  show(style);
                  changed();
              }) {
    refresh();
}

void StyleRow::show_list(std::vector<std::string> styles) { styles_ = std::move(styles); }

void StyleRow::show(const std::string& style) {
    style_ = style;
    refresh();
}

void StyleRow::refresh() {
    const std::string text = style_.empty() ? _("None") : shown_line(style_, longest_shown_name);
    gtk_label_set_text(text_, text.c_str());
    set_accessible_name(button_.widget(), format(_("Style: %s"), text.c_str()));
}

std::vector<Choice> StyleRow::choices() const {
    std::vector<Choice> choices;
    const auto add = [&](const std::string& id, const std::string& text) {
        Choice choice;
        choice.id = id;
        choice.text = shown_line(text, longest_shown_name);
        choice.is_chosen = id == style_;
        choices.push_back(std::move(choice));
    };
    add("", _("None"));
    if (!style_.empty() && std::find(styles_.begin(), styles_.end(), style_) == styles_.end()) {
        add(style_, style_);  // the server says what it thinks of it
    }
    for (const std::string& style : styles_) {
        add(style, style);
    }
    return choices;
}

}  // namespace venice_gimp
