// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace venice_gimp {

// What the history keeps. Pinned runs, and what is paid and not inserted, stay even above them.
struct HistoryLimits {
    std::size_t runs = 500;
    std::uint64_t bytes = std::uint64_t{2} << 30;
};

}  // namespace venice_gimp
