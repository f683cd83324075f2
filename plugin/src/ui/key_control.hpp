// SPDX-License-Identifier: MIT
// The API key: loaded when the window opens, asked for inside the window, kept in the keyring.
#pragma once

#include <functional>
#include <string>

#include "generation/session.hpp"
#include "store/key_store.hpp"
#include "ui/glib_support.hpp"
#include "ui/notice.hpp"

namespace venice_gimp {

class KeyControl {
public:
    KeyControl(GtkBox* area, NoticeArea& notices, Session& session, const KeyStore& keys, GtkWidget* focus_afterwards, Action changed);
    KeyControl(const KeyControl&) = delete;
    KeyControl& operator=(const KeyControl&) = delete;

    void load();
    bool is_loading() const { return loading_; }
    // Shows the entry. `save`: what its button says and does besides keeping the key, such as going on with what a wrong key had stopped.
    void ask(const Remedy& save = {});
    KeySource source() const { return source_; }
    void forget(std::function<void(const std::string& error)> done);  // an empty error: it is gone
    std::string where() const;  // whether there is a key and where it is kept, as a sentence

private:
    void loaded(const StoredKey& stored);
    void say_needed(const std::string& detail);
    void hide_entry();
    void save();
    void stored(const KeyOutcome& outcome, const Secret& key);
    void keep_in_file(const Secret& key);

    GObjectPtr<GtkBuilder> builder_;
    GtkWidget* box_;
    GtkEntry* entry_;
    GtkWidget* save_;
    NoticeArea& notices_;
    Session& session_;
    const KeyStore& keys_;
    GtkWidget* focus_afterwards_;
    Action changed_;
    Action afterwards_;  // of the key that is being asked for, once it is saved
    std::string keyring_error_;
    KeySource source_ = KeySource::none;
    bool loading_ = false;
    Lifetime lifetime_;
};

}  // namespace venice_gimp
