// SPDX-License-Identifier: MIT
// "Seed": a new one each time, or a number that stays.
#pragma once

#include <cstdint>
#include <optional>

#include "ui/glib_support.hpp"

namespace venice_gimp {

class SeedRow {
public:
    SeedRow(GtkBuilder* builder, Action changed);
    SeedRow(const SeedRow&) = delete;
    SeedRow& operator=(const SeedRow&) = delete;

    bool is_valid() const;
    std::optional<std::int64_t> seed() const;  // not set: a new one each time
    void show(std::optional<std::int64_t> seed);
    void offer(std::int64_t used);             // the last run's seed, to be chosen again

private:
    void edited();
    std::string typed() const;

    GtkComboBoxText* combo_;
    GtkEntry* entry_;
    Action changed_;
    std::optional<std::int64_t> offered_;
};

}  // namespace venice_gimp
