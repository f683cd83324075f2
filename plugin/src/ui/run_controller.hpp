// SPDX-License-Identifier: MIT
// The runs of the window: notes, starts, keeps and inserts them, and says what became of them. Owns the panel of results.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "generation/session.hpp"
#include "store/history.hpp"
#include "store/spool.hpp"
#include "ui/image_actions.hpp"
#include "ui/image_host.hpp"
#include "ui/messages.hpp"
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
    std::size_t images_only_here() const { return keeper_.images_only_here(); }  // paid, neither inserted nor on disk: they go with the window
    void clear_history();  // all but what was paid and not inserted; for the ☰ menu

private:
    // A run's way.
    void send(const EntryPtr& entry);
    void image_changed(const EntryPtr& entry, const RunImage& image, std::size_t index);
    void image_final(const EntryPtr& entry, const RunImage& image, std::size_t index);
    void run_ended(const EntryPtr& entry, const Run& run);
    void arrive(const EntryPtr& entry);  // once it has ended and all of it is on disk

    // Tiles.
    RunRowCallbacks row_callbacks(const EntryPtr& entry);

    // Earlier sessions.
    void load_history();
    void offer_recovered(const std::vector<RunRecord>& runs);
    void offer_interrupted(const std::vector<RunRecord>& runs);
    template <typename Work>
    void for_each_open(const std::vector<std::string>& run_ids, Work work);

    void show_balance(const Run& run);

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
    Timer prepare_;
    Lifetime lifetime_;
};

}  // namespace venice_gimp
