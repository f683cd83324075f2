// SPDX-License-Identifier: MIT
// What can be done with layers that stand already: those of one run, and one that was made here.
#pragma once

#include <libgimp/gimp.h>

#include <optional>
#include <string>
#include <vector>

namespace venice_gimp {

constexpr const char* generation_parasite = "venice-gimp/generation";  // JSON of the request that made a layer
constexpr const char* group_parasite = "venice-gimp/group";            // marks a group that was made for the layers of one run

// To a layer that is in no image yet: afterwards it would be an undo step of its own.
void attach_parasite(GimpItem* item, const char* name, const std::string& text);

// Shows one layer of a run and hides its others, as one undo step. Layers that are gone are passed over. False if the layer itself is gone.
bool show_alone(const std::vector<gint32>& run_layer_ids, gint32 layer_id);

// Keeps one layer of a run and removes its others, as one undo step. The run's group goes too if nothing else is left in it and
// nobody gave it a look of its own: then the layer stands where the group stood. False if the layer itself is gone.
bool keep_only(const std::vector<gint32>& run_layer_ids, gint32 layer_id);

// Removes those layers of a run that are still in the image, and its group if nothing else is left in it and nobody gave it a look of its
// own. Within the undo group of the caller, who also flushes the displays.
void remove_layers(GimpImage* image, const std::vector<gint32>& run_layer_ids);

// The JSON of the request that made the layer; nothing if it was not made here.
std::optional<std::string> generation_of(GimpItem* layer);

}  // namespace venice_gimp
