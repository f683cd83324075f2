// SPDX-License-Identifier: MIT
#include "ui/run_controller.hpp"

#include <algorithm>
#include <utility>

#include "i18n.hpp"
#include "store/record_run.hpp"

namespace venice_gimp {

namespace {

constexpr guint wait_before_preparing_ms = 100;  // until the request has left

RunRecord record_of(const Order& order, const Run& run, const std::string& model_name, std::optional<double> price) {
    RunRecord record = record_of(run, model_name, price);
    record.target.image_name = order.target.image_id != 0 ? order.image_name : "";
    record.target.target = order.target.is_selection ? "selection" : "canvas";
    record.target.placement = placement_name(order.options.placement);
    record.target.group = grouping_name(order.options.grouping);
    record.target.x = order.target.bounds.x;
    record.target.y = order.target.bounds.y;
    record.target.width = order.target.bounds.width;
    record.target.height = order.target.bounds.height;
    return record;
}

std::string ready(std::size_t count) {
    return format(P_("%d ready", "%d ready", count), static_cast<int>(count));
}

// Of a run without a picture.
std::string outcome_of(const RunEntry& entry) {
    const auto any = [&entry](RecordState state) {
        return !indices_of(entry, [state](const ImageRecord& image) { return image.state == state; }).empty();
    };
    if (any(RecordState::failed)) {
        return _("Failed");
    }
    return any(RecordState::blocked) ? _("Refused") : _("Cancelled");
}

bool is_nearly_there(const RunImage& image) {
    constexpr double most = 0.9;
    return image.state == ImageState::decoding ||
           (image.state == ImageState::receiving && image.total_bytes > 0 &&
            static_cast<double>(image.received_bytes) >= most * static_cast<double>(image.total_bytes));
}

// Thumbnails take the processor away from what turns images into layers: those who wait for layers should not wait for thumbnails.
bool has_time_until_layers(const Run& run) {
    const auto is_any = [&run](auto matches) { return std::any_of(run.images().begin(), run.images().end(), matches); };
    return is_any([](const RunImage& image) { return !is_final(image.state); }) && !is_any(is_nearly_there);
}

// A run must not be destroyed inside its own callback.
void release_later(const std::shared_ptr<RunEntry>& entry) {
    auto* kept = new std::shared_ptr<RunEntry>(entry);
    g_idle_add_full(
        G_PRIORITY_DEFAULT_IDLE,
        [](gpointer data) -> gboolean {
            guarded([data] { (*static_cast<std::shared_ptr<RunEntry>*>(data))->run.reset(); });
            return G_SOURCE_REMOVE;
        },
        kept, [](gpointer data) { delete static_cast<std::shared_ptr<RunEntry>*>(data); });
}

}  // namespace

RunController::RunController(GtkBox* place, ImageHost& images, Session& session, const std::shared_ptr<StoreThread>& thread,
                             NoticeArea& notices, ResultsHost& host)
    : builder_(load_ui("results-panel.ui")),
      place_(GTK_WIDGET(place)),
      images_(images),
      session_(session),
      notices_(notices),
      host_(host),
      files_(std::make_shared<RunFiles>(images.data_folder())),
      spool_(thread, files_),
      history_(thread, files_),
      loader_(session, history_),
      run_notices_(notices),
      runs_(builder_.get(), [this](const EntryPtr& entry) { return row_callbacks(entry); }),
      keeper_(spool_, runs_, notices, {[this](const EntryPtr& entry) { send(entry); }, [this](const EntryPtr& entry) { arrive(entry); }}),
      thumbnails_(session, history_, loader_),
      inserter_(place_, images, host, run_notices_, loader_, keeper_, [this](const EntryPtr& entry) { thumbnails_.make_due(entry); }),
      messages_(host, notices, run_notices_, inserter_),
      actions_({place_, images, session, host, notices, run_notices_, loader_, keeper_, inserter_}),
      earlier_(spool_, history_, runs_, host, notices, keeper_, inserter_) {
    gtk_box_pack_start(place, get_widget(builder_.get(), "results_panel"), TRUE, TRUE, 0);
    earlier_.load();
}

void RunController::start(Order order) {
    notices_.clear(Topic::run);
    auto entry = std::make_shared<RunEntry>();
    entry->is_of_this_session = true;
    try {
        entry->run = session_.prepare(order.settings, callbacks_of(entry));
    } catch (const VeniceException& refusal) {
        notices_.show(Topic::run, {_("This cannot be generated. Nothing was sent."), refusal.failure().message, {}});
        return;
    }
    Settings one = entry->run->settings();
    one.variants = 1;
    entry->record = record_of(order, *entry->run, host_.model_name(one.model), host_.price(one));
    entry->order = std::move(order);
    entry->order.options.group_name = entry->record.settings.prompt;
    entry->images.resize(entry->record.images.size());
    runs_.add(entry);
    keeper_.note(entry);
}

RunCallbacks RunController::callbacks_of(const EntryPtr& entry) {
    const std::weak_ptr<RunEntry> weak = entry;
    RunCallbacks callbacks;
    callbacks.image_changed = [this, weak](Run& run, std::size_t index) {
        if (const EntryPtr alive = weak.lock()) {
            image_changed(alive, run.images()[index], index);
        }
    };
    callbacks.rows_decoded = [this, weak](Run& run, std::size_t index) {
        if (const EntryPtr alive = weak.lock()) {
            inserter_.write_early(alive, run.images()[index], index);
        }
    };
    callbacks.ended = [this, weak](Run& run) {
        if (const EntryPtr alive = weak.lock()) {
            run_ended(alive, run);
        }
    };
    return callbacks;
}

void RunController::send(const EntryPtr& entry) {
    entry->run->send();
    prepare_.once(wait_before_preparing_ms, [this] { images_.prepare_insertion(); });
}

void RunController::image_changed(const EntryPtr& entry, const RunImage& image, std::size_t index) {
    if (image.state == ImageState::decoding && image.file) {
        entry->record.images[index].response_headers = image.response_headers;
        entry->images[index].file = image.file;
        keeper_.keep(entry, index);
    } else if (is_final(image.state)) {
        image_final(entry, image, index);
    } else if (image.arrived) {
        keeper_.keep_part(entry, image.arrived, index);
    }
    // How many bytes there are is told by the clock of the list, not each time that some come.
    if (std::exchange(entry->images[index].shown_state, image.state) != image.state) {
        if (has_time_until_layers(*entry->run)) {
            thumbnails_.make_due(entry);
        }
        update_row(*entry);
    }
}

void RunController::image_final(const EntryPtr& entry, const RunImage& image, std::size_t index) {
    entry->record.images[index] = record_of(image, entry->record.images[index].price_usd);
    entry->images[index].pixels = image.pixels;
    if (image.pixels && entry->picture_size.width == 0) {
        entry->picture_size = {image.pixels->width, image.pixels->height};
    }
    if (image.pixels) {
        entry->images[index].thumbnail_source = image.pixels;
        entry->images[index].asked_for_thumbnail = true;  // it comes
    } else {
        entry->images[index].early.reset();
        keeper_.keep(entry, index);
    }
}

void RunController::run_ended(const EntryPtr& entry, const Run& run) {
    entry->has_ended = true;
    entry->seconds = run.elapsed_seconds();
    entry->message = messages_.message_of(run);
    show_balance(run);
    if (!run.images().empty()) {
        host_.offer_seed(run.images().front().seed);
    }
    release_later(entry);
    update_row(*entry);
    if (entry->being_kept == 0) {
        arrive(entry);
    }
}

void RunController::arrive(const EntryPtr& entry) {
    entry->has_arrived = true;
    history_.prune(host_.history_limits(), {});
    const Indices pending = pending_images(*entry);
    update_row(*entry);
    if (pending.empty()) {
        thumbnails_.make_due(entry);
        entry->row->set_outcome(outcome_of(*entry), false);
        messages_.show(entry);
        return;
    }
    entry->row->set_outcome(ready(pending.size()), entry->message.text.empty());
    messages_.show(entry);
    inserter_.insert_if_expected(entry);
    if (!entry->is_being_inserted) {
        thumbnails_.make_due(entry);
    }
}

RunRowCallbacks RunController::row_callbacks(const EntryPtr& entry) {
    const std::weak_ptr<RunEntry> weak = entry;
    const auto with_entry = [weak](const std::function<void(const EntryPtr&)>& work) {
        if (const EntryPtr alive = weak.lock()) {
            work(alive);
        }
    };
    RunRowCallbacks callbacks;
    callbacks.can_reuse = host_.can_reuse();
    callbacks.cancel = [with_entry] {
        with_entry([](const EntryPtr& alive) {
            if (is_under_way(*alive)) {
                alive->run->cancel();
            }
        });
    };
    callbacks.insert = [this, with_entry] {
        with_entry([this](const EntryPtr& alive) {
            notices_.clear(Topic::recovered);
            inserter_.insert_pending(alive);
        });
    };
    callbacks.selected = [this, with_entry] { with_entry([this](const EntryPtr& alive) { runs_.unselect_all_but(*alive); }); };
    callbacks.perform = [this, with_entry](ImageCommand command, std::size_t index) {
        with_entry([&](const EntryPtr& alive) { actions_.perform(alive, command, index); });
    };
    callbacks.needs_picture = [this, with_entry](std::size_t index) {
        with_entry([&](const EntryPtr& alive) { thumbnails_.load(alive, index); });
    };
    return callbacks;
}

void RunController::show_balance(const Run& run) {
    double lowest = -1.0;
    for (const RunImage& image : run.images()) {
        if (image.balance_usd >= 0.0 && (lowest < 0.0 || image.balance_usd < lowest)) {
            lowest = image.balance_usd;
        }
    }
    if (lowest >= 0.0) {
        host_.show_balance(lowest);
    }
}

}  // namespace venice_gimp
