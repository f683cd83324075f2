// SPDX-License-Identifier: MIT
#include "ui/run_controller.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "generation/layer_name.hpp"
#include "generation/seeds.hpp"
#include "i18n.hpp"
#include "store/record_run.hpp"
#include "ui/account_page.hpp"
#include "ui/details_window.hpp"
#include "ui/mnemonics.hpp"
#include "ui/orders_again.hpp"
#include "ui/picture_viewer.hpp"
#include "ui/text_format.hpp"

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

bool is_interrupted(const ImageRecord& image) { return image.state == RecordState::interrupted && image.open; }

std::string ready(std::size_t count) { return format(P_("%d ready", "%d ready", count), static_cast<int>(count)); }

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

void copy_text(GtkWidget* widget, const std::string& text) {
    gtk_clipboard_set_text(gtk_widget_get_clipboard(widget, GDK_SELECTION_CLIPBOARD), text.c_str(), -1);
}

GtkWindow* window_of(GtkWidget* widget) { return GTK_WINDOW(gtk_widget_get_toplevel(widget)); }

}  // namespace

RunController::RunController(GtkBox* place, ImageHost& images, Session& session, const std::shared_ptr<StoreThread>& thread, NoticeArea& notices,
                             ResultsHost& host)
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
      inserter_(place_, images, host, run_notices_, loader_, keeper_),
      messages_(host, notices, run_notices_, inserter_) {
    gtk_box_pack_start(place, get_widget(builder_.get(), "results_panel"), TRUE, TRUE, 0);
    load_history();
}

// --- a run's way

void RunController::start(Order order) {
    notices_.clear(Topic::run);
    auto entry = std::make_shared<RunEntry>();
    entry->is_of_this_session = true;
    const std::weak_ptr<RunEntry> weak = entry;
    RunCallbacks callbacks;
    callbacks.image_changed = [this, weak](Run& run, std::size_t index) {
        if (const EntryPtr alive = weak.lock()) {
            image_changed(alive, run.images()[index], index);
        }
    };
    callbacks.ended = [this, weak](Run& run) {
        if (const EntryPtr alive = weak.lock()) {
            run_ended(alive, run);
        }
    };
    try {
        entry->run = session_.prepare(order.settings, std::move(callbacks));
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
        inserter_.write_early(entry, image, index);
    }
    // How many bytes there are is told by the clock of the list, not each time that some come.
    if (std::exchange(entry->images[index].shown_state, image.state) != image.state) {
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
        thumbnails_.make(entry, index);
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
        entry->row->set_outcome(outcome_of(*entry), false);
        messages_.show(entry);
        return;
    }
    entry->row->set_outcome(ready(pending.size()), entry->message.text.empty());
    messages_.show(entry);
    inserter_.insert_if_expected(entry);
}

// --- into GIMP

// --- tiles

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
        with_entry([&](const EntryPtr& alive) { perform(alive, command, index); });
    };
    callbacks.needs_picture = [this, with_entry](std::size_t index) {
        with_entry([&](const EntryPtr& alive) { thumbnails_.load(alive, index); });
    };
    return callbacks;
}

void RunController::perform(const EntryPtr& entry, ImageCommand command, std::size_t index) {
    const ImageRecord& image = entry->record.images[index];
    Settings again = entry->record.settings;
    again.variants = 1;
    again.seed = image.seed;
    switch (command) {
        case ImageCommand::cancel:
            if (is_under_way(*entry)) {
                entry->run->cancel_image(index);
            }
            break;
        case ImageCommand::insert:
        case ImageCommand::insert_again: {
            if (!has_picture(image) || is_under_way(*entry)) {
                break;
            }
            if (entry->is_of_this_session && (entry->order.target.image_id == 0 || images_.is_open(entry->order.target.image_id))) {
                inserter_.insert(entry, {index}, entry->order.target, entry->order.options);
            } else {
                const ChosenImage chosen = host_.chosen_image();
                inserter_.insert(entry, {index}, chosen.target, chosen.options);
            }
            break;
        }
        case ImageCommand::keep_only:
            keep_only(entry, index);
            break;
        case ImageCommand::enlarge:
            enlarge(entry, index);
            break;
        case ImageCommand::show_alone:
            show_alone(entry, index);
            break;
        case ImageCommand::more_like_this:
            again.seed = random_seed();
            host_.generate_again(again);
            break;
        case ImageCommand::reuse_look:
            host_.reuse_look(again);
            break;
        case ImageCommand::reuse_all:
            host_.reuse_all(again);
            break;
        case ImageCommand::copy_prompt:
            copy_text(place_, entry->record.settings.prompt);
            break;
        case ImageCommand::copy_seed:
            copy_text(place_, std::to_string(image.seed));
            break;
        case ImageCommand::save:
            save(entry, index);
            break;
        case ImageCommand::details:
            show_details_window(window_of(place_), entry->record, index);
            break;
        case ImageCommand::discard:
            discard(entry, index);
            break;
    }
}

