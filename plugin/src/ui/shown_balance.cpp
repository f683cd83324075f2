// SPDX-License-Identifier: MIT
#include "ui/shown_balance.hpp"

#include <variant>

namespace venice_gimp {

void ShownBalance::key_changed() {
    ++question_;  // an answer for the key before is none for this one
    button_.forget_balance();
    if (session_.has_api_key()) {
        ask();
    }
}

// So that it stands beside the button before the first image. If it cannot be had, nothing is said: every image tells it again.
void ShownBalance::ask() {
    const auto told = [this, watcher = lifetime_.watcher(), question = question_](const std::variant<Account, Failure>& answer) {
        if (watcher.expired() || question != question_ || button_.balance()) {
            return;  // or older than what an image told meanwhile
        }
        if (const auto* account = std::get_if<Account>(&answer); account != nullptr && account->balance_usd) {
            guarded([&] { button_.show_balance(*account->balance_usd); });
        }
    };
    try {
        session_.fetch_account(told);
    } catch (const VeniceException&) {
        // Then it is not known.
    }
}

// Not what an image tells that was asked for with a key which is forgotten since.
void ShownBalance::show(double usd) {
    if (session_.has_api_key()) {
        button_.show_balance(usd);
    }
}

}  // namespace venice_gimp
