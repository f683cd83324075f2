// SPDX-License-Identifier: MIT
#include "gimp/group_assembly.hpp"

#include "gimp/image_mode.hpp"
#include "gimp/insert_layers.hpp"
#include "gimp/layer_actions.hpp"

namespace venice_gimp {
namespace {

void check(bool is_done) {
    if (!is_done) {
        throw InsertError(Obstacle::other);
    }
}

void insert(GimpImage* image, PendingLayer& layer, GimpLayer* parent, std::size_t position) {
    check(layer.get() != nullptr && gimp_image_insert_layer(image, layer.get(), parent, static_cast<gint>(position)));
}

}  // namespace

GroupAssembly::GroupAssembly(GimpImage* image, const std::string& name) : name_(name), image_(create_image_like(image)) {
    check(image_.get() != nullptr);
    PendingLayer group(GIMP_LAYER(gimp_group_layer_new(image_.get(), name_.empty() ? nullptr : name_.c_str())), image_.get());
    insert(image_.get(), group, nullptr, 0);
    group_ = group.release();
    attach_parasite(GIMP_ITEM(group_), group_parasite, "1");
    if (name_.empty()) {
        name_ = MemoryHandle<char>(gimp_item_get_name(GIMP_ITEM(group_))).get();
    }
}

void GroupAssembly::add(GimpLayer* layer) {
    PendingLayer copy(gimp_layer_new_from_drawable(GIMP_DRAWABLE(layer), image_.get()), image_.get());
    check(copy.get() != nullptr && gimp_item_set_visible(GIMP_ITEM(copy.get()), FALSE));
    insert(image_.get(), copy, group_, size_);
    copy.release();
    ++size_;
}

PendingLayer GroupAssembly::copy_for(GimpImage* image, const std::vector<std::string>& names) const {
    PendingLayer copy(gimp_layer_new_from_drawable(GIMP_DRAWABLE(group_), image), image);
    check(copy.get() != nullptr && gimp_item_set_name(GIMP_ITEM(copy.get()), name_.c_str()));  // GIMP made it "… copy"
    const std::vector<GimpLayer*> layers = layers_in(copy.get());
    check(layers.size() == size_ && names.size() == size_);
    for (std::size_t index = 0; index < size_; ++index) {
        check(gimp_item_set_name(GIMP_ITEM(layers[index]), names[index].c_str()));
    }
    check(gimp_item_set_visible(GIMP_ITEM(layers.front()), TRUE));
    return copy;
}

}  // namespace venice_gimp
