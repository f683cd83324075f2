// SPDX-License-Identifier: MIT
#include "ui/seed_row.hpp"

#include "generation/seeds.hpp"
#include "i18n.hpp"

namespace venice_gimp {

SeedRow::SeedRow(GtkBuilder* builder, Action changed)
    : combo_(get<GtkComboBoxText>(builder, "seed_combo")), entry_(get<GtkEntry>(builder, "seed_entry")), changed_(std::move(changed)) {
    gtk_combo_box_text_append_text(combo_, _("New Each Time"));
    gtk_combo_box_set_active(GTK_COMBO_BOX(combo_), 0);
    connect(entry_, "changed", [this] { edited(); });
    connect(builder_object(builder, "dice"), "clicked", [this] { show(random_seed()); });
}

void SeedRow::show(std::optional<std::int64_t> seed) {
    if (seed) {
        gtk_entry_set_text(entry_, std::to_string(*seed).c_str());
    } else {
        gtk_combo_box_set_active(GTK_COMBO_BOX(combo_), 0);
    }
}

std::string SeedRow::typed() const {
    const GFreePtr<char> text(g_strstrip(g_strdup(gtk_entry_get_text(entry_))));
    return text.get();
}

std::optional<std::int64_t> SeedRow::seed() const {
    gint64 number = 0;
    if (g_ascii_string_to_signed(typed().c_str(), 10, lowest_seed, highest_seed, &number, nullptr) == FALSE) {
        return std::nullopt;
    }
    return number;
}

bool SeedRow::is_valid() const {
    const std::string text = typed();
    return text.empty() || text == _("New Each Time") || seed();
}

void SeedRow::edited() {
    GtkStyleContext* style = gtk_widget_get_style_context(GTK_WIDGET(entry_));
    if (is_valid()) {
        gtk_style_context_remove_class(style, GTK_STYLE_CLASS_ERROR);
    } else {
        gtk_style_context_add_class(style, GTK_STYLE_CLASS_ERROR);
    }
    const char* icon = is_valid() ? nullptr : "dialog-error-symbolic";  // never colour alone
    gtk_entry_set_icon_from_icon_name(entry_, GTK_ENTRY_ICON_SECONDARY, icon);
    changed_();
}

void SeedRow::offer(std::int64_t used) {
    if (offered_) {
        gtk_combo_box_text_remove(combo_, 1);
    }
    offered_ = used;
    gtk_combo_box_text_append_text(combo_, std::to_string(used).c_str());
}

}  // namespace venice_gimp
