// SPDX-License-Identifier: MIT
// The row "Image": the open images, and "New Image".
#pragma once

#include <vector>

#include "ui/glib_support.hpp"
#include "ui/image_host.hpp"

namespace venice_gimp {

class ImageRow {
public:
    // image_id 0: a new image.
    ImageRow(GtkBuilder* builder, ImageHost& host, gint32 image_id, Action changed);
    ImageRow(const ImageRow&) = delete;
    ImageRow& operator=(const ImageRow&) = delete;

    void refresh();  // libgimp does not tell what is open: ask again whenever the window gets the focus
    void show(gint32 image_id);
    gint32 image_id() const;
    std::string image_name() const;

private:
    void fill(gint32 chosen);

    ImageHost& host_;
    GtkComboBox* combo_;
    GtkListStore* store_;
    Action changed_;
    std::vector<OpenImage> images_;
    bool updating_ = false;
};

}  // namespace venice_gimp
