// SPDX-License-Identifier: MIT
// Asks before money is spent where that is due: above a price that the painter set, and where the balance will not do.
#pragma once

#include <functional>
#include <optional>

#include "generation/settings.hpp"
#include "store/dialog_state.hpp"
#include "ui/generate_button.hpp"
#include "ui/notice.hpp"

namespace venice_gimp {

class SpendingCheck {
public:
    struct Callbacks {
        std::function<std::optional<double>(const Settings&)> price;  // of all its images, in USD; not set: not known
        std::function<void(const Settings&)> start;
    };

    SpendingCheck(NoticeArea& notices, const GenerateButton& button, const DialogState& memory, Callbacks callbacks);
    SpendingCheck(const SpendingCheck&) = delete;
    SpendingCheck& operator=(const SpendingCheck&) = delete;

    void order(const Settings& settings);  // starts it at once, or once the painter agrees

private:
    void ask_for_price(const Settings& settings, double price);
    void offer_what_the_balance_takes(const Settings& settings, double price, double balance);
    Remedy order_remedy(const Settings& settings);

    NoticeArea& notices_;
    const GenerateButton& button_;
    const DialogState& memory_;
    Callbacks callbacks_;
};

}  // namespace venice_gimp
