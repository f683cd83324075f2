// SPDX-License-Identifier: MIT
// Reads a run as its folder has it, whatever is missing or broken there.
#pragma once

#include <string>

#include "store/run_record.hpp"

namespace venice_gimp {

// What is no JSON is set aside. `owner_is_alive`: the process that waits for its answers.
RunRecord read_run_folder(const std::string& folder, const std::string& id, bool owner_is_alive);

}  // namespace venice_gimp
