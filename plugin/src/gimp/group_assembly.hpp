// SPDX-License-Identifier: MIT
// A group with its layers, made where nobody sees it. GIMP takes about ten milliseconds for each layer that enters an image that is on the
// screen, and 4096 × 4096 that are shown in a group have to be drawn: here everything is hidden, and the group enters the image whole.
#pragma once

#include <libgimp/gimp.h>

#include <cstddef>
#include <string>
#include <vector>

#include "gimp/gimp_handles.hpp"

namespace venice_gimp {

// On the main thread, as everything of GIMP's. All throw InsertError if GIMP refuses.
class GroupAssembly {
public:
    // For an image like this one. An empty name: GIMP's own.
    GroupAssembly(GimpImage* image, const std::string& name);

    // Below those that are there already: a copy, which shares its pixels with the layer.
    void add(GimpLayer* layer);
    std::size_t size() const { return size_; }

    // The group for the image that it was made for, in which it is not yet; only its first layer is visible. One name for each.
    PendingLayer copy_for(GimpImage* image, const std::vector<std::string>& names) const;

private:
    std::string name_;
    PendingImage image_;  // that nobody sees
    GimpLayer* group_;    // in it
    std::size_t size_ = 0;
};

}  // namespace venice_gimp
