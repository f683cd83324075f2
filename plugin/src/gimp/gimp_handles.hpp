// SPDX-License-Identifier: MIT
// RAII for what libgimp, GEGL and GLib hand out. Images and items belong to libgimp: it keeps their objects.
#pragma once

#include <libgimp/gimp.h>

#include <memory>
#include <utility>

namespace venice_gimp {

struct ObjectDeleter {
    void operator()(gpointer object) const noexcept { g_object_unref(object); }
};
template <typename Object>
using ObjectHandle = std::unique_ptr<Object, ObjectDeleter>;

struct MemoryDeleter {
    void operator()(gpointer memory) const noexcept { g_free(memory); }
};
template <typename Element>
using MemoryHandle = std::unique_ptr<Element[], MemoryDeleter>;  // also for arrays that end with a null pointer

struct ParasiteDeleter {
    void operator()(GimpParasite* parasite) const noexcept { gimp_parasite_free(parasite); }
};
using ParasiteHandle = std::unique_ptr<GimpParasite, ParasiteDeleter>;

// A layer that is in no image yet, made for one; without release() it goes away again. If its image was closed meanwhile, it is left to
// GIMP, which would look into the image that is gone while it deletes the layer (seen in 3.0.4), and crash by and by.
class PendingLayer {
public:
    PendingLayer() = default;
    PendingLayer(GimpLayer* layer, GimpImage* image) : layer_(layer), image_id_(gimp_image_get_id(image)) {}
    ~PendingLayer() {
        if (layer_ != nullptr && gimp_image_id_is_valid(image_id_)) {
            gimp_item_delete(GIMP_ITEM(layer_));
        }
    }
    PendingLayer(PendingLayer&& other) noexcept : layer_(std::exchange(other.layer_, nullptr)), image_id_(other.image_id_) {}
    PendingLayer& operator=(PendingLayer&& other) noexcept {
        std::swap(layer_, other.layer_);
        std::swap(image_id_, other.image_id_);
        return *this;
    }

    GimpLayer* get() const { return layer_; }
    GimpLayer* release() { return std::exchange(layer_, nullptr); }

private:
    GimpLayer* layer_ = nullptr;
    gint32 image_id_ = 0;
};

// An image that only this program knows; without release() it goes away again.
class PendingImage {
public:
    explicit PendingImage(GimpImage* image) : image_(image) {}
    ~PendingImage() {
        if (image_ != nullptr) {
            gimp_image_delete(image_);
        }
    }
    PendingImage(const PendingImage&) = delete;
    PendingImage& operator=(const PendingImage&) = delete;

    GimpImage* get() const { return image_; }
    GimpImage* release() { return std::exchange(image_, nullptr); }

private:
    GimpImage* image_;
};

// One step in the image's undo history. Never return to the main loop while one lives: it swallows the user's own steps.
class UndoGroup {
public:
    explicit UndoGroup(GimpImage* image) : image_(image) { gimp_image_undo_group_start(image_); }
    ~UndoGroup() { gimp_image_undo_group_end(image_); }
    UndoGroup(const UndoGroup&) = delete;
    UndoGroup& operator=(const UndoGroup&) = delete;

private:
    GimpImage* image_;
};

// While one lives, GIMP's lists of layers do not follow what happens to the image's. Never return to the main loop meanwhile.
class LayersFreeze {
public:
    explicit LayersFreeze(GimpImage* image) : image_(image) { gimp_image_freeze_layers(image_); }
    ~LayersFreeze() { gimp_image_thaw_layers(image_); }
    LayersFreeze(const LayersFreeze&) = delete;
    LayersFreeze& operator=(const LayersFreeze&) = delete;

private:
    GimpImage* image_;
};

}  // namespace venice_gimp
