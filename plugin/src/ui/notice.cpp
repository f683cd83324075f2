// SPDX-License-Identifier: MIT
#include "ui/notice.hpp"

namespace venice_gimp {

NoticeArea::NoticeArea(GtkBox* box) : box_(box) {}

void fill_with_remedies(GtkBox* box, const std::vector<Remedy>& remedies) {
    gtk_container_foreach(GTK_CONTAINER(box), [](GtkWidget* child, gpointer) { gtk_widget_destroy(child); }, nullptr);
    for (const Remedy& remedy : remedies) {
        GtkWidget* button = gtk_button_new_with_mnemonic(remedy.label.c_str());
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
        gtk_widget_show(shown_);
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
