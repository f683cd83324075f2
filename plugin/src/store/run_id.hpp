// SPDX-License-Identifier: MIT
// The ids of runs: the time they were made, so that they sort, and what tells those of the same moment apart.
#pragma once

#include <string>
#include <vector>

namespace venice_gimp {

// Sorts behind all earlier ones, even if the clock was set back since: what is oldest is removed first.
std::string new_run_id(const std::vector<std::string>& earlier);

// Whether it can be one: never a path.
bool is_run_id(const std::string& name);

}  // namespace venice_gimp
