// SPDX-License-Identifier: MIT
#include "ui/generate_button.hpp"

#include "i18n.hpp"
#include "ui/mnemonics.hpp"
#include "ui/text_format.hpp"

namespace venice_gimp {

namespace {

constexpr std::int64_t ignored_us = 500'000;  // a second press in this time is a slip of the finger

}  // namespace

std::string order_text(std::int64_t images, std::optional<double> price) {
    const std::string count = std::to_string(images);
    return price ? count + " · " + format_price(*price) : count;
}

GenerateButton::GenerateButton(GtkBuilder* builder, Action pressed)
    : button_(get<GtkButton>(builder, "generate")), balance_(get<GtkLabel>(builder, "balance")), pressed_(std::move(pressed)) {
    connect(button_, "clicked", [this] {
        const std::int64_t now = g_get_monotonic_time();
        if (last_press_us_ == 0 || now - last_press_us_ >= ignored_us) {
            last_press_us_ = now;
            pressed_();
        }
    });
    show_order(1, std::nullopt);
}

void GenerateButton::press() {
    if (is_usable()) {
        gtk_button_clicked(button_);
    }
}

void GenerateButton::show_order(std::int64_t images, std::optional<double> price) {
    // Translators: the button. %s is the number of images and the price, such as "3 · $0.03".
    const std::string label = format(_("_Generate %s"), order_text(images, price).c_str());
    const char* shown = gtk_button_get_label(button_);
    if (shown == nullptr || label != shown) {
        gtk_button_set_label(button_, label.c_str());
    }
    order_ = without_mnemonic(label);
    name_it();
}

void GenerateButton::show_balance(double usd) {
    balance_usd_ = usd;
    balance_text_ = format(_("Balance %s"), format_balance(usd).c_str());
    gtk_label_set_text(balance_, balance_text_.c_str());
    gtk_widget_set_tooltip_text(GTK_WIDGET(balance_), _("What Venice said last. Images that were charged since are not in it."));
    name_it();
}

void GenerateButton::forget_balance() {
    balance_usd_.reset();
    balance_text_.clear();
    gtk_label_set_text(balance_, "");
    gtk_widget_set_tooltip_text(GTK_WIDGET(balance_), nullptr);
    name_it();
}

void GenerateButton::name_it() {
    set_accessible_name(GTK_WIDGET(button_), balance_text_.empty() ? order_ : order_ + ", " + balance_text_);
}

void GenerateButton::set_problem(const std::string& problem) {
    set_usable(GTK_WIDGET(button_), problem.empty(), problem.empty() ? _("Make the images (Ctrl+Enter)") : problem);
}

}  // namespace venice_gimp
