// SPDX-License-Identifier: MIT
#include "ui/image_tile.hpp"

#include <algorithm>
#include <vector>

#include "i18n.hpp"
#include "ui/text_format.hpp"

namespace venice_gimp {

namespace {

// For assistive technology, after "2 of 3".
const char* state_name(TileState state) {
    switch (state) {
        case TileState::queued:
            return _("queued");
        case TileState::connecting:
            return _("connecting");
        case TileState::sending:
            return _("sending");
        case TileState::waiting_to_retry:
            return _("waiting to try again");
        case TileState::waiting:
            return _("waiting for the image");
        case TileState::receiving:
            return _("receiving");
        case TileState::decoding:
            return _("decoding");
        case TileState::done:
            return _("done");
        case TileState::blurred:
            return _("blurred");
        case TileState::blocked:
            return _("refused");
        case TileState::failed:
            return _("failed");
        case TileState::cancelled:
            return _("cancelled");
        case TileState::interrupted:
            return _("interrupted");
        case TileState::elsewhere:
            return _("being made in another GIMP");
        case TileState::discarded:
            break;
    }
    return _("discarded");
}

std::string running_caption(const TileView& view) {
    const std::string seconds = format_elapsed(view.seconds);
    switch (view.state) {
        case TileState::queued:
            return _("Queued");
        case TileState::connecting:
            return format(_("Connecting %s"), seconds.c_str());
        case TileState::sending:
            return format(_("Sending %s"), seconds.c_str());
        case TileState::waiting_to_retry:
            // Translators: seconds until a request is sent again; there is little room.
            return format(_("Again in %d s"), view.retry_seconds);
        case TileState::waiting:
            return format(_("Waiting %s"), seconds.c_str());
        case TileState::receiving:
            return format_megabytes(view.received_bytes, view.total_bytes);
        default:
            return _("Decoding");
    }
}

std::string caption(const TileView& view) {
    switch (view.state) {
        case TileState::done:
            return "";
        case TileState::blurred:
            return _("Blurred");
        case TileState::blocked:
            return _("Refused");
        case TileState::failed:
            return _("Failed");
        case TileState::cancelled:
            return _("Cancelled");
        case TileState::interrupted:
            return _("Interrupted");
        case TileState::discarded:
            return _("Discarded");
        case TileState::elsewhere:
            return _("In another GIMP");
        default:
            return running_caption(view);
    }
}

const char* icon_of(TileState state) {
    switch (state) {
        case TileState::blocked:
        case TileState::failed:
            return "dialog-warning-symbolic";
        case TileState::cancelled:
        case TileState::interrupted:
            return "process-stop-symbolic";
        case TileState::discarded:
            return "edit-delete-symbolic";
        case TileState::elsewhere:
            return "document-open-recent-symbolic";
        default:
            return nullptr;
    }
}

double share(const TileView& view) {
    if (view.state == TileState::decoding) {
        return 1.0;
    }
    const bool is_known = view.state == TileState::receiving && view.total_bytes > 0;
    return is_known ? std::clamp(static_cast<double>(view.received_bytes) / static_cast<double>(view.total_bytes), 0.0, 1.0) : 0.0;
}

gboolean call_draw(GtkWidget*, cairo_t* cairo, gpointer data) {
    guarded([&] { (*static_cast<std::function<bool(cairo_t*)>*>(data))(cairo); });
    return FALSE;
}

}  // namespace

SurfacePtr make_surface(ScreenPicture picture) {
    auto kept = std::make_unique<ScreenPicture>(std::move(picture));
    SurfacePtr surface(cairo_image_surface_create_for_data(reinterpret_cast<unsigned char*>(kept->pixels.data()), CAIRO_FORMAT_ARGB32,
                                                           kept->width, kept->height, kept->width * 4));
    static const cairo_user_data_key_t key{};
    cairo_surface_set_user_data(surface.get(), &key, kept.release(), [](void* data) { delete static_cast<ScreenPicture*>(data); });
    return surface;
}

void draw_fitted(cairo_t* cairo, cairo_surface_t* surface, double width, double height) {
    const double w = cairo_image_surface_get_width(surface);
    const double h = cairo_image_surface_get_height(surface);
    const double scale = std::min(width / w, height / h);
    cairo_translate(cairo, (width - w * scale) / 2.0, (height - h * scale) / 2.0);
    cairo_scale(cairo, scale, scale);
    cairo_set_source_surface(cairo, surface, 0.0, 0.0);
    cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_GOOD);
    cairo_paint(cairo);
}

