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

bool is_failed(const ImageRecord& image) { return image.state == RecordState::failed; }
bool is_blurred(const ImageRecord& image) { return image.state == RecordState::blurred; }
bool is_interrupted(const ImageRecord& image) { return image.state == RecordState::interrupted && image.open; }

std::string layers_added(std::size_t count) { return format(P_("%d layer added", "%d layers added", count), static_cast<int>(count)); }

std::string in_a_new_image(std::size_t count) {
    return format(P_("%d layer in a new image", "%d layers in a new image", count), static_cast<int>(count));
}

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

// A word of the server's text that is the id of a model it knows, other than `id`.
std::string other_model_in(const std::string& text, const std::string& id, ResultsHost& host) {
    constexpr const char* id_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
    std::size_t begin = text.find_first_of(id_characters);
    while (begin != std::string::npos) {
        const std::size_t end = std::min(text.find_first_not_of(id_characters, begin), text.size());
        std::string word = text.substr(begin, end - begin);
        while (!word.empty() && word.back() == '.') {
            word.pop_back();
        }
        if (!word.empty() && word != id && host.model_name(word) != word) {
            return word;
        }
        begin = text.find_first_of(id_characters, end);
    }
    return {};
}

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
      thumbnails_(session, history_, loader_) {
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
        write_early(entry, image, index);
    }
    // How many bytes there are is told by the clock of the list, not each time that some come.
    if (std::exchange(entry->images[index].shown_state, image.state) != image.state) {
        update_row(*entry);
    }
}

// Nothing of it shows, and the image does not change, before its bytes are on disk.
void RunController::write_early(const EntryPtr& entry, const RunImage& image, std::size_t index) {
    const Target& target = entry->order.target;
    if (target.image_id == 0 || !can_insert_at_once()) {
        return;
    }
    if (std::shared_ptr<EarlyLayer>& early = entry->images[index].early; !early) {
        early = images_.begin_early(target, entry->order.options.placement, image.rows, name_of_layer(*entry, index));
    }
    images_.write_early();
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
    entry->message = message_of(run);
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
        show_message(entry);
        return;
    }
    entry->row->set_outcome(ready(pending.size()), entry->message.text.empty());
    show_message(entry);
    const gint32 image_id = entry->order.target.image_id;
    const bool is_image_gone = entry->is_of_this_session && image_id != 0 && !images_.is_open(image_id);
    if (can_insert_at_once() || is_image_gone) {  // nobody is disturbed in an image that is gone: better to say so at once
        insert_pending(entry);
        return;
    }
    for (EntryImage& image : entry->images) {
        image.early.reset();  // who knows when, and GIMP has the memory for it
    }
}

// --- into GIMP

// A new layer halts a transform or filter that waits in GIMP, and takes the active layer: only who looks at this window expects one.
bool RunController::can_insert_at_once() const {
    return !host_.review_before_inserting() && gtk_window_is_active(window_of(place_)) != FALSE;
}

void RunController::insert_pending(const EntryPtr& entry) {
    const Indices pending = pending_images(*entry);
    if (entry->is_of_this_session) {
        insert(entry, pending, entry->order.target, entry->order.options);
    } else {
        offer_images_for(entry, pending);
    }
}

void RunController::insert(const EntryPtr& entry, const Indices& indices, const Target& target, const InsertOptions& options) {
    if (indices.empty() || entry->is_being_inserted) {
        return;  // a second press would make everything twice
    }
    entry->is_being_inserted = true;
    loader_.with_pixels(
        entry, indices, [this, entry, indices, target, options] { insert_into(entry, indices, target, options); },
        [this, entry](const std::string& reason) {
            entry->is_being_inserted = false;
            run_notices_.show_unreadable(entry, reason);
        });
}

