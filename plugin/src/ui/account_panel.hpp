// SPDX-License-Identifier: MIT
// ☰ ▸ Account: the key and where it is kept, and what the account has left.
#pragma once

#include "generation/session.hpp"
#include "ui/key_control.hpp"
#include "ui/panel.hpp"

namespace venice_gimp {

class AccountPanel {
public:
    // `balance_told` with what the account has, in USD.
    AccountPanel(GtkWidget* menu_button, Session& session, KeyControl& key, NoticeArea& notices, std::function<void(double)> balance_told);
    AccountPanel(const AccountPanel&) = delete;
    AccountPanel& operator=(const AccountPanel&) = delete;

    void open();

private:
    void show();
    void test();
    void tested(const std::variant<Account, Failure>& answer);

    Panel panel_;
    Session& session_;
    KeyControl& key_;
    NoticeArea& notices_;
    std::function<void(double)> balance_told_;
    int question_ = 0;  // an answer for the key before is none for this one
    Lifetime lifetime_;
};

}  // namespace venice_gimp
