// SPDX-License-Identifier: MIT
// What is said about a run: below the form while it is the latest; when it goes there, its buttons stay with the run.
#pragma once

#include <functional>
#include <memory>

#include "ui/notice.hpp"
#include "ui/run_entry.hpp"

namespace venice_gimp {

class RunNotices {
public:
    explicit RunNotices(NoticeArea& notices) : notices_(notices) {}

    void show(const EntryPtr& entry, Notice notice);
    void show_lost_layer(const EntryPtr& entry);                             // of an image that was inserted
    void show_unreadable(const EntryPtr& entry, const std::string& reason);  // an image of it
    void show_hint(const std::string& text);                                 // what is to be told besides, of no run in particular
    void clear() { notices_.clear(Topic::run); }

    // The action of a remedy after which neither the notice nor the row offers any of them again. Nothing if the run is gone by then.
    Action that_settles(const EntryPtr& entry, const std::function<void(const EntryPtr&)>& work);

private:
    NoticeArea& notices_;
};

}  // namespace venice_gimp
