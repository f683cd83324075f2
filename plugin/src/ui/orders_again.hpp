// SPDX-License-Identifier: MIT
// Images that are to be made again: what to ask for, what it costs, and the asking.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "generation/settings.hpp"
#include "store/run_record.hpp"
#include "ui/results_host.hpp"

namespace venice_gimp {

// Orders for these images of a run, each with its own seed; neighbours are one order.
std::vector<Settings> orders_for(const RunRecord& run, const std::function<bool(const ImageRecord&)>& wanted);

std::vector<Settings> without_safe_mode(std::vector<Settings> orders);

// "Generate Again · $0.02"; without the price where it is not known, or there is nothing to order.
std::string with_price(const std::string& label, const std::vector<Settings>& orders, const ResultsHost& host);

void generate_all(const std::vector<Settings>& orders, ResultsHost& host);

}  // namespace venice_gimp
