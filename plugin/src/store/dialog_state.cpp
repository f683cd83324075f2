// SPDX-License-Identifier: MIT
#include "store/dialog_state.hpp"

#include <algorithm>
#include <iterator>

#include "store/files.hpp"
#include "store/values_json.hpp"

namespace venice_gimp {
namespace {

constexpr guint delay_ms = 500;

using Change = std::function<void(RememberedValues&)>;
using Changes = std::vector<Change>;

void move_to_front(std::vector<std::string>& texts, const std::string& text, std::size_t most) {
    std::erase(texts, text);
    texts.insert(texts.begin(), text);
    texts.resize(std::min(texts.size(), most));
}

Json preferences_json(const Preferences& preferences) {
    Json object = new_object();
    set_member(object.get(), "group", text_json(preferences.group));
    set_member(object.get(), "review_before_inserting", bool_json(preferences.review_before_inserting));
    set_member(object.get(), "ask_above_usd", number_json(preferences.ask_above_usd));
    set_member(object.get(), "keep_settings_on_layers", bool_json(preferences.keep_settings_on_layers));
    set_member(object.get(), "history_runs", number_json(static_cast<double>(preferences.history.runs)));
    set_member(object.get(), "history_bytes", number_json(static_cast<double>(preferences.history.bytes)));
    return object;
}

Preferences preferences_of(const cJSON* object) {
    Preferences preferences;
    const std::string group = text_member(object, "group");
    preferences.group = group.empty() ? preferences.group : group;
    preferences.review_before_inserting = bool_member(object, "review_before_inserting").value_or(preferences.review_before_inserting);
    preferences.ask_above_usd = number_member(object, "ask_above_usd").value_or(preferences.ask_above_usd);
    preferences.keep_settings_on_layers = bool_member(object, "keep_settings_on_layers").value_or(preferences.keep_settings_on_layers);
    const std::int64_t runs = integer_member(object, "history_runs").value_or(-1);
    const std::int64_t bytes = integer_member(object, "history_bytes").value_or(-1);
    preferences.history.runs = runs >= 0 ? static_cast<std::size_t>(runs) : preferences.history.runs;
    preferences.history.bytes = bytes >= 0 ? static_cast<std::uint64_t>(bytes) : preferences.history.bytes;
    return preferences;
}

// Into what the file has: members of a newer version stay.
void set_members(cJSON* object, const RememberedValues& values) {
    set_member(object, "width", number_json(values.width));
    set_member(object, "height", number_json(values.height));
    set_member(object, "pane_position", number_json(values.pane_position));
    Json expanded = new_object();
    for (const auto& [row, is_expanded] : values.expanded) {
        set_member(expanded.get(), row, bool_json(is_expanded));
    }
    set_member(object, "expanded", std::move(expanded));
    Json last_values = new_object();
    for (const auto& [procedure, last] : values.last_values) {
        set_member(last_values.get(), procedure, json_of(last));
    }
    set_member(object, "last_values", std::move(last_values));
    set_member(object, "preferences", preferences_json(values.preferences));
    set_member(object, "favorite_models", texts_json(values.favorite_models));
    set_member(object, "recent_models", texts_json(values.recent_models));
    set_member(object, "recent_prompts", texts_json(values.recent_prompts));
    set_member(object, "shown_once", texts_json({values.shown_once.begin(), values.shown_once.end()}));
}

int pixels_member(const cJSON* object, const char* name, int otherwise) {
    constexpr std::int64_t most = 100000;  // no screen is larger
    const std::int64_t value = integer_member(object, name).value_or(otherwise);
    return value >= 0 && value <= most ? static_cast<int>(value) : otherwise;
}

RememberedValues values_of(const cJSON* object) {
    RememberedValues values;
    values.width = pixels_member(object, "width", values.width);
    values.height = pixels_member(object, "height", values.height);
    values.pane_position = pixels_member(object, "pane_position", values.pane_position);
    const cJSON* expanded = member(object, "expanded");
    for (const cJSON* row = cJSON_IsObject(expanded) != 0 ? expanded->child : nullptr; row != nullptr; row = row->next) {
        values.expanded[row->string] = cJSON_IsTrue(row) != 0;
    }
    const cJSON* last_values = member(object, "last_values");
    for (const cJSON* last = cJSON_IsObject(last_values) != 0 ? last_values->child : nullptr; last != nullptr; last = last->next) {
        values.last_values[last->string] = dialog_values_of(last);
    }
    values.preferences = preferences_of(member(object, "preferences"));
    values.favorite_models = texts_member(object, "favorite_models");
    values.recent_models = texts_member(object, "recent_models");
    values.recent_prompts = texts_member(object, "recent_prompts");
    const std::vector<std::string> shown = texts_member(object, "shown_once");
    values.shown_once.insert(shown.begin(), shown.end());
    return values;
}

std::string path_in(const std::string& folder) {
    return folder + "/dialog.json";
}

// An empty object if there is no file, or none that can be read.
Json read_object(const std::string& path) {
    const std::optional<std::string> text = read_text(path);
    if (!text) {
        return new_object();
    }
    Json object = parse_object(*text);
    if (!object) {
        set_aside(path);
        return new_object();
    }
    return object;
}

void apply_changes(const Changes& changes, RememberedValues& values) {
    for (const Change& change : changes) {
        change(values);
    }
}

void write_changes(const std::string& folder, const Changes& changes) {
    make_private_folder(folder);
    const FileLock lock(folder + "/dialog.lock");
    const Json object = read_object(path_in(folder));
    RememberedValues values = values_of(object.get());
    apply_changes(changes, values);
    set_members(object.get(), values);
    write_file(path_in(folder), print_json(object.get()));
}

}  // namespace

struct DialogState::State : std::enable_shared_from_this<State> {
    std::shared_ptr<StoreThread> thread;
    std::string folder;
    MainContextHandle context = this_thread_context();
    RememberedValues values;
    Changes unwritten;
    Changes before_loaded;  // made since load() was called
    bool loading = false;
    SourceHandle timer;
    std::function<void(const StoreFailure&)> on_failure;

