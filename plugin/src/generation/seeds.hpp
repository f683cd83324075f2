// SPDX-License-Identifier: MIT
// Seeds are chosen here and not by the server, which does not tell the one that it chose: so every image can be made again.
#pragma once

#include <cstddef>
#include <cstdint>

namespace venice_gimp {

constexpr std::int64_t lowest_seed = -999999999;
constexpr std::int64_t highest_seed = 999999999;

// 0 to highest_seed: a minus sign in a seed only makes it harder to write down.
std::int64_t random_seed();

// The seed of image `index` of a run: first, first + 1, …; after the highest seed comes the lowest.
std::int64_t seed_at(std::int64_t first, std::size_t index);

}  // namespace venice_gimp