void RunController::keep_only(const EntryPtr& entry, std::size_t index) {
    const Indices pending = pending_images(*entry);
    const bool waits = std::find(pending.begin(), pending.end(), index) != pending.end();
    if (waits) {  // the others need not be inserted any more; they stay in the strip
        Indices others;
        std::copy_if(pending.begin(), pending.end(), std::back_inserter(others), [index](std::size_t other) { return other != index; });
        for (const std::size_t other : others) {
            entry->record.images[other].open = false;
        }
        keeper_.settle(*entry, others);
        inserter_.insert(entry, {index}, entry->is_of_this_session ? entry->order.target : host_.chosen_image().target, entry->order.options);
        return;
    }
    std::vector<gint32> layers;
    for (const EntryImage& image : entry->images) {
        layers.push_back(image.layer_id);
    }
    if (images_.keep_only(layers, entry->images[index].layer_id)) {
        for (std::size_t other = 0; other < entry->images.size(); ++other) {
            entry->images[other].layer_id = other == index ? entry->images[other].layer_id : 0;
        }
        entry->row->set_outcome(format(_("Kept image %d"), static_cast<int>(index) + 1), true);
        update_row(*entry);
    } else {
        run_notices_.show_lost_layer(entry);
    }
}

void RunController::show_alone(const EntryPtr& entry, std::size_t index) {
    std::vector<gint32> layers;
    for (const EntryImage& image : entry->images) {
        layers.push_back(image.layer_id);
    }
    if (!images_.show_alone(layers, entry->images[index].layer_id)) {
        run_notices_.show_lost_layer(entry);
    }
}

void RunController::enlarge(const EntryPtr& entry, std::size_t index) {
    if (!has_picture(entry->record.images[index])) {
        return;
    }
    loader_.with_screen_picture(
        entry, index, largest_side_on_screen(place_),
        [this, entry, index](ScreenPicture picture) {
            show_picture_window(window_of(place_), layer_name(entry->record.settings.prompt, entry->record.images[index].seed), std::move(picture));
        },
        [this, entry](const std::string& reason) { run_notices_.show_unreadable(entry, reason); });
}

void RunController::save(const EntryPtr& entry, std::size_t index) {
    const auto& headers = entry->record.images[index].response_headers;
    const auto type = headers.find("content-type");
    const std::string extension = type != headers.end() && type->second == "image/jpeg" ? ".jpg"
                                  : type != headers.end() && type->second == "image/webp" ? ".webp"
                                                                                           : ".png";
    save_chooser_.ask(window_of(place_), _("Save Image"), file_name(entry->record.settings.prompt, entry->record.images[index].seed, extension),
                      [this, entry, index](const std::string& path) { save_as(entry, index, path); });
}

void RunController::save_as(const EntryPtr& entry, std::size_t index, const std::string& path) {
    const auto failed = [this, entry, index](const std::string& reason) {
        run_notices_.show(entry, {_("The image could not be saved."), reason, {{_("_Save Elsewhere…"), [this, entry, index] { save(entry, index); }}}});
    };
    loader_.with_file(
        entry, index,
        [this, path, failed, watcher = lifetime_.watcher()](const FileBytes& file) {
            auto reason = std::make_shared<std::string>();
            session_.in_background(
                [file, path, reason] {
                    GError* raw_error = nullptr;
                    if (g_file_set_contents(path.c_str(), reinterpret_cast<const char*>(file.get().data()), static_cast<gssize>(file.get().size()), &raw_error) == FALSE) {
                        const GErrorPtr error(raw_error);
                        *reason = error->message;
                    }
                },
                [reason, failed, watcher](const std::exception_ptr&) {
                    if (!watcher.expired() && !reason->empty()) {
                        failed(*reason);
                    }
                });
        },
        failed);
}

