// SPDX-License-Identifier: MIT
// A layer that is written while its picture still arrives, so that little is left to do when the last byte is there.
#pragma once

#include <memory>
#include <string>

#include "decoding/progressive_image.hpp"
#include "gimp/image_mode.hpp"
#include "gimp/insert_layers.hpp"
#include "gimp/picture_layer.hpp"

namespace venice_gimp {

// It is in no image, and goes again if no insertion takes it. On the main thread, as everything of GIMP's.
class EarlyLayer {
public:
    // For the image and bounds of `target`; as Insertion places and names it. The header of `rows` need not be there yet.
    EarlyLayer(const Target& target, Placement placement, std::shared_ptr<const ProgressiveImage> rows, std::string name);
    ~EarlyLayer();
    EarlyLayer(const EarlyLayer&) = delete;
    EarlyLayer& operator=(const EarlyLayer&) = delete;

    // Writes what is there, at least one piece, until the time is used up. False if there was nothing to do. What goes wrong ends it
    // silently: the insertion then writes the layer itself, and tells.
    bool step(gint64 budget_microseconds) noexcept;

    // The writer as far as it is; null unless it is just the one that the insertion would make.
    std::unique_ptr<PictureWriter> take(GimpImage* image, const NewLayer& wanted, const Size& size);

private:
    bool start(GimpImage* image, const DecodedImage& picture);  // false: too large for GIMP
    bool can_go_on(const DecodedImage& picture);
    bool write_until(gint64 end);
    void give_up();

    gint32 image_id_;
    Rectangle bounds_;
    Placement placement_;
    std::shared_ptr<const ProgressiveImage> rows_;
    std::string name_;
    Size size_;
    ImageMode mode_;  // of the image when the layer was made: another mode makes another layer
    std::unique_ptr<PictureWriter> writer_;
    bool has_ended_ = false;
};

}  // namespace venice_gimp
