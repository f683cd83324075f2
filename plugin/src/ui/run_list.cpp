// SPDX-License-Identifier: MIT
#include "ui/run_list.hpp"

#include <algorithm>
#include <utility>

#include "i18n.hpp"
#include "store/history.hpp"

namespace venice_gimp {

namespace {

constexpr guint clock_interval_ms = 250;  // so that no second is skipped
constexpr std::size_t page = 20;          // rows; what can be seen, and a bit more
constexpr guint soon_ms = 1;

EntryPtr earlier_entry(RunRecord record) {
    auto entry = std::make_shared<RunEntry>();
    entry->order.settings = record.settings;
    entry->order.image_name = record.target.image_name;
    entry->images.resize(record.images.size());
    for (EntryImage& image : entry->images) {
        image.is_on_disk = true;
    }
    entry->has_ended = true;
    entry->record = std::move(record);
    return entry;
}

bool is_in_flight_elsewhere(const RunEntry& entry) {
    return !entry.is_of_this_session && !indices_of(entry, [](const ImageRecord& image) { return image.state == RecordState::waiting; }).empty();
}

}  // namespace

RunList::RunList(GtkBuilder* builder, MakeCallbacks make_callbacks)
    : list_(get<GtkBox>(builder, "results")),
      placeholder_(get<GtkLabel>(builder, "placeholder")),
      search_(get<GtkEntry>(builder, "search")),
      make_callbacks_(std::move(make_callbacks)) {
    connect(search_, "search-changed", [this] { searched(); });
    connect(search_, "stop-search", [this] { gtk_entry_set_text(search_, ""); });
    GtkAdjustment* scrolled = gtk_scrolled_window_get_vadjustment(get<GtkScrolledWindow>(builder, "scroller"));
    connect(scrolled, "value-changed", [this, scrolled] {
        const double below = gtk_adjustment_get_upper(scrolled) - gtk_adjustment_get_value(scrolled) - gtk_adjustment_get_page_size(scrolled);
        if (below < gtk_adjustment_get_page_size(scrolled)) {
            make_rows_later(page);
        }
    });
}

bool RunList::is_busy() const {
    return std::any_of(entries_.begin(), entries_.end(), [](const EntryPtr& entry) { return is_under_way(*entry); });
}

EntryPtr RunList::find(const std::string& id) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&id](const EntryPtr& entry) { return entry->record.id == id; });
    return found != entries_.end() ? *found : nullptr;
}

void RunList::make_row(const EntryPtr& entry, bool on_top) {
    const std::string name = entry->is_of_this_session ? format(_("Run %d"), ++last_number_)
                                                       : format(_("Earlier run: %s"), entry->record.settings.prompt.c_str());
    entry->row = std::make_shared<RunRow>(list_, on_top, name, entry->record, make_callbacks_(entry));
    entry->row->update(*entry);
}

void RunList::add(const EntryPtr& entry) {
    gtk_entry_set_text(search_, "");  // what was just asked for must be seen
    entries_.insert(entries_.begin(), entry);
    make_row(entry, true);
    update_placeholder();
    clock_.start(clock_interval_ms, [this] { tick(); });
}

void RunList::add_earlier(std::vector<RunRecord> records) {
    for (RunRecord& record : records) {
        if (find(record.id)) {
            continue;
        }
        entries_.push_back(earlier_entry(std::move(record)));
    }
    make_rows_later(page);
    update_placeholder();
}

void RunList::take_over(const std::vector<RunRecord>& records) {
    const std::string query = gtk_entry_get_text(search_);
    for (auto record = records.rbegin(); record != records.rend(); ++record) {  // the earliest first
        const EntryPtr known = find(record->id);
        if (!known) {
            entries_.insert(entries_.begin(), earlier_entry(*record));
            if (matches(*record, query)) {
                make_row(entries_.front(), true);
            }
        } else if (is_in_flight_elsewhere(*known) && record->images.size() == known->images.size()) {
            known->record = *record;
            update_row(*known);
        }
    }
    update_placeholder();
}

void RunList::remove(const EntryPtr& entry) {
    std::erase(entries_, entry);
    entry->row.reset();
    update_placeholder();
}

void RunList::remove_settled_runs() {
    std::erase_if(entries_, [](const EntryPtr& entry) {
        return !is_under_way(*entry) && indices_of(*entry, [](const ImageRecord& image) { return image.open; }).empty();
    });
    update_placeholder();
}

void RunList::unselect_all_but(const RunEntry& entry) {
    for (const EntryPtr& other : entries_) {
        if (other.get() != &entry && other->row) {
            other->row->unselect();
        }
    }
}

// One after the other, each from its own turn of the main loop, so that hundreds of runs never stop it.
void RunList::make_rows_later(std::size_t more) {
    const auto has_row = [](const EntryPtr& entry) { return !entry->is_of_this_session && entry->row != nullptr; };
    rows_wanted_ = static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), has_row)) + more;
    row_maker_.start(soon_ms, [this] {
        if (!make_next_row()) {
            row_maker_.stop();
            update_placeholder();
        }
    });
}

bool RunList::make_next_row() {
    const std::string query = gtk_entry_get_text(search_);
    std::size_t rows = 0;
    for (const EntryPtr& entry : entries_) {
        if (entry->is_of_this_session || !matches(entry->record, query)) {
            continue;
        }
        if (rows++ == rows_wanted_) {
            return false;
        }
        if (!entry->row) {
            make_row(entry, false);
            update_placeholder();
            return true;
        }
    }
    return false;
}

void RunList::searched() {
    const std::string query = gtk_entry_get_text(search_);
    for (const EntryPtr& entry : entries_) {
        if (entry->is_of_this_session) {
            entry->row->set_visible(matches(entry->record, query));
        } else {
            entry->row.reset();
        }
    }
    update_placeholder();
    make_rows_later(page);
}

void RunList::update_placeholder() {
    const std::string query = gtk_entry_get_text(search_);
    const bool is_empty = std::none_of(entries_.begin(), entries_.end(), [&](const EntryPtr& entry) {
        return entry->row != nullptr && (!entry->is_of_this_session || matches(entry->record, query));
    });
    gtk_label_set_text(placeholder_, query.empty() ? _("What you generate shows up here") : _("Nothing found"));
    gtk_widget_set_visible(GTK_WIDGET(placeholder_), is_empty ? TRUE : FALSE);
}

void RunList::tick() {
    for (const EntryPtr& entry : entries_) {
        if (is_under_way(*entry) && entry->row) {
            entry->row->update(*entry);
        }
    }
    if (!is_busy()) {
        clock_.stop();
    }
}

}  // namespace venice_gimp