    void change(Change change) {
        change(values);
        if (loading) {
            before_loaded.push_back(change);
        }
        unwritten.push_back(std::move(change));
        write_later();
    }

    void write_later() {
        if (timer) {
            return;  // not later than half a second after the first change
        }
        timer.reset(g_timeout_source_new(delay_ms));
        g_source_set_callback(timer.get(), on_time, this, nullptr);
        g_source_attach(timer.get(), context.get());
    }

    static gboolean on_time(gpointer data) noexcept {
        guarded([data] { static_cast<State*>(data)->write(nullptr); });
        return G_SOURCE_REMOVE;
    }

    void write(OnSaved done) {
        timer.reset();
        auto changes = std::make_shared<const Changes>(std::exchange(unwritten, {}));
        thread->save(
            [folder = folder, changes] {
                if (!changes->empty()) {
                    write_changes(folder, *changes);
                }
            },
            [weak = weak_from_this(), changes, done = std::move(done)](const std::optional<StoreFailure>& failure) {
                if (const std::shared_ptr<State> self = weak.lock()) {
                    self->written(*changes, failure, done != nullptr);
                }
                if (done) {
                    done(failure);
                }
            });
    }

    // What could not be written is tried again with the next change.
    void written(const Changes& changes, const std::optional<StoreFailure>& failure, bool somebody_waits) {
        if (!failure) {
            return;
        }
        unwritten.insert(unwritten.begin(), changes.begin(), changes.end());
        if (!somebody_waits && on_failure) {
            on_failure(*failure);
        }
    }

    void loaded(RememberedValues from_file) {
        values = std::move(from_file);
        apply_changes(std::exchange(before_loaded, {}), values);
        loading = false;
    }
};

DialogState::DialogState(std::shared_ptr<StoreThread> thread, const std::string& folder) : state_(std::make_shared<State>()) {
    state_->thread = std::move(thread);
    state_->folder = folder;
}

DialogState::~DialogState() {
    if (!state_->unwritten.empty()) {
        state_->write(nullptr);
    }
}

void DialogState::load(OnSaved done) {
    state_->loading = true;
    state_->thread->load<RememberedValues>(
        [folder = state_->folder] { return values_of(read_object(path_in(folder)).get()); },
        [weak = std::weak_ptr(state_), done = std::move(done)](Stored<RememberedValues> stored) {
            const std::shared_ptr<State> self = weak.lock();
            const auto* failure = std::get_if<StoreFailure>(&stored);
            if (self && failure == nullptr) {
                self->loaded(std::get<RememberedValues>(std::move(stored)));
            }
            if (self && done) {
                done(failure != nullptr ? std::optional(*failure) : std::nullopt);
            }
        });
}

const RememberedValues& DialogState::values() const {
    return state_->values;
}

void DialogState::set_window_size(int width, int height) {
    state_->change([width, height](RememberedValues& values) {
        values.width = width;
        values.height = height;
    });
}

void DialogState::set_pane_position(int position) {
    state_->change([position](RememberedValues& values) { values.pane_position = position; });
}

void DialogState::set_expanded(const std::string& row, bool expanded) {
    state_->change([row, expanded](RememberedValues& values) { values.expanded[row] = expanded; });
}

void DialogState::set_last_values(const std::string& procedure, const DialogValues& last_values) {
    state_->change([procedure, last_values](RememberedValues& values) { values.last_values[procedure] = last_values; });
}

void DialogState::set_preferences(const Preferences& preferences) {
    state_->change([preferences](RememberedValues& values) { values.preferences = preferences; });
}

void DialogState::set_favorite_model(const std::string& id, bool favorite) {
    state_->change([id, favorite](RememberedValues& values) {
        const bool is_there = std::find(values.favorite_models.begin(), values.favorite_models.end(), id) != values.favorite_models.end();
        if (!favorite) {
            std::erase(values.favorite_models, id);
        } else if (!is_there) {
            values.favorite_models.push_back(id);
        }
    });
}

void DialogState::add_recent_model(const std::string& id) {
    state_->change([id](RememberedValues& values) { move_to_front(values.recent_models, id, max_recent_models); });
}

void DialogState::add_recent_prompt(const std::string& prompt) {
    state_->change([prompt](RememberedValues& values) { move_to_front(values.recent_prompts, prompt, max_recent_prompts); });
}

void DialogState::clear_recent_prompts() {
    state_->change([](RememberedValues& values) { values.recent_prompts.clear(); });
}

void DialogState::set_shown_once(const std::string& explanation) {
    state_->change([explanation](RememberedValues& values) { values.shown_once.insert(explanation); });
}

void DialogState::on_failure(std::function<void(const StoreFailure&)> function) {
    state_->on_failure = std::move(function);
}

void DialogState::flush(OnSaved done) {
    state_->write(std::move(done));
}

}  // namespace venice_gimp
