// SPDX-License-Identifier: MIT
// Numbers as the user's language writes them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace venice_gimp {

// "$0.03", rounded up to the cent: never less than what is charged.
std::string format_price(double usd);

// "$4.20", rounded down: never more than what is there.
std::string format_balance(double usd);

// "1:05".
std::string format_elapsed(double seconds);

// "14:02" today, else with the day; microseconds since 1970.
std::string format_time(std::int64_t time_us);

// "1.2 of 3.4 MB"; a total of -1 is not known.
std::string format_megabytes(std::int64_t received, std::int64_t total);

// "Z-Image Turbo · $0.01 · private", as the window reads: from right to left in Arabic, each part in its own direction all the same.
std::string joined(const std::vector<std::string>& parts, bool right_to_left);
std::string joined(const std::vector<std::string>& parts);  // in the window's direction

}  // namespace venice_gimp
