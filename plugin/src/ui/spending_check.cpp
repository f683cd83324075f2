// SPDX-License-Identifier: MIT
#include "ui/spending_check.hpp"

#include <cmath>
#include <cstdint>
#include <utility>

#include "i18n.hpp"
#include "ui/account_page.hpp"
#include "ui/text_format.hpp"

namespace venice_gimp {

SpendingCheck::SpendingCheck(NoticeArea& notices, const GenerateButton& button, const DialogState& memory, Callbacks callbacks)
    : notices_(notices), button_(button), memory_(memory), callbacks_(std::move(callbacks)) {}

void SpendingCheck::order(const Settings& settings) {
    const std::optional<double> price = callbacks_.price(settings);
    const std::optional<double> balance = button_.balance();
    if (price && balance && *price > *balance) {
        offer_what_the_balance_takes(settings, *price, *balance);
    } else if (price && *price > memory_.values().preferences.ask_above_usd) {
        ask_for_price(settings, *price);
    } else {
        callbacks_.start(settings);
    }
}

void SpendingCheck::ask_for_price(const Settings& settings, double price) {
    const int count = static_cast<int>(settings.variants);
    Notice notice;
    notice.text = format(P_("%d image costs %s.", "%d images cost %s.", count), count, format_price(price).c_str());
    notice.remedies = {order_remedy(settings), {_("Do _Not Generate"), [this] { notices_.clear(Topic::spending); }}};
    notice.can_be_dismissed = false;
    notice.is_problem = false;
    notices_.show(Topic::spending, std::move(notice));
}

void SpendingCheck::offer_what_the_balance_takes(const Settings& settings, double price, double balance) {
    const int count = static_cast<int>(settings.variants);
    const double each = price / count;
    const auto affordable = static_cast<std::int64_t>(std::floor(balance / each + 1e-9));
    Notice notice;
    notice.text = format(P_("%d image costs %s; the balance is %s.", "%d images cost %s; the balance is %s.", count), count,
                         format_price(price).c_str(), format_balance(balance).c_str());
    if (affordable > 0) {
        Settings fewer = settings;
        fewer.variants = affordable;
        notice.remedies.push_back(order_remedy(fewer));
    } else {
        notice.remedies.push_back({_("Add Cr_edit…"), [this] { open_account_page(notices_); }});
    }
    // What is shown is the state before the last image, so the user may know better.
    notice.remedies.push_back(order_remedy(settings));
    notices_.show(Topic::spending, std::move(notice));
}

// The button of a notice that starts this order, with what it costs.
Remedy SpendingCheck::order_remedy(const Settings& settings) {
    const auto order = [this, settings] {
        notices_.clear(Topic::spending);
        callbacks_.start(settings);
    };
    // Translators: the button. %s is the number of images and the price, such as "3 · $0.03".
    return {format(_("Generate %s"), order_text(settings.variants, callbacks_.price(settings)).c_str()), order};
}

}  // namespace venice_gimp
