// SPDX-License-Identifier: MIT
#include "ui/image_row.hpp"

#include <algorithm>

#include "i18n.hpp"

namespace venice_gimp {

namespace {

enum Column { column_id, column_name };

}  // namespace

ImageRow::ImageRow(GtkBuilder* builder, ImageHost& host, gint32 image_id, Action changed)
    : host_(host),
      combo_(get<GtkComboBox>(builder, "image_combo")),
      store_(get<GtkListStore>(builder, "image_store")),
      changed_(std::move(changed)),
      images_(host.open_images()) {
    fill(image_id);
    connect(combo_, "changed", [this] {
        if (!updating_) {
            changed_();
        }
    });
}

void ImageRow::fill(gint32 chosen) {
    updating_ = true;
    gtk_list_store_clear(store_);
    GtkTreeIter row;
    int active = static_cast<int>(images_.size());  // "New Image"
    for (std::size_t index = 0; index < images_.size(); ++index) {
        const OpenImage& image = images_[index];
        gtk_list_store_insert_with_values(store_, &row, -1, column_id, image.id, column_name, image.name.c_str(), -1);
        if (image.id == chosen) {
            active = static_cast<int>(index);
        }
    }
    gtk_list_store_insert_with_values(store_, &row, -1, column_id, 0, column_name, _("New Image"), -1);
    gtk_combo_box_set_active(combo_, active);
    updating_ = false;
}

void ImageRow::refresh() {
    std::vector<OpenImage> images = host_.open_images();
    if (images != images_) {
        const gint32 chosen = image_id();
        images_ = std::move(images);
        fill(chosen);
    }
}

void ImageRow::show(gint32 image_id) {
    images_ = host_.open_images();
    fill(image_id);
}

gint32 ImageRow::image_id() const {
    const int active = gtk_combo_box_get_active(combo_);
    const bool is_image = active >= 0 && static_cast<std::size_t>(active) < images_.size();
    return is_image ? images_[static_cast<std::size_t>(active)].id : 0;
}

std::string ImageRow::image_name() const {
    const gint32 id = image_id();
    const auto found = std::find_if(images_.begin(), images_.end(), [id](const OpenImage& image) { return image.id == id; });
    return found != images_.end() ? found->name : _("New Image");
}

}  // namespace venice_gimp
