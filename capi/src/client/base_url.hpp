// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace venice {

// The URL without a slash at its end. Throws Error (OUT_OF_RANGE) unless it is https, or http to this machine: the key would else cross the network in
// plain text. Only addresses of 127.0.0.0/8, [::1] and "localhost" (which libcurl resolves by itself) count as this machine; a name that
// merely resolves to it does not, because what it resolves to can change.
std::string checked_base_url(std::string_view url);

// A proxy's URL as it was given; empty for none. Throws Error (OUT_OF_RANGE) if it is no URL of a kind of proxy that libcurl knows.
std::string checked_proxy(std::string_view url);

}  // namespace venice
