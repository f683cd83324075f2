// SPDX-License-Identifier: MIT
// Whether a model uses a field of the request, as libvenice knows it.
#pragma once

#include <venice/venice.h>

namespace venice_gimp {

// True also if nothing is known of the model (null): the server says what it thinks of it.
inline bool uses(const venice_model* model, const char* field) { return venice_model_unused_reason(model, field) == nullptr; }

}  // namespace venice_gimp
