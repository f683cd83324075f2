// SPDX-License-Identifier: MIT
// A small drawing of where the result will lie on the target and on the canvas.
#pragma once

#include "ui/glib_support.hpp"
#include "ui/image_host.hpp"
#include "ui/request_size.hpp"

namespace venice_gimp {

class PlacePreview {
public:
    explicit PlacePreview(GtkBuilder* builder);
    PlacePreview(const PlacePreview&) = delete;
    PlacePreview& operator=(const PlacePreview&) = delete;

    // `result` is 0 × 0 if its size is not known. For a new image nothing but the result is drawn.
    void show(const ImageView& image, bool into_selection, Placement placement, PixelSize result);

private:
    void draw(cairo_t* cairo) const;

    GtkWidget* area_;
    Rectangle canvas_;
    Rectangle target_;
    Rectangle result_;
};

}  // namespace venice_gimp
