// SPDX-License-Identifier: MIT
#include "ui/run_inserter.hpp"

#include <cmath>
#include <utility>

#include "generation/layer_name.hpp"
#include "i18n.hpp"
#include "ui/run_row.hpp"

namespace venice_gimp {

namespace {

std::string layers_added(std::size_t count) {
    return format(P_("%d layer added", "%d layers added", count), static_cast<int>(count));
}

std::string in_a_new_image(std::size_t count) {
    return format(P_("%d layer in a new image", "%d layers in a new image", count), static_cast<int>(count));
}

}  // namespace

RunInserter::RunInserter(GtkWidget* place, ImageHost& images, ResultsHost& host, RunNotices& notices, PictureLoader& loader,
                         RunKeeper& keeper, std::function<void(const EntryPtr&)> ended)
    : place_(place), images_(images), host_(host), notices_(notices), loader_(loader), keeper_(keeper), ended_(std::move(ended)) {}

// A new layer halts a transform or filter that waits in GIMP, and takes the active layer: only who looks at this window expects one.
bool RunInserter::can_insert_at_once() const {
    return !host_.review_before_inserting() && gtk_window_is_active(GTK_WINDOW(gtk_widget_get_toplevel(place_))) != FALSE;
}

// Nothing of it shows, and the image does not change, before its bytes are on disk.
void RunInserter::write_early(const EntryPtr& entry, const RunImage& image, std::size_t index) {
    const Target& target = entry->order.target;
    if (target.image_id == 0 || !can_insert_at_once()) {
        return;
    }
    if (std::shared_ptr<EarlyLayer>& early = entry->images[index].early; !early) {
        early = images_.begin_early(target, entry->order.options.placement, image.rows, name_of_layer(*entry, index));
    }
    images_.write_early();
}

void RunInserter::insert_if_expected(const EntryPtr& entry) {
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

void RunInserter::insert_pending(const EntryPtr& entry) {
    const Indices pending = pending_images(*entry);
    if (entry->is_of_this_session) {
        insert(entry, pending, entry->order.target, entry->order.options);
    } else {
        offer_images_for(entry, pending);
    }
}

void RunInserter::insert(const EntryPtr& entry, const Indices& indices, const Target& target, const InsertOptions& options) {
    if (indices.empty() || entry->is_being_inserted) {
        return;  // a second press would make everything twice
    }
    entry->is_being_inserted = true;
    loader_.with_pixels(
        entry, indices, [this, entry, indices, target, options] { insert_into(entry, indices, target, options); },
        [this, entry](const std::string& reason) {
            entry->is_being_inserted = false;
            notices_.show_unreadable(entry, reason);
            ended_(entry);
        });
}

void RunInserter::insert_into(const EntryPtr& entry, const Indices& indices, const Target& target, const InsertOptions& options) {
    if (target.image_id == 0) {
        entry->is_being_inserted = false;
        open_as_new_image(entry, indices);
        ended_(entry);
        return;
    }
    InsertOptions named = options;
    if (!host_.keep_settings_on_layers()) {
        named.group_name = entry->record.model_name;
    }
    images_.insert(target, layers_of(*entry, indices), named,
                   [this, watcher = lifetime_.watcher(), entry, indices,
                    replaces = !options.replaced_layer_ids.empty()](const InsertOutcome& outcome) {
                       if (!watcher.expired()) {
                           insertion_ended(entry, indices, outcome, replaces);
                           ended_(entry);
                       }
                   });
}

void RunInserter::insertion_ended(const EntryPtr& entry, const Indices& indices, const InsertOutcome& outcome, bool replaces) {
    entry->is_being_inserted = false;
    if (outcome.obstacle == Obstacle::floating_selection && replaces) {
        notices_.show(entry, {outcome.problem, "", {fit_remedy(entry)}});  // the layers that it is about stand as they were
        return;
    }
    if (outcome.obstacle != Obstacle::none) {
        not_inserted(entry, indices, outcome);
        return;
    }
    inserted(entry, indices, outcome.layer_ids, layers_added(outcome.layer_ids.size()));
    if (!outcome.notice.empty()) {
        notices_.show_hint(outcome.notice);
    } else if (entry->message.text.empty() && !replaces) {
        if (std::optional<Notice> notice = size_notice(entry)) {
            notices_.show(entry, std::move(*notice));
        }
    }
}

void RunInserter::inserted(const EntryPtr& entry, const Indices& indices, const std::vector<gint32>& layer_ids,
                           const std::string& outcome) {
    std::vector<Pixels> not_needed;  // the disk has them, and GIMP
    for (std::size_t i = 0; i < indices.size(); ++i) {
        entry->images[indices[i]].layer_id = i < layer_ids.size() ? layer_ids[i] : 0;
        not_needed.push_back(std::move(entry->images[indices[i]].pixels));
        entry->images[indices[i]].early.reset();
        entry->record.images[indices[i]].open = false;
    }
    loader_.give_back(std::move(not_needed));
    keeper_.settle(*entry, indices);
    if (entry->row) {
        const bool is_well = entry->message.text.empty() && indices_of(*entry, has_picture).size() == entry->record.images.size();
        entry->row->set_outcome(outcome, is_well);
    }
    update_row(*entry);
}

void RunInserter::not_inserted(const EntryPtr& entry, const Indices& indices, const InsertOutcome& outcome) {
    Message message{outcome.problem.empty() ? _("The layers could not be inserted.") : outcome.problem, "", {Help::open_as_new_image}};
    if (outcome.obstacle == Obstacle::image_closed) {
        message = image_closed_message(entry->order.image_name, indices.size());
    } else if (outcome.obstacle == Obstacle::floating_selection) {
        message = floating_selection_message();
    }
    if (entry->row) {
        entry->row->set_outcome(_("Not inserted"), false);
    }
    notices_.show(entry, {message.text, message.detail, remedies(entry, message)});
    update_row(*entry);
}

std::vector<Remedy> RunInserter::remedies(const EntryPtr& entry, const Message& message) {
    std::vector<Remedy> list;
    list.reserve(message.helps.size());
    for (const Help help : message.helps) {
        list.push_back(help == Help::insert_now    ? insert_remedy(entry)
                       : help == Help::insert_into ? insert_into_remedy(entry)
                                                   : open_as_new_image_remedy(entry));
    }
    return list;
}

Remedy RunInserter::insert_remedy(const EntryPtr& entry) {
    return {_("_Insert"), notices_.that_settles(entry, [this](const EntryPtr& alive) { insert_pending(alive); })};
}

Remedy RunInserter::insert_into_remedy(const EntryPtr& entry) {
    return {_("Insert _Into…"), [this, weak = std::weak_ptr(entry)] {
                if (const EntryPtr alive = weak.lock()) {
                    offer_images_for(alive, pending_images(*alive));
                }
            }};
}

Remedy RunInserter::open_as_new_image_remedy(const EntryPtr& entry) {
    return {_("Open as Ne_w Image"),
            notices_.that_settles(entry, [this](const EntryPtr& alive) { open_as_new_image(alive, pending_images(*alive)); })};
}

void RunInserter::open_as_new_image(const EntryPtr& entry, const Indices& indices) {
    loader_.with_pixels(
        entry, indices,
        [this, entry, indices] {
            try {
                const std::vector<gint32> layers = images_.open_as_new_image(layers_of(*entry, indices));
                inserted(entry, indices, layers, in_a_new_image(layers.size()));
            } catch (const InsertError& error) {
                notices_.show(entry, {error.what(), "", {open_as_new_image_remedy(entry)}});
            }
        },
        [this, entry](const std::string& reason) { notices_.show_unreadable(entry, reason); });
}

std::vector<NewLayer> RunInserter::layers_of(const RunEntry& entry, const Indices& indices) const {
    const bool is_told = host_.keep_settings_on_layers();
    std::vector<NewLayer> layers;
    for (const std::size_t index : indices) {
        const EntryImage& image = entry.images[index];
        layers.push_back({image.pixels, name_of_layer(entry, index), is_told ? entry.record.images[index].request_json : "", image.early});
    }
    return layers;
}

std::string RunInserter::name_of_layer(const RunEntry& entry, std::size_t index) const {
    const std::string& subject = host_.keep_settings_on_layers() ? entry.record.settings.prompt : entry.record.model_name;
    return layer_name(subject, entry.record.images[index].seed);
}

// Which of the open images, as a menu.
void RunInserter::offer_images_for(const EntryPtr& entry, const Indices& indices) {
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
            notices_.clear();
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
std::optional<Notice> RunInserter::size_notice(const EntryPtr& entry) {
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

Remedy RunInserter::fit_remedy(const EntryPtr& entry) {
    return {_("_Fit Inside"), [this, weak = std::weak_ptr(entry)] {
                if (const EntryPtr alive = weak.lock()) {
                    fit_inside(alive);
                }
            }};
}

// All layers of the run that lie too large are replaced, in one undo step.
void RunInserter::fit_inside(const EntryPtr& entry) {
    notices_.clear();
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

}  // namespace venice_gimp
