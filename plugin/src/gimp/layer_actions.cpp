// SPDX-License-Identifier: MIT
#include "gimp/layer_actions.hpp"

#include "gimp/gimp_handles.hpp"

namespace venice_gimp {
namespace {

GimpLayer* layer_in_an_image(gint32 id) {
    GimpLayer* const layer = gimp_item_id_is_layer(id) ? gimp_layer_get_by_id(id) : nullptr;
    return layer != nullptr && gimp_item_get_image(GIMP_ITEM(layer)) != nullptr ? layer : nullptr;
}

std::vector<GimpLayer*> others_of(const std::vector<gint32>& run_layer_ids, GimpLayer* layer) {
    std::vector<GimpLayer*> others;
    for (const gint32 id : run_layer_ids) {
        GimpLayer* const other = layer_in_an_image(id);
        if (other != nullptr && other != layer && gimp_item_get_image(GIMP_ITEM(other)) == gimp_item_get_image(GIMP_ITEM(layer))) {
            others.push_back(other);
        }
    }
    return others;
}

std::size_t count_in(GimpLayer* group) {
    const MemoryHandle<GimpItem*> children(gimp_item_get_children(GIMP_ITEM(group)));
    std::size_t count = 0;
    while (children && children[count] != nullptr) {
        ++count;
    }
    return count;
}

void select_only(GimpImage* image, GimpLayer* layer) {
    const GimpLayer* layers[] = {layer, nullptr};
    gimp_image_set_selected_layers(image, layers);
}

bool is_made_here(GimpItem* group) {
    return ParasiteHandle(gimp_item_get_parasite(group, group_parasite)) != nullptr;
}

// Nothing that would look otherwise without the group.
bool is_plain(GimpLayer* group) {
    const double opacity = gimp_layer_get_opacity(group);
    const GimpLayerMode mode = gimp_layer_get_mode(group);
    const bool is_plain_mode =
        mode == GIMP_LAYER_MODE_NORMAL || mode == GIMP_LAYER_MODE_NORMAL_LEGACY || mode == GIMP_LAYER_MODE_PASS_THROUGH;
    return opacity >= 100 && is_plain_mode && gimp_layer_get_mask(group) == nullptr && gimp_item_get_visible(GIMP_ITEM(group));
}

void dissolve_group_around(GimpImage* image, GimpLayer* layer) {
    GimpItem* const group = gimp_item_get_parent(GIMP_ITEM(layer));
    if (group == nullptr || !is_made_here(group) || !is_plain(GIMP_LAYER(group)) || count_in(GIMP_LAYER(group)) != 1) {
        return;
    }
    gimp_image_reorder_item(image, GIMP_ITEM(layer), gimp_item_get_parent(group), gimp_image_get_item_position(image, group));
    gimp_image_remove_layer(image, GIMP_LAYER(group));
}

}  // namespace

void attach_parasite(GimpItem* item, const char* name, const std::string& text) {
    const ParasiteHandle parasite(gimp_parasite_new(name, GIMP_PARASITE_PERSISTENT, static_cast<guint32>(text.size()), text.data()));
    gimp_item_attach_parasite(item, parasite.get());
}

bool show_alone(const std::vector<gint32>& run_layer_ids, gint32 layer_id) {
    GimpLayer* const layer = layer_in_an_image(layer_id);
    if (layer == nullptr) {
        return false;
    }
    {
        const UndoGroup undo_group(gimp_item_get_image(GIMP_ITEM(layer)));
        gimp_item_set_visible(GIMP_ITEM(layer), TRUE);
        for (GimpLayer* other : others_of(run_layer_ids, layer)) {
            gimp_item_set_visible(GIMP_ITEM(other), FALSE);
        }
    }
    gimp_displays_flush();
    return true;
}

bool keep_only(const std::vector<gint32>& run_layer_ids, gint32 layer_id) {
    GimpLayer* const layer = layer_in_an_image(layer_id);
    if (layer == nullptr) {
        return false;
    }
    GimpImage* const image = gimp_item_get_image(GIMP_ITEM(layer));
    {
        const UndoGroup undo_group(image);
        gimp_item_set_visible(GIMP_ITEM(layer), TRUE);
        for (GimpLayer* other : others_of(run_layer_ids, layer)) {
            gimp_image_remove_layer(image, other);
        }
        dissolve_group_around(image, layer);
        select_only(image, layer);
    }
    gimp_displays_flush();
    return true;
}

void remove_layers(GimpImage* image, const std::vector<gint32>& run_layer_ids) {
    for (const gint32 id : run_layer_ids) {
        GimpLayer* const layer = layer_in_an_image(id);
        if (layer == nullptr || gimp_item_get_image(GIMP_ITEM(layer)) != image) {
            continue;
        }
        GimpItem* const group = gimp_item_get_parent(GIMP_ITEM(layer));
        gimp_image_remove_layer(image, layer);
        if (group != nullptr && is_made_here(group) && is_plain(GIMP_LAYER(group)) && count_in(GIMP_LAYER(group)) == 0) {
            gimp_image_remove_layer(image, GIMP_LAYER(group));
        }
    }
}

std::optional<std::string> generation_of(GimpItem* layer) {
    const ParasiteHandle parasite(gimp_item_get_parasite(layer, generation_parasite));
    if (!parasite) {
        return std::nullopt;
    }
    guint32 size = 0;
    const auto* const data = static_cast<const char*>(gimp_parasite_get_data(parasite.get(), &size));
    return data != nullptr ? std::string(data, size) : std::string();
}

}  // namespace venice_gimp
