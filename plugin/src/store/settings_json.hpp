// SPDX-License-Identifier: MIT
// Settings as JSON in the API's own names: what layers (as a parasite), presets and the history keep.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "generation/settings.hpp"
#include "store/dialog_values.hpp"

namespace venice_gimp {

// Only what is set: {"prompt":"…","model":"…","seed":7,"variants":2}.
std::string settings_to_json(const Settings& settings);

// Takes the body of a request, as the layer parasite has it, too. Members that are unknown, or of another type, are left out; values out of
// range stay, so that libvenice can say what is wrong with them. nullopt if the text is not a JSON object.
std::optional<Settings> settings_from_json(std::string_view json);

// The same with the dialog's own members beside those of the API.
std::string dialog_values_to_json(const DialogValues& values);
std::optional<DialogValues> dialog_values_from_json(std::string_view json);

}  // namespace venice_gimp
