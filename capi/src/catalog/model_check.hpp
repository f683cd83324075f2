// SPDX-License-Identifier: MIT
// What a model says to a request: whether it takes it, and what it costs.
#pragma once

#include <optional>
#include <vector>

#include "catalog/model_info.hpp"
#include "request/request.hpp"

namespace venice {

// What does not fit this model. The server is strict about some of it (400) and silently ignores the rest: both are told before money is spent.
std::vector<Problem> problems_with_model(const Request& request, const ModelInfo& model);

// Price of one image; an empty tier or quality is the model's default. Nothing if it is not known.
std::optional<Price> price_of_image(const ModelInfo& model, const std::string& resolution, const std::string& quality);

// Price of all images of the request and of what goes with them; of one image with the model's defaults where `request` is null. Nothing if it is not known.
std::optional<Price> price_of(const ModelInfo& model, const Request* request);

// True if something may be charged on top for which no price is published.
bool may_cost_more(const ModelInfo& model, const Request& request);

}  // namespace venice
