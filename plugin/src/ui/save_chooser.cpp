// SPDX-License-Identifier: MIT
#include "ui/save_chooser.hpp"

#include <utility>

namespace venice_gimp {

namespace {

using Chosen = std::function<void(const std::string& path)>;

void call_chosen(GtkNativeDialog* dialog, int response, gpointer data) {
    if (response != GTK_RESPONSE_ACCEPT) {
        return;
    }
    const GFreePtr<char> path(gtk_file_chooser_get_filename(GTK_FILE_CHOOSER(dialog)));
    if (path) {
        guarded([&] { (*static_cast<Chosen*>(data))(path.get()); });
    }
}

}  // namespace

void SaveChooser::ask(GtkWindow* parent, const std::string& title, const std::string& file_name, Chosen chosen) {
    close();
    chooser_.reset(gtk_file_chooser_native_new(title.c_str(), parent, GTK_FILE_CHOOSER_ACTION_SAVE, nullptr, nullptr));
    gtk_file_chooser_set_do_overwrite_confirmation(GTK_FILE_CHOOSER(chooser_.get()), TRUE);
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser_.get()), file_name.c_str());
    g_signal_connect_data(chooser_.get(), "response", G_CALLBACK(call_chosen), new Chosen(std::move(chosen)),
                          [](gpointer data, GClosure*) { delete static_cast<Chosen*>(data); }, GConnectFlags{});
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser_.get()));
}

void SaveChooser::close() {
    if (chooser_) {
        gtk_native_dialog_destroy(GTK_NATIVE_DIALOG(chooser_.get()));
        chooser_.reset();
    }
}

}  // namespace venice_gimp
