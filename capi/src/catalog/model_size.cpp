// SPDX-License-Identifier: MIT
#include "catalog/model_size.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/text.hpp"

namespace venice {
namespace {

constexpr std::int32_t longest_side = 1280;
constexpr std::int32_t default_side = 1024;
constexpr double megapixel = 1024.0 * 1024.0;

// How much a picture that is larger or smaller than wanted counts against one of another shape: a shape that is wrong is cropped or shows a border.
constexpr double weight_of_area = 0.1;

struct Sides {
    double width;
    double height;
};

// The target's shape with a megapixel at least, as far as the longest side allows.
Sides ideal_sides(double width, double height) {
    const double grown = std::max(1.0, std::sqrt(megapixel / (width * height)));
    const double scale = std::min(grown, longest_side / std::max(width, height));
    return {width * scale, height * scale};
}

std::int32_t snapped(double side, std::int32_t divisor) {
    const std::int32_t most = std::max(1, longest_side / divisor);
    return std::clamp(static_cast<std::int32_t>(std::lround(side / divisor)), 1, most) * divisor;
}

// Of all pairs of multiples the one whose shape and area are nearest. There are 1280 of them at most.
Sides best_sides(const Sides& ideal, std::int32_t divisor) {
    Sides best{0, 0};
    double lowest = std::numeric_limits<double>::infinity();
    const double ratio = ideal.width / ideal.height;
    const auto consider = [&](std::int32_t width, std::int32_t height) {
        const double shape = std::abs(std::log(width / (height * ratio)));
        const double area = std::abs(std::log(static_cast<double>(width) * height / (ideal.width * ideal.height)));
        if (shape + weight_of_area * area < lowest) {
            lowest = shape + weight_of_area * area;
            best = {static_cast<double>(width), static_cast<double>(height)};
        }
    };
    for (std::int32_t side = divisor; side <= longest_side; side += divisor) {
        consider(side, snapped(side / ratio, divisor));
        consider(snapped(side * ratio, divisor), side);
    }
    return best;
}

// Nearest by proportion, so that 2:1 is as far from 1:1 as 1:2 is. Null if no ratio of the model is a number.
const std::string* nearest_ratio(const ModelInfo& model, double wanted) {
    const std::string* nearest = nullptr;
    double lowest = std::numeric_limits<double>::infinity();
    for (const std::string& ratio : model.aspect_ratios) {
        const auto value = ratio_value(ratio);
        const double distance = value ? std::abs(std::log(*value / wanted)) : lowest;
        if (distance < lowest) {
            lowest = distance;
            nearest = &ratio;
        }
    }
    return nearest;
}

// "2K" as 2048: the side of a square of that tier. Nothing for texts of another form.
std::optional<double> tier_side(std::string_view tier) {
    if (tier.size() < 2 || (tier.back() != 'K' && tier.back() != 'k')) {
        return std::nullopt;
    }
    const auto thousands = parse_double(tier.substr(0, tier.size() - 1));
    return thousands && *thousands > 0 && *thousands < 100 ? std::optional(*thousands * 1024) : std::nullopt;
}

Sides sides_of(double square_side, double ratio) { return {square_side * std::sqrt(ratio), square_side / std::sqrt(ratio)}; }

// Null if no tier of the model can be measured.
const std::string* smallest_sufficient_tier(const ModelInfo& model, double ratio, double width, double height) {
    const std::string* smallest = nullptr;
    const std::string* largest = nullptr;
    double smallest_side = std::numeric_limits<double>::infinity();
    double largest_side = 0;
    for (const std::string& tier : model.resolutions) {
        const double side = tier_side(tier).value_or(0);
        const Sides sides = sides_of(side, ratio);
        if (side > largest_side) {
            largest_side = side;
            largest = &tier;
        }
        // A pixel less is rounding, not too little.
        const bool suffices = sides.width + 1 > width && sides.height + 1 > height;
        if (side > 0 && suffices && side < smallest_side) {
            smallest_side = side;
            smallest = &tier;
        }
    }
    return smallest != nullptr ? smallest : largest;
}

void fit_pixels(Request& request, const ModelInfo& model, double width, double height) {
    const std::int32_t divisor = std::min(model.size_divisor, longest_side);
    const Sides sides = best_sides(ideal_sides(width, height), divisor);
    request.set_int("width", static_cast<std::int64_t>(sides.width));
    request.set_int("height", static_cast<std::int64_t>(sides.height));
    request.unset("aspect_ratio");
    request.unset("resolution");
}

void fit_ratio(Request& request, const ModelInfo& model, double width, double height, bool raise_tier) {
    request.unset("width");
    request.unset("height");
    request.unset("aspect_ratio");
    const std::string* ratio = nearest_ratio(model, width / height);
    if (ratio != nullptr) {
        request.set_string("aspect_ratio", *ratio);
    }
    if (model.resolutions.empty()) {
        request.unset("resolution");
    } else if (raise_tier) {
        const double shape = ratio != nullptr ? ratio_value(*ratio).value_or(1) : width / height;
        const std::string* tier = smallest_sufficient_tier(model, shape, width, height);
        if (tier != nullptr) {
            request.set_string("resolution", *tier);
        }
    }
}

std::optional<PictureSize> size_by_ratio(const ModelInfo& model, const std::string& ratio, const std::string& tier) {
    const auto shape = ratio_value(ratio);
    const auto side = model.resolutions.empty() ? std::optional<double>(default_side) : tier_side(tier);
    if (!shape || !side) {
        return std::nullopt;
    }
    const Sides sides = sides_of(*side, *shape);
    return PictureSize{std::max(1, static_cast<std::int32_t>(std::lround(sides.width))), std::max(1, static_cast<std::int32_t>(std::lround(sides.height))), false};
}

}  // namespace

std::optional<double> ratio_value(std::string_view ratio) {
    const std::size_t colon = ratio.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    const auto width = parse_double(ratio.substr(0, colon));
    const auto height = parse_double(ratio.substr(colon + 1));
    const bool fits = width && height && *width > 0 && *height > 0 && *width / *height > 0.001 && *width / *height < 1000;
    return fits ? std::optional(*width / *height) : std::nullopt;
}

void fit_size(Request& request, const ModelInfo& model, std::int32_t width, std::int32_t height, bool raise_tier) {
    if (width < 1 || height < 1) {
        const char* field = width < 1 ? "width" : "height";
        throw field_error(VENICE_ERROR_OUT_OF_RANGE, field, std::string(field) + " must be 1 or more, not " + std::to_string(width < 1 ? width : height) + ".");
    }
    Request fitted = request;  // so that the request is as it was if there is no memory for the change
    if (model.aspect_ratios.empty()) {
        fit_pixels(fitted, model, width, height);
    } else {
        fit_ratio(fitted, model, width, height, raise_tier);
    }
    request = std::move(fitted);
}

std::optional<PictureSize> output_size(const ModelInfo& model, const Request* request) {
    const auto text = [&](const char* field, const std::string& otherwise) {
        return request != nullptr ? request->string_value(field).value_or(otherwise) : otherwise;
    };
    if (!model.has_constraints) {
        return std::nullopt;
    }
    if (!model.aspect_ratios.empty()) {
        // The server takes a ratio that it does not know for the default.
        const std::string ratio = text("aspect_ratio", model.default_aspect_ratio);
        const bool known = std::find(model.aspect_ratios.begin(), model.aspect_ratios.end(), ratio) != model.aspect_ratios.end();
        return size_by_ratio(model, known ? ratio : model.default_aspect_ratio, text("resolution", model.default_resolution));
    }
    const auto side = [&](const char* field) {
        const std::int64_t value = request != nullptr ? request->int_value(field).value_or(default_side) : default_side;
        return static_cast<std::int32_t>(value);
    };
    return PictureSize{side("width"), side("height"), true};
}

}  // namespace venice
