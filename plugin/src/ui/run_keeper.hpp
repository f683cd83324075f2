// SPDX-License-Identifier: MIT
// Sees to it that nothing paid is lost: runs are noted on disk before they are sent, images before GIMP is touched.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "generation/session.hpp"
#include "store/spool.hpp"
#include "ui/glib_support.hpp"
#include "ui/notice.hpp"
#include "ui/run_entry.hpp"
#include "ui/run_list.hpp"

namespace venice_gimp {

class RunKeeper {
public:
    struct Callbacks {
        std::function<void(const EntryPtr&)> noted;  // a run that is to be sent now
        std::function<void(const EntryPtr&)> kept;   // a run that has ended, and all of it is on disk, or cannot be
    };

    RunKeeper(const Spool& spool, const RunList& runs, NoticeArea& notices, Callbacks callbacks);
    RunKeeper(const RunKeeper&) = delete;
    RunKeeper& operator=(const RunKeeper&) = delete;

    void note(const EntryPtr& entry);
    void keep_part(const EntryPtr& entry, const FileBytes& arrived, std::size_t index);
    void keep(const EntryPtr& entry, std::size_t index);
    void settle(const RunEntry& entry, const Indices& indices);  // nothing is left to do for them
    void discard(const RunEntry& entry, const Indices& indices);

    std::size_t images_only_here() const;                   // paid, neither inserted nor on disk
    void tell(const std::optional<StoreFailure>& failure);  // once, until it is tried again

private:
    void noted(const EntryPtr& entry, const Stored<std::string>& answer);
    void kept(const EntryPtr& entry, std::size_t index, const std::optional<StoreFailure>& failure);
    void keep_again();

    Spool spool_;
    const RunList& runs_;
    NoticeArea& notices_;
    Callbacks callbacks_;
    bool told_of_full_disk_ = false;
    Lifetime lifetime_;
};

}  // namespace venice_gimp
