// SPDX-License-Identifier: MIT
// One image in the strip of results, from the moment that it is asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "decoding/thumbnail.hpp"
#include "ui/glib_support.hpp"

namespace venice_gimp {

enum class TileState {
    queued,
    connecting,
    sending,
    waiting_to_retry,
    waiting,
    receiving,
    decoding,
    done,
    blurred,
    blocked,
    failed,
    cancelled,
    interrupted,  // by the end of an earlier session
    discarded,
    elsewhere,  // in flight in another GIMP
};

constexpr bool is_running(TileState state) { return state < TileState::done; }

struct TileView {
    TileState state = TileState::queued;
    int number = 1;  // of `count`
    int count = 1;
    double seconds = 0.0;
    int retry_seconds = 0;
    std::int64_t received_bytes = 0;
    std::int64_t total_bytes = -1;
    bool is_inserted = false;
    std::string detail;  // why it failed
};

struct SurfaceDeleter {
    void operator()(cairo_surface_t* surface) const noexcept { cairo_surface_destroy(surface); }
};
using SurfacePtr = std::unique_ptr<cairo_surface_t, SurfaceDeleter>;

// The surface takes the pixels over.
SurfacePtr make_surface(ScreenPicture picture);

// Draws the surface into the area, as large as it fits, in the middle.
void draw_fitted(cairo_t* cairo, cairo_surface_t* surface, double width, double height);

class ImageTile {
public:
    // `needs_picture` is called the first time that the tile can be seen while it has none.
    ImageTile(GtkFlowBox* grid, Action cancel, Action needs_picture);
    ImageTile(const ImageTile&) = delete;
    ImageTile& operator=(const ImageTile&) = delete;

    void show(const TileView& view);
    void show_picture(const DecodedImage& thumbnail);
    bool has_picture() const { return surface_ != nullptr; }
    GtkWidget* widget() const { return child_; }

private:
    bool draw(cairo_t* cairo);

    GObjectPtr<GtkBuilder> builder_;
    GtkWidget* child_;
    GtkWidget* area_;
    GtkLabel* caption_;
    GtkImage* icon_;
    GtkSpinner* spinner_;
    GtkWidget* cancel_;
    GtkWidget* inserted_;
    GtkProgressBar* progress_;
    SurfacePtr surface_;
    Action needs_picture_;
    std::optional<TileState> state_;
};

}  // namespace venice_gimp
