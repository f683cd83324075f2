// SPDX-License-Identifier: MIT
#include "ui/place_row.hpp"

#include <array>

#include "i18n.hpp"

namespace venice_gimp {

namespace {

struct PlacementWords {
    const char* id;  // as the procedures' argument has it
    const char* name;
    const char* explanation;
};

constexpr std::array<PlacementWords, 4> placements{{
    {"cover", N_("Cover"), N_("Scales the result to cover the target; a mask hides the rest.")},
    {"fit", N_("Fit Inside"), N_("Scales the result to fit inside the target.")},
    {"actual", N_("Actual Size"), N_("Keeps the pixels as they come, centered on the target.")},
    {"stretch", N_("Stretch (Distorts)"), N_("Stretches the result to the target's size.")},
}};

}  // namespace

PlaceRow::PlaceRow(GtkBuilder* builder, Action changed)
    : selection_(get<GtkToggleButton>(builder, "target_selection")),
      canvas_(get<GtkToggleButton>(builder, "target_canvas")),
      placement_(get<GtkComboBox>(builder, "placement_combo")),
      changed_(std::move(changed)) {
    for (const PlacementWords& placement : placements) {
        gtk_combo_box_text_append(GTK_COMBO_BOX_TEXT(placement_), placement.id, _(placement.name));
    }
    let_shrink(placement_);
    connect(selection_, "toggled", [this] {
        if (!updating_) {
            wanted_target_ = is_selection() ? "selection" : "canvas";
            changed_();
        }
    });
    connect(placement_, "changed", [this] {
        explain();
        if (!updating_) {
            changed_();
        }
    });
    show(DialogValues{});
}

void PlaceRow::show(const DialogValues& values) {
    wanted_target_ = values.target;
    updating_ = true;
    if (values.placement.empty() || gtk_combo_box_set_active_id(placement_, values.placement.c_str()) == FALSE) {
        gtk_combo_box_set_active(placement_, 0);
    }
    updating_ = false;
    refresh();
}

void PlaceRow::show_image(const ImageView& image) {
    image_ = image;
    refresh();
}

void PlaceRow::refresh() {
    updating_ = true;
    const bool is_new = image_.id == 0;
    const bool selects = image_.has_selection && wanted_target_ != "canvas";
    gtk_toggle_button_set_active(selects ? selection_ : canvas_, TRUE);
    const std::string new_image = _("The new image gets the size of the result.");
    set_usable(GTK_WIDGET(selection_), !is_new && image_.has_selection,
               is_new ? new_image : image_.has_selection ? "" : _("Nothing is selected in the image."));
    set_usable(GTK_WIDGET(canvas_), !is_new, is_new ? new_image : "");
    set_usable(GTK_WIDGET(placement_), !is_new, is_new ? new_image : "");
    updating_ = false;
    if (!is_new) {
        explain();
    }
}

void PlaceRow::explain() {
    const int active = gtk_combo_box_get_active(placement_);
    if (active >= 0) {
        gtk_widget_set_tooltip_text(GTK_WIDGET(placement_), _(placements.at(static_cast<std::size_t>(active)).explanation));
    }
}

bool PlaceRow::is_selection() const { return gtk_toggle_button_get_active(selection_) != FALSE; }

std::string PlaceRow::placement() const {
    const char* id = gtk_combo_box_get_active_id(placement_);
    return id != nullptr ? id : placements.front().id;
}

void PlaceRow::write_to(DialogValues& values) const {
    values.target = wanted_target_;
    values.placement = placement();
}

}  // namespace venice_gimp
