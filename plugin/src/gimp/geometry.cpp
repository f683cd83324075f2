// SPDX-License-Identifier: MIT
#include "gimp/geometry.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace venice_gimp {
namespace {

using Length = std::int64_t;

struct NamedPlacement {
    Placement placement;
    const char* name;
};

constexpr std::array<NamedPlacement, 4> placements{{
    {Placement::cover, "cover"},
    {Placement::fit, "fit"},
    {Placement::actual, "actual"},
    {Placement::stretch, "stretch"},
}};

enum class Rounding { down, up };

// length × numerator ÷ denominator, exact: floating-point numbers would now and then be a pixel off.
int scaled(int length, int numerator, int denominator, Rounding rounding) {
    const Length product = Length{length} * numerator;
    const Length quotient = product / denominator + (rounding == Rounding::up && product % denominator != 0 ? 1 : 0);
    return static_cast<int>(std::clamp(quotient, Length{1}, Length{std::numeric_limits<int>::max() / 2}));
}

// One side as the target's, the other one in proportion.
Size keeping_ratio(const Rectangle& target, const Size& picture, Placement placement) {
    const bool narrower = Length{target.width} * picture.height <= Length{target.height} * picture.width;  // the target, than the picture
    const Rounding rounding = placement == Placement::fit ? Rounding::down : Rounding::up;
    const bool width_decides = narrower == (placement == Placement::fit);
    return width_decides ? Size{target.width, scaled(picture.height, target.width, picture.width, rounding)}
                         : Size{scaled(picture.width, target.height, picture.height, rounding), target.height};
}

Size placed_size(const Rectangle& target, const Size& picture, Placement placement) {
    switch (placement) {
        case Placement::cover:
        case Placement::fit:
            return keeping_ratio(target, picture, placement);
        case Placement::stretch:
            return {target.width, target.height};
        case Placement::actual:
            break;
    }
    return picture;
}

// Half of the room that is left over, rounded down also when the picture is the larger one: then it is negative.
int centred(int start, int room, int size) {
    const int left_over = room - size;
    const int half = left_over >= 0 ? left_over / 2 : -((1 - left_over) / 2);
    return start + half;
}

Length overlap(int first_start, int first_length, int second_start, int second_length) {
    const Length end = std::min(Length{first_start} + first_length, Length{second_start} + second_length);
    return std::max(Length{0}, end - std::max(first_start, second_start));
}

}  // namespace

const char* placement_name(Placement placement) {
    for (const NamedPlacement& named : placements) {
        if (named.placement == placement) {
            return named.name;
        }
    }
    return "";
}

std::optional<Placement> placement_named(const std::string& name) {
    for (const NamedPlacement& named : placements) {
        if (name == named.name) {
            return named.placement;
        }
    }
    return std::nullopt;
}

Rectangle place_picture(const Rectangle& target, const Size& picture, Placement placement) {
    const Size size = placed_size(target, picture, placement);
    return {centred(target.x, target.width, size.width), centred(target.y, target.height, size.height), size.width, size.height};
}

double enlargement(const Size& picture, const Rectangle& placed) {
    return std::max(static_cast<double>(placed.width) / picture.width, static_cast<double>(placed.height) / picture.height);
}

double share_outside(const Rectangle& placed, const Rectangle& target) {
    const double area = static_cast<double>(placed.width) * placed.height;
    const double inside = static_cast<double>(overlap(placed.x, placed.width, target.x, target.width)) *
                          static_cast<double>(overlap(placed.y, placed.height, target.y, target.height));
    return area > 0 ? 1 - inside / area : 0;
}

}  // namespace venice_gimp
