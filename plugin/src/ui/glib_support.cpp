// SPDX-License-Identifier: MIT
#include "ui/glib_support.hpp"

#include <cstdarg>
#include <stdexcept>

#include "i18n.hpp"

namespace venice_gimp {

namespace {

void call_action(gpointer data) {
    guarded([data] { (*static_cast<Action*>(data))(); });
}

void delete_action(gpointer data, GClosure*) { delete static_cast<Action*>(data); }

gboolean call_event_action(GtkWidget*, GdkEvent* event, gpointer data) {
    bool handled = false;
    guarded([&] { handled = (*static_cast<EventAction*>(data))(event); });
    return handled ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

void delete_event_action(gpointer data, GClosure*) { delete static_cast<EventAction*>(data); }

}  // namespace

void connect(gpointer object, const char* signal, Action action) {
    // Swapped: the handler gets our data first, so that it can ignore the signal's own arguments.
    g_signal_connect_data(object, signal, G_CALLBACK(call_action), new Action(std::move(action)), delete_action, G_CONNECT_SWAPPED);
}

void connect_event(gpointer widget, const char* signal, EventAction action) {
    g_signal_connect_data(widget, signal, G_CALLBACK(call_event_action), new EventAction(std::move(action)), delete_event_action,
                          GConnectFlags{});
}

struct Timer::Work {
    Timer* timer;
    Action action;
    bool repeats;
};

void Timer::add(int priority, guint delay_ms, Action action, bool repeats) {
    stop();
    const GSourceFunc run = [](gpointer data) -> gboolean {
        auto* work = static_cast<Work*>(data);
        if (work->repeats) {
            guarded(work->action);
            return G_SOURCE_CONTINUE;
        }
        work->timer->source_ = 0;
        const Action last_action = std::move(work->action);  // it may destroy or restart the timer
        guarded(last_action);
        return G_SOURCE_REMOVE;
    };
    source_ = g_timeout_add_full(priority, delay_ms, run, new Work{this, std::move(action), repeats},
                                 [](gpointer data) { delete static_cast<Work*>(data); });
}

void Timer::start(guint interval_ms, Action action) { add(G_PRIORITY_DEFAULT, interval_ms, std::move(action), true); }

void Timer::start_when_idle(Action action) { add(G_PRIORITY_DEFAULT_IDLE, 0, std::move(action), true); }

void Timer::once(guint delay_ms, Action action) { add(G_PRIORITY_DEFAULT, delay_ms, std::move(action), false); }

void Timer::stop() {
    if (source_ != 0) {
        g_source_remove(std::exchange(source_, 0U));
    }
}

GObject* builder_object(GtkBuilder* builder, const char* id) {
    GObject* object = gtk_builder_get_object(builder, id);
    if (object == nullptr) {
        throw std::logic_error(std::string("no object in the .ui file: ") + id);
    }
    return object;
}

GObjectPtr<GtkBuilder> load_ui(const char* file_name) {
    GObjectPtr<GtkBuilder> builder(gtk_builder_new());
    gtk_builder_set_translation_domain(builder.get(), VENICE_GIMP_DOMAIN);
    GError* raw_error = nullptr;
    if (gtk_builder_add_from_resource(builder.get(), (std::string("/venice-gimp/") + file_name).c_str(), &raw_error) == 0) {
        const GErrorPtr error(raw_error);
        throw std::runtime_error(error->message);
    }
    return builder;
}

std::string format(const char* pattern, ...) {
    va_list arguments;
    va_start(arguments, pattern);
    const GFreePtr<char> text(g_strdup_vprintf(pattern, arguments));
    va_end(arguments);
    return text.get();
}

void let_shrink(GtkComboBox* combo) {
    GList* cells = gtk_cell_layout_get_cells(GTK_CELL_LAYOUT(combo));
    for (GList* cell = cells; cell != nullptr; cell = cell->next) {
        g_object_set(cell->data, "ellipsize", PANGO_ELLIPSIZE_END, nullptr);
    }
    g_list_free(cells);
}

void set_accessible_name(GtkWidget* widget, const std::string& name) {
    AtkObject* accessible = gtk_widget_get_accessible(widget);
    const char* old_name = atk_object_get_name(accessible);
    if (old_name == nullptr || name != old_name) {
        atk_object_set_name(accessible, name.c_str());
    }
}

void announce(GtkWidget* widget, const std::string& text) {
    AtkObject* accessible = gtk_widget_get_accessible(widget);
    constexpr int polite = 1;  // ATK_LIVE_POLITE; both came with ATK 2.50
    if (g_signal_lookup("notification", ATK_TYPE_OBJECT) != 0) {
        g_signal_emit_by_name(accessible, "notification", text.c_str(), polite);
    }
}

void set_usable(GtkWidget* widget, bool usable, const std::string& reason) {
    gtk_widget_set_sensitive(widget, usable ? TRUE : FALSE);
    gtk_widget_set_tooltip_text(widget, reason.empty() ? nullptr : reason.c_str());
    atk_object_set_description(gtk_widget_get_accessible(widget), reason.c_str());
}

}  // namespace venice_gimp
