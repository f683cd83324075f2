// SPDX-License-Identifier: MIT
#include "ui/notice.hpp"

#include "i18n.hpp"
#include "ui/mnemonics.hpp"

namespace venice_gimp {

NoticeArea::NoticeArea(GtkBox* box) : box_(box) {}

namespace {

// Those of the window, and of what is in it only once there are results.
Letters letters_taken(GtkWidget* box) {
    Letters taken = mnemonics_in(gtk_widget_get_toplevel(box));
    for (const char* label : {_("Insert No_w"), _("_Keep Only This"), _("Reuse _Look")}) {
        take_mnemonic(label, taken);
    }
    return taken;
}

}  // namespace

void fill_with_remedies(GtkBox* box, const std::vector<Remedy>& remedies) {
    gtk_container_foreach(GTK_CONTAINER(box), [](GtkWidget* child, gpointer) { gtk_widget_destroy(child); }, nullptr);
    for (const Remedy& remedy : remedies) {
        GtkWidget* button = gtk_button_new_with_label(without_mnemonic(remedy.label).c_str());
        connect(button, "clicked", [action = remedy.action] {
            const Action copy = action;  // it may replace what it belongs to
            copy();
        });
        gtk_box_pack_start(box, button, FALSE, FALSE, 0);
        gtk_widget_show(button);
    }
}

void NoticeArea::show(Topic topic, Notice notice) {
    const Action gone = std::exchange(notices_[topic], std::move(notice)).gone;
    rebuild();
    if (gone) {
        gone();
    }
    if (notices_.begin()->first == topic) {
        announce(shown_, notices_.begin()->second.text);
    }
}

void NoticeArea::clear(Topic topic) {
    const auto found = notices_.find(topic);
    if (found != notices_.end()) {
        const Action gone = std::move(found->second.gone);
        notices_.erase(found);
        rebuild();
        if (gone) {
            gone();
        }
    }
}

void NoticeArea::rebuild() {
    if (shown_ != nullptr) {
        gtk_widget_destroy(std::exchange(shown_, nullptr));
    }
    if (!notices_.empty()) {
        const GObjectPtr<GtkBuilder> builder = load_ui("notice.ui");
        const auto& [topic, notice] = *notices_.begin();
        fill(builder.get(), topic, notice);
        shown_ = get_widget(builder.get(), "notice");
        gtk_box_pack_start(box_, shown_, FALSE, FALSE, 0);  // before the builder goes: until then it is the only owner
        gtk_box_reorder_child(box_, shown_, 0);
        GtkWidget* const remedies = get_widget(builder.get(), "remedies");
        underline(remedies, notice.remedies);
        gtk_widget_show(shown_);
        fit_width(remedies);
    }
}

// Once it is in the window, so that the letters in use can be seen.
void NoticeArea::underline(GtkWidget* buttons, const std::vector<Remedy>& remedies) {
    Letters taken = letters_taken(GTK_WIDGET(box_));
    const std::unique_ptr<GList, void (*)(GList*)> children(gtk_container_get_children(GTK_CONTAINER(buttons)), g_list_free);
    const GList* child = children.get();
    for (const Remedy& remedy : remedies) {
        gtk_button_set_use_underline(GTK_BUTTON(child->data), TRUE);
        gtk_button_set_label(GTK_BUTTON(child->data), with_free_mnemonic(remedy.label, taken).c_str());
        child = child->next;
    }
}

// One below the other where they would make the window wider.
void NoticeArea::fit_width(GtkWidget* buttons) {
    int needed = 0;
    gtk_widget_get_preferred_width(shown_, &needed, nullptr);
    const int room = gtk_widget_get_allocated_width(GTK_WIDGET(box_));
    if (room > 1 && needed > room) {
        gtk_orientable_set_orientation(GTK_ORIENTABLE(buttons), GTK_ORIENTATION_VERTICAL);
    }
}

void NoticeArea::fill(GtkBuilder* builder, Topic topic, const Notice& notice) {
    gtk_label_set_text(get<GtkLabel>(builder, "text"), notice.text.c_str());
    auto* detail = get<GtkLabel>(builder, "detail");
    gtk_label_set_text(detail, notice.detail.c_str());
    gtk_widget_set_tooltip_text(GTK_WIDGET(detail), notice.detail.c_str());
    gtk_widget_set_visible(GTK_WIDGET(detail), notice.detail.empty() ? FALSE : TRUE);
    const char* icon = notice.is_problem ? "dialog-warning-symbolic" : "dialog-information-symbolic";
    gtk_image_set_from_icon_name(get<GtkImage>(builder, "icon"), icon, GTK_ICON_SIZE_MENU);
    GtkWidget* dismiss = get_widget(builder, "dismiss");
    gtk_widget_set_visible(dismiss, notice.can_be_dismissed ? TRUE : FALSE);
    connect(dismiss, "clicked", [this, topic] { clear(topic); });
    auto* remedies = get<GtkBox>(builder, "remedies");
    fill_with_remedies(remedies, notice.remedies);
    gtk_widget_set_visible(GTK_WIDGET(remedies), notice.remedies.empty() ? FALSE : TRUE);
}

}  // namespace venice_gimp
