// SPDX-License-Identifier: MIT
#include "store/key_store.hpp"

#include <libsecret/secret.h>
#include <string.h>

#include <cstdlib>
#include <exception>
#include <optional>
#include <utility>

#include "i18n.hpp"
#include "store/files.hpp"

namespace venice_gimp {
namespace {

constexpr const char* white_space = " \t\r\n";

struct GErrorDeleter {
    void operator()(GError* error) const noexcept { g_error_free(error); }
};
using GErrorHandle = std::unique_ptr<GError, GErrorDeleter>;

struct SecretDeleter {
    void operator()(char* secret) const noexcept { secret_password_free(secret); }  // wipes it
};
using SecretHandle = std::unique_ptr<char, SecretDeleter>;

struct AttributesDeleter {
    void operator()(GHashTable* table) const noexcept { g_hash_table_unref(table); }
};
using AttributesHandle = std::unique_ptr<GHashTable, AttributesDeleter>;

const SecretSchema& schema() {
    static const SecretSchema value = [] {
        SecretSchema made{};
        made.name = "org.venice-gimp.ApiKey";
        made.flags = SECRET_SCHEMA_DONT_MATCH_NAME;  // so that an item of secret-tool is found as well
        made.attributes[0] = {"service", SECRET_SCHEMA_ATTRIBUTE_STRING};
        made.attributes[1] = {"account", SECRET_SCHEMA_ATTRIBUTE_STRING};
        return made;
    }();
    return value;
}

AttributesHandle attributes() {
    AttributesHandle table(secret_attributes_build(&schema(), "service", "venice", "account", "default", nullptr));
    return table;
}

std::string_view trimmed(std::string_view all) {
    const std::size_t first = all.find_first_not_of(white_space);
    if (first == std::string_view::npos) {
        return {};
    }
    return all.substr(first, all.find_last_not_of(white_space) - first + 1);
}

KeyOutcome locked() {
    return {KeyProblem::keyring_locked, _("The keyring is locked.")};
}

// Nobody answers on the bus, or there is no bus.
bool is_missing_service(const GError* error) {
    return g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) != 0 ||
           g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) != 0 ||
           g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_NO_SERVER) != 0 || error->domain == G_SPAWN_ERROR ||
           (error->domain == G_DBUS_ERROR && error->code >= G_DBUS_ERROR_SPAWN_EXEC_FAILED &&
            error->code <= G_DBUS_ERROR_SPAWN_NO_MEMORY) ||
           (error->domain == G_IO_ERROR && error->code != G_IO_ERROR_TIMED_OUT && error->code != G_IO_ERROR_DBUS_ERROR);
}

KeyOutcome outcome_of(const GError* error) {
    if (error == nullptr) {
        return {};
    }
    if (g_error_matches(error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED) != 0 || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) != 0) {
        return locked();
    }
    return {is_missing_service(error) ? KeyProblem::no_keyring : KeyProblem::failed, error->message};
}

StoredKey from_keyring(const char* secret, const GError* error) {
    StoredKey stored;
    stored.key = as_key(secret);
    stored.source = stored.key.empty() ? KeySource::none : KeySource::keyring;
    const KeyOutcome outcome = outcome_of(error);
    stored.problem = outcome.problem;
    stored.error = outcome.error;
    return stored;
}

// Whether one of the items that were found is locked: libsecret says "not found" when the user closes the question for the password.
bool any_locked(GList* items) {
    bool found = false;
    for (const GList* item = items; item != nullptr; item = item->next) {
        found = found || (SECRET_IS_ITEM(item->data) && secret_item_get_locked(SECRET_ITEM(item->data)) != 0);
    }
    g_list_free_full(items, g_object_unref);
    return found;
}

void set_locked(StoredKey& stored) {
    stored.problem = locked().problem;
    stored.error = locked().error;
}

std::string key_file_in(const std::string& folder) {
    return folder + "/api-key";
}

// Empty if there is no file.
Secret read_key_file(const std::string& path) {
    std::optional<std::vector<std::uint8_t>> bytes = read_file(path);
    if (!bytes) {
        return {};
    }
    const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    Secret key{trimmed(text)};
    explicit_bzero(bytes->data(), bytes->size());
    return key;
}

