// SPDX-License-Identifier: MIT
#include "ui/run_row.hpp"

#include <gdk/gdkkeysyms.h>

#include <algorithm>
#include <array>
#include <utility>

#include "i18n.hpp"
#include "ui/messages.hpp"
#include "ui/text_format.hpp"

namespace venice_gimp {

namespace {

constexpr std::array<std::pair<const char*, ImageCommand>, 12> action_names = {{
    {"keep-only", ImageCommand::keep_only},
    {"enlarge", ImageCommand::enlarge},
    {"show-alone", ImageCommand::show_alone},
    {"insert-again", ImageCommand::insert_again},
    {"more", ImageCommand::more_like_this},
    {"reuse-look", ImageCommand::reuse_look},
    {"reuse-all", ImageCommand::reuse_all},
    {"copy-prompt", ImageCommand::copy_prompt},
    {"copy-seed", ImageCommand::copy_seed},
    {"save", ImageCommand::save},
    {"details", ImageCommand::details},
    {"discard", ImageCommand::discard},
}};

void set_text(GtkLabel* label, const std::string& text) {
    if (text != gtk_label_get_text(label)) {
        gtk_label_set_text(label, text.c_str());
    }
}

std::string single_line(std::string text) {
    std::replace_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return text;
}

TileState tile_state(ImageState state) {
    switch (state) {
        case ImageState::queued:
            return TileState::queued;
        case ImageState::connecting:
            return TileState::connecting;
        case ImageState::sending:
            return TileState::sending;
        case ImageState::waiting_to_retry:
            return TileState::waiting_to_retry;
        case ImageState::waiting:
            return TileState::waiting;
        case ImageState::receiving:
            return TileState::receiving;
        default:
            return TileState::decoding;  // what is final is told by the record
    }
}

TileState tile_state(RecordState state) {
    switch (state) {
        case RecordState::done:
            return TileState::done;
        case RecordState::blurred:
            return TileState::blurred;
        case RecordState::blocked:
            return TileState::blocked;
        case RecordState::failed:
            return TileState::failed;
        case RecordState::cancelled:
            return TileState::cancelled;
        case RecordState::discarded:
            return TileState::discarded;
        default:
            return TileState::interrupted;
    }
}

TileView view_of(const RunEntry& entry, std::size_t index) {
    const ImageRecord& record = entry.record.images[index];
    TileView view;
    view.number = static_cast<int>(index) + 1;
    view.count = static_cast<int>(entry.record.images.size());
    view.state = tile_state(record.state);
    view.is_inserted = has_picture(record) && !record.open;
    view.detail = record.message;
    if (record.state == RecordState::waiting && entry.record.owner_is_alive) {
        view.state = TileState::elsewhere;
    }
    if (record.state == RecordState::waiting && entry.run) {
        const RunImage& image = entry.run->images()[index];
        view.state = tile_state(image.state);
        view.received_bytes = image.received_bytes;
        view.total_bytes = image.total_bytes;
        view.seconds = entry.run->elapsed_seconds();
        view.retry_seconds = seconds_until_retry(image);
    }
    return view;
}

}  // namespace

RunRow::RunRow(GtkBox* list, bool on_top, const std::string& name, const RunRecord& record, RunRowCallbacks callbacks)
    : builder_(load_ui("run-row.ui")),
      callbacks_(std::move(callbacks)),
      row_(get_widget(builder_.get(), "row")),
      elapsed_(get<GtkLabel>(builder_.get(), "elapsed")),
      count_(get<GtkLabel>(builder_.get(), "count")),
      grid_(get<GtkFlowBox>(builder_.get(), "grid")),
      cancel_(get_widget(builder_.get(), "cancel")),
      actions_(get_widget(builder_.get(), "actions")),
      insert_(get_widget(builder_.get(), "insert")),
      group_(g_simple_action_group_new()),
      name_(name) {
    set_text(get<GtkLabel>(builder_.get(), "time"), format_time(record.time));
    auto* prompt_label = get<GtkLabel>(builder_.get(), "prompt");
    set_text(prompt_label, single_line(record.settings.prompt));
    gtk_widget_set_tooltip_text(GTK_WIDGET(prompt_label), record.settings.prompt.c_str());
    set_accessible_name(row_, name);
    set_accessible_name(GTK_WIDGET(grid_), format(_("Images of %s"), name.c_str()));
    set_accessible_name(cancel_, format(_("Cancel %s"), name.c_str()));
    connect(cancel_, "clicked", [this] { callbacks_.cancel(); });
    connect(insert_, "clicked", [this] { callbacks_.insert(); });
    add_actions();
    add_tiles(record.images.size());
    gtk_box_pack_start(list, row_, FALSE, FALSE, 0);
    if (on_top) {
        gtk_box_reorder_child(list, row_, 0);
    }
}

RunRow::~RunRow() { gtk_widget_destroy(row_); }

void RunRow::add_actions() {
    for (const auto& [name, command] : action_names) {
        const GObjectPtr<GSimpleAction> action(g_simple_action_new(name, nullptr));
        connect(action.get(), "activate", [this, wanted = command] { perform(wanted); });
        g_action_map_add_action(G_ACTION_MAP(group_.get()), G_ACTION(action.get()));
    }
    gtk_widget_insert_action_group(row_, "image", G_ACTION_GROUP(group_.get()));
}

void RunRow::add_tiles(std::size_t count) {
    for (std::size_t index = 0; index < count; ++index) {
        tiles_.push_back(std::make_unique<ImageTile>(
            grid_, [this, index] { callbacks_.perform(ImageCommand::cancel, index); }, [this, index] { callbacks_.needs_picture(index); }));
    }
    possible_.resize(count);
    has_several_ = count > 1;
    connect(grid_, "selected-children-changed", [this] {
        if (selected()) {
            callbacks_.selected();
        }
        update_actions();
    });
    connect(grid_, "child-activated", [this] { perform(ImageCommand::enlarge); });
    connect_event(grid_, "key-press-event", [this](GdkEvent* event) { return key_pressed(event->key); });
    connect_event(grid_, "button-press-event", [this](GdkEvent* event) { return button_pressed(event->button); });
}

std::optional<std::size_t> RunRow::selected() const {
    const std::unique_ptr<GList, void (*)(GList*)> list(gtk_flow_box_get_selected_children(grid_), g_list_free);
    if (!list) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(gtk_flow_box_child_get_index(GTK_FLOW_BOX_CHILD(list->data)));
}

void RunRow::perform(ImageCommand command) {
    if (const auto index = selected()) {
        callbacks_.perform(command, *index);
    }
}

bool RunRow::key_pressed(const GdkEventKey& event) {
    GtkWidget* focus = gtk_container_get_focus_child(GTK_CONTAINER(grid_));
    if (focus != nullptr && (event.state & gtk_accelerator_get_default_mod_mask()) == 0 && event.keyval != GDK_KEY_Tab) {
        gtk_flow_box_select_child(grid_, GTK_FLOW_BOX_CHILD(focus));  // Tab alone had only brought the focus
    }
    const auto index = selected();
    if (!index || (event.state & gtk_accelerator_get_default_mod_mask()) != 0) {
        return false;
    }
    switch (event.keyval) {
        case GDK_KEY_space:
        case GDK_KEY_KP_Space:
            perform(ImageCommand::enlarge);
            return true;
        case GDK_KEY_Return:
        case GDK_KEY_KP_Enter:
        case GDK_KEY_ISO_Enter:
            perform(ImageCommand::insert);
            return true;
        case GDK_KEY_Delete:
        case GDK_KEY_KP_Delete:
            perform(possible_[*index].is_running ? ImageCommand::cancel : ImageCommand::discard);
            return true;
        case GDK_KEY_Menu:
            show_menu();
            return true;
        default:
            return false;
    }
}

bool RunRow::button_pressed(const GdkEventButton& event) {
    GtkFlowBoxChild* child = gtk_flow_box_get_child_at_pos(grid_, static_cast<int>(event.x), static_cast<int>(event.y));
    if (child == nullptr || event.type != GDK_BUTTON_PRESS || event.button != GDK_BUTTON_SECONDARY) {
        return false;
    }
    gtk_flow_box_select_child(grid_, child);
    show_menu();
    return true;
}

void RunRow::show_menu() {
    if (const auto index = selected()) {
        GtkWidget* menu = gtk_popover_new_from_model(tiles_[*index]->widget(), get<GMenuModel>(builder_.get(), "image_menu"));
        connect(menu, "closed", [menu] { g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, [](gpointer data) -> gboolean {
            gtk_widget_destroy(GTK_WIDGET(data));
            g_object_unref(data);
            return G_SOURCE_REMOVE;
        }, g_object_ref(menu), nullptr); });
        gtk_popover_popup(GTK_POPOVER(menu));
    }
}

