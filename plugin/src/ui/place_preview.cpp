// SPDX-License-Identifier: MIT
#include "ui/place_preview.hpp"

#include <algorithm>
#include <cmath>

#include "i18n.hpp"

namespace venice_gimp {

namespace {

bool is_empty(const Rectangle& rectangle) { return rectangle.width <= 0 || rectangle.height <= 0; }

Rectangle both(const Rectangle& one, const Rectangle& other) {
    const int left = std::min(one.x, other.x);
    const int top = std::min(one.y, other.y);
    return {left, top, std::max(one.x + one.width, other.x + other.width) - left, std::max(one.y + one.height, other.y + other.height) - top};
}

}  // namespace

PlacePreview::PlacePreview(GtkBuilder* builder) : area_(get_widget(builder, "preview")) {
    const auto draw_now = [](GtkWidget*, cairo_t* cairo, gpointer self) -> gboolean {
        guarded([&] { static_cast<const PlacePreview*>(self)->draw(cairo); });
        return GDK_EVENT_PROPAGATE;
    };
    g_signal_connect(area_, "draw", G_CALLBACK(+draw_now), this);
}

void PlacePreview::show(const ImageView& image, bool into_selection, Placement placement, PixelSize result) {
    const bool is_new = image.id == 0;
    canvas_ = is_new ? Rectangle{0, 0, result.width, result.height} : Rectangle{0, 0, image.width, image.height};
    target_ = into_selection ? image.selection : canvas_;
    result_ = result.width > 0 && !is_empty(target_) ? place_picture(target_, {result.width, result.height}, is_new ? Placement::actual : placement) : Rectangle{};
    std::string description = _("Where the result will lie");
    if (!is_empty(result_) && !is_new && placement != Placement::stretch && result.width > 0) {
        const double scale = enlargement({result.width, result.height}, result_);
        // Translators: 100 % is the size in which the image comes.
        description += "\n" + format(_("About %.0f %% of its own size"), scale * 100.0);
    }
    gtk_widget_set_tooltip_text(area_, description.c_str());
    atk_object_set_description(gtk_widget_get_accessible(area_), description.c_str());
    gtk_widget_queue_draw(area_);
}

void PlacePreview::draw(cairo_t* cairo) const {
    const Rectangle all = is_empty(result_) ? canvas_ : both(canvas_, result_);
    if (is_empty(all)) {
        return;
    }
    constexpr double margin = 2.0;
    const double room_width = gtk_widget_get_allocated_width(area_) - 2 * margin;
    const double room_height = gtk_widget_get_allocated_height(area_) - 2 * margin;
    const double scale = std::min(room_width / all.width, room_height / all.height);
    const double left = margin + (room_width - all.width * scale) / 2.0;
    const double top = margin + (room_height - all.height * scale) / 2.0;
    GdkRGBA color;
    GtkStyleContext* style = gtk_widget_get_style_context(area_);
    gtk_style_context_get_color(style, gtk_style_context_get_state(style), &color);
    const auto trace = [&](const Rectangle& rectangle, double alpha) {
        cairo_set_source_rgba(cairo, color.red, color.green, color.blue, alpha);
        const double x = std::floor(left + (rectangle.x - all.x) * scale);
        const double y = std::floor(top + (rectangle.y - all.y) * scale);
        cairo_rectangle(cairo, x + 0.5, y + 0.5, std::max(2.0, std::round(rectangle.width * scale) - 1), std::max(2.0, std::round(rectangle.height * scale) - 1));
    };
    cairo_set_line_width(cairo, 1.0);
    trace(canvas_, 0.08);
    cairo_fill_preserve(cairo);
    cairo_set_source_rgba(cairo, color.red, color.green, color.blue, 0.7);
    cairo_stroke(cairo);
    if (!is_empty(result_)) {
        trace(result_, 0.22);
        cairo_fill_preserve(cairo);
        cairo_set_source_rgba(cairo, color.red, color.green, color.blue, 0.45);
        cairo_stroke(cairo);
    }
    constexpr double dashes[] = {3.0, 2.0};
    cairo_set_dash(cairo, dashes, 2, 0.0);
    trace(target_, 0.9);
    cairo_stroke(cairo);
}

}  // namespace venice_gimp
