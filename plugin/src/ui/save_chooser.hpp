// SPDX-License-Identifier: MIT
// Asks where a file is to be saved. The window's main loop goes on meanwhile: results arrive, and the window can be closed.
#pragma once

#include <gtk/gtk.h>

#include <functional>
#include <string>

#include "ui/glib_support.hpp"

namespace venice_gimp {

class SaveChooser {
public:
    SaveChooser() = default;
    ~SaveChooser() { close(); }
    SaveChooser(const SaveChooser&) = delete;
    SaveChooser& operator=(const SaveChooser&) = delete;

    // `chosen` gets the path, and whether a file is there that the user was not asked about: GTK's own question would stop the main loop. A
    // desktop's chooser asks itself. Not called if the user thinks better of it, or if this is asked again or destroyed before.
    using Chosen = std::function<void(const std::string& path, bool overwrites)>;
    void ask(GtkWindow* parent, const std::string& title, const std::string& file_name, Chosen chosen);

private:
    void close();

    GObjectPtr<GtkFileChooserNative> chooser_;
};

}  // namespace venice_gimp
