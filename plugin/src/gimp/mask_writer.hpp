// SPDX-License-Identifier: MIT
// The selection of a target as a layer mask.
#pragma once

#include <memory>
#include <vector>

#include "gimp/insert_layers.hpp"
#include "gimp/picture_layer.hpp"

namespace venice_gimp {

// Whether any part of a layer at that place was not, or not wholly, selected. If not, a mask would be white everywhere.
bool hides_something(const SelectionMask& selection, const Rectangle& layer);

// Gives a layer that is in no image yet a mask: the selection's values, zero outside of its bounds.
class MaskWriter {
public:
    // Throws InsertError.
    MaskWriter(GimpLayer* layer, std::shared_ptr<const SelectionMask> selection, const Rectangle& place);

    bool at_end() const { return pieces_.at_end(); }
    void write_piece();

private:
    std::shared_ptr<const SelectionMask> selection_;
    Rectangle place_;
    ObjectHandle<GeglBuffer> buffer_;
    std::vector<std::uint16_t> values_;  // of one piece
    Pieces pieces_;
};

}  // namespace venice_gimp
