// SPDX-License-Identifier: MIT
#include "ui/form.hpp"

#include <algorithm>

#include "generation/build_request.hpp"
#include "generation/shown_text.hpp"
#include "i18n.hpp"
#include "ui/model_use.hpp"

namespace venice_gimp {

namespace {

constexpr int prompt_lines = 4;
constexpr int compact_prompt_lines = 2;
constexpr int negative_lines = 2;

// GTK lets the title of an expander stand at the right only once the direction has changed.
void mirror_title(GtkWidget* expander) {
    if (gtk_widget_get_direction(expander) == GTK_TEXT_DIR_RTL) {
        gtk_widget_set_direction(expander, GTK_TEXT_DIR_LTR);
        gtk_widget_set_direction(expander, GTK_TEXT_DIR_NONE);  // as the window again
    }
}

}  // namespace

Form::Form(GtkBuilder* builder, DialogState& memory, Action changed)
    : memory_(memory),
      changed_(std::move(changed)),
      negative_expander_(get_widget(builder, "negative_expander")),
      images_{get<GtkToggleButton>(builder, "images_1"), get<GtkToggleButton>(builder, "images_2"),
              get<GtkToggleButton>(builder, "images_3"), get<GtkToggleButton>(builder, "images_4")},
      prompt_(builder, "prompt", prompt_lines, "", [this] { edited(); }),
      negative_(builder, "negative", negative_lines, "", [this] { edited(); }),
      style_(builder, "", [this] { edited(); }),
      place_(builder, [this] { edited(); }),
      size_(builder, [this] { edited(); }),
      seed_(builder, [this] { edited(); }),
      more_(builder, [this] { edited(); }),
      model_(builder, memory, "", [this] { model_changed(); }),
      preview_(builder),
      earlier_(get<GtkMenuButton>(builder, "earlier_prompts"), _("Earlier Prompts"), [this] { return earlier_prompts(); },
               [this](const std::string& prompt) {
                   prompt_.show(prompt);
                   prompt_.focus();
               }) {
    for (GtkToggleButton* button : images_) {
        connect(button, "toggled", [this, button] {
            if (gtk_toggle_button_get_active(button) != FALSE) {
                edited();
            }
        });
    }
    keep_unfolded(builder, "negative_expander");
    keep_unfolded(builder, "more_expander");
}

// Folded or not, as it was the last time.
void Form::keep_unfolded(GtkBuilder* builder, const char* expander) {
    auto* widget = get<GtkExpander>(builder, expander);
    mirror_title(GTK_WIDGET(widget));
    const auto& expanded = memory_.values().expanded;
    if (const auto known = expanded.find(expander); known != expanded.end()) {
        gtk_expander_set_expanded(widget, known->second ? TRUE : FALSE);
    }
    connect(widget, "notify::expanded", [this, widget, name = std::string(expander)] {
        memory_.set_expanded(name, gtk_expander_get_expanded(widget) != FALSE);
    });
}

std::vector<Choice> Form::earlier_prompts() const {
    std::vector<Choice> choices;
    for (const std::string& prompt : memory_.values().recent_prompts) {
        Choice choice;
        choice.id = prompt;
        choice.text = prompt;
        choices.push_back(std::move(choice));
    }
    return choices;
}

void Form::edited() {
    if (!updating_) {
        refresh_place();
        changed_();
    }
}

void Form::show(const DialogValues& values) {
    updating_ = true;
    base_ = values;
    const Settings& settings = values.settings;
    prompt_.show(settings.prompt);
    negative_.show(settings.negative_prompt);
    if (!settings.negative_prompt.empty()) {
        gtk_expander_set_expanded(GTK_EXPANDER(negative_expander_), TRUE);
    }
    style_.show(settings.style_preset);
    place_.show(values);
    size_.show(settings, values.size_is_automatic);
    const auto wanted = std::clamp<std::int64_t>(settings.variants, 1, static_cast<std::int64_t>(images_.size()));
    gtk_toggle_button_set_active(images_[static_cast<std::size_t>(wanted) - 1], TRUE);
    seed_.show(values.seed_is_fixed ? settings.seed : std::nullopt);
    more_.show(settings);
    model_.show(settings.model);
    updating_ = false;
    model_changed();
}

DialogValues Form::values() const {
    DialogValues values = base_;
    Settings& settings = values.settings;
    settings.prompt = prompt_.text();
    settings.model = model_.id();
    settings.negative_prompt = uses(model_.model(), "negative_prompt") ? negative_.text() : "";
    settings.style_preset = style_.style();
    settings.variants = image_count();
    settings.seed = seed_.seed();
    values.seed_is_fixed = settings.seed.has_value();
    values.size_is_automatic = size_.is_automatic();
    size_.write_to(settings);
    more_.write_to(settings);
    place_.write_to(values);
    return values;
}

void Form::show_image(const ImageView& image) {
    image_ = image;
    place_.show_image(image);
    refresh_place();
}

// The target decides what Automatic means, and both where the result lies.
void Form::refresh_place() {
    const bool selects = place_.is_selection();
    size_.suggest_for(selects ? PixelSize{image_.selection.width, image_.selection.height} : PixelSize{image_.width, image_.height});
    preview_.show(image_, selects, placement(), size_.expected());
}

void Form::set_compact(bool is_compact) { prompt_.set_lines(is_compact ? compact_prompt_lines : prompt_lines); }

void Form::show_loading() {
    model_.show_loading();
    changed_();
}

void Form::show_catalog(std::shared_ptr<const Catalog> catalog) {
    style_.show_list(catalog->styles);
    model_.show_list(std::move(catalog));
    model_changed();
}

void Form::show_no_catalog() {
    model_.show_entry();
    model_changed();
}

void Form::model_changed() {
    if (updating_) {
        return;
    }
    const venice_model* model = model_.model();
    const int limit = venice_model_prompt_limit(model);
    prompt_.set_limit(limit);
    negative_.set_limit(limit);
    size_.show_model(model);
    more_.show_model(model);
    negative_offered();
    edited();
}

void Form::negative_offered() {
    const venice_model* model = model_.model();
    const bool is_used = uses(model, "negative_prompt");
    set_usable(negative_expander_, is_used, is_used ? "" : format(_("%s does not use this."), shown_line(venice_model_name(model), longest_shown_name).c_str()));
}

int Form::image_count() const {
    const auto active =
        std::find_if(images_.begin(), images_.end(), [](GtkToggleButton* button) { return gtk_toggle_button_get_active(button) != FALSE; });
    return active != images_.end() ? static_cast<int>(active - images_.begin()) + 1 : 1;
}

std::string Form::problem() const {
    if (model_.is_loading()) {
        return _("The list of models is still being loaded.");
    }
    if (prompt_.is_blank()) {
        return _("Describe the picture first.");
    }
    if (prompt_.is_too_long() || negative_.is_too_long()) {
        return _("The prompt is longer than this model takes.");
    }
    if (!seed_.is_valid()) {
        return _("A seed is a whole number from -999999999 to 999999999.");
    }
    return "";
}

std::optional<double> Form::price(const Settings& settings) const {
    const venice_model* model = model_.find(settings.model);
    if (model == nullptr) {
        return std::nullopt;
    }
    Settings priced = settings;
    priced.prompt = "price";  // the price does not depend on it, and it may still be empty
    priced.negative_prompt.clear();
    try {
        const RequestHandle request = build_request(priced, priced.model, 0);
        double usd = 0.0;
        if (venice_model_price(model, request.get(), &usd, nullptr) != 0) {
            return usd * static_cast<double>(settings.variants);
        }
    } catch (const VeniceException&) {
        // A value that cannot be sent has no price; Generate says what is wrong with it.
    }
    return std::nullopt;
}

}  // namespace venice_gimp