// The file's key, where the keyring had none. What was wrong with the keyring stays told.
void add_key_file(StoredKey& stored, const std::string& path) {
    try {
        stored.key = read_key_file(path);
        stored.source = stored.key.empty() ? KeySource::none : KeySource::file;
    } catch (const StoreException& exception) {
        stored.problem = KeyProblem::failed;
        stored.error = exception.what();
    }
}

void hand_over(StoredKey& stored, const std::function<void(const StoredKey&)>& done) {
    done(stored);
    stored.key = Secret();
}

// A callback of libsecret owns its C++ function.
using KeyringFunction = std::function<void(GAsyncResult*)>;

void on_keyring(GObject*, GAsyncResult* result, gpointer data) noexcept {
    const std::unique_ptr<KeyringFunction> function(static_cast<KeyringFunction*>(data));
    guarded([&] { (*function)(result); });
}

KeyringFunction* owned_by_callback(KeyringFunction function) {
    return new KeyringFunction(std::move(function));
}

// Whether the keyring has a key in an item that is locked.
void look_for_locked_item(std::function<void(bool is_there)> done) {
    const AttributesHandle wanted = attributes();
    secret_password_searchv(&schema(), wanted.get(), SECRET_SEARCH_NONE, nullptr, on_keyring,
                            owned_by_callback([done = std::move(done)](GAsyncResult* result) {
                                done(any_locked(secret_password_search_finish(result, nullptr)));
                            }));
}

// Keyring, then whether it is locked, then the file.
class Loading : public std::enable_shared_from_this<Loading> {
public:
    Loading(std::shared_ptr<StoreThread> thread, std::string file, std::function<void(const StoredKey&)> done)
        : thread_(std::move(thread)), file_(std::move(file)), done_(std::move(done)) {}
    Loading(const Loading&) = delete;
    Loading& operator=(const Loading&) = delete;

    void start() {
        const AttributesHandle wanted = attributes();
        secret_password_lookupv(&schema(), wanted.get(), nullptr, on_keyring,
                                owned_by_callback([self = shared_from_this()](GAsyncResult* result) { self->on_looked_up(result); }));
    }

private:
    void on_looked_up(GAsyncResult* result) {
        GError* raw_error = nullptr;
        const SecretHandle secret(secret_password_lookup_finish(result, &raw_error));
        const GErrorHandle error(raw_error);
        stored_ = from_keyring(secret.get(), error.get());
        if (!stored_.key.empty()) {
            hand_over(stored_, done_);
        } else if (error) {
            look_into_file();
        } else {
            look_for_locked_item([self = shared_from_this()](bool is_there) {
                if (is_there) {
                    set_locked(self->stored_);
                }
                self->look_into_file();
            });
        }
    }

    void look_into_file() {
        thread_->save([self = shared_from_this()] { add_key_file(self->stored_, self->file_); },
                      [self = shared_from_this()](const std::optional<StoreFailure>&) { hand_over(self->stored_, self->done_); });
    }

    std::shared_ptr<StoreThread> thread_;
    std::string file_;
    std::function<void(const StoredKey&)> done_;
    StoredKey stored_;
};

// Calls back with what the disk said.
OnSaved reporting(OnKeyChanged done) {
    return [done = std::move(done)](const std::optional<StoreFailure>& failure) {
        if (done) {
            done(failure ? KeyOutcome{KeyProblem::failed, failure->message} : KeyOutcome{});
        }
    };
}

// The file's key goes in any case; `done` hears of what was wrong with the keyring first.
void forget_file(StoreThread& thread, const std::string& file, const KeyOutcome& in_keyring, const OnKeyChanged& done) {
    const bool is_failure = in_keyring.problem != KeyProblem::none && in_keyring.problem != KeyProblem::no_keyring;
    const OnSaved tell_of_keyring = [done, in_keyring](const std::optional<StoreFailure>&) { done(in_keyring); };
    thread.save([file] { remove_file(file); }, is_failure ? tell_of_keyring : reporting(done));
}

}  // namespace