void RunRow::update(const RunEntry& entry) {
    const bool runs = is_under_way(entry);
    const double seconds = entry.run ? entry.run->elapsed_seconds() : entry.seconds;
    set_text(elapsed_, format_elapsed(seconds));
    gtk_widget_set_visible(GTK_WIDGET(elapsed_), seconds > 0.0 || runs ? TRUE : FALSE);
    gtk_widget_set_visible(cancel_, runs ? TRUE : FALSE);
    const int total = static_cast<int>(tiles_.size());
    const int done = static_cast<int>(indices_of(entry, has_picture).size());
    set_text(count_, format(P_("%d of %d done", "%d of %d done", total), done, total));
    for (std::size_t index = 0; index < tiles_.size(); ++index) {
        const TileView view = view_of(entry, index);
        tiles_[index]->show(view);
        possible_[index] = {has_picture(entry.record.images[index]), entry.images[index].layer_id != 0, is_running(view.state),
                            view.state == TileState::discarded};
        if (!tiles_[index]->has_picture() && entry.images[index].thumbnail && possible_[index].has_picture) {
            tiles_[index]->show_picture(*entry.images[index].thumbnail);
        }
    }
    show_retry(entry);
    can_insert_ = !runs && !pending_images(entry).empty() && entry.being_kept == 0;
    update_actions();
}

