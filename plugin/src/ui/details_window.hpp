// SPDX-License-Identifier: MIT
// All that was sent and received for one image, without the key.
#pragma once

#include <string>

#include "store/run_record.hpp"
#include "ui/glib_support.hpp"

namespace venice_gimp {

// As text, to be read and copied.
std::string details_text(const RunRecord& run, std::size_t index);

void show_details_window(GtkWindow* parent, const RunRecord& run, std::size_t index);

}  // namespace venice_gimp
