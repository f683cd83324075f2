// SPDX-License-Identifier: MIT
#include "ui/orders_again.hpp"

#include "ui/text_format.hpp"

namespace venice_gimp {

std::vector<Settings> orders_for(const RunRecord& run, const std::function<bool(const ImageRecord&)>& wanted) {
    std::vector<Settings> orders;
    for (const ImageRecord& image : run.images) {
        if (!wanted(image)) {
            continue;
        }
        if (!orders.empty() && orders.back().seed.value_or(0) + orders.back().variants == image.seed) {
            ++orders.back().variants;
            continue;
        }
        orders.push_back(run.settings);
        orders.back().seed = image.seed;
        orders.back().variants = 1;
    }
    return orders;
}

std::vector<Settings> without_safe_mode(std::vector<Settings> orders) {
    for (Settings& order : orders) {
        order.safe_mode = false;
    }
    return orders;
}

std::string with_price(const std::string& label, const std::vector<Settings>& orders, const ResultsHost& host) {
    double sum = 0.0;
    for (const Settings& order : orders) {
        const std::optional<double> price = host.price(order);
        if (!price) {
            return label;
        }
        sum += *price;
    }
    return orders.empty() ? label : label + " · " + format_price(sum);
}

void generate_all(const std::vector<Settings>& orders, ResultsHost& host) {
    for (const Settings& order : orders) {
        host.generate_again(order);
    }
}

}  // namespace venice_gimp
