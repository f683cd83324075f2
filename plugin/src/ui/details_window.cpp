// SPDX-License-Identifier: MIT
#include "ui/details_window.hpp"

#include <gdk/gdkkeysyms.h>

#include "generation/shown_text.hpp"
#include "i18n.hpp"
#include "ui/text_format.hpp"

namespace venice_gimp {

namespace {

constexpr int default_width = 480;
constexpr int default_height = 420;

void add(std::string& text, const char* title, const std::string& value) {
    if (!value.empty()) {
        text += std::string(title) + "\n" + shown_text(value, longest_shown_text) + "\n\n";  // also of a record that another hand wrote
    }
}

std::string received(const ImageRecord& image) {
    std::string text;
    for (const auto& [name, value] : image.response_headers) {
        text += name + ": " + value + "\n";
    }
    for (const auto& [stage, milliseconds] : image.timing_ms) {
        text += stage + ": " + format(_("%.0f ms"), milliseconds) + "\n";
    }
    if (!text.empty()) {
        text.pop_back();
    }
    return text;
}

}  // namespace

std::string details_text(const RunRecord& run, std::size_t index) {
    const ImageRecord& image = run.images.at(index);
    std::string text;
    add(text, _("Time"), format_time(run.time));
    add(text, _("Image"), run.target.image_name);
    add(text, _("Model"), run.model_name);
    add(text, _("Prompt"), run.settings.prompt);
    add(text, _("Prompt as the server rewrote it"), image.enhanced_prompt);
    add(text, _("Seed"), std::to_string(image.seed));
    add(text, _("Price"), image.price_usd ? format_price(*image.price_usd) : "");
    add(text, _("Problem"), image.message);
    add(text, _("Sent"), image.request_json);
    add(text, _("Received"), received(image));
    return text;
}

void show_details_window(GtkWindow* parent, const RunRecord& run, std::size_t index) {
    GtkWidget* window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
    gtk_window_set_title(GTK_WINDOW(window), _("Image Details"));
    gtk_window_set_transient_for(GTK_WINDOW(window), parent);
    gtk_window_set_destroy_with_parent(GTK_WINDOW(window), TRUE);
    gtk_window_set_default_size(GTK_WINDOW(window), default_width, default_height);
    GtkWidget* scroller = gtk_scrolled_window_new(nullptr, nullptr);
    GtkWidget* view = gtk_text_view_new();
    gtk_text_view_set_editable(GTK_TEXT_VIEW(view), FALSE);
    gtk_text_view_set_wrap_mode(GTK_TEXT_VIEW(view), GTK_WRAP_WORD_CHAR);
    gtk_container_set_border_width(GTK_CONTAINER(view), 12);
    gtk_text_buffer_set_text(gtk_text_view_get_buffer(GTK_TEXT_VIEW(view)), details_text(run, index).c_str(), -1);
    set_accessible_name(view, _("Image Details"));
    gtk_container_add(GTK_CONTAINER(scroller), view);
    gtk_container_add(GTK_CONTAINER(window), scroller);
    connect_event(window, "key-press-event", [window](GdkEvent* event) {
        if (event->key.keyval != GDK_KEY_Escape) {
            return false;
        }
        gtk_widget_destroy(window);
        return true;
    });
    gtk_widget_show_all(window);
}

}  // namespace venice_gimp
