// SPDX-License-Identifier: MIT
#include "gimp/picture_layer.hpp"

#include <gegl.h>

#include <algorithm>
#include <cstddef>

#include "gimp/insert_layers.hpp"
#include "i18n.hpp"

namespace venice_gimp {
namespace {

constexpr int tiles_when_written = 8;
constexpr int tiles_when_scaled = 1;
constexpr int rows_when_scaled = 8;                      // of one tile: reducing takes some hundred times as long as writing
constexpr guint64 tile_cache_bytes = guint64{16} << 20;  // written tiles go to GIMP at once, nothing is read back

const char* babl_encoding(Channels channels) {
    switch (channels) {
        case Channels::gray:
            return "Y' u8";
        case Channels::gray_alpha:
            return "Y'A u8";
        case Channels::rgb:
            return "R'G'B' u8";
        case Channels::rgb_alpha:
            break;
    }
    return "R'G'B'A u8";
}

GimpImageType layer_type(GimpImageBaseType base_type, bool alpha) {
    switch (base_type) {
        case GIMP_GRAY:
            return alpha ? GIMP_GRAYA_IMAGE : GIMP_GRAY_IMAGE;
        case GIMP_INDEXED:
            return alpha ? GIMP_INDEXEDA_IMAGE : GIMP_INDEXED_IMAGE;
        default:
            return alpha ? GIMP_RGBA_IMAGE : GIMP_RGB_IMAGE;
    }
}

// The picture's colour space, null if babl cannot work with its profile (those with tables instead of a matrix).
const Babl* space_of(const DecodedImage& picture) {
    if (picture.icc_profile.empty()) {
        return babl_space("sRGB");
    }
    const char* error = nullptr;
    return babl_space_from_icc(reinterpret_cast<const char*>(picture.icc_profile.data()), static_cast<int>(picture.icc_profile.size()),
                               BABL_ICC_INTENT_RELATIVE_COLORIMETRIC, &error);
}

ObjectHandle<GimpColorProfile> profile_of(const DecodedImage& picture) {
    if (picture.icc_profile.empty()) {
        return nullptr;
    }
    // A profile that GIMP cannot read is left out, as GIMP's own loaders do.
    return ObjectHandle<GimpColorProfile>(gimp_color_profile_new_from_icc_profile(
        reinterpret_cast<const guint8*>(picture.icc_profile.data()), picture.icc_profile.size(), nullptr));
}

PendingLayer new_layer(GimpImage* image, const DecodedImage& picture, const std::string& name, const Size& size) {
    const GimpImageType type = layer_type(gimp_image_get_base_type(image), has_alpha(picture.channels));
    PendingLayer layer(
        gimp_layer_new(image, name.c_str(), size.width, size.height, type, 100.0, gimp_image_get_default_new_layer_mode(image)), image);
    if (layer.get() == nullptr) {
        throw InsertError(_("GIMP could not make a layer."));
    }
    return layer;
}

// A temporary image for the way of Open as Layers: the picture becomes an image of its own, and GIMP converts its layer.
GimpImage* new_own_image(const DecodedImage& picture, const Size& size) {
    GimpImage* const image = gimp_image_new(size.width, size.height, is_gray(picture.channels) ? GIMP_GRAY : GIMP_RGB);
    if (image == nullptr) {
        throw InsertError(_("GIMP could not make a layer."));
    }
    gimp_image_undo_disable(image);
    if (const ObjectHandle<GimpColorProfile> profile = profile_of(picture)) {
        gimp_image_set_color_profile(image, profile.get());
    }
    return image;
}

bool has_size(const DecodedImage& picture, const Size& size) {
    return Size{picture.width, picture.height} == size;
}

GeglSamplerType context_sampler() {
    switch (gimp_context_get_interpolation()) {
        case GIMP_INTERPOLATION_NONE:
            return GEGL_SAMPLER_NEAREST;
        case GIMP_INTERPOLATION_LINEAR:
            return GEGL_SAMPLER_LINEAR;
        case GIMP_INTERPOLATION_NOHALO:
            return GEGL_SAMPLER_NOHALO;
        case GIMP_INTERPOLATION_LOHALO:
            return GEGL_SAMPLER_LOHALO;
        default:
            break;
    }
    return GEGL_SAMPLER_CUBIC;
}

}  // namespace

// Where GEGL may not swap, a full cache is worse than none: each new tile looks through all of it in vain for one to drop. So there is room
// for all that is being scaled, and for the smaller copies of it that GEGL makes on the way.
class PictureWriter::TileCacheRoom {
public:
    explicit TileCacheRoom(const DecodedImage& picture) : bytes_(picture.pixels.size() * 2) { set_size(size() + bytes_); }
    ~TileCacheRoom() { set_size(size() - bytes_); }
    TileCacheRoom(const TileCacheRoom&) = delete;
    TileCacheRoom& operator=(const TileCacheRoom&) = delete;

private:
    static guint64 size() {
        guint64 bytes = 0;
        g_object_get(gegl_config(), "tile-cache-size", &bytes, nullptr);
        return bytes;
    }
    static void set_size(guint64 bytes) { g_object_set(gegl_config(), "tile-cache-size", bytes, nullptr); }

