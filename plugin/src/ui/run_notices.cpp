// SPDX-License-Identifier: MIT
#include "ui/run_notices.hpp"

#include <utility>

#include "i18n.hpp"
#include "ui/run_row.hpp"

namespace venice_gimp {

void RunNotices::show(const EntryPtr& entry, Notice notice) {
    if (entry->row) {
        entry->row->set_remedies({});
    }
    const std::weak_ptr<RunEntry> weak = entry;
    notice.gone = [weak, remedies = notice.remedies] {
        if (const EntryPtr alive = weak.lock(); alive && alive->row) {
            alive->row->set_remedies(remedies);
        }
    };
    notices_.show(Topic::run, std::move(notice));
}

void RunNotices::show_lost_layer(const EntryPtr& entry) {
    show(entry, {_("The layer of this image is gone. Inserting it again is free."), "", {}});
}

void RunNotices::show_unreadable(const EntryPtr& entry, const std::string& reason) {
    show(entry, {_("The image could not be read."), reason, {}});
}

void RunNotices::show_hint(const std::string& text) {
    Notice notice{text, "", {}};
    notice.is_problem = false;
    notices_.show(Topic::hint, std::move(notice));
}

Action RunNotices::that_settles(const EntryPtr& entry, const std::function<void(const EntryPtr&)>& work) {
    return [this, weak = std::weak_ptr(entry), work] {
        if (const EntryPtr alive = weak.lock()) {
            clear();
            if (alive->row) {
                alive->row->set_remedies({});
            }
            work(alive);
        }
    };
}

}  // namespace venice_gimp
