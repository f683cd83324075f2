// SPDX-License-Identifier: MIT
#include "generation/main_context.hpp"

#include <utility>

namespace venice_gimp {
namespace {

gboolean call_once(gpointer data) {
    guarded(*static_cast<std::function<void()>*>(data));
    return G_SOURCE_REMOVE;
}

void free_function(gpointer data) {
    delete static_cast<std::function<void()>*>(data);
}

}  // namespace

MainContextHandle this_thread_context() {
    return MainContextHandle(g_main_context_ref_thread_default());
}

void post(GMainContext* context, std::function<void()> function) {
    auto owned = std::make_unique<std::function<void()>>(std::move(function));
    GSource* source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(source, call_once, owned.release(), free_function);
    g_source_attach(source, context);
    g_source_unref(source);
}

}  // namespace venice_gimp