void RunController::insert_into(const EntryPtr& entry, const Indices& indices, const Target& target, const InsertOptions& options) {
    if (target.image_id == 0) {
        entry->is_being_inserted = false;
        open_as_new_image(entry, indices);
        return;
    }
    InsertOptions named = options;
    if (!host_.keep_settings_on_layers()) {
        named.group_name = entry->record.model_name;
    }
    images_.insert(target, layers_of(*entry, indices), named,
                   [this, watcher = lifetime_.watcher(), entry, indices, replaces = !options.replaced_layer_ids.empty()](const InsertOutcome& outcome) {
                       if (watcher.expired()) {
                           return;
                       }
                       entry->is_being_inserted = false;
                       if (outcome.obstacle == Obstacle::floating_selection && replaces) {
                           run_notices_.show(entry, {outcome.problem, "", {fit_remedy(entry)}});  // the layers that it is about stand as they were
                           return;
                       }
                       if (outcome.obstacle != Obstacle::none) {
                           not_inserted(entry, indices, outcome);
                           return;
                       }
                       inserted(entry, indices, outcome.layer_ids, layers_added(outcome.layer_ids.size()));
                       if (!outcome.notice.empty()) {
                           Notice notice{outcome.notice, "", {}};
                           notice.is_problem = false;
                           notices_.show(Topic::hint, std::move(notice));
                       } else if (entry->message.text.empty() && !replaces) {
                           if (std::optional<Notice> notice = size_notice(entry)) {
                               run_notices_.show(entry, std::move(*notice));
                           }
                       }
                   });
}

void RunController::open_as_new_image(const EntryPtr& entry, const Indices& indices) {
    loader_.with_pixels(
        entry, indices,
        [this, entry, indices] {
            try {
                const std::vector<gint32> layers = images_.open_as_new_image(layers_of(*entry, indices));
                inserted(entry, indices, layers, in_a_new_image(layers.size()));
            } catch (const InsertError& error) {
                run_notices_.show(entry, {error.what(), "", {remedy(entry, Help::open_as_new_image)}});
            }
        },
        [this, entry](const std::string& reason) { run_notices_.show_unreadable(entry, reason); });
}

std::vector<NewLayer> RunController::layers_of(const RunEntry& entry, const Indices& indices) const {
    const bool is_told = host_.keep_settings_on_layers();
    std::vector<NewLayer> layers;
    for (const std::size_t index : indices) {
        const EntryImage& image = entry.images[index];
        layers.push_back({image.pixels, name_of_layer(entry, index), is_told ? entry.record.images[index].request_json : "", image.early});
    }
    return layers;
}

std::string RunController::name_of_layer(const RunEntry& entry, std::size_t index) const {
    const std::string& subject = host_.keep_settings_on_layers() ? entry.record.settings.prompt : entry.record.model_name;
    return layer_name(subject, entry.record.images[index].seed);
}

void RunController::inserted(const EntryPtr& entry, const Indices& indices, const std::vector<gint32>& layer_ids, const std::string& outcome) {
    std::vector<Pixels> not_needed;  // the disk has them, and GIMP
    for (std::size_t i = 0; i < indices.size(); ++i) {
        entry->images[indices[i]].layer_id = i < layer_ids.size() ? layer_ids[i] : 0;
        not_needed.push_back(std::move(entry->images[indices[i]].pixels));
        entry->images[indices[i]].early.reset();
        entry->record.images[indices[i]].open = false;
    }
    session_.in_background([not_needed = std::move(not_needed)] {}, [](const std::exception_ptr&) {});  // giving back so much memory takes its time, too
    keeper_.settle(*entry, indices);
    if (entry->row) {
        const bool is_well = entry->message.text.empty() && indices_of(*entry, has_picture).size() == entry->record.images.size();
        entry->row->set_outcome(outcome, is_well);
    }
    update_row(*entry);
}

void RunController::not_inserted(const EntryPtr& entry, const Indices& indices, const InsertOutcome& outcome) {
    Message message{outcome.problem.empty() ? _("The layers could not be inserted.") : outcome.problem, "", {Help::open_as_new_image}};
    if (outcome.obstacle == Obstacle::image_closed) {
        message = image_closed_message(entry->order.image_name, indices.size());
    } else if (outcome.obstacle == Obstacle::floating_selection) {
        message = floating_selection_message();
    }
    if (entry->row) {
        entry->row->set_outcome(_("Not inserted"), false);
    }
    run_notices_.show(entry, {message.text, message.detail, remedies(entry, message)});
    update_row(*entry);
}

