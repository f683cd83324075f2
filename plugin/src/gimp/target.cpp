// SPDX-License-Identifier: MIT
#include <algorithm>
#include <limits>

#include "gimp/gimp_handles.hpp"
#include "gimp/insert_layers.hpp"
#include "gimp/picture_layer.hpp"
#include "i18n.hpp"

namespace venice_gimp {
namespace {

bool are_siblings(GimpLayer* const* layers) {
    const GimpItem* parent = gimp_item_get_parent(GIMP_ITEM(layers[0]));
    for (; *layers != nullptr; ++layers) {
        if (gimp_item_get_parent(GIMP_ITEM(*layers)) != parent) {
            return false;
        }
    }
    return true;
}

GimpLayer* topmost(GimpImage* image, GimpLayer* const* siblings) {
    GimpLayer* highest = siblings[0];
    for (; *siblings != nullptr; ++siblings) {
        if (gimp_image_get_item_position(image, GIMP_ITEM(*siblings)) < gimp_image_get_item_position(image, GIMP_ITEM(highest))) {
            highest = *siblings;
        }
    }
    return highest;
}

// The one selected layer, the topmost of several siblings, or 0: then the top of the image is the only place that means all of them.
gint32 active_layer_id(GimpImage* image) {
    const MemoryHandle<GimpLayer*> selected(gimp_image_get_selected_layers(image));
    if (!selected || selected[0] == nullptr || !are_siblings(selected.get())) {
        return 0;
    }
    return gimp_item_get_id(GIMP_ITEM(topmost(image, selected.get())));
}

// The name of the channel that GIMP keeps while its Quick Mask is on; libgimp has no call that tells.
constexpr const char* quick_mask_name = "Qmask";

constexpr std::uint16_t selected = std::numeric_limits<std::uint16_t>::max();

Rectangle canvas_of(GimpImage* image) {
    return {0, 0, gimp_image_get_width(image), gimp_image_get_height(image)};
}

// Null if all of the canvas is selected: there is nothing to hide.
std::shared_ptr<const SelectionMask> copy_selection(GimpImage* image, const Rectangle& bounds) {
    prepare_gegl();
    const ObjectHandle<GeglBuffer> buffer(gimp_drawable_get_buffer(GIMP_DRAWABLE(gimp_image_get_selection(image))));
    if (!buffer) {
        throw InsertError(_("GIMP could not give the selection."));
    }
    auto mask = std::make_shared<SelectionMask>();
    mask->bounds = bounds;
    mask->values.resize(static_cast<std::size_t>(bounds.width) * static_cast<std::size_t>(bounds.height));
    const GeglRectangle area{bounds.x, bounds.y, bounds.width, bounds.height};
    gegl_buffer_get(buffer.get(), &area, 1.0, babl_format("Y u16"), mask->values.data(), GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    const bool everything = bounds == canvas_of(image) &&
                            std::all_of(mask->values.begin(), mask->values.end(), [](std::uint16_t value) { return value == selected; });
    return everything ? nullptr : mask;
}

}  // namespace

Target target_of(GimpImage* image, TargetKind kind) {
    Target target;
    target.image_id = gimp_image_get_id(image);
    target.active_layer_id = active_layer_id(image);
    target.bounds = canvas_of(image);
    target.canvas = {target.bounds.width, target.bounds.height};
    gboolean non_empty = FALSE;
    gint left = 0;
    gint top = 0;
    gint right = 0;
    gint bottom = 0;
    if (kind == TargetKind::selection && gimp_selection_bounds(image, &non_empty, &left, &top, &right, &bottom) && non_empty) {
        target.is_selection = true;
        target.bounds = {left, top, right - left, bottom - top};
    }
    return target;
}

Target freeze_target(GimpImage* image, TargetKind kind) {
    Target target = target_of(image, kind);
    if (target.is_selection) {
        target.mask = copy_selection(image, target.bounds);
    }
    return target;
}

Obstacle obstacle_to_target(GimpImage* image) {
    return gimp_image_get_channel_by_name(image, quick_mask_name) != nullptr ? Obstacle::quick_mask : Obstacle::none;
}

Obstacle obstacle_to_insertion(GimpImage* image) {
    return gimp_image_get_floating_sel(image) != nullptr ? Obstacle::floating_selection : Obstacle::none;
}

std::string obstacle_sentence(Obstacle obstacle) {
    switch (obstacle) {
        case Obstacle::none:
            return {};
        case Obstacle::image_closed:
            return _("The image was closed.");
        case Obstacle::quick_mask:
            return _("Leave Quick Mask (Shift+Q) first.");
        case Obstacle::floating_selection:
            return _("Anchor the floating selection (Ctrl+H), then insert.");
        case Obstacle::other:
            break;
    }
    return _("GIMP could not insert the layers.");
}

void check_can_insert(GimpImage* image) {
    for (const Obstacle obstacle : {obstacle_to_target(image), obstacle_to_insertion(image)}) {
        if (obstacle != Obstacle::none) {
            throw InsertError(obstacle);
        }
    }
}

std::string color_notice(GimpImage* image) {
    switch (gimp_image_get_base_type(image)) {
        case GIMP_INDEXED:
            return _("Colors are reduced to the image's palette.");
        case GIMP_GRAY:
            return _("Colors are reduced to shades of gray.");
        default:
            return {};
    }
}

void convert_to_rgb(GimpImage* image) {
    if (gimp_image_get_base_type(image) != GIMP_RGB && !gimp_image_convert_rgb(image)) {
        throw InsertError(_("GIMP could not convert the image to RGB."));
    }
    gimp_displays_flush();
}

}  // namespace venice_gimp
