// SPDX-License-Identifier: MIT
#include "ui/choice_button.hpp"

#include <gdk/gdkkeysyms.h>

#include <algorithm>

#include "i18n.hpp"

namespace venice_gimp {

namespace {

constexpr int room_beside_the_list = 76;  // the search entry, the popover's arrow and margins
constexpr int least_height = 120;
constexpr int most_height = 340;
constexpr int most_width = 400;
constexpr int margin_to_the_window = 24;

std::string casefolded(const std::string& text) {
    const GFreePtr<char> folded(g_utf8_casefold(text.c_str(), -1));
    return folded.get();
}

GtkWidget* new_label(const std::string& text, const char* style) {
    GtkWidget* label = gtk_label_new(text.c_str());
    gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
    gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_line_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    if (style != nullptr) {
        gtk_style_context_add_class(gtk_widget_get_style_context(label), style);
    }
    return label;
}

}  // namespace

ChoiceButton::ChoiceButton(GtkMenuButton* button, const std::string& list_name, Choices choices, Chosen chosen, FavoriteSet favorite_set)
    : builder_(load_ui("choices-popover.ui")),
      button_(button),
      popover_(gtk_popover_new(GTK_WIDGET(button))),
      search_(get<GtkEntry>(builder_.get(), "choices_search")),
      list_(get<GtkListBox>(builder_.get(), "choices_list")),
      scroller_(get<GtkScrolledWindow>(builder_.get(), "choices_scroller")),
      ask_(std::move(choices)),
      chosen_(std::move(chosen)),
      favorite_set_(std::move(favorite_set)) {
    gtk_container_add(GTK_CONTAINER(popover_), get_widget(builder_.get(), "choices_page"));
    gtk_menu_button_set_popover(button_, popover_);
    set_accessible_name(popover_, list_name);
    set_accessible_name(GTK_WIDGET(list_), list_name);
    const GtkListBoxFilterFunc filter = [](GtkListBoxRow* row, gpointer self) -> gboolean {
        const auto* owner = static_cast<const ChoiceButton*>(self);
        return owner->shows(owner->choice_of(row)) ? TRUE : FALSE;
    };
    gtk_list_box_set_filter_func(list_, filter, this, nullptr);
    set_headings();
    connect(popover_, "show", [this] { opened(); });
    connect(search_, "search-changed", [this] { narrow(); });
    connect(search_, "activate", [this] {
        narrow();  // "search-changed" comes only after a pause in typing
        choose(first_that_can_be_chosen());
    });
    connect_event(search_, "key-press-event", [this](GdkEvent* event) { return key_pressed(event->key); });
    connect(list_, "row-activated", [this] { choose(gtk_list_box_get_selected_row(list_)); });
}

void ChoiceButton::set_headings() {
    const GtkListBoxUpdateHeaderFunc heading = [](GtkListBoxRow* row, GtkListBoxRow* before, gpointer self) {
        const auto* owner = static_cast<const ChoiceButton*>(self);
        const std::string& section = owner->choice_of(row).section;
        const bool is_first = before == nullptr || owner->choice_of(before).section != section;
        GtkWidget* header = nullptr;
        if (is_first && !section.empty()) {
            header = new_label(section, "venice-heading");
            gtk_widget_show(header);
        }
        gtk_list_box_row_set_header(row, header);
        owner->describe(row, header != nullptr ? section : "");
    };
    gtk_list_box_set_header_func(list_, heading, this, nullptr);
}

// A heading is no child of the list: those who cannot see it hear it with the first row below it.
void ChoiceButton::describe(GtkListBoxRow* row, const std::string& heading) const {
    const Choice& choice = choice_of(row);
    const std::string reason = choice.is_usable ? "" : choice.detail;
    const std::string both = heading.empty() || reason.empty() ? heading + reason : heading + ", " + reason;
    atk_object_set_description(gtk_widget_get_accessible(GTK_WIDGET(row)), both.c_str());
}

void ChoiceButton::open() {
    gtk_widget_grab_focus(GTK_WIDGET(button_));
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button_), TRUE);
}

void ChoiceButton::opened() {
    wanted_.clear();
    gtk_entry_set_text(search_, "");
    fill();
    fit();
    gtk_widget_grab_focus(GTK_WIDGET(search_));
}

// A popover cannot leave its window: the list takes the larger of the rooms above and below.
void ChoiceButton::fit() {
    GtkWidget* window = gtk_widget_get_toplevel(GTK_WIDGET(button_));
    int x = 0;
    int y = 0;
    gtk_widget_translate_coordinates(GTK_WIDGET(button_), window, 0, 0, &x, &y);
    const int below = gtk_widget_get_allocated_height(window) - y - gtk_widget_get_allocated_height(GTK_WIDGET(button_));
    const int height = std::clamp(std::max(y, below) - room_beside_the_list, least_height, most_height);
    gtk_scrolled_window_set_max_content_height(scroller_, -1);
    gtk_scrolled_window_set_min_content_height(scroller_, height);
    gtk_scrolled_window_set_max_content_height(scroller_, height);
    const int width = std::min(most_width, gtk_widget_get_allocated_width(window) - 2 * margin_to_the_window);
    gtk_widget_set_size_request(get_widget(builder_.get(), "choices_page"), width, -1);
}

