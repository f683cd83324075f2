// SPDX-License-Identifier: MIT
// Which request fields a model does not use: the one place for this knowledge.
#pragma once

#include <string_view>

#include "catalog/model_info.hpp"

namespace venice {

struct UnusedField {
    const char* code;  // "not_taken": the server would refuse the request; "not_used": it would ignore the field in silence
    const char* reason;
};

// Null if the model uses the field, or if that is not known for certain: then the field is sent.
const UnusedField* unused_field(const ModelInfo& model, std::string_view field);

}  // namespace venice
