// SPDX-License-Identifier: MIT
// The strip of results: runs of this session and of earlier ones, the newest on top, searchable.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ui/glib_support.hpp"
#include "ui/run_entry.hpp"
#include "ui/run_row.hpp"

namespace venice_gimp {

class RunList {
public:
    using MakeCallbacks = std::function<RunRowCallbacks(const EntryPtr&)>;

    RunList(GtkBuilder* builder, MakeCallbacks make_callbacks);
    RunList(const RunList&) = delete;
    RunList& operator=(const RunList&) = delete;

    void add(const EntryPtr& entry);                     // of this session, on top
    void add_earlier(std::vector<RunRecord> records);    // the latest first, below; rows come as they are scrolled to
    // The same later on: what another GIMP has begun since comes on top, and what was under way there is as it is now.
    void take_over(const std::vector<RunRecord>& records);
    void remove(const EntryPtr& entry);
    void remove_settled_runs();
    const std::vector<EntryPtr>& entries() const { return entries_; }
    EntryPtr find(const std::string& id) const;
    bool is_busy() const;
    void unselect_all_but(const RunEntry& entry);

private:
    void make_row(const EntryPtr& entry, bool on_top);
    void make_rows_later(std::size_t more);
    bool make_next_row();
    void searched();
    void update_placeholder();
    void tick();

    GtkBox* list_;
    GtkLabel* placeholder_;
    GtkEntry* search_;
    MakeCallbacks make_callbacks_;
    std::vector<EntryPtr> entries_;  // the newest first
    std::size_t rows_wanted_ = 0;    // of earlier runs
    Timer clock_;
    Timer row_maker_;
    int last_number_ = 0;
};

}  // namespace venice_gimp