void ChoiceButton::fill() {
    choices_ = ask_();
    gtk_container_foreach(GTK_CONTAINER(list_), [](GtkWidget* row, gpointer) { gtk_widget_destroy(row); }, nullptr);
    for (const Choice& choice : choices_) {
        GtkWidget* row = new_row(choice);
        gtk_container_add(GTK_CONTAINER(list_), row);
        gtk_widget_show_all(row);
        if (choice.is_chosen) {
            gtk_list_box_select_row(list_, GTK_LIST_BOX_ROW(row));
        }
    }
    gtk_list_box_invalidate_headers(list_);
}

GtkWidget* ChoiceButton::new_row(const Choice& choice) {
    GtkWidget* texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_container_add(GTK_CONTAINER(texts), new_label(choice.text, nullptr));
    if (!choice.detail.empty()) {
        gtk_container_add(GTK_CONTAINER(texts), new_label(choice.detail, "venice-detail"));
    }
    GtkWidget* box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    gtk_container_set_border_width(GTK_CONTAINER(box), 4);
    gtk_box_pack_start(GTK_BOX(box), texts, TRUE, TRUE, 0);
    if (favorite_set_ && choice.is_usable) {
        gtk_box_pack_end(GTK_BOX(box), new_star(choice), FALSE, FALSE, 0);
    }
    GtkWidget* row = gtk_list_box_row_new();
    gtk_container_add(GTK_CONTAINER(row), box);
    set_accessible_name(row, choice.detail.empty() ? choice.text : choice.text + ", " + choice.detail);
    if (!choice.is_usable) {
        set_usable(row, false, choice.detail);
    }
    return row;
}

GtkWidget* ChoiceButton::new_star(const Choice& choice) {
    GtkWidget* star = gtk_toggle_button_new();
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(star), choice.is_favorite ? TRUE : FALSE);
    gtk_button_set_relief(GTK_BUTTON(star), GTK_RELIEF_NONE);
    gtk_widget_set_valign(star, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text(star, _("Favorite: stands on top of the list"));
    gtk_style_context_add_class(gtk_widget_get_style_context(star), "venice-star");
    set_accessible_name(star, format(_("Favorite: %s"), choice.text.c_str()));
    const auto show = [star] {
        const bool is_on = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(star)) != FALSE;
        gtk_button_set_label(GTK_BUTTON(star), is_on ? "★" : "☆");
    };
    show();
    connect(star, "toggled", [this, star, show, id = choice.id] {
        show();
        favorite_set_(id, gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(star)) != FALSE);
    });
    return star;
}

void ChoiceButton::narrow() {
    wanted_ = casefolded(gtk_entry_get_text(search_));
    gtk_list_box_invalidate_filter(list_);
    gtk_list_box_select_row(list_, first_that_can_be_chosen());
}

bool ChoiceButton::shows(const Choice& choice) const {
    return wanted_.empty() || casefolded(choice.text + " " + choice.id + " " + choice.detail).find(wanted_) != std::string::npos;
}

const Choice& ChoiceButton::choice_of(GtkListBoxRow* row) const {
    return choices_.at(static_cast<std::size_t>(gtk_list_box_row_get_index(row)));
}

GtkListBoxRow* ChoiceButton::first_that_can_be_chosen() const {
    for (std::size_t index = 0; index < choices_.size(); ++index) {
        if (choices_[index].is_usable && shows(choices_[index])) {
            return gtk_list_box_get_row_at_index(list_, static_cast<int>(index));
        }
    }
    return nullptr;
}

bool ChoiceButton::key_pressed(const GdkEventKey& event) {
    if (event.keyval != GDK_KEY_Down && event.keyval != GDK_KEY_KP_Down) {
        return false;
    }
    GtkListBoxRow* row = gtk_list_box_get_selected_row(list_);
    if (row == nullptr || !shows(choice_of(row))) {
        row = first_that_can_be_chosen();
    }
    if (row != nullptr) {
        gtk_widget_grab_focus(GTK_WIDGET(row));
    }
    return true;
}

void ChoiceButton::choose(GtkListBoxRow* row) {
    if (row != nullptr) {
        const std::string id = choice_of(row).id;
        gtk_popover_popdown(GTK_POPOVER(popover_));
        chosen_(id);
    }
}

}  // namespace venice_gimp