// Which of the open images, as a menu.
void RunController::offer_images_for(const EntryPtr& entry, const Indices& indices) {
    GtkWidget* menu = gtk_menu_new();
    const auto add = [menu](const std::string& label, Action action) {
        GtkWidget* item = gtk_menu_item_new_with_label(label.c_str());
        connect(item, "activate", std::move(action));
        gtk_menu_shell_append(GTK_MENU_SHELL(menu), item);
    };
    for (const OpenImage& image : images_.open_images()) {
        add(image.name, [this, entry, indices, image] {
            entry->order.target = images_.freeze_target(image.id);
            entry->order.image_name = image.name;
            entry->order.options.group_name = entry->record.settings.prompt;
            notices_.clear(Topic::run);
            insert(entry, indices, entry->order.target, entry->order.options);
        });
    }
    add(_("New Image"), [this, entry, indices] { open_as_new_image(entry, indices); });
    gtk_menu_attach_to_widget(GTK_MENU(menu), place_, nullptr);  // goes with it
    gtk_widget_show_all(menu);
    const std::unique_ptr<GdkEvent, void (*)(GdkEvent*)> event(gtk_get_current_event(), gdk_event_free);
    if (event && event->type == GDK_BUTTON_RELEASE) {
        gtk_menu_popup_at_pointer(GTK_MENU(menu), event.get());
    } else {  // by a key, or by assistive technology: the pointer may be anywhere
        gtk_menu_popup_at_widget(GTK_MENU(menu), place_, GDK_GRAVITY_NORTH_WEST, GDK_GRAVITY_NORTH_WEST, event.get());
    }
}

// What came is not what was asked for, and much of it lies beside the target.
std::optional<Notice> RunController::size_notice(const EntryPtr& entry) {
    const Settings& wanted = entry->record.settings;
    if (!wanted.width || !wanted.height || entry->order.target.image_id == 0) {
        return std::nullopt;
    }
    const auto& [width, height] = entry->picture_size;
    if (width == 0 || (*wanted.width == width && *wanted.height == height)) {
        return std::nullopt;
    }
    const Rectangle placed = place_picture(entry->order.target.bounds, {width, height}, entry->order.options.placement);
    const int percent = static_cast<int>(std::lround(share_outside(placed, entry->order.target.bounds) * 100.0));
    Notice notice{format(_("Requested %d × %d, received %d × %d. %d %% lies outside the target."), static_cast<int>(*wanted.width),
                         static_cast<int>(*wanted.height), width, height, percent),
                  "",
                  {}};
    if (percent > 0) {
        notice.remedies.push_back(fit_remedy(entry));
    }
    return notice;
}

Remedy RunController::fit_remedy(const EntryPtr& entry) {
    return {_("_Fit Inside"), [this, weak = std::weak_ptr(entry)] {
                if (const EntryPtr alive = weak.lock()) {
                    fit_inside(alive);
                }
            }};
}

