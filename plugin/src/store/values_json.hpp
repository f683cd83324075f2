// SPDX-License-Identifier: MIT
// Values as parts of larger JSON. Inside of store only; what it lacks keeps its default when it is read.
#pragma once

#include "store/dialog_values.hpp"
#include "store/json.hpp"
#include "store/run_record.hpp"

namespace venice_gimp {

Json json_of(const Settings& settings);
Settings settings_of(const cJSON* object);

Json json_of(const DialogValues& values);
DialogValues dialog_values_of(const cJSON* object);

Json json_of(const ImageRecord& record);
ImageRecord image_record_of(const cJSON* object);

Json json_of(const RunRecord& run);
RunRecord run_record_of(const cJSON* object);

}  // namespace venice_gimp
