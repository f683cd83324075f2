// SPDX-License-Identifier: MIT
// A button that opens a searchable list: type to narrow it, arrows and Enter to choose, Escape to leave it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ui/glib_support.hpp"

namespace venice_gimp {

struct Choice {
    std::string id;
    std::string text;
    std::string detail;   // a second, smaller line: what else is to be known, or why it cannot be chosen
    std::string section;  // a heading stands above the first of each section; empty: none
    bool is_usable = true;
    bool is_chosen = false;
    bool is_favorite = false;
};

class ChoiceButton {
public:
    using Choices = std::function<std::vector<Choice>()>;  // asked each time that the list opens, so that it is never stale
    using Chosen = std::function<void(const std::string& id)>;
    using FavoriteSet = std::function<void(const std::string& id, bool is_favorite)>;

    // `list_name` is what assistive technology calls the list. Without `favorite_set` there are no stars.
    ChoiceButton(GtkMenuButton* button, const std::string& list_name, Choices choices, Chosen chosen, FavoriteSet favorite_set = {});
    ChoiceButton(const ChoiceButton&) = delete;
    ChoiceButton& operator=(const ChoiceButton&) = delete;

    void open();
    GtkWidget* widget() const { return GTK_WIDGET(button_); }

private:
    void opened();
    void fit();
    void fill();
    GtkWidget* new_row(const Choice& choice);
    GtkWidget* new_star(const Choice& choice);
    void narrow();
    bool shows(const Choice& choice) const;
    const Choice& choice_of(GtkListBoxRow* row) const;
    GtkListBoxRow* first_that_can_be_chosen() const;
    bool key_pressed(const GdkEventKey& event);
    void choose(GtkListBoxRow* row);
    void set_headings();
    void describe(GtkListBoxRow* row, const std::string& heading) const;

    GObjectPtr<GtkBuilder> builder_;
    GtkMenuButton* button_;
    GtkWidget* popover_;
    GtkEntry* search_;
    GtkListBox* list_;
    GtkScrolledWindow* scroller_;
    Choices ask_;
    Chosen chosen_;
    FavoriteSet favorite_set_;
    std::vector<Choice> choices_;
    std::string wanted_;  // what was typed, casefolded
};

}  // namespace venice_gimp
