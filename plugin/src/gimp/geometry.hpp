// SPDX-License-Identifier: MIT
// Where a picture lies on the canvas: arithmetic alone, without GIMP, for insertion, previews and messages alike.
#pragma once

#include <optional>
#include <string>

namespace venice_gimp {

// In pixels; both sides at least 1.
struct Size {
    int width = 0;
    int height = 0;
    bool operator==(const Size&) const = default;
};

// A rectangle on the canvas, in pixels.
struct Rectangle {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    bool operator==(const Rectangle&) const = default;
};

// What new layers are placed on.
enum class TargetKind { selection, canvas };

enum class Placement {
    cover,    // scaled so that it covers the target; may overhang
    fit,      // scaled so that all of it is inside the target
    actual,   // not scaled
    stretch,  // exactly the target, which distorts
};

// The names that procedures use: "cover", "fit", "actual", "stretch".
const char* placement_name(Placement placement);
std::optional<Placement> placement_named(const std::string& name);

// The picture's place on the canvas, centred on the target, with halves rounded down (also below zero). Sides are rounded so that `fit` is never
// larger and `cover` never smaller than the target, and are at least 1 and at most INT_MAX / 2.
Rectangle place_picture(const Rectangle& target, const Size& picture, Placement placement);

// How much larger than the picture it is shown, by its longer way: 2.3 means 2.3 ×, below 1 is reduced.
double enlargement(const Size& picture, const Rectangle& placed);

// Above this an enlarged picture looks soft.
constexpr double soft_enlargement = 1.5;

// The part of the placed picture that lies outside the target: 0 to 1.
double share_outside(const Rectangle& placed, const Rectangle& target);

}  // namespace venice_gimp
