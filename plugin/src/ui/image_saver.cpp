// SPDX-License-Identifier: MIT
#include "ui/image_saver.hpp"

#include <memory>
#include <utility>

#include "generation/layer_name.hpp"
#include "i18n.hpp"

namespace venice_gimp {

namespace {

// By the type that the server told.
const char* extension_of(const ImageRecord& image) {
    const auto type = image.response_headers.find("content-type");
    if (type == image.response_headers.end()) {
        return ".png";
    }
    return type->second == "image/jpeg" ? ".jpg" : type->second == "image/webp" ? ".webp" : ".png";
}

// The reason why not; empty if all is well.
std::string write_file_at(const std::string& path, const FileBytes& file) {
    GError* raw_error = nullptr;
    if (g_file_set_contents(path.c_str(), reinterpret_cast<const char*>(file.get().data()), static_cast<gssize>(file.get().size()),
                            &raw_error) == FALSE) {
        const GErrorPtr error(raw_error);
        return error->message;
    }
    return {};
}

}  // namespace

void ImageSaver::ask(const EntryPtr& entry, std::size_t index) {
    const ImageRecord& image = entry->record.images[index];
    chooser_.ask(GTK_WINDOW(gtk_widget_get_toplevel(place_)), _("Save Image"),
                 file_name(entry->record.settings.prompt, image.seed, extension_of(image)),
                 [this, entry, index](const std::string& path, bool overwrites) {
                     if (overwrites) {
                         ask_to_replace(entry, index, path);
                     } else {
                         save(entry, index, path);
                     }
                 });
}

void ImageSaver::ask_to_replace(const EntryPtr& entry, std::size_t index, const std::string& path) {
    const GFreePtr<char> name(g_filename_display_basename(path.c_str()));
    const Action replace = notices_.that_settles(entry, [this, index, path](const EntryPtr& alive) { save(alive, index, path); });
    const Action elsewhere = notices_.that_settles(entry, [this, index](const EntryPtr& alive) { ask(alive, index); });
    Notice question{format(_("“%s” exists already."), name.get()), "", {{_("_Replace"), replace}, {_("_Save Elsewhere…"), elsewhere}}};
    question.is_problem = false;
    notices_.show(entry, std::move(question));
}

void ImageSaver::save(const EntryPtr& entry, std::size_t index, const std::string& path) {
    const auto failed = [this, entry, index](const std::string& reason) {
        notices_.show(entry, {_("The image could not be saved."), reason, {{_("_Save Elsewhere…"), [this, entry, index] { ask(entry, index); }}}});
    };
    loader_.with_file(
        entry, index, [this, path, failed](const FileBytes& file) { write(file, path, failed); }, failed);
}

void ImageSaver::write(const FileBytes& file, const std::string& path, PictureLoader::Failed failed) {
    auto reason = std::make_shared<std::string>();
    session_.in_background([file, path, reason] { *reason = write_file_at(path, file); },
                           [reason, failed = std::move(failed), watcher = lifetime_.watcher()](const std::exception_ptr&) {
                               if (!watcher.expired() && !reason->empty()) {
                                   failed(*reason);
                               }
                           });
}

}  // namespace venice_gimp