    guint64 bytes_;
};

// GEGL is only needed once there are pixels, and starting it takes a while.
void prepare_gegl() {
    static const bool prepared = [] {
        gegl_init(nullptr, nullptr);
        // A picture that is to be scaled stays in memory: nothing of it is to be found on the disk afterwards. No folder means that, too; the
        // word "RAM", which the manual has for it, makes a folder of that name where GIMP was started.
        g_object_set(gegl_config(), "tile-cache-size", tile_cache_bytes, "swap", nullptr, nullptr);
        return true;
    }();
    static_cast<void>(prepared);
}

Pieces::Pieces(const Size& size, int tiles_per_piece)
    : size_(size), width_(tiles_per_piece * tile_side), next_{0, 0, 0, 0} {}

GeglRectangle Pieces::take() {
    const GeglRectangle piece{next_.x, next_.y, std::min(width_, size_.width - next_.x), std::min(tile_side, size_.height - next_.y)};
    next_.x += width_;
    if (next_.x >= size_.width) {
        next_.x = 0;
        next_.y += tile_side;
    }
    return piece;
}

PictureWriter::PictureWriter(GimpImage* image, std::shared_ptr<const DecodedImage> picture, const std::string& name, const Size& size)
    : image_(image),
      picture_(std::move(picture)),
      name_(name),
      size_(size),
      source_pieces_({picture_->width, picture_->height}, tiles_when_written),
      pieces_(size, has_size(*picture_, size) ? tiles_when_written : tiles_when_scaled) {
    prepare_gegl();
    // What babl cannot do as GIMP does it: reducing to a palette, and profiles with tables.
    const Babl* const space = gimp_image_get_base_type(image) == GIMP_INDEXED ? nullptr : space_of(*picture_);
    if (space == nullptr) {
        own_image_.emplace(new_own_image(*picture_, size_));
    }
    open_layer(own_image_ ? own_image_->get() : image_);
    format_ = space != nullptr ? babl_format_with_space(babl_encoding(picture_->channels), space) : gegl_buffer_get_format(buffer_.get());
    if (!has_size(*picture_, size_)) {
        start_scaling();
    }
}

PictureWriter::PictureWriter(GimpImage* image, const std::shared_ptr<const ProgressiveImage>& rows, const std::string& name, const Size& size)
    : PictureWriter(image, std::shared_ptr<const DecodedImage>(rows, rows->picture()), name, size) {
    rows_ = rows;
}

PictureWriter::~PictureWriter() = default;

void PictureWriter::open_layer(GimpImage* image) {
    layer_ = new_layer(image, *picture_, name_, size_);
    buffer_.reset(gimp_drawable_get_buffer(GIMP_DRAWABLE(layer_.get())));
    if (!buffer_) {
        throw InsertError(_("GIMP could not make a layer."));
    }
}

// As GIMP scales layers itself, but only what is asked for, when it is asked for.
void PictureWriter::start_scaling() {
    const GeglRectangle extent{0, 0, picture_->width, picture_->height};
    tile_cache_room_ = std::make_unique<TileCacheRoom>(*picture_);
    // A copy in tiles: reducing straight from one block of bytes takes four times as long.
    source_.reset(gegl_buffer_new(&extent, format_));
    graph_.reset(gegl_node_new());
    GeglNode* const input = gegl_node_new_child(graph_.get(), "operation", "gegl:buffer-source", "buffer", source_.get(), nullptr);
    scaled_ = gegl_node_new_child(graph_.get(), "operation", "gegl:scale-ratio", "origin-x", 0.0, "origin-y", 0.0, "sampler",
                                  context_sampler(), "abyss-policy", GEGL_ABYSS_CLAMP, "x",
                                  static_cast<double>(size_.width) / picture_->width, "y",
                                  static_cast<double>(size_.height) / picture_->height, nullptr);
    gegl_node_link(input, scaled_);
}

void PictureWriter::copy_picture(GeglBuffer* buffer, const GeglRectangle& piece) const {
    const int pixel_size = channel_count(picture_->channels);
    const int row_size = picture_->width * pixel_size;
    const std::size_t offset = static_cast<std::size_t>(piece.y) * static_cast<std::size_t>(row_size) +
                               static_cast<std::size_t>(piece.x) * static_cast<std::size_t>(pixel_size);
    gegl_buffer_set(buffer, &piece, 0, format_, picture_->pixels.data() + offset, row_size);
}

bool PictureWriter::can_write() const {
    if (!rows_ || (source_ && source_pieces_.at_end())) {
        return true;
    }
    return rows_->published_rows() >= (source_ ? source_pieces_ : pieces_).next_end();
}

void PictureWriter::write_piece() {
    if (source_ && !source_pieces_.at_end()) {
        copy_picture(source_.get(), source_pieces_.take());
    } else if (scaled_ != nullptr) {
        scale_rows();
    } else {
        copy_picture(buffer_.get(), pieces_.take());
        gegl_buffer_flush(buffer_.get());
    }
}

// Some rows of a tile at a time; the tile goes to GIMP as a whole.
void PictureWriter::scale_rows() {
    // In the layer's own format: in a deep image, resampling makes values between those of the picture.
    const Babl* const format = gegl_buffer_get_format(buffer_.get());
    if (scaled_rows_ == 0) {
        tile_ = pieces_.take();
    }
    const std::size_t row_size = static_cast<std::size_t>(tile_.width) * static_cast<std::size_t>(babl_format_get_bytes_per_pixel(format));
    const GeglRectangle rows{tile_.x, tile_.y + scaled_rows_, tile_.width, std::min(rows_when_scaled, tile_.height - scaled_rows_)};
    tile_bytes_.resize(row_size * static_cast<std::size_t>(tile_.height));
    gegl_node_blit(scaled_, 1.0, &rows, format, tile_bytes_.data() + row_size * static_cast<std::size_t>(scaled_rows_), GEGL_AUTO_ROWSTRIDE,
                   GEGL_BLIT_DEFAULT);
    scaled_rows_ += rows.height;
    if (scaled_rows_ == tile_.height) {
        gegl_buffer_set(buffer_.get(), &tile_, 0, format, tile_bytes_.data(), GEGL_AUTO_ROWSTRIDE);
        gegl_buffer_flush(buffer_.get());
        scaled_rows_ = 0;
    }
}

PendingLayer PictureWriter::take_layer() {
    graph_.reset();
    source_.reset();
    tile_cache_room_.reset();
    buffer_.reset();
    if (!own_image_) {
        return std::move(layer_);
    }
    GimpLayer* const written = layer_.release();
    gimp_image_insert_layer(own_image_->get(), written, nullptr, 0);
    PendingLayer layer(gimp_layer_new_from_drawable(GIMP_DRAWABLE(written), image_), image_);
    if (layer.get() == nullptr) {
        throw InsertError(_("GIMP could not convert the colors of the picture."));
    }
    gimp_item_set_name(GIMP_ITEM(layer.get()), name_.c_str());
    gimp_layer_set_mode(layer.get(), gimp_image_get_default_new_layer_mode(image_));
    own_image_.reset();
    return layer;
}

void adopt_profile(GimpImage* image, const DecodedImage& picture) {
    const ObjectHandle<GimpColorProfile> profile = profile_of(picture);
    if (profile && gimp_color_profile_is_rgb(profile.get())) {
        gimp_image_set_color_profile(image, profile.get());
    }
}

}  // namespace venice_gimp
