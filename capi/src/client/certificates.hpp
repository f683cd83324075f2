// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

namespace venice {

// The system's certificates and those of the PEM file. Throws Error (FILE).
std::shared_ptr<const std::string> trusted_certificates(const std::string& path);

}  // namespace venice
