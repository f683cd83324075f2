// SPDX-License-Identifier: MIT
// The way of each run, from Generate to its layers: starts it and hands what comes of it on. Owns the panel of results.
#pragma once

#include <cstddef>
#include <memory>

#include "generation/session.hpp"
#include "store/history.hpp"
#include "store/spool.hpp"
#include "ui/earlier_runs.hpp"
#include "ui/image_actions.hpp"
#include "ui/image_host.hpp"
#include "ui/notice.hpp"
#include "ui/picture_loader.hpp"
#include "ui/results_host.hpp"
#include "ui/run_inserter.hpp"
#include "ui/run_keeper.hpp"
#include "ui/run_list.hpp"
#include "ui/run_messages.hpp"
#include "ui/run_notices.hpp"
#include "ui/thumbnails.hpp"

namespace venice_gimp {

class RunController {
public:
    // `thread` is the one of all of the store's classes. Lists what earlier sessions left at once, from the main loop.
    RunController(GtkBox* place, ImageHost& images, Session& session, const std::shared_ptr<StoreThread>& thread, NoticeArea& notices,
                  ResultsHost& host);
    RunController(const RunController&) = delete;
    RunController& operator=(const RunController&) = delete;

    void start(Order order);  // what is refused becomes a notice: nothing was sent
    bool is_busy() const { return runs_.is_busy(); }
    std::size_t images_only_here() const {
        return keeper_.images_only_here();
    }  // paid, neither inserted nor on disk: they go with the window
    // What other GIMPs did since. Not while images are made here: the disk is theirs then.
    void refresh_history() {
        if (!is_busy()) {
            earlier_.refresh();
        }
    }
    void clear_history() { earlier_.clear(); }  // all but what was paid and not inserted; for the ☰ menu

private:
    RunCallbacks callbacks_of(const EntryPtr& entry);
    void send(const EntryPtr& entry);
    void image_changed(const EntryPtr& entry, const RunImage& image, std::size_t index);
    void image_final(const EntryPtr& entry, const RunImage& image, std::size_t index);
    void run_ended(const EntryPtr& entry, const Run& run);
    void arrive(const EntryPtr& entry);  // once it has ended and all of it is on disk

    void show_balance(const Run& run);
    RunRowCallbacks row_callbacks(const EntryPtr& entry);

    GObjectPtr<GtkBuilder> builder_;
    GtkWidget* place_;
    ImageHost& images_;
    Session& session_;
    NoticeArea& notices_;
    ResultsHost& host_;
    SharedRunFiles files_;
    Spool spool_;
    History history_;
    PictureLoader loader_;
    RunNotices run_notices_;
    RunList runs_;
    RunKeeper keeper_;
    Thumbnails thumbnails_;
    RunInserter inserter_;
    RunMessages messages_;
    ImageActions actions_;
    EarlierRuns earlier_;
    Timer prepare_;
};

}  // namespace venice_gimp