void RunRow::show_retry(const RunEntry& entry) {
    int seconds = 0;
    for (std::size_t index = 0; is_under_way(entry) && index < entry.record.images.size(); ++index) {
        const int left = seconds_until_retry(entry.run->images()[index]);
        seconds = seconds == 0 ? left : std::min(seconds, std::max(left, 1));
    }
    if (seconds > 0) {
        set_status(retry_text(seconds), "dialog-information-symbolic");
    } else if (is_under_way(entry)) {
        set_status("", "");
    }
}

void RunRow::update_actions() {
    const auto index = selected();
    const Possible possible = index ? possible_[*index] : Possible{};
    const auto enable = [this](const char* name, bool enabled) {
        g_simple_action_set_enabled(G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(group_.get()), name)), enabled ? TRUE : FALSE);
    };
    for (const char* name : {"enlarge", "insert-again", "save"}) {
        enable(name, possible.has_picture);
    }
    for (const char* name : {"reuse-look", "reuse-all"}) {
        enable(name, index && callbacks_.can_reuse);
    }
    enable("show-alone", possible.has_layer);
    enable("keep-only", possible.has_picture && has_several_);
    enable("discard", index && !possible.is_running && !possible.is_discarded);
    gtk_widget_set_visible(insert_, can_insert_ ? TRUE : FALSE);
    for (const char* name : {"keep", "reuse", "more"}) {
        gtk_widget_set_visible(get_widget(builder_.get(), name), index ? TRUE : FALSE);
    }
    gtk_widget_set_visible(actions_, index || can_insert_ ? TRUE : FALSE);
    const bool has_status = *gtk_label_get_text(get<GtkLabel>(builder_.get(), "outcome")) != '\0';
    gtk_widget_set_visible(get_widget(builder_.get(), "status"), has_status || index || can_insert_ ? TRUE : FALSE);
}

void RunRow::show_picture(std::size_t index, const DecodedImage& thumbnail) { tiles_[index]->show_picture(thumbnail); }

void RunRow::set_status(const std::string& text, const char* icon_name) {
    auto* label = get<GtkLabel>(builder_.get(), "outcome");
    set_text(label, text);
    gtk_widget_set_tooltip_text(GTK_WIDGET(label), text.c_str());
    auto* icon = get<GtkImage>(builder_.get(), "icon");
    gtk_image_set_from_icon_name(icon, icon_name, GTK_ICON_SIZE_MENU);
    gtk_widget_set_visible(GTK_WIDGET(icon), text.empty() ? FALSE : TRUE);
    update_actions();
}

void RunRow::set_outcome(const std::string& outcome, bool is_well) {
    set_status(outcome, is_well ? "object-select-symbolic" : "dialog-warning-symbolic");
    announce(row_, outcome);
}

void RunRow::set_remedies(const std::vector<Remedy>& remedies) { fill_with_remedies(get<GtkBox>(builder_.get(), "remedies"), remedies); }

void RunRow::unselect() { gtk_flow_box_unselect_all(grid_); }

void update_row(const RunEntry& entry) {
    if (entry.row) {
        entry.row->update(entry);
    }
}

}  // namespace venice_gimp
