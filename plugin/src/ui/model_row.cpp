// SPDX-License-Identifier: MIT
#include "ui/model_row.hpp"

#include <algorithm>

#include "generation/shown_text.hpp"
#include "i18n.hpp"
#include "ui/text_format.hpp"

namespace venice_gimp {

namespace {

std::string privacy_word(const std::string& privacy) {
    if (privacy == "private") {
        return _("private");
    }
    if (privacy == "anonymized") {
        return _("anonymized");
    }
    return shown_line(privacy, longest_shown_name);
}

std::string shown_name(const venice_model* model) { return shown_line(venice_model_name(model), longest_shown_name); }

// "Z-Image Turbo · $0.01 · private"
std::string describe(const venice_model* model) {
    std::vector<std::string> parts = {shown_name(model)};
    double usd = 0.0;
    if (venice_model_price(model, nullptr, &usd, nullptr) != 0) {
        parts.push_back(format_price(usd));
    }
    if (const std::string privacy = privacy_word(venice_model_privacy(model)); !privacy.empty()) {
        parts.push_back(privacy);
    }
    return joined(parts);
}

// "2099-01-31T00:00:00.000Z" as the user's language writes a day; empty if it is none.
std::string day(const char* time) {
    const std::unique_ptr<GTimeZone, void (*)(GTimeZone*)> utc(g_time_zone_new_utc(), g_time_zone_unref);
    GDateTime* parsed = time != nullptr ? g_date_time_new_from_iso8601(time, utc.get()) : nullptr;
    if (parsed == nullptr) {
        return "";
    }
    const std::unique_ptr<GDateTime, void (*)(GDateTime*)> date(parsed, g_date_time_unref);
    const GFreePtr<char> text(g_date_time_format(date.get(), "%x"));
    return text.get();
}

bool contains(const std::vector<std::string>& ids, const std::string& id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

}  // namespace

ModelRow::ModelRow(GtkBuilder* builder, DialogState& memory, std::string initial_id, Action changed)
    : label_(get<GtkLabel>(builder, "model_label")),
      stack_(get<GtkStack>(builder, "model_stack")),
      spinner_(get<GtkSpinner>(builder, "model_spinner")),
      text_(get<GtkLabel>(builder, "model_text")),
      entry_(get<GtkEntry>(builder, "model_entry")),
      memory_(memory),
      changed_(std::move(changed)),
      wanted_id_(std::move(initial_id)),
      button_(get<GtkMenuButton>(builder, "model_button"), _("Models"), [this] { return choices(); },
              [this](const std::string& id) { choose(id); },
              [this](const std::string& id, bool is_favorite) { memory_.set_favorite_model(id, is_favorite); }) {
    gtk_entry_set_text(entry_, wanted_id_.c_str());
    connect(entry_, "changed", [this] {
        if (!updating_) {
            wanted_id_ = id();
            changed_();
        }
    });
}

void ModelRow::choose(const std::string& id) {
    wanted_id_ = id;
    refresh();
    changed_();
}

void ModelRow::show(const std::string& id) {
    wanted_id_ = id;
    updating_ = true;
    gtk_entry_set_text(entry_, id.c_str());
    updating_ = false;
    refresh();
}

bool ModelRow::is_loading() const { return g_str_equal(gtk_stack_get_visible_child_name(stack_), "loading") != FALSE; }

void ModelRow::show_loading() {
    if (!catalog_) {
        gtk_stack_set_visible_child_name(stack_, "loading");
        gtk_spinner_start(spinner_);
    }
}

void ModelRow::show_entry() {
    if (!catalog_) {
        gtk_spinner_stop(spinner_);
        gtk_label_set_mnemonic_widget(label_, GTK_WIDGET(entry_));
        gtk_stack_set_visible_child_name(stack_, "typed");
    }
}

void ModelRow::show_list(std::shared_ptr<const Catalog> catalog) {
    catalog_ = std::move(catalog);
    models_.clear();
    const size_t count = venice_models_count(catalog_->models.get());
    for (size_t index = 0; index < count; ++index) {
        models_.push_back(make<ModelHandle>(venice_models_get, static_cast<const venice_models*>(catalog_->models.get()), index));
    }
    gtk_spinner_stop(spinner_);
    gtk_label_set_mnemonic_widget(label_, button_.widget());
    gtk_stack_set_visible_child_name(stack_, "list");
    refresh();
}

void ModelRow::refresh() {
    if (const venice_model* chosen = model()) {
        const std::string text = describe(chosen);
        gtk_label_set_text(text_, text.c_str());
        gtk_widget_set_tooltip_text(button_.widget(), text.c_str());
        set_accessible_name(button_.widget(), format(_("Model: %s"), text.c_str()));
    }
}

bool ModelRow::can_be_used(const std::string& id) const {
    const venice_model* model = find(id);
    return model != nullptr && venice_model_is_usable(model) != 0;
}

// Favorites and the models used last stand above all others, each model once.
std::vector<Choice> ModelRow::choices() const {
    const RememberedValues& remembered = memory_.values();
    std::vector<Choice> choices;
    std::vector<std::string> listed;
    const auto add = [&](const std::vector<std::string>& ids, const std::string& section) {
        for (const std::string& id : ids) {
            if (find(id) != nullptr && !contains(listed, id)) {
                choices.push_back(choice(find(id), section));
                listed.push_back(id);
            }
        }
    };
    add(remembered.favorite_models, _("Favorites"));
    add(remembered.recent_models, _("Recent"));
    const std::string others = listed.empty() ? "" : _("All Models");
    for (const ModelHandle& model : models_) {
        const bool makes_images = venice_model_is_usable(model.get()) != 0 || venice_model_is_offline(model.get()) != 0;
        if (makes_images && !contains(listed, venice_model_id(model.get()))) {
            choices.push_back(choice(model.get(), others));
        }
    }
    return choices;
}

Choice ModelRow::choice(const venice_model* model, const std::string& section) const {
    Choice choice;
    choice.id = venice_model_id(model);
    choice.text = describe(model);
    choice.section = section;
    choice.is_usable = venice_model_is_usable(model) != 0;
    choice.is_chosen = choice.id == id();
    choice.is_favorite = contains(memory_.values().favorite_models, choice.id);
    if (!choice.is_usable) {
        choice.detail = _("Offline at the moment");
    } else if (venice_model_is_deprecated(model) != 0) {
        choice.detail = retirement(model);
    }
    return choice;
}

std::string ModelRow::retirement(const venice_model* model) const {
    const std::string date = day(venice_model_removal_date(model));
    const std::string replacement = venice_model_replacement(model);
    if (date.empty()) {
        return _("Will be removed");
    }
    if (replacement.empty()) {
        return format(_("Will be removed on %s"), date.c_str());
    }
    // Translators: a date and the name of a model.
    return format(_("Will be removed on %s; replaced by %s"), date.c_str(), name_of(replacement).c_str());
}

std::string ModelRow::id() const {
    if (catalog_) {
        if (can_be_used(wanted_id_)) {
            return wanted_id_;
        }
        const ModelHandle fallback = catalog_->find_model("");
        return fallback ? venice_model_id(fallback.get()) : "";
    }
    const GFreePtr<char> typed(g_strstrip(g_strdup(gtk_entry_get_text(entry_))));
    return typed.get();
}

const venice_model* ModelRow::find(const std::string& id) const {
    const auto found =
        std::find_if(models_.begin(), models_.end(), [&id](const ModelHandle& model) { return id == venice_model_id(model.get()); });
    return found != models_.end() ? found->get() : nullptr;
}

const venice_model* ModelRow::model() const { return catalog_ ? find(id()) : nullptr; }

std::string ModelRow::name_of(const std::string& id) const {
    const venice_model* model = find(id);
    if (model != nullptr) {
        return shown_name(model);
    }
    return id.empty() ? _("The default model") : shown_line(id, longest_shown_name);
}

void ModelRow::open() {
    if (catalog_) {
        button_.open();
    } else {
        gtk_widget_grab_focus(GTK_WIDGET(entry_));
    }
}

}  // namespace venice_gimp
