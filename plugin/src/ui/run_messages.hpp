// SPDX-License-Identifier: MIT
// What there is to say about a run that has ended, with buttons for what helps.
#pragma once

#include <string>

#include "ui/messages.hpp"
#include "ui/notice.hpp"
#include "ui/results_host.hpp"
#include "ui/run_entry.hpp"
#include "ui/run_inserter.hpp"
#include "ui/run_notices.hpp"

namespace venice_gimp {

class RunMessages {
public:
    RunMessages(ResultsHost& host, NoticeArea& notices, RunNotices& run_notices, RunInserter& inserter)
        : host_(host), notices_(notices), run_notices_(run_notices), inserter_(inserter) {}

    Message message_of(const Run& run);
    void show(const EntryPtr& entry);  // its message

private:
    Remedy remedy(const EntryPtr& entry, Help help);
    Remedy key_remedy(const EntryPtr& entry);
    Remedy again_remedy(const EntryPtr& entry, const std::string& label);
    Action make_again(const EntryPtr& entry);

    ResultsHost& host_;
    NoticeArea& notices_;
    RunNotices& run_notices_;
    RunInserter& inserter_;
    std::string replacement_id_;  // of the model of the message that is shown
};

}  // namespace venice_gimp
