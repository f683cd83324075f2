// SPDX-License-Identifier: MIT
// A run of images as what is kept of it on disk.
#pragma once

#include <optional>
#include <string>

#include "generation/session.hpp"
#include "store/run_record.hpp"

namespace venice_gimp {

// `price_usd` is that of one image; not set: not known. An image that is being decoded counts as done: it was received and paid for.
ImageRecord record_of(const RunImage& image, std::optional<double> price_usd);

// Made now; without a target.
RunRecord record_of(const Run& run, const std::string& model_name, std::optional<double> price_usd);

}  // namespace venice_gimp
