// SPDX-License-Identifier: MIT
#include "ui/size_row.hpp"

#include <algorithm>

#include "generation/shown_text.hpp"
#include "i18n.hpp"

namespace venice_gimp {

namespace {

std::string text_or_empty(const char* text) { return text != nullptr ? text : ""; }

std::vector<std::string> list(const venice_model* model, size_t (*count)(const venice_model*),
                              const char* (*at)(const venice_model*, size_t)) {
    std::vector<std::string> values;
    values.reserve(count(model));
    for (size_t index = 0; index < count(model); ++index) {
        values.emplace_back(text_or_empty(at(model, index)));
    }
    return values;
}

// Words for the values that are words; all others are the server's.
std::string shown_as(const std::string& value) {
    if (value == "auto") {
        return _("Automatic");
    }
    if (value == "low") {
        return _("Low");
    }
    if (value == "medium") {
        return _("Medium");
    }
    if (value == "high") {
        return _("High");
    }
    return shown_line(value, longest_shown_name);
}

std::string one_of(const std::vector<std::string>& values, const std::string& wanted, const std::string& fallback) {
    return std::find(values.begin(), values.end(), wanted) != values.end() ? wanted : fallback;
}

void append(std::string& text, const std::string& part) {
    if (!part.empty()) {
        text += (text.empty() ? "" : " · ") + part;
    }
}

}  // namespace

SizeRow::SizeRow(GtkBuilder* builder, Action changed)
    : text_(get<GtkLabel>(builder, "size_text")),
      button_(get_widget(builder, "size_button")),
      builder_(load_ui("size-popover.ui")),
      automatic_(get<GtkToggleButton>(builder_.get(), "size_automatic")),
      custom_(get<GtkToggleButton>(builder_.get(), "size_custom")),
      stack_(get<GtkStack>(builder_.get(), "size_stack")),
      width_(get<GtkSpinButton>(builder_.get(), "width_spin")),
      height_(get<GtkSpinButton>(builder_.get(), "height_spin")),
      ratio_tiles_(get<GtkContainer>(builder_.get(), "ratio_tiles"), [this] { edited(); }),
      resolution_tiles_(get<GtkContainer>(builder_.get(), "resolution_box"), [this] { edited(); }),
      quality_tiles_(get<GtkContainer>(builder_.get(), "quality_box"), [this] { edited(); }),
      changed_(std::move(changed)) {
    GtkWidget* popover = gtk_popover_new(button_);
    gtk_container_add(GTK_CONTAINER(popover), get_widget(builder_.get(), "size_page"));
    gtk_menu_button_set_popover(GTK_MENU_BUTTON(button_), popover);
    set_accessible_name(popover, _("Size"));
    for (GtkSpinButton* spin : {width_, height_}) {
        connect(spin, "value-changed", [this] { edited(); });
    }
    connect(automatic_, "toggled", [this] {
        if (!updating_) {
            refresh();
            changed_();
        }
    });
    connect(builder_object(builder_.get(), "size_swap"), "clicked", [this] {
        const PixelSize now = chosen_pixels();
        updating_ = true;
        gtk_spin_button_set_value(width_, now.height);
        gtk_spin_button_set_value(height_, now.width);
        updating_ = false;
        edited();
    });
    show_model(nullptr);
}

bool SizeRow::is_automatic() const { return gtk_toggle_button_get_active(automatic_) != FALSE; }

// Whoever changes a value there wants it.
void SizeRow::edited() {
    if (updating_) {
        return;
    }
    updating_ = true;
    gtk_toggle_button_set_active(custom_, TRUE);
    updating_ = false;
    if (sizing_ == VENICE_SIZING_PIXEL) {
        wanted_pixels_ = chosen_pixels();
    } else {
        wanted_ratio_ = ratio_tiles_.chosen();
        wanted_resolution_ = resolution_tiles_.chosen();
        wanted_quality_ = quality_tiles_.chosen();
    }
    refresh();
    changed_();
}

void SizeRow::show(const Settings& settings, bool is_automatic) {
    if (settings.width && settings.height) {
        wanted_pixels_ = {static_cast<int>(*settings.width), static_cast<int>(*settings.height)};
    }
    wanted_ratio_ = settings.aspect_ratio;
    wanted_resolution_ = settings.resolution;
    wanted_quality_ = settings.quality;
    updating_ = true;
    gtk_toggle_button_set_active(is_automatic ? automatic_ : custom_, TRUE);
    updating_ = false;
    refresh();
}

void SizeRow::show_model(const venice_model* model) {
    model_ = model;
    sizing_ = venice_model_sizing(model);
    divisor_ = std::max(1, venice_model_size_divisor(model));
    ratios_ = list(model, venice_model_aspect_ratio_count, venice_model_aspect_ratio_at);
    resolutions_ = list(model, venice_model_resolution_count, venice_model_resolution_at);
    qualities_ = list(model, venice_model_quality_count, venice_model_quality_at);
    default_ratio_ = text_or_empty(venice_model_default_aspect_ratio(model));
    default_resolution_ = text_or_empty(venice_model_default_resolution(model));
    default_quality_ = text_or_empty(venice_model_default_quality(model));
    gtk_widget_set_sensitive(GTK_WIDGET(custom_), sizing_ != 0 ? TRUE : FALSE);
    refresh();
}

void SizeRow::suggest_for(PixelSize target) {
    if (!(target == target_)) {
        target_ = target;
        refresh();
    }
}

// The popover shows what holds now, so that Custom starts from what Automatic has found.
void SizeRow::refresh() {
    fitting_ = fitting_size(model_, target_);
    updating_ = true;
    if (sizing_ == VENICE_SIZING_PIXEL) {
        show_pixels();
    } else if (sizing_ != 0) {
        show_ratios();
    } else {
        gtk_stack_set_visible_child_name(stack_, "unknown");
    }
    updating_ = false;
    const std::string shown = text();
    gtk_label_set_text(text_, shown.c_str());
    set_accessible_name(button_, format(_("Size: %s"), shown.c_str()));
}

void SizeRow::show_pixels() {
    const int largest = largest_side() - largest_side() % divisor_;
    const auto fit = [&](int side) { return std::clamp((side + divisor_ / 2) / divisor_ * divisor_, divisor_, largest); };
    for (GtkSpinButton* spin : {width_, height_}) {
        gtk_spin_button_set_range(spin, divisor_, largest);
        gtk_spin_button_set_increments(spin, divisor_, std::max(divisor_, 128));
        gtk_spin_button_set_snap_to_ticks(spin, TRUE);
    }
    const PixelSize size = is_automatic() ? output_size(model_, fitting_) : wanted_pixels_;
    gtk_spin_button_set_value(width_, fit(size.width));
    gtk_spin_button_set_value(height_, fit(size.height));
    gtk_stack_set_visible_child_name(stack_, "pixel");
}

void SizeRow::show_ratios() {
    ratio_tiles_.show(ratios_, shown_as, ratio(), [this](const std::string& ratio) { return output_size(model_, with_ratio(ratio)); });
    resolution_tiles_.show(resolutions_, shown_as, resolution(), {});
    quality_tiles_.show(qualities_, shown_as, quality(), {});
    gtk_widget_set_visible(get_widget(builder_.get(), "resolution_label"), resolutions_.empty() ? FALSE : TRUE);
    gtk_widget_set_visible(get_widget(builder_.get(), "quality_label"), qualities_.empty() ? FALSE : TRUE);
    gtk_stack_set_visible_child_name(stack_, "ratio");
}

PixelSize SizeRow::chosen_pixels() const {
    return {gtk_spin_button_get_value_as_int(width_), gtk_spin_button_get_value_as_int(height_)};
}

Settings SizeRow::with_ratio(const std::string& ratio) const {
    Settings size;
    size.aspect_ratio = ratio;
    size.resolution = resolution();
    return size;
}

std::string SizeRow::ratio() const {
    const std::string suggested = one_of(ratios_, fitting_.aspect_ratio, default_ratio_);
    return is_automatic() ? suggested : one_of(ratios_, wanted_ratio_, suggested);
}

// Automatic never raises what costs more.
std::string SizeRow::resolution() const {
    return is_automatic() ? default_resolution_ : one_of(resolutions_, wanted_resolution_, default_resolution_);
}

std::string SizeRow::quality() const {
    return is_automatic() ? default_quality_ : one_of(qualities_, wanted_quality_, default_quality_);
}

std::string SizeRow::text() const {
    std::string text = is_automatic() ? _("Automatic") : "";
    if (sizing_ == VENICE_SIZING_PIXEL) {
        const PixelSize size = chosen_pixels();
        // Translators: width and height in pixels.
        append(text, format(_("%d × %d"), size.width, size.height));
    } else if (sizing_ != 0) {
        append(text, shown_as(ratio()));
        append(text, shown_as(resolution()));
        append(text, shown_as(quality()));
    }
    return text.empty() ? _("Custom") : text;
}

PixelSize SizeRow::expected() const {
    if (sizing_ == VENICE_SIZING_PIXEL) {
        return chosen_pixels();
    }
    return sizing_ != 0 ? output_size(model_, with_ratio(ratio())) : PixelSize{};
}

void SizeRow::write_to(Settings& settings) const {
    if (sizing_ == 0 && !is_automatic()) {
        return;  // what was asked for stays, as nothing is known of the model
    }
    settings.width.reset();
    settings.height.reset();
    settings.aspect_ratio.clear();
    settings.resolution.clear();
    settings.quality.clear();
    if (sizing_ == VENICE_SIZING_PIXEL) {
        settings.width = chosen_pixels().width;
        settings.height = chosen_pixels().height;
    } else if (sizing_ != 0) {
        settings.aspect_ratio = ratio();
        settings.resolution = resolution();
        settings.quality = quality();
    }
}

}  // namespace venice_gimp
