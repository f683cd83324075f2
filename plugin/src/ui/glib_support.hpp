// SPDX-License-Identifier: MIT
// GLib and GTK for C++: owned pointers, signals that call lambdas, and the guard that no exception passes.
#pragma once

#include <gtk/gtk.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "generation/main_context.hpp"

namespace venice_gimp {

struct GObjectDeleter {
    void operator()(gpointer object) const noexcept { g_object_unref(object); }
};
template <typename Object>
using GObjectPtr = std::unique_ptr<Object, GObjectDeleter>;

struct GFreeDeleter {
    void operator()(gpointer memory) const noexcept { g_free(memory); }
};
template <typename Type>
using GFreePtr = std::unique_ptr<Type, GFreeDeleter>;

struct GErrorDeleter {
    void operator()(GError* error) const noexcept { g_error_free(error); }
};
using GErrorPtr = std::unique_ptr<GError, GErrorDeleter>;

using Action = std::function<void()>;

// Calls the action on a signal that returns nothing, whatever its arguments. The action lives as long as the object.
void connect(gpointer object, const char* signal, Action action);

// The same for an event signal; the action returns true if the event goes no further.
using EventAction = std::function<bool(GdkEvent*)>;
void connect_event(gpointer widget, const char* signal, EventAction action);

// A source of the main loop that goes with its owner.
class Timer {
public:
    Timer() = default;
    ~Timer() { stop(); }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    void start(guint interval_ms, Action action);  // again and again
    void start_when_idle(Action action);          // the same without a pause, but all that the user does, and drawing, goes first
    void once(guint delay_ms, Action action);
    void stop();
    bool is_running() const { return source_ != 0; }

private:
    struct Work;
    void add(int priority, guint delay_ms, Action action, bool repeats);

    guint source_ = 0;
};

// Callbacks that come later hold a watcher, so that they can tell whether the one who asked is still there.
class Lifetime {
public:
    using Watcher = std::weak_ptr<const bool>;
    Watcher watcher() const { return token_; }

private:
    std::shared_ptr<const bool> token_ = std::make_shared<const bool>(true);
};

// The widget or other object with this id in a .ui file. Throws std::logic_error if there is none.
GObject* builder_object(GtkBuilder* builder, const char* id);

template <typename Object>
Object* get(GtkBuilder* builder, const char* id) {
    return reinterpret_cast<Object*>(builder_object(builder, id));
}

inline GtkWidget* get_widget(GtkBuilder* builder, const char* id) { return get<GtkWidget>(builder, id); }

// A builder with one of the .ui files of this folder. Throws std::runtime_error.
GObjectPtr<GtkBuilder> load_ui(const char* file_name);

// printf into a std::string.
std::string format(const char* pattern, ...) G_GNUC_PRINTF(1, 2);

// A long text of a combo box is cut with "…" instead of widening the window.
void let_shrink(GtkComboBox* combo);

void set_accessible_name(GtkWidget* widget, const std::string& name);

// Tells people who cannot see the window, where the toolkit can. They are not interrupted.
void announce(GtkWidget* widget, const std::string& text);

// Sensitive, or not and with the reason as tooltip and accessible description.
void set_usable(GtkWidget* widget, bool usable, const std::string& reason);

}  // namespace venice_gimp
