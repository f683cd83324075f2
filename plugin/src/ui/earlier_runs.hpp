// SPDX-License-Identifier: MIT
// The runs of earlier sessions: lists them, offers what they left, and clears the history.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "store/history.hpp"
#include "store/spool.hpp"
#include "ui/glib_support.hpp"
#include "ui/notice.hpp"
#include "ui/results_host.hpp"
#include "ui/run_inserter.hpp"
#include "ui/run_keeper.hpp"
#include "ui/run_list.hpp"

namespace venice_gimp {

class EarlierRuns {
public:
    EarlierRuns(const Spool& spool, const History& history, RunList& runs, ResultsHost& host, NoticeArea& notices, RunKeeper& keeper,
                RunInserter& inserter);
    EarlierRuns(const EarlierRuns&) = delete;
    EarlierRuns& operator=(const EarlierRuns&) = delete;

    void load();     // comes later, from the main loop
    void refresh();  // what other GIMPs did since; as cheap as load(), and nothing while one of the two is under way
    void clear();    // all but what was paid and not inserted

private:
    void list(const std::vector<RunRecord>& left);
    void offer_recovered(const std::vector<RunRecord>& runs);
    void insert_all(const std::vector<std::string>& run_ids);
    void open_all_as_new_images(const std::vector<std::string>& run_ids);
    void ask_to_discard(const std::vector<RunRecord>& runs, const std::vector<std::string>& run_ids, std::size_t count);
    void discard_all(const std::vector<std::string>& run_ids);
    void offer_interrupted(const std::vector<RunRecord>& runs);
    void for_each(const std::vector<std::string>& run_ids, const std::function<void(const EntryPtr&)>& work);

    Spool spool_;
    const History& history_;
    RunList& runs_;
    ResultsHost& host_;
    NoticeArea& notices_;
    RunKeeper& keeper_;
    RunInserter& inserter_;
    bool is_listing_ = true;  // until load() is done
    Lifetime lifetime_;
};

}  // namespace venice_gimp
