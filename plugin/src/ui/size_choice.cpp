// SPDX-License-Identifier: MIT
#include "ui/size_choice.hpp"

#include <glib.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "generation/venice_handles.hpp"

namespace venice_gimp {

namespace {

constexpr double good_area = 1024.0 * 1024.0;

int to_multiple(double side, int divisor, int largest) {
    const int rounded = static_cast<int>(std::lround(side / divisor)) * divisor;
    return std::clamp(rounded, divisor, largest - largest % divisor);
}

// "16:9" -> 16/9; nothing for "auto" and whatever else may come.
std::optional<double> to_number(const std::string& ratio) {
    char* end = nullptr;
    const double width = g_ascii_strtod(ratio.c_str(), &end);
    if (end == ratio.c_str() || *end != ':') {
        return std::nullopt;
    }
    const char* second = end + 1;
    const double height = g_ascii_strtod(second, &end);
    if (end == second || *end != '\0' || !(width > 0.0) || !(height > 0.0)) {
        return std::nullopt;
    }
    return width / height;
}

}  // namespace

int largest_side() {
    double highest = 0.0;
    const int known = venice_parameter_bounds(venice_parameter_find("width"), nullptr, &highest);
    return known != 0 ? static_cast<int>(highest) : 1280;
}

PixelSize pixel_size_for(PixelSize target, int divisor) {
    const int largest = largest_side();
    const int step = std::clamp(divisor, 1, largest);
    const bool is_known = target.width > 0 && target.height > 0;
    const double ratio = is_known ? static_cast<double>(target.width) / target.height : 1.0;
    double width = std::sqrt(good_area * ratio);
    double height = width / ratio;
    const double shrink = std::min(1.0, largest / std::max(width, height));
    width *= shrink;
    height *= shrink;
    return {to_multiple(width, step, largest), to_multiple(height, step, largest)};
}

std::string nearest_ratio(const std::vector<std::string>& ratios, PixelSize target, const std::string& fallback) {
    if (target.width <= 0 || target.height <= 0) {
        return fallback;
    }
    const double wanted = std::log(static_cast<double>(target.width) / target.height);
    std::string best = fallback;
    double best_distance = HUGE_VAL;
    for (const std::string& ratio : ratios) {
        const std::optional<double> number = to_number(ratio);
        const double distance = number ? std::abs(std::log(*number) - wanted) : HUGE_VAL;
        if (distance < best_distance) {
            best_distance = distance;
            best = ratio;
        }
    }
    return best;
}

PixelSize size_of_ratio(const std::string& ratio) {
    constexpr double side = 1024.0;
    const std::optional<double> number = to_number(ratio);
    if (!number) {
        return {};
    }
    const double root = std::sqrt(*number);
    return {static_cast<int>(std::lround(side * root)), static_cast<int>(std::lround(side / root))};
}

}  // namespace venice_gimp
