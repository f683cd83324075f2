// SPDX-License-Identifier: MIT
// The row "Style": one of the server's styles, or none.
#pragma once

#include <string>
#include <vector>

#include "ui/choice_button.hpp"

namespace venice_gimp {

class StyleRow {
public:
    StyleRow(GtkBuilder* builder, std::string initial, Action changed);
    StyleRow(const StyleRow&) = delete;
    StyleRow& operator=(const StyleRow&) = delete;

    void show_list(std::vector<std::string> styles);
    void show(const std::string& style);
    const std::string& style() const { return style_; }  // empty: none

private:
    std::vector<Choice> choices() const;
    void refresh();

    GtkLabel* text_;
    std::string style_;
    std::vector<std::string> styles_;
    ChoiceButton button_;
};

}  // namespace venice_gimp
