// SPDX-License-Identifier: MIT
#include "ui/earlier_runs.hpp"

#include <algorithm>
#include <utility>

#include "i18n.hpp"
#include "ui/messages.hpp"
#include "ui/orders_again.hpp"
#include "ui/run_row.hpp"

namespace venice_gimp {

namespace {

bool is_interrupted(const ImageRecord& image) {
    return image.state == RecordState::interrupted && image.open;
}

std::size_t count_pending(const RunRecord& run) {
    return static_cast<std::size_t>(std::count_if(run.images.begin(), run.images.end(), is_pending));
}

}  // namespace

EarlierRuns::EarlierRuns(const Spool& spool, const History& history, RunList& runs, ResultsHost& host, NoticeArea& notices,
                         RunKeeper& keeper, RunInserter& inserter)
    : spool_(spool), history_(history), runs_(runs), host_(host), notices_(notices), keeper_(keeper), inserter_(inserter) {}

void EarlierRuns::load() {
    spool_.adopt([this, watcher = lifetime_.watcher()](const Stored<std::vector<RunRecord>>& answer) {
        if (watcher.expired()) {
            return;
        }
        const auto* adopted = std::get_if<std::vector<RunRecord>>(&answer);
        history_.prune(host_.history_limits(), {});  // first: what is shown can be used
        list(adopted != nullptr ? *adopted : std::vector<RunRecord>{});
    });
}

void EarlierRuns::list(const std::vector<RunRecord>& left) {
    history_.list([this, watcher = lifetime_.watcher(), left](const Stored<std::vector<RunRecord>>& answer) {
        if (watcher.expired()) {
            return;
        }
        if (const auto* runs = std::get_if<std::vector<RunRecord>>(&answer)) {
            runs_.add_earlier(*runs);
        } else {
            keeper_.tell(std::get<StoreFailure>(answer));
        }
        is_listing_ = false;
        offer_recovered(left);
        offer_interrupted(left);
    });
}

void EarlierRuns::refresh() {
    if (std::exchange(is_listing_, true)) {
        return;
    }
    history_.list([this, watcher = lifetime_.watcher()](const Stored<std::vector<RunRecord>>& answer) {
        if (watcher.expired()) {
            return;
        }
        is_listing_ = false;
        if (const auto* runs = std::get_if<std::vector<RunRecord>>(&answer)) {
            guarded([&] { runs_.take_over(*runs); });
        }
    });
}

void EarlierRuns::for_each(const std::vector<std::string>& run_ids, const std::function<void(const EntryPtr&)>& work) {
    for (const std::string& id : run_ids) {
        if (const EntryPtr entry = runs_.find(id)) {
            work(entry);
        }
    }
}

void EarlierRuns::offer_recovered(const std::vector<RunRecord>& runs) {
    std::size_t count = 0;
    std::vector<std::string> ids;
    for (const RunRecord& run : runs) {
        if (const std::size_t open = count_pending(run); open > 0) {
            count += open;
            ids.push_back(run.id);
        }
    }
    if (count == 0) {
        return;
    }
    const Message message = recovered_message(count);
    Notice notice{message.text,
                  "",
                  {{_("_Insert"), [this, ids] { insert_all(ids); }},
                   {_("Open as Ne_w Image"), [this, ids] { open_all_as_new_images(ids); }},
                   {_("_Discard…"), [this, runs, ids, count] { ask_to_discard(runs, ids, count); }}}};
    notice.is_problem = false;
    notices_.show(Topic::recovered, std::move(notice));
}

void EarlierRuns::insert_all(const std::vector<std::string>& run_ids) {
    notices_.clear(Topic::recovered);
    const ChosenImage chosen = host_.chosen_image();
    for_each(run_ids, [&](const EntryPtr& entry) {
        InsertOptions options = chosen.options;
        options.group_name = entry->record.settings.prompt;
        entry->order.image_name = chosen.name;
        inserter_.insert(entry, pending_images(*entry), chosen.target, options);
    });
}

void EarlierRuns::open_all_as_new_images(const std::vector<std::string>& run_ids) {
    notices_.clear(Topic::recovered);
    for_each(run_ids, [this](const EntryPtr& entry) { inserter_.open_as_new_image(entry, pending_images(*entry)); });
}

void EarlierRuns::ask_to_discard(const std::vector<RunRecord>& runs, const std::vector<std::string>& run_ids, std::size_t count) {
    Notice question{
        format(P_("%d paid image will be deleted for good.", "%d paid images will be deleted for good.", count), static_cast<int>(count)),
        "",
        {{_("_Delete"), [this, run_ids] { discard_all(run_ids); }}, {_("_Keep"), [this, runs] { offer_recovered(runs); }}}};
    question.can_be_dismissed = false;
    notices_.show(Topic::recovered, std::move(question));
}

void EarlierRuns::discard_all(const std::vector<std::string>& run_ids) {
    notices_.clear(Topic::recovered);
    for_each(run_ids, [this](const EntryPtr& entry) {
        const Indices pending = pending_images(*entry);
        keeper_.discard(*entry, pending);
        for (const std::size_t index : pending) {
            entry->record.images[index].state = RecordState::discarded;
            entry->record.images[index].open = false;
        }
        update_row(*entry);
    });
}

void EarlierRuns::offer_interrupted(const std::vector<RunRecord>& runs) {
    std::vector<Settings> again;
    std::vector<ImageReference> told;
    for (const RunRecord& run : runs) {
        for (std::size_t index = 0; index < run.images.size(); ++index) {
            if (is_interrupted(run.images[index])) {
                told.push_back({run.id, index});
            }
        }
        const std::vector<Settings> orders = orders_for(run, is_interrupted);
        again.insert(again.end(), orders.begin(), orders.end());
    }
    if (told.empty()) {
        return;
    }
    const Message message = interrupted_message(told.size());
    Notice notice{message.text, "", {{with_price(_("Generate Aga_in"), again, host_), [this, again] {
                                          notices_.clear(Topic::interrupted);
                                          generate_all(again, host_);
                                      }}}};
    notice.gone = [this, told] { spool_.settle(told, {}); };
    notices_.show(Topic::interrupted, std::move(notice));
}

void EarlierRuns::clear() {
    history_.clear([this, watcher = lifetime_.watcher()](const std::optional<StoreFailure>& failure) {
        if (watcher.expired()) {
            return;
        }
        keeper_.tell(failure);
        if (!failure) {
            runs_.remove_settled_runs();
        }
    });
}

}  // namespace venice_gimp
