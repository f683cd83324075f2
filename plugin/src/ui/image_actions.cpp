// SPDX-License-Identifier: MIT
#include "ui/image_actions.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "generation/layer_name.hpp"
#include "generation/seeds.hpp"
#include "i18n.hpp"
#include "ui/details_window.hpp"
#include "ui/picture_viewer.hpp"

namespace venice_gimp {

namespace {

void copy_text(GtkWidget* widget, const std::string& text) {
    gtk_clipboard_set_text(gtk_widget_get_clipboard(widget, GDK_SELECTION_CLIPBOARD), text.c_str(), -1);
}

GtkWindow* window_of(GtkWidget* widget) {
    return GTK_WINDOW(gtk_widget_get_toplevel(widget));
}

// The order that makes this image.
Settings settings_of(const RunEntry& entry, std::size_t index) {
    Settings settings = entry.record.settings;
    settings.variants = 1;
    settings.seed = entry.record.images[index].seed;
    return settings;
}

Settings with_another_seed(Settings settings) {
    settings.seed = random_seed();
    return settings;
}

std::vector<gint32> layers_of(const RunEntry& entry) {
    std::vector<gint32> layers;
    layers.reserve(entry.images.size());
    for (const EntryImage& image : entry.images) {
        layers.push_back(image.layer_id);
    }
    return layers;
}

}  // namespace

void ImageActions::perform(const EntryPtr& entry, ImageCommand command, std::size_t index) {
    switch (command) {
        case ImageCommand::cancel:
            if (is_under_way(*entry)) {
                entry->run->cancel_image(index);
            }
            break;
        case ImageCommand::insert:
        case ImageCommand::insert_again:
            insert(entry, index);
            break;
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
            parts_.host.generate_again(with_another_seed(settings_of(*entry, index)));
            break;
        case ImageCommand::reuse_look:
            parts_.host.reuse_look(settings_of(*entry, index));
            break;
        case ImageCommand::reuse_all:
            parts_.host.reuse_all(settings_of(*entry, index));
            break;
        case ImageCommand::copy_prompt:
            copy_text(parts_.place, entry->record.settings.prompt);
            break;
        case ImageCommand::copy_seed:
            copy_text(parts_.place, std::to_string(entry->record.images[index].seed));
            break;
        case ImageCommand::save:
            saver_.ask(entry, index);
            break;
        case ImageCommand::details:
            show_details_window(window_of(parts_.place), entry->record, index);
            break;
        case ImageCommand::discard:
            discard(entry, index);
            break;
    }
}

void ImageActions::insert(const EntryPtr& entry, std::size_t index) {
    if (!has_picture(entry->record.images[index]) || is_under_way(*entry)) {
        return;
    }
    if (entry->is_of_this_session && (entry->order.target.image_id == 0 || parts_.images.is_open(entry->order.target.image_id))) {
        parts_.inserter.insert(entry, {index}, entry->order.target, entry->order.options);
    } else {
        const ChosenImage chosen = parts_.host.chosen_image();
        parts_.inserter.insert(entry, {index}, chosen.target, chosen.options);
    }
}

void ImageActions::keep_only(const EntryPtr& entry, std::size_t index) {
    const Indices pending = pending_images(*entry);
    if (std::find(pending.begin(), pending.end(), index) != pending.end()) {
        insert_alone(entry, pending, index);
        return;
    }
    if (!parts_.images.keep_only(layers_of(*entry), entry->images[index].layer_id)) {
        parts_.run_notices.show_lost_layer(entry);
        return;
    }
    for (std::size_t other = 0; other < entry->images.size(); ++other) {
        entry->images[other].layer_id = other == index ? entry->images[other].layer_id : 0;
    }
    entry->row->set_outcome(format(_("Kept image %d"), static_cast<int>(index) + 1), true);
    update_row(*entry);
}

// The others need not be inserted any more; they stay in the strip.
void ImageActions::insert_alone(const EntryPtr& entry, const Indices& pending, std::size_t index) {
    Indices others;
    std::copy_if(pending.begin(), pending.end(), std::back_inserter(others), [index](std::size_t other) { return other != index; });
    for (const std::size_t other : others) {
        entry->record.images[other].open = false;
    }
    parts_.keeper.settle(*entry, others);
    parts_.inserter.insert(entry, {index}, entry->is_of_this_session ? entry->order.target : parts_.host.chosen_image().target,
                           entry->order.options);
}

void ImageActions::show_alone(const EntryPtr& entry, std::size_t index) {
    if (!parts_.images.show_alone(layers_of(*entry), entry->images[index].layer_id)) {
        parts_.run_notices.show_lost_layer(entry);
    }
}

void ImageActions::enlarge(const EntryPtr& entry, std::size_t index) {
    if (!has_picture(entry->record.images[index])) {
        return;
    }
    const auto show = [place = parts_.place, entry, index](ScreenPicture picture) {
        show_picture_window(window_of(place), layer_name(entry->record.settings.prompt, entry->record.images[index].seed),
                            std::move(picture));
    };
    parts_.loader.with_screen_picture(entry, index, largest_side_on_screen(parts_.place), show,
                                      [this, entry](const std::string& reason) { parts_.run_notices.show_unreadable(entry, reason); });
}

// It can be taken back for as long as the notice is there; only then is the file gone.
void ImageActions::discard(const EntryPtr& entry, std::size_t index) {
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
                                                   parts_.run_notices.clear();
                                                   update_row(*entry);
                                               }}}};
    notice.is_problem = false;
    notice.gone = [this, entry, index, taken_back] {
        if (!*taken_back) {
            parts_.keeper.discard(*entry, {index});
        }
    };
    parts_.notices.show(Topic::run, std::move(notice));
}

}  // namespace venice_gimp
