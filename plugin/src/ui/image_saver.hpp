// SPDX-License-Identifier: MIT
// Saves the file of an image, as it came, where the painter says.
#pragma once

#include <cstddef>
#include <string>

#include "generation/session.hpp"
#include "ui/glib_support.hpp"
#include "ui/picture_loader.hpp"
#include "ui/run_entry.hpp"
#include "ui/run_notices.hpp"
#include "ui/save_chooser.hpp"

namespace venice_gimp {

class ImageSaver {
public:
    // `place` is a widget of the window that asks.
    ImageSaver(GtkWidget* place, Session& session, RunNotices& notices, PictureLoader& loader)
        : place_(place), session_(session), notices_(notices), loader_(loader) {}
    ImageSaver(const ImageSaver&) = delete;
    ImageSaver& operator=(const ImageSaver&) = delete;

    void ask(const EntryPtr& entry, std::size_t index);

private:
    void ask_to_replace(const EntryPtr& entry, std::size_t index, const std::string& path);
    void save(const EntryPtr& entry, std::size_t index, const std::string& path);
    void write(const FileBytes& file, const std::string& path, PictureLoader::Failed failed);

    GtkWidget* place_;
    Session& session_;
    RunNotices& notices_;
    PictureLoader& loader_;
    SaveChooser chooser_;
    Lifetime lifetime_;
};

}  // namespace venice_gimp
