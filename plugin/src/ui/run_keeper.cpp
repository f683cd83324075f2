// SPDX-License-Identifier: MIT
#include "ui/run_keeper.hpp"

#include <utility>

#include "i18n.hpp"
#include "store/record_run.hpp"

namespace venice_gimp {

namespace {

constexpr std::size_t least_kept_at_once = std::size_t{256} << 10;  // bytes

std::vector<ImageReference> references(const RunEntry& entry, const Indices& indices) {
    std::vector<ImageReference> list;
    list.reserve(indices.size());
    for (const std::size_t index : indices) {
        list.push_back({entry.record.id, index});
    }
    return list;
}

}  // namespace

RunKeeper::RunKeeper(const Spool& spool, const RunList& runs, NoticeArea& notices, Callbacks callbacks)
    : spool_(spool), runs_(runs), notices_(notices), callbacks_(std::move(callbacks)) {}

// Before anything is sent, so that a crash leaves a trace of what may be charged.
void RunKeeper::note(const EntryPtr& entry) {
    spool_.note(entry->record, [this, watcher = lifetime_.watcher(), entry](const Stored<std::string>& answer) {
        if (!watcher.expired()) {
            guarded([&] { noted(entry, answer); });
        }
    });
}

void RunKeeper::noted(const EntryPtr& entry, const Stored<std::string>& answer) {
    if (const auto* id = std::get_if<std::string>(&answer)) {
        entry->record.id = *id;
    } else {
        tell(std::get<StoreFailure>(answer));
    }
    if (is_under_way(*entry)) {
        callbacks_.noted(entry);
        return;
    }
    for (std::size_t index = 0; index < entry->images.size(); ++index) {  // cancelled meanwhile
        keep(entry, index);
    }
}

// One piece after the other. What goes wrong is told when the whole file cannot be kept.
void RunKeeper::keep_part(const EntryPtr& entry, const FileBytes& arrived, std::size_t index) {
    EntryImage& image = entry->images[index];
    if (entry->record.id.empty() || image.is_part_being_kept || arrived.get().size() < image.kept_bytes + least_kept_at_once) {
        return;
    }
    image.is_part_being_kept = true;
    image.kept_bytes = arrived.get().size();
    spool_.put_part({entry->record.id, index}, arrived,
                    [entry, index](const std::optional<StoreFailure>&) { entry->images[index].is_part_being_kept = false; });
}

// The bytes, before anything else is done with them; or that there will be none.
void RunKeeper::keep(const EntryPtr& entry, std::size_t index) {
    if (entry->record.id.empty()) {
        return;  // not noted yet, or there is no disk
    }
    ImageRecord record = entry->record.images[index];
    FileBytes file = entry->images[index].file;
    if (entry->run && !is_final(entry->run->images()[index].state)) {
        record = record_of(entry->run->images()[index], record.price_usd);
    }
    if (!has_picture(record)) {
        file.reset();
    }
    ++entry->being_kept;
    spool_.put_image({entry->record.id, index}, record, file,
                     [this, watcher = lifetime_.watcher(), entry, index](const std::optional<StoreFailure>& failure) {
                         if (!watcher.expired()) {
                             kept(entry, index, failure);
                         }
                     });
}

void RunKeeper::kept(const EntryPtr& entry, std::size_t index, const std::optional<StoreFailure>& failure) {
    tell(failure);
    entry->images[index].is_on_disk = !failure;
    if (!failure) {
        entry->images[index].file.reset();
    }
    if (!failure && entry->has_arrived && !entry->record.images[index].open) {
        settle(*entry, {index});  // it was inserted while there was no disk
    }
    if (--entry->being_kept == 0 && entry->has_ended && !entry->has_arrived) {
        guarded([&] { callbacks_.kept(entry); });
    }
}

void RunKeeper::settle(const RunEntry& entry, const Indices& indices) {
    if (!entry.record.id.empty()) {
        spool_.settle(references(entry, indices), [this, watcher = lifetime_.watcher()](const std::optional<StoreFailure>& failure) {
            if (!watcher.expired()) {
                tell(failure);
            }
        });
    }
}

void RunKeeper::discard(const RunEntry& entry, const Indices& indices) {
    if (!entry.record.id.empty()) {
        spool_.discard(references(entry, indices), {});
    }
}

std::size_t RunKeeper::images_only_here() const {
    std::size_t count = 0;
    for (const EntryPtr& entry : runs_.entries()) {
        for (const std::size_t index : pending_images(*entry)) {
            count += entry->images[index].is_on_disk ? 0U : 1U;
        }
    }
    return count;
}

void RunKeeper::tell(const std::optional<StoreFailure>& failure) {
    if (failure && !std::exchange(told_of_full_disk_, true)) {
        notices_.show(Topic::storage, {_("Images cannot be kept on disk. What is not inserted is lost when this window closes."),
                                       failure->message,
                                       {{_("_Try Again"), [this] { keep_again(); }}}});
    }
}

// When there may be room again.
void RunKeeper::keep_again() {
    told_of_full_disk_ = false;
    notices_.clear(Topic::storage);
    for (const EntryPtr& entry : runs_.entries()) {
        if (!entry->is_of_this_session || !entry->has_ended) {
            continue;
        }
        for (std::size_t index = 0; index < entry->images.size(); ++index) {
            if (!entry->images[index].is_on_disk && entry->record.id.empty()) {
                note(entry);  // which then keeps all of its images
                break;
            }
            if (!entry->images[index].is_on_disk) {
                keep(entry, index);
            }
        }
    }
}

}  // namespace venice_gimp
