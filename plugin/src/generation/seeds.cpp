// SPDX-License-Identifier: MIT
#include "generation/seeds.hpp"

#include <random>

namespace venice_gimp {

std::int64_t random_seed() {
    std::random_device device;
    return std::uniform_int_distribution<std::int64_t>(0, highest_seed)(device);
}

std::int64_t seed_at(std::int64_t first, std::size_t index) {
    constexpr std::int64_t count = highest_seed - lowest_seed + 1;
    const bool in_range = first >= lowest_seed && first <= highest_seed;
    if (!in_range) {
        return first;  // libvenice refuses it, with the number that the user gave
    }
    return (first - lowest_seed + static_cast<std::int64_t>(index)) % count + lowest_seed;
}

}  // namespace venice_gimp