// It can be taken back for as long as the notice is there; only then is the file gone.
void RunController::discard(const EntryPtr& entry, std::size_t index) {
    ImageRecord& image = entry->record.images[index];
    if (is_under_way(*entry) || image.state == RecordState::discarded) {
        return;
    }
    const ImageRecord before = image;
    const auto taken_back = std::make_shared<bool>(false);
    image.state = RecordState::discarded;
    image.open = false;
    update_row(*entry);
    Notice notice{_("Image discarded."), "", {{_("_Undo"), [this, entry, index, before, taken_back] {
                      *taken_back = true;
                      entry->record.images[index] = before;
                      notices_.clear(Topic::run);
                      update_row(*entry);
                  }}}};
    notice.is_problem = false;
    notice.gone = [this, entry, index, taken_back] {
        if (!*taken_back) {
            keeper_.discard(*entry, {index});
        }
    };
    notices_.show(Topic::run, std::move(notice));
}

// --- earlier sessions

void RunController::load_history() {
    spool_.adopt([this, watcher = lifetime_.watcher()](const Stored<std::vector<RunRecord>>& answer) {
        if (watcher.expired()) {
            return;
        }
        const auto* adopted = std::get_if<std::vector<RunRecord>>(&answer);
        const std::vector<RunRecord> left = adopted != nullptr ? *adopted : std::vector<RunRecord>{};
        history_.prune(host_.history_limits(), {});  // first: what is shown can be used
        history_.list([this, watcher, left](const Stored<std::vector<RunRecord>>& list) {
            if (watcher.expired()) {
                return;
            }
            if (const auto* runs = std::get_if<std::vector<RunRecord>>(&list)) {
                runs_.add_earlier(*runs);
            } else {
                keeper_.tell(std::get<StoreFailure>(list));
            }
            offer_recovered(left);
            offer_interrupted(left);
        });
    });
}

template <typename Work>
void RunController::for_each_open(const std::vector<std::string>& run_ids, Work work) {
    for (const std::string& id : run_ids) {
        if (const EntryPtr entry = runs_.find(id)) {
            work(entry);
        }
    }
}

void RunController::offer_recovered(const std::vector<RunRecord>& runs) {
    std::size_t count = 0;
    std::vector<std::string> ids;
    for (const RunRecord& run : runs) {
        const auto open = static_cast<std::size_t>(std::count_if(run.images.begin(), run.images.end(), is_pending));
        count += open;
        if (open > 0) {
            ids.push_back(run.id);
        }
    }
    if (count == 0) {
        return;
    }
    const auto insert_all = [this, ids] {
        notices_.clear(Topic::recovered);
        const ChosenImage chosen = host_.chosen_image();
        for_each_open(ids, [&](const EntryPtr& entry) {
            InsertOptions options = chosen.options;
            options.group_name = entry->record.settings.prompt;
            entry->order.image_name = chosen.name;
            inserter_.insert(entry, pending_images(*entry), chosen.target, options);
        });
    };
    const auto open_all = [this, ids] {
        notices_.clear(Topic::recovered);
        for_each_open(ids, [this](const EntryPtr& entry) { inserter_.open_as_new_image(entry, pending_images(*entry)); });
    };
    const auto discard_all = [this, ids] {
        notices_.clear(Topic::recovered);
        for_each_open(ids, [this](const EntryPtr& entry) {
            const Indices pending = pending_images(*entry);
            keeper_.discard(*entry, pending);
            for (const std::size_t index : pending) {
                entry->record.images[index].state = RecordState::discarded;
                entry->record.images[index].open = false;
            }
            update_row(*entry);
        });
    };
    const auto ask = [this, count, discard_all, runs] {
        Notice question{format(P_("%d paid image will be deleted for good.", "%d paid images will be deleted for good.", count), static_cast<int>(count)),
                        "",
                        {{_("_Delete"), discard_all}, {_("_Keep"), [this, runs] { offer_recovered(runs); }}}};
        question.can_be_dismissed = false;
        notices_.show(Topic::recovered, std::move(question));
    };
    const Message message = recovered_message(count);
    Notice notice{message.text, "", {{_("_Insert"), insert_all}, {_("Open as Ne_w Image"), open_all}, {_("_Discard…"), ask}}};
    notice.is_problem = false;
    notices_.show(Topic::recovered, std::move(notice));
}

void RunController::offer_interrupted(const std::vector<RunRecord>& runs) {
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

void RunController::clear_history() {
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

// --- messages

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
