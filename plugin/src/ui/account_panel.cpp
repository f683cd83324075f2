// SPDX-License-Identifier: MIT
#include "ui/account_panel.hpp"

#include "i18n.hpp"
#include "ui/account_page.hpp"
#include "ui/messages.hpp"
#include "ui/text_format.hpp"

namespace venice_gimp {

namespace {

std::string rate_text(const RequestRate& rate) {
    if (rate.least == rate.most) {
        return format(P_("%d request per minute", "%d requests per minute", rate.most), rate.most);
    }
    // Translators: the first number is the smaller one.
    return format(_("%d to %d requests per minute, by model"), rate.least, rate.most);
}

}  // namespace

AccountPanel::AccountPanel(GtkWidget* menu_button, Session& session, KeyControl& key, NoticeArea& notices,
                           std::function<void(double)> balance_told)
    : panel_(menu_button, "account-popover.ui", "account_page", _("Account")),
      session_(session),
      key_(key),
      notices_(notices),
      balance_told_(std::move(balance_told)) {
    connect(panel_.part<GObject>("account_test"), "clicked", [this] { test(); });
    connect(panel_.part<GObject>("account_change"), "clicked", [this] {
        panel_.close();
        key_.ask();
    });
    connect(panel_.part<GObject>("account_forget"), "clicked", [this] {
        key_.forget([this, watcher = lifetime_.watcher()](const std::string& error) {
            if (!watcher.expired()) {
                show();
                if (error.empty()) {
                    ++question_;
                    panel_.say("account_limits", "");  // they were that key's
                }
                panel_.say("account_result", error.empty() ? _("The key is forgotten.") : error);
            }
        });
    });
    connect(panel_.part<GObject>("account_page_button"), "clicked", [this] {
        if (!open_account_page(notices_)) {
            panel_.close();  // the notice is behind it
        }
    });
}

void AccountPanel::open() {
    panel_.say("account_result", "");
    show();
    panel_.open();
    if (session_.has_api_key()) {
        test();
    }
}

// Costs nothing: the service tells what the key may do.
void AccountPanel::test() {
    panel_.say("account_result", _("Asking Venice…"));
    session_.fetch_account([this, watcher = lifetime_.watcher(), question = ++question_](const std::variant<Account, Failure>& answer) {
        if (!watcher.expired() && question == question_) {
            guarded([&] { tested(answer); });
        }
    });
}

void AccountPanel::tested(const std::variant<Account, Failure>& answer) {
    if (const auto* failure = std::get_if<Failure>(&answer)) {
        const Message message = account_message(*failure);
        panel_.say("account_result", message.detail.empty() ? message.text : message.text + "\n" + message.detail);
        panel_.say("account_limits", "");
        return;
    }
    const Account& account = std::get<Account>(answer);
    panel_.say("account_result", account.may_generate ? _("The key works.") : _("The key is known, but may not generate: the balance or its limit is used up."));
    std::string limits;
    if (account.balance_usd) {
        limits = format(_("Balance %s"), format_balance(*account.balance_usd).c_str());
        balance_told_(*account.balance_usd);
    }
    if (account.balance_diem) {
        limits += (limits.empty() ? "" : " · ") + format(_("%.2f DIEM"), *account.balance_diem);
    }
    if (account.per_minute) {
        limits += (limits.empty() ? "" : " · ") + rate_text(*account.per_minute);
    }
    panel_.say("account_limits", limits);
}

void AccountPanel::show() {
    gtk_label_set_text(panel_.part<GtkLabel>("account_key"), key_.where().c_str());
    gtk_widget_set_sensitive(panel_.part<GtkWidget>("account_test"), session_.has_api_key() ? TRUE : FALSE);
    const bool is_ours = key_.source() == KeySource::keyring || key_.source() == KeySource::file;
    set_usable(panel_.part<GtkWidget>("account_forget"), is_ours,
               is_ours ? "" : _("Only a key that is kept in the keyring or in a file can be forgotten."));
}

}  // namespace venice_gimp
