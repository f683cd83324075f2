// SPDX-License-Identifier: MIT
// What the procedures share.
#pragma once

#include <libgimp/gimp.h>

#include <functional>
#include <string>

#include "procedures/generate_and_wait.hpp"

namespace venice_gimp {

void set_authors(GimpProcedure* procedure);

// Calls `run`, and makes what it throws the error of the procedure: nothing is thrown through GIMP.
GimpValueArray* run_guarded(GimpProcedure* procedure, const std::function<GimpValueArray*()>& run) noexcept;

// Opens the window, which spends nothing until its button is pressed.
GimpValueArray* run_interactively(GimpProcedure* procedure, GimpRunMode run_mode, GimpImage* image, const Settings& initial,
                                  bool create_new_image);

GimpValueArray* failed(GimpProcedure* procedure, const std::string& sentence);

// Tells what came besides the images, if anything.
void show_remarks(const Generated& generated);

}  // namespace venice_gimp