ImageTile::ImageTile(GtkFlowBox* grid, Action cancel, Action needs_picture)
    : builder_(load_ui("image-tile.ui")),
      child_(get_widget(builder_.get(), "tile")),
      area_(get_widget(builder_.get(), "area")),
      caption_(get<GtkLabel>(builder_.get(), "caption")),
      icon_(get<GtkImage>(builder_.get(), "icon")),
      spinner_(get<GtkSpinner>(builder_.get(), "spinner")),
      cancel_(get_widget(builder_.get(), "cancel")),
      inserted_(get_widget(builder_.get(), "inserted")),
      progress_(get<GtkProgressBar>(builder_.get(), "progress")),
      needs_picture_(std::move(needs_picture)) {
    connect(cancel_, "clicked", std::move(cancel));
    g_signal_connect_data(area_, "draw", G_CALLBACK(call_draw), new std::function<bool(cairo_t*)>([this](cairo_t* cairo) { return draw(cairo); }),
                          [](gpointer data, GClosure*) { delete static_cast<std::function<bool(cairo_t*)>*>(data); }, GConnectFlags{});
    gtk_container_add(GTK_CONTAINER(grid), child_);
}

bool ImageTile::draw(cairo_t* cairo) {
    if (surface_) {
        draw_fitted(cairo, surface_.get(), gtk_widget_get_allocated_width(area_), gtk_widget_get_allocated_height(area_));
    } else if (state_ == TileState::done || state_ == TileState::blurred) {
        if (const Action ask = std::exchange(needs_picture_, nullptr)) {
            ask();
        }
    }
    return true;
}

void ImageTile::show(const TileView& view) {
    const bool runs = is_running(view.state);
    const std::string text = caption(view);
    if (text != gtk_label_get_text(caption_)) {
        gtk_label_set_text(caption_, text.c_str());
    }
    gtk_widget_set_visible(GTK_WIDGET(caption_), text.empty() ? FALSE : TRUE);
    gtk_widget_set_visible(inserted_, view.is_inserted ? TRUE : FALSE);
    gtk_progress_bar_set_fraction(progress_, share(view));
    const std::string place = format(_("%d of %d"), view.number, view.count);
    // Translators: such as "2 of 3, blurred".
    set_accessible_name(child_, format(_("%s, %s"), place.c_str(), view.is_inserted ? format(_("%s, inserted"), state_name(view.state)).c_str()
                                                                                  : state_name(view.state)));
    if (state_ == view.state) {
        return;
    }
    state_ = view.state;
    gtk_widget_set_visible(GTK_WIDGET(spinner_), runs ? TRUE : FALSE);
    g_object_set(spinner_, "active", runs ? TRUE : FALSE, nullptr);
    gtk_widget_set_visible(GTK_WIDGET(progress_), runs ? TRUE : FALSE);
    // What was received comes within a second: it cannot be cancelled.
    gtk_widget_set_visible(cancel_, runs && view.state != TileState::decoding ? TRUE : FALSE);
    const char* icon = icon_of(view.state);
    gtk_widget_set_visible(GTK_WIDGET(icon_), icon != nullptr ? TRUE : FALSE);
    if (icon != nullptr) {
        gtk_image_set_from_icon_name(icon_, icon, GTK_ICON_SIZE_LARGE_TOOLBAR);
    }
    set_accessible_name(cancel_, format(_("Cancel Image %s"), place.c_str()));
    set_accessible_name(GTK_WIDGET(progress_), format(_("Progress of Image %s"), place.c_str()));
    gtk_widget_set_tooltip_text(child_, view.detail.empty() ? nullptr : view.detail.c_str());
    gtk_widget_queue_draw(area_);
}

void ImageTile::show_picture(const DecodedImage& thumbnail) {
    surface_ = make_surface(for_screen(thumbnail));
    gtk_widget_queue_draw(area_);
}

}  // namespace venice_gimp
