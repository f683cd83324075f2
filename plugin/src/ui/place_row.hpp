// SPDX-License-Identifier: MIT
// The row "Place": into the selection or onto the canvas, and how the result is fitted there.
#pragma once

#include <string>

#include "store/dialog_values.hpp"
#include "ui/glib_support.hpp"
#include "ui/image_host.hpp"

namespace venice_gimp {

class PlaceRow {
public:
    PlaceRow(GtkBuilder* builder, Action changed);
    PlaceRow(const PlaceRow&) = delete;
    PlaceRow& operator=(const PlaceRow&) = delete;

    void show(const DialogValues& values);
    void show_image(const ImageView& image);
    void write_to(DialogValues& values) const;

    bool is_selection() const;  // whether the selection is the target now
    std::string placement() const;

private:
    void refresh();
    void explain();

    GtkToggleButton* selection_;
    GtkToggleButton* canvas_;
    GtkComboBox* placement_;
    Action changed_;
    ImageView image_;
    std::string wanted_target_;  // empty: the selection if there is one
    bool updating_ = false;
};

}  // namespace venice_gimp
