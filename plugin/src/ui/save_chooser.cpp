// SPDX-License-Identifier: MIT
#include "ui/save_chooser.hpp"

#include <memory>
#include <utility>

namespace venice_gimp {

namespace {

struct Question {
    SaveChooser::Chosen chosen;
    std::string existing;  // the file that is there
};

std::string path_in(gpointer chooser) {
    const GFreePtr<char> path(gtk_file_chooser_get_filename(GTK_FILE_CHOOSER(chooser)));
    return path ? path.get() : "";
}

GtkFileChooserConfirmation remember_existing(GtkFileChooser* chooser, gpointer data) {
    static_cast<Question*>(data)->existing = path_in(chooser);
    return GTK_FILE_CHOOSER_CONFIRMATION_ACCEPT_FILENAME;
}

// The window that GTK shows where the desktop has no chooser of its own: the native object does not pass its question on.
GtkWidget* own_window_of_gtk() {
    const std::unique_ptr<GList, void (*)(GList*)> windows(gtk_window_list_toplevels(), g_list_free);
    for (const GList* window = windows.get(); window != nullptr; window = window->next) {
        if (GTK_IS_FILE_CHOOSER_DIALOG(window->data)) {
            return GTK_WIDGET(window->data);
        }
    }
    return nullptr;
}

void call_chosen(GtkNativeDialog* dialog, int response, gpointer data) {
    if (response != GTK_RESPONSE_ACCEPT) {
        return;
    }
    const auto* question = static_cast<Question*>(data);
    if (const std::string path = path_in(dialog); !path.empty()) {
        guarded([&] { question->chosen(path, path == question->existing); });
    }
}

}  // namespace

void SaveChooser::ask(GtkWindow* parent, const std::string& title, const std::string& file_name, Chosen chosen) {
    close();
    chooser_.reset(gtk_file_chooser_native_new(title.c_str(), parent, GTK_FILE_CHOOSER_ACTION_SAVE, nullptr, nullptr));
    gtk_file_chooser_set_do_overwrite_confirmation(GTK_FILE_CHOOSER(chooser_.get()), TRUE);
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser_.get()), file_name.c_str());
    auto* question = new Question{std::move(chosen), {}};
    if (GtkWidget* const window = own_window_of_gtk(); window != nullptr) {
        g_signal_connect(window, "confirm-overwrite", G_CALLBACK(remember_existing), question);
    }
    g_signal_connect_data(chooser_.get(), "response", G_CALLBACK(call_chosen), question,
                          [](gpointer data, GClosure*) { delete static_cast<Question*>(data); }, GConnectFlags{});
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser_.get()));
}

void SaveChooser::close() {
    if (chooser_) {
        gtk_native_dialog_destroy(GTK_NATIVE_DIALOG(chooser_.get()));
        chooser_.reset();
    }
}

}  // namespace venice_gimp
