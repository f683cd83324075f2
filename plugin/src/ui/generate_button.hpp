// SPDX-License-Identifier: MIT
// The one control that spends: says what and how much before it is pressed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ui/glib_support.hpp"

namespace venice_gimp {

class GenerateButton {
public:
    GenerateButton(GtkBuilder* builder, Action pressed);
    GenerateButton(const GenerateButton&) = delete;
    GenerateButton& operator=(const GenerateButton&) = delete;

    void show_order(std::int64_t images, std::optional<double> price);
    void show_balance(double usd);
    void forget_balance();
    std::optional<double> balance() const { return balance_usd_; }  // in USD; not set: not known
    void focus() { gtk_widget_grab_focus(GTK_WIDGET(button_)); }
    bool is_usable() const { return gtk_widget_get_sensitive(GTK_WIDGET(button_)) != FALSE; }
    void set_problem(const std::string& problem);  // empty: it can be pressed
    void press();                                  // as if clicked; for the keyboard

private:
    void name_it();

    GtkButton* button_;
    GtkLabel* balance_;
    std::optional<double> balance_usd_;
    std::string order_;
    std::string balance_text_;
    Action pressed_;
    std::int64_t last_press_us_ = 0;
};

// "3 · $0.03", or "3" if the price is not known.
std::string order_text(std::int64_t images, std::optional<double> price);

}  // namespace venice_gimp
