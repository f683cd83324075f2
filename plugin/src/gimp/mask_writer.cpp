// SPDX-License-Identifier: MIT
#include "gimp/mask_writer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "i18n.hpp"

namespace venice_gimp {
namespace {

constexpr int tiles_per_piece = 8;

bool contains(const Rectangle& outer, const Rectangle& inner) {
    return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width &&
           inner.y + inner.height <= outer.y + outer.height;
}

const std::uint16_t* row_at(const SelectionMask& selection, int x, int y) {
    return selection.values.data() + static_cast<std::ptrdiff_t>(y - selection.bounds.y) * selection.bounds.width + (x - selection.bounds.x);
}

// The values of an area of the canvas.
void copy_area(const SelectionMask& selection, const Rectangle& area, std::vector<std::uint16_t>& values) {
    values.assign(static_cast<std::size_t>(area.width) * static_cast<std::size_t>(area.height), 0);
    const Rectangle& bounds = selection.bounds;
    const int left = std::max(area.x, bounds.x);
    const int right = std::min(area.x + area.width, bounds.x + bounds.width);
    const int bottom = std::min(area.y + area.height, bounds.y + bounds.height);
    for (int y = std::max(area.y, bounds.y); y < bottom && left < right; ++y) {
        const std::uint16_t* const row = row_at(selection, left, y);
        std::copy(row, row + (right - left), values.begin() + static_cast<std::ptrdiff_t>(y - area.y) * area.width + (left - area.x));
    }
}

}  // namespace

bool hides_something(const SelectionMask& selection, const Rectangle& layer) {
    if (!contains(selection.bounds, layer)) {
        return true;
    }
    constexpr std::uint16_t selected = std::numeric_limits<std::uint16_t>::max();
    for (int y = layer.y; y < layer.y + layer.height; ++y) {
        const std::uint16_t* const row = row_at(selection, layer.x, y);
        if (!std::all_of(row, row + layer.width, [](std::uint16_t value) { return value == selected; })) {
            return true;
        }
    }
    return false;
}

MaskWriter::MaskWriter(GimpLayer* layer, std::shared_ptr<const SelectionMask> selection, const Rectangle& place)
    : selection_(std::move(selection)), place_(place), pieces_({place.width, place.height}, tiles_per_piece) {
    GimpLayerMask* const mask = gimp_layer_create_mask(layer, GIMP_ADD_MASK_BLACK);
    if (mask == nullptr || !gimp_layer_add_mask(layer, mask)) {
        throw InsertError(_("GIMP could not make a layer mask."));
    }
    gimp_layer_set_edit_mask(layer, FALSE);  // who paints next means the picture
    buffer_.reset(gimp_drawable_get_buffer(GIMP_DRAWABLE(mask)));
    if (!buffer_) {
        throw InsertError(_("GIMP could not make a layer mask."));
    }
}

void MaskWriter::write_piece() {
    const GeglRectangle piece = pieces_.take();
    copy_area(*selection_, {place_.x + piece.x, place_.y + piece.y, piece.width, piece.height}, values_);
    gegl_buffer_set(buffer_.get(), &piece, 0, babl_format("Y u16"), values_.data(), GEGL_AUTO_ROWSTRIDE);
    gegl_buffer_flush(buffer_.get());
}

}  // namespace venice_gimp