// All layers of the run that lie too large are replaced, in one undo step.
void RunController::fit_inside(const EntryPtr& entry) {
    notices_.clear(Topic::run);
    entry->order.options.placement = Placement::fit;
    InsertOptions options = entry->order.options;
    Indices indices;
    for (const std::size_t index : indices_of(*entry, has_picture)) {
        if (const gint32 layer_id = entry->images[index].layer_id; layer_id != 0) {
            indices.push_back(index);
            options.replaced_layer_ids.push_back(layer_id);
        }
    }
    insert(entry, indices, entry->order.target, options);
}

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
            insert_pending(alive);
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
                insert(entry, {index}, entry->order.target, entry->order.options);
            } else {
                const ChosenImage chosen = host_.chosen_image();
                insert(entry, {index}, chosen.target, chosen.options);
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
        insert(entry, {index}, entry->is_of_this_session ? entry->order.target : host_.chosen_image().target, entry->order.options);
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
            insert(entry, pending_images(*entry), chosen.target, options);
        });
    };
    const auto open_all = [this, ids] {
        notices_.clear(Topic::recovered);
        for_each_open(ids, [this](const EntryPtr& entry) { open_as_new_image(entry, pending_images(*entry)); });
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

Message RunController::message_of(const Run& run) {
    const std::string name = host_.model_name(run.settings().model);
    for (const RunImage& image : run.images()) {
        const bool is_unknown = image.state == ImageState::failed && image.failure.status == VENICE_ERROR_NOT_FOUND;
        const std::string other =
            is_unknown ? other_model_in(image.failure.server_message, run.settings().model, host_) : image.deprecation_replacement;
        if (other.empty()) {
            continue;
        }
        Settings one = run.settings();
        one.variants = 1;
        const std::optional<double> old_price = host_.price(one);
        one.model = other;
        replacement_id_ = other;
        if (is_unknown) {
            return retired_message(name, {other, host_.model_name(other), host_.price(one), old_price});
        }
    }
    return message_for(run, name);
}

void RunController::show_message(const EntryPtr& entry) {
    if (entry->message.text.empty()) {
        return;
    }
    if (!indices_of(*entry, is_failed).empty()) {
        entry->again = orders_for(entry->record, is_failed);
    } else {
        entry->again = without_safe_mode(orders_for(entry->record, is_blurred));
    }
    run_notices_.show(entry, {entry->message.text, entry->message.detail, remedies(entry, entry->message)});
}

std::vector<Remedy> RunController::remedies(const EntryPtr& entry, const Message& message) {
    std::vector<Remedy> list;
    list.reserve(message.helps.size());
    for (const Help help : message.helps) {
        list.push_back(remedy(entry, help));
    }
    return list;
}

Remedy RunController::remedy(const EntryPtr& entry, Help help) {
    const std::weak_ptr<RunEntry> weak = entry;
    const auto done_with = [this, &entry](const std::function<void(const EntryPtr&)>& work) { return run_notices_.that_settles(entry, work); };
    const auto make_again = done_with([this](const EntryPtr& alive) { generate_all(alive->again, host_); });
    switch (help) {
        case Help::change_key: {
            Remedy save;
            if (!entry->again.empty()) {
                save = {with_price(_("Sa_ve and Try Again"), entry->again, host_), make_again};
            }
            return {_("_Change Key…"), [this, save] { host_.ask_for_key(save); }};
        }
        case Help::add_credit:
            return {_("Add Cr_edit…"), [this] { open_account_page(notices_); }};
        case Help::check_again:
            return {_("Check A_gain"), [this] { host_.check_balance(); }};
        case Help::check_balance:
            return {_("Check _Balance"), [this] { host_.check_balance(); }};
        case Help::choose_model:
            return {_("Ch_oose Model…"), [this] {
                        notices_.clear(Topic::run);  // its buttons stay with the run, for who thinks better of it
                        host_.choose_model();
                    }};
        case Help::use_replacement:
            return {format(_("_Use %s"), escape_underscores(host_.model_name(replacement_id_)).c_str()), done_with([this, id = replacement_id_](const EntryPtr&) { host_.use_model(id); })};
        case Help::edit_prompt:
            return {_("Edit P_rompt"), [this] { host_.edit_prompt(); }};
        case Help::generate_again:
            return {with_price(_("Generate Aga_in"), entry->again, host_), make_again};
        case Help::without_safe_mode:
            return {with_price(_("Generate Wit_hout Safe Mode"), entry->again, host_), make_again};
        case Help::insert_now:
            return {_("_Insert"), done_with([this](const EntryPtr& alive) { insert_pending(alive); })};
        case Help::insert_into:
            return {_("Insert _Into…"), [this, weak] {
                        if (const EntryPtr alive = weak.lock()) {
                            offer_images_for(alive, pending_images(*alive));
                        }
                    }};
        case Help::open_as_new_image:
            return {_("Open as Ne_w Image"), done_with([this](const EntryPtr& alive) { open_as_new_image(alive, pending_images(*alive)); })};
        case Help::try_again:
        default:
            return {_("_Try Again"), make_again};
    }
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
