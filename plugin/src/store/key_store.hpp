// SPDX-License-Identifier: MIT
// Where the API key is kept: the environment, else the Secret Service, else (only where the user said so) a file.
//
// In the keyring it has the attributes service=venice and account=default, so that
//     secret-tool store --label=Venice service venice account default
// stores it too.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "store/secret.hpp"
#include "store/store_thread.hpp"

namespace venice_gimp {

enum class KeySource { none, environment, keyring, file };

enum class KeyProblem {
    none,
    no_keyring,      // no Secret Service is there: offer the file
    keyring_locked,  // and its password was not given
    failed,          // anything else; see the sentence
};

struct StoredKey {
    KeySource source = KeySource::none;
    Secret key;
    KeyProblem problem = KeyProblem::none;  // why the keyring could not be asked, even if the file had a key
    std::string error;                      // the same as a sentence; empty if it could
};

struct KeyOutcome {
    KeyProblem problem = KeyProblem::none;
    std::string error;  // empty if it worked
};
using OnKeyChanged = std::function<void(const KeyOutcome&)>;

// Keys are pasted and read from files: white space around them, such as a line break, does not belong to them. Null: none.
Secret as_key(const char* text);

// VENICE_API_KEY, or none.
StoredKey key_from_environment();

// Nothing but load_and_wait() waits, for the keyring or the disk. Callbacks come on the main context of the thread that made it, never from
// inside the call; what they are given is wiped afterwards. The key file is `folder`/api-key, with mode 0600.
class KeyStore {
public:
    KeyStore(std::shared_ptr<StoreThread> thread, const std::string& folder);

    // Environment, keyring, file: the first that has one. May make the keyring ask the user for its password.
    void load(std::function<void(const StoredKey&)> done) const;

    // In the keyring; a file from before is removed then.
    void store(const Secret& key, OnKeyChanged done) const;

    // In the file: only after the user has agreed, because other programs of the same user can read it.
    void store_in_file(const Secret& key, OnKeyChanged done) const;

    // From the keyring and from the file. One in the environment stays, of course. Without a keyring there is nothing to forget in it.
    void forget(OnKeyChanged done) const;

    // For scripts and threads.
    static StoredKey load_and_wait(const std::string& folder);

private:
    std::shared_ptr<StoreThread> thread_;
    std::string file_;
};

// VENICE_BASE_URL, or empty: the library's default.
std::string base_url_from_environment();

}  // namespace venice_gimp
