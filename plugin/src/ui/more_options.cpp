// SPDX-License-Identifier: MIT
#include "ui/more_options.hpp"

#include <optional>

#include "generation/shown_text.hpp"
#include "i18n.hpp"
#include "ui/model_use.hpp"

namespace venice_gimp {

namespace {

bool is_automatic(GtkSpinButton* spin) {
    double lowest = 0.0;
    gtk_spin_button_get_range(spin, &lowest, nullptr);
    return gtk_spin_button_get_value(spin) <= lowest;
}

// The lowest value stands for what the model does by itself, and is shown as that word.
gboolean show_word(GtkSpinButton* spin, gpointer) noexcept {
    if (!is_automatic(spin)) {
        return FALSE;
    }
    if (g_strcmp0(gtk_entry_get_text(GTK_ENTRY(spin)), _("Automatic")) != 0) {
        gtk_entry_set_text(GTK_ENTRY(spin), _("Automatic"));
    }
    return TRUE;
}

gint read_word(GtkSpinButton* spin, gdouble* value, gpointer) noexcept {
    if (g_strcmp0(gtk_entry_get_text(GTK_ENTRY(spin)), _("Automatic")) != 0) {
        return FALSE;  // a number, for GTK to read
    }
    gtk_spin_button_get_range(spin, value, nullptr);
    return TRUE;
}

template <typename Number>
void show_number(GtkSpinButton* spin, const std::optional<Number>& number) {
    double lowest = 0.0;
    gtk_spin_button_get_range(spin, &lowest, nullptr);
    gtk_spin_button_set_value(spin, number ? static_cast<double>(*number) : lowest);
}

bool is_on(GtkToggleButton* button) { return gtk_toggle_button_get_active(button) != FALSE; }

bool can_be_set(gpointer widget) { return gtk_widget_get_sensitive(GTK_WIDGET(widget)) != FALSE; }

}  // namespace

MoreOptions::MoreOptions(GtkBuilder* builder, const Action& changed)
    : steps_(get<GtkSpinButton>(builder, "steps_spin")),
      cfg_(get<GtkSpinButton>(builder, "cfg_spin")),
      lora_(get<GtkSpinButton>(builder, "lora_spin")),
      safe_(get<GtkToggleButton>(builder, "safe_check")),
      watermark_(get<GtkToggleButton>(builder, "watermark_check")),
      web_(get<GtkToggleButton>(builder, "web_check")),
      enhance_(get<GtkToggleButton>(builder, "enhance_check")) {
    for (GtkSpinButton* spin : {steps_, cfg_, lora_}) {
        g_signal_connect(spin, "output", G_CALLBACK(show_word), nullptr);
        g_signal_connect(spin, "input", G_CALLBACK(read_word), nullptr);
        gtk_spin_button_update(spin);
        connect(spin, "value-changed", changed);
    }
    for (GtkToggleButton* check : {safe_, watermark_, web_, enhance_}) {
        connect(check, "toggled", changed);
    }
    show_model(nullptr);
}

void MoreOptions::show(const Settings& settings) {
    show_number(steps_, settings.steps);
    show_number(cfg_, settings.cfg_scale);
    show_number(lora_, settings.lora_strength);
    gtk_toggle_button_set_active(safe_, settings.safe_mode.value_or(true) ? TRUE : FALSE);
    gtk_toggle_button_set_active(watermark_, settings.hide_watermark.value_or(false) ? FALSE : TRUE);
    gtk_toggle_button_set_active(web_, settings.enable_web_search.value_or(false) ? TRUE : FALSE);
    gtk_toggle_button_set_active(enhance_, settings.enhance_prompt.value_or(false) ? TRUE : FALSE);
}

void MoreOptions::offer(GtkWidget* widget, const char* field, const venice_model* model, const char* explanation) {
    const bool is_used = uses(model, field);
    set_usable(widget, is_used, is_used ? explanation : format(_("%s does not use this."), shown_line(venice_model_name(model), longest_shown_name).c_str()));
}

void MoreOptions::show_model(const venice_model* model) {
    const int most_steps = venice_model_max_steps(model);
    if (most_steps > 0) {
        gtk_spin_button_set_range(steps_, 0, most_steps);
    }
    offer(GTK_WIDGET(steps_), "steps", model, _("More steps take longer and can show more detail."));
    offer(GTK_WIDGET(cfg_), "cfg_scale", model, _("How closely the image follows the prompt."));
    offer(GTK_WIDGET(lora_), "lora_strength", model, _("How strongly the model's own style shows."));
    offer(GTK_WIDGET(safe_), "safe_mode", model, _("Blurs adult content."));
    offer(GTK_WIDGET(watermark_), "hide_watermark", model, _("Venice's mark in a corner of the image."));
    offer(GTK_WIDGET(web_), "enable_web_search", model, _("Lets the model look things up. This may cost extra."));
    offer(GTK_WIDGET(enhance_), "enhance_prompt", model, _("Rewrites the prompt with more detail first. It takes longer and may cost extra."));
}

void MoreOptions::write_to(Settings& settings) const {
    const auto number = [](GtkSpinButton* spin) {
        gtk_spin_button_update(spin);  // what was typed and not yet confirmed
        return can_be_set(spin) && !is_automatic(spin);
    };
    settings.steps.reset();
    settings.cfg_scale.reset();
    settings.lora_strength.reset();
    if (number(steps_)) {
        settings.steps = gtk_spin_button_get_value_as_int(steps_);
    }
    if (number(cfg_)) {
        settings.cfg_scale = gtk_spin_button_get_value(cfg_);
    }
    if (number(lora_)) {
        settings.lora_strength = gtk_spin_button_get_value_as_int(lora_);
    }
    // What is as the server has it anyway is not sent.
    const auto unless_default = [](GtkToggleButton* check, bool is_default, bool value) {
        return can_be_set(check) && is_on(check) != is_default ? std::optional<bool>(value) : std::nullopt;
    };
    settings.safe_mode = unless_default(safe_, true, false);
    settings.hide_watermark = unless_default(watermark_, true, true);
    settings.enable_web_search = unless_default(web_, false, true);
    settings.enhance_prompt = unless_default(enhance_, false, true);
}

}  // namespace venice_gimp