Secret as_key(const char* text) {
    return Secret(trimmed(text != nullptr ? text : ""));
}

StoredKey key_from_environment() {
    StoredKey stored;
    stored.key = as_key(std::getenv("VENICE_API_KEY"));
    stored.source = stored.key.empty() ? KeySource::none : KeySource::environment;
    return stored;
}

void wipe(std::string& secret) {
    explicit_bzero(secret.data(), secret.capacity());  // also what an earlier, longer text has left
    secret.clear();
}

KeyStore::KeyStore(std::shared_ptr<StoreThread> thread, const std::string& folder) : thread_(std::move(thread)), file_(key_file_in(folder)) {}

void KeyStore::load(std::function<void(const StoredKey&)> done) const {
    if (key_from_environment().source == KeySource::none) {
        std::make_shared<Loading>(thread_, file_, std::move(done))->start();
        return;
    }
    const MainContextHandle context = this_thread_context();
    post(context.get(), [done = std::move(done)] {
        StoredKey stored = key_from_environment();
        hand_over(stored, done);
    });
}

void KeyStore::store(const Secret& key, OnKeyChanged done) const {
    const AttributesHandle wanted = attributes();
    const Secret secret = as_key(key.text().c_str());
    secret_password_storev(&schema(), wanted.get(), SECRET_COLLECTION_DEFAULT, _("Venice API key"), secret.text().c_str(), nullptr, on_keyring,
                           owned_by_callback([thread = thread_, file = file_, done = std::move(done)](GAsyncResult* result) {
                               GError* raw_error = nullptr;
                               const bool stored = secret_password_store_finish(result, &raw_error) != 0;
                               const GErrorHandle error(raw_error);
                               if (stored) {
                                   thread->save([file] { remove_file(file); }, reporting(done));
                               } else if (done) {
                                   done(error ? outcome_of(error.get()) : locked());
                               }
                           }));
}

void KeyStore::store_in_file(const Secret& key, OnKeyChanged done) const {
    auto secret = std::make_shared<const Secret>(as_key(key.text().c_str()));
    thread_->save(
        [secret = std::move(secret), file = file_] {
            make_private_folder(file.substr(0, file.find_last_of('/')));
            write_file(file, secret->text());
        },
        reporting(std::move(done)));
}

void KeyStore::forget(OnKeyChanged done) const {
    const AttributesHandle wanted = attributes();
    secret_password_clearv(&schema(), wanted.get(), nullptr, on_keyring,
                           owned_by_callback([thread = thread_, file = file_, done = std::move(done)](GAsyncResult* result) {
                               GError* raw_error = nullptr;
                               secret_password_clear_finish(result, &raw_error);
                               const GErrorHandle error(raw_error);
                               if (error) {
                                   forget_file(*thread, file, outcome_of(error.get()), done);
                                   return;
                               }
                               // What is locked stays there, which libsecret does not tell as an error.
                               look_for_locked_item([thread, file, done](bool is_there) { forget_file(*thread, file, is_there ? locked() : KeyOutcome{}, done); });
                           }));
}

StoredKey KeyStore::load_and_wait(const std::string& folder) {
    StoredKey stored = key_from_environment();
    if (stored.source != KeySource::none) {
        return stored;
    }
    GError* raw_error = nullptr;
    const AttributesHandle wanted = attributes();
    const SecretHandle secret(secret_password_lookupv_sync(&schema(), wanted.get(), nullptr, &raw_error));
    const GErrorHandle error(raw_error);
    stored = from_keyring(secret.get(), error.get());
    if (stored.source != KeySource::none) {
        return stored;
    }
    if (!error && any_locked(secret_password_searchv_sync(&schema(), wanted.get(), SECRET_SEARCH_NONE, nullptr, nullptr))) {
        set_locked(stored);
    }
    add_key_file(stored, key_file_in(folder));
    return stored;
}

std::string base_url_from_environment() {
    const char* url = std::getenv("VENICE_BASE_URL");
    return std::string(trimmed(url != nullptr ? url : ""));
}

}  // namespace venice_gimp
