// SPDX-License-Identifier: MIT
// Work for a GLib main context, from any thread.
#pragma once

#include <glib.h>

#include <exception>
#include <functional>
#include <memory>
#include <utility>

namespace venice_gimp {

struct MainContextDeleter {
    void operator()(GMainContext* context) const noexcept { g_main_context_unref(context); }
};
using MainContextHandle = std::unique_ptr<GMainContext, MainContextDeleter>;

// A source that is attached to a context; destroying the handle removes it.
struct SourceDeleter {
    void operator()(GSource* source) const noexcept {
        g_source_destroy(source);
        g_source_unref(source);
    }
};
using SourceHandle = std::unique_ptr<GSource, SourceDeleter>;

// The context whose callbacks run on this thread.
MainContextHandle this_thread_context();

// Calls `function` once from the context's loop, never from inside post() itself. If the loop never runs again, it is freed with the
// context.
void post(GMainContext* context, std::function<void()> function);

// Every callback from C runs in this: an exception is logged and goes no further.
template <typename Function>
void guarded(Function&& function) noexcept {
    try {
        std::forward<Function>(function)();
    } catch (const std::exception& exception) {
        g_critical("venice-gimp: unexpected: %s", exception.what());
    } catch (...) {
        g_critical("venice-gimp: unexpected exception");
    }
}

}  // namespace venice_gimp
