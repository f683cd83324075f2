// SPDX-License-Identifier: MIT
#include "ui/prompt_box.hpp"

#include "i18n.hpp"

namespace venice_gimp {

namespace {

constexpr double counter_from = 0.8;  // of the limit

int line_height(GtkWidget* widget) {
    const GObjectPtr<PangoLayout> layout(gtk_widget_create_pango_layout(widget, "Ag"));
    int height = 0;
    pango_layout_get_pixel_size(layout.get(), nullptr, &height);
    return height;
}

}  // namespace

PromptBox::PromptBox(GtkBuilder* builder, const std::string& id, int lines, const std::string& initial, Action changed)
    : view_(get<GtkTextView>(builder, id.c_str())),
      scroller_(get<GtkScrolledWindow>(builder, (id + "_scroller").c_str())),
      buffer_(gtk_text_view_get_buffer(view_)),
      placeholder_(get_widget(builder, (id + "_placeholder").c_str())),
      counter_(get<GtkLabel>(builder, (id + "_counter").c_str())),
      changed_(std::move(changed)) {
    set_lines(lines);
    gtk_text_buffer_set_text(buffer_, initial.c_str(), -1);
    connect(buffer_, "changed", [this] { edited(); });
    gtk_widget_set_visible(placeholder_, initial.empty() ? TRUE : FALSE);
}

void PromptBox::set_lines(int lines) {
    const int margins = gtk_text_view_get_top_margin(view_) + gtk_text_view_get_bottom_margin(view_);
    gtk_scrolled_window_set_min_content_height(scroller_, lines * line_height(GTK_WIDGET(view_)) + margins);
}

std::string PromptBox::text() const {
    GtkTextIter start;
    GtkTextIter end;
    gtk_text_buffer_get_bounds(buffer_, &start, &end);
    const GFreePtr<char> text(gtk_text_buffer_get_text(buffer_, &start, &end, FALSE));
    return text.get();
}

bool PromptBox::is_blank() const { return text().find_first_not_of(" \t\r\n") == std::string::npos; }

bool PromptBox::is_too_long() const { return limit_ > 0 && gtk_text_buffer_get_char_count(buffer_) > limit_; }

void PromptBox::set_limit(int characters) {
    limit_ = characters;
    show_counter();
}

void PromptBox::show(const std::string& text) { gtk_text_buffer_set_text(buffer_, text.c_str(), -1); }

void PromptBox::focus() { gtk_widget_grab_focus(GTK_WIDGET(view_)); }

void PromptBox::edited() {
    gtk_widget_set_visible(placeholder_, gtk_text_buffer_get_char_count(buffer_) == 0 ? TRUE : FALSE);
    show_counter();
    changed_();
}

void PromptBox::show_counter() {
    const int length = gtk_text_buffer_get_char_count(buffer_);
    const bool is_near = limit_ > 0 && length >= counter_from * limit_;
    if (is_near) {
        // Translators: characters of the prompt, and how many the model takes at most.
        gtk_label_set_text(counter_, format(_("%d of %d characters"), length, limit_).c_str());
        GtkStyleContext* style = gtk_widget_get_style_context(GTK_WIDGET(counter_));
        if (is_too_long()) {
            gtk_style_context_add_class(style, "venice-exceeded");
        } else {
            gtk_style_context_remove_class(style, "venice-exceeded");
        }
    }
    gtk_widget_set_visible(GTK_WIDGET(counter_), is_near ? TRUE : FALSE);
}

}  // namespace venice_gimp
