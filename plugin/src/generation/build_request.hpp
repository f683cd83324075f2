// SPDX-License-Identifier: MIT
// Settings as requests of libvenice, which also does the checking: what it refuses is thrown with its own sentence.
#pragma once

#include <cstdint>
#include <string>

#include "generation/settings.hpp"
#include "generation/venice_handles.hpp"

namespace venice_gimp {

// One request for one image: only what is set is sent. Throws VeniceException.
RequestHandle build_request(const Settings& settings, const std::string& model, std::int64_t seed);

// Whether the number of images is one that the API knows. Throws VeniceException.
void check_variants(std::int64_t variants);

// Everything that can be told without the server, and with the catalogue's entry if there is one. Throws VeniceException.
void check_request(const venice_request* request, const venice_model* model);

// The body that is sent, as JSON.
std::string request_body(venice_request* request);

}  // namespace venice_gimp
