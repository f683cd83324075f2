// SPDX-License-Identifier: MIT
#include "ui/key_control.hpp"

#include "i18n.hpp"
#include "ui/account_page.hpp"
#include "ui/mnemonics.hpp"

namespace venice_gimp {

KeyControl::KeyControl(GtkBox* area, NoticeArea& notices, Session& session, const KeyStore& keys, GtkWidget* focus_afterwards,
                       Action changed)
    : builder_(load_ui("key-entry.ui")),
      box_(get_widget(builder_.get(), "key_box")),
      entry_(get<GtkEntry>(builder_.get(), "key_entry")),
      save_(get_widget(builder_.get(), "key_save")),
      notices_(notices),
      session_(session),
      keys_(keys),
      focus_afterwards_(focus_afterwards),
      changed_(std::move(changed)) {
    gtk_box_pack_end(area, box_, FALSE, FALSE, 0);
    connect(entry_, "changed", [this] { gtk_widget_set_sensitive(save_, gtk_entry_get_text_length(entry_) > 0 ? TRUE : FALSE); });
    connect(entry_, "activate", [this] { save(); });
    connect(save_, "clicked", [this] { save(); });
    connect(builder_object(builder_.get(), "key_close"), "clicked", [this] {
        hide_entry();
        if (!session_.has_api_key()) {
            say_needed(keyring_error_);
        }
        gtk_widget_grab_focus(focus_afterwards_);
    });
}

void KeyControl::load() {
    loading_ = true;
    keys_.load([this, watcher = lifetime_.watcher()](const StoredKey& stored) {
        if (!watcher.expired()) {
            loaded(stored);
        }
    });
}

void KeyControl::loaded(const StoredKey& stored) {
    loading_ = false;
    keyring_error_ = stored.error;
    source_ = stored.source;
    if (session_.has_api_key()) {
        // It was typed in while the keyring was still being asked.
    } else if (!stored.key.empty()) {
        session_.set_api_key(stored.key.text());
        notices_.clear(Topic::key);
    } else {
        say_needed(stored.error);
    }
    changed_();
}

std::string KeyControl::where() const {
    if (!session_.has_api_key()) {
        return _("There is no API key yet.");
    }
    switch (source_) {
        case KeySource::environment:
            return _("The API key comes from the environment variable VENICE_API_KEY.");
        case KeySource::keyring:
            return _("The API key is kept in the system keyring.");
        case KeySource::file:
            return _("The API key is kept in a file that only you can read.");
        default:
            return _("The API key works until this window is closed.");
    }
}

void KeyControl::say_needed(const std::string& detail) {
    Notice notice;
    notice.text = _("An API key is needed. It is kept in the system keyring.");
    notice.detail = detail;
    notice.is_problem = false;
    notice.can_be_dismissed = false;
    notice.remedies = {{_("Get a _Key…"), [this] { open_account_page(notices_); }}, {_("_Enter Key…"), [this] { ask(); }}};
    notices_.show(Topic::key, std::move(notice));
}

void KeyControl::ask(const Remedy& save) {
    afterwards_ = save.action;
    gtk_button_set_label(GTK_BUTTON(save_), afterwards_ ? save.label.c_str() : _("Sa_ve"));
    set_accessible_name(save_, afterwards_ ? without_mnemonic(save.label) : _("Save API Key"));
    Notice notice;
    notice.text = _("Paste the API key. It is kept in the system keyring.");
    notice.is_problem = false;
    notice.can_be_dismissed = false;
    notices_.clear(Topic::run);
    notices_.show(Topic::key, std::move(notice));
    gtk_widget_show(box_);
    gtk_widget_grab_focus(GTK_WIDGET(entry_));
}

void KeyControl::hide_entry() {
    afterwards_ = nullptr;
    gtk_entry_set_text(entry_, "");
    gtk_widget_hide(box_);
    notices_.clear(Topic::key);
}

void KeyControl::save() {
    const Secret key = as_key(gtk_entry_get_text(entry_));
    if (key.empty()) {
        return;
    }
    try {
        session_.set_api_key(key.text());
    } catch (const VeniceException& refusal) {
        Notice notice{_("This cannot be an API key."), refusal.failure().message, {}};
        notice.can_be_dismissed = false;
        notices_.show(Topic::key, std::move(notice));
        return;  // the entry stays
    }
    const Action afterwards = std::move(afterwards_);
    hide_entry();  // GTK overwrites the entry's text
    keys_.store(key, [this, key, watcher = lifetime_.watcher()](const KeyOutcome& outcome) {
        if (!watcher.expired()) {
            stored(outcome, key);
        }
    });
    gtk_widget_grab_focus(focus_afterwards_);
    changed_();
    if (afterwards) {
        afterwards();
    }
}

void KeyControl::stored(const KeyOutcome& outcome, const Secret& key) {
    if (outcome.problem == KeyProblem::none) {
        source_ = KeySource::keyring;
        return;
    }
    source_ = KeySource::none;
    Notice notice;
    notice.text = _("The system keyring could not be used. The key works until this window is closed.");
    notice.detail = outcome.error;
    if (outcome.problem == KeyProblem::no_keyring) {
        // Translators: a file is less safe than the keyring: other programs of the same user can read it.
        notice.text = _("There is no system keyring. In a file, the key could be read by other programs of yours.");
        notice.remedies = {{_("_Keep in a File"), [this, key] { keep_in_file(key); }},
                           {_("_Use Until Closed"), [this] { notices_.clear(Topic::key); }}};
    }
    notices_.show(Topic::key, std::move(notice));
}

void KeyControl::keep_in_file(const Secret& key) {
    notices_.clear(Topic::key);
    keys_.store_in_file(key, [this, watcher = lifetime_.watcher()](const KeyOutcome& outcome) {
        if (watcher.expired()) {
            return;
        }
        if (outcome.problem == KeyProblem::none) {
            source_ = KeySource::file;
        } else {
            notices_.show(Topic::key, {_("The key could not be kept. It works until this window is closed."), outcome.error, {}});
        }
    });
}

void KeyControl::forget(std::function<void(const std::string& error)> done) {
    keys_.forget([this, done = std::move(done), watcher = lifetime_.watcher()](const KeyOutcome& outcome) {
        if (watcher.expired()) {
            return;
        }
        if (outcome.problem == KeyProblem::none) {
            session_.set_api_key("");
            source_ = KeySource::none;
            say_needed("");
            changed_();
        }
        done(outcome.error);
    });
}

}  // namespace venice_gimp
