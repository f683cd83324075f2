// SPDX-License-Identifier: MIT
// Decoded pictures as layers, with the colours of the image that they are for, piece by piece.
#pragma once

#include <gegl.h>
#include <libgimp/gimp.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "decoding/decoded_image.hpp"
#include "decoding/progressive_image.hpp"
#include "gimp/geometry.hpp"
#include "gimp/gimp_handles.hpp"

namespace venice_gimp {

void prepare_gegl();

// GIMP's drawables in pieces: rows of whole tiles, so that nothing is read back and written twice.
class Pieces {
public:
    static constexpr int tile_side = 128;  // of GIMP's drawables

    Pieces(const Size& size, int tiles_per_piece);
    bool at_end() const { return next_.y >= size_.height; }
    GeglRectangle take();  // the next one
    int next_end() const { return std::min(next_.y + tile_side, size_.height); }  // the row after the last one of the next one

private:
    Size size_;
    int width_;
    GeglRectangle next_;
};

// Makes a layer for `image` that shows the picture at a size, scaled once with the interpolation of GIMP's context.
class PictureWriter {
public:
    // Throws InsertError.
    PictureWriter(GimpImage* image, std::shared_ptr<const DecodedImage> picture, const std::string& name, const Size& size);
    // Of a picture that still arrives, of which at least the header is there.
    PictureWriter(GimpImage* image, const std::shared_ptr<const ProgressiveImage>& rows, const std::string& name, const Size& size);
    ~PictureWriter();

    bool at_end() const { return pieces_.at_end() && scaled_rows_ == 0; }
    bool can_write() const;  // whether all that the next piece is made of has arrived
    void write_piece();

    // The layer, when all is written. Converts to a palette or from a profile with tables, which takes its time. Throws InsertError.
    PendingLayer take_layer();

private:
    class TileCacheRoom;

    void start_scaling();
    void scale_rows();
    void open_layer(GimpImage* image);
    void copy_picture(GeglBuffer* buffer, const GeglRectangle& piece) const;

    GimpImage* image_;
    std::shared_ptr<const DecodedImage> picture_;
    std::shared_ptr<const ProgressiveImage> rows_;  // null: all of it is there
    std::string name_;
    Size size_;
    std::optional<PendingImage> own_image_;  // where GIMP has to convert the colours
    PendingLayer layer_;
    ObjectHandle<GeglBuffer> buffer_;
    const Babl* format_ = nullptr;       // of the picture's bytes
    // Only when scaled:
    std::unique_ptr<TileCacheRoom> tile_cache_room_;
    ObjectHandle<GeglBuffer> source_;
    ObjectHandle<GeglNode> graph_;
    GeglNode* scaled_ = nullptr;  // belongs to the graph
    GeglRectangle tile_{0, 0, 0, 0};
    int scaled_rows_ = 0;  // of the tile
    std::vector<std::byte> tile_bytes_;
    Pieces source_pieces_;

    Pieces pieces_;
};

// Gives the image the picture's colour profile, if it has one that an RGB image can have.
void adopt_profile(GimpImage* image, const DecodedImage& picture);

}  // namespace venice_gimp
