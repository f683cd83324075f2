// SPDX-License-Identifier: MIT
#include "ui/request_size.hpp"

#include "generation/build_request.hpp"
#include "store/settings_json.hpp"

namespace venice_gimp {

int largest_side() {
    double highest = 0.0;
    const int known = venice_parameter_bounds(venice_parameter_find("width"), nullptr, &highest);
    return known != 0 ? static_cast<int>(highest) : 1280;
}

Settings fitting_size(const venice_model* model, PixelSize target) {
    if (venice_model_sizing(model) == 0 || target.width <= 0 || target.height <= 0) {
        return {};
    }
    const RequestHandle request = make<RequestHandle>(venice_request_new);
    call(venice_request_fit_size, request.get(), model, target.width, target.height, std::int32_t{VENICE_TIER_KEEP});
    const char* json = nullptr;
    call(venice_request_json, request.get(), &json);
    return settings_from_json(json).value_or(Settings{});
}

PixelSize output_size(const venice_model* model, const Settings& size) {
    PixelSize result;
    try {
        const RequestHandle request = build_request(size, "", 0);
        venice_model_output_size(model, request.get(), &result.width, &result.height);
    } catch (const VeniceException&) {
        // What cannot be sent has no size; Generate says what is wrong with it.
    }
    return result;
}

}  // namespace venice_gimp
