// SPDX-License-Identifier: MIT
// The key with a real keyring on a bus of its own, with a locked one, and without any.
#include <libsecret/secret.h>
#include <sys/wait.h>

#include <array>
#include <csignal>

#include "store/dialog_state.hpp"
#include "store/key_store.hpp"
#include "store/presets.hpp"
#include "../freed_blocks.hpp"
#include "store_fixture.hpp"

using namespace venice_gimp;

namespace {

constexpr const char* key = "vn-a-key-that-is-found-nowhere-else";

struct Fixture {
    TemporaryFolder folder;
    std::string store = folder / "venice-gimp";
    KeyStore keys{std::make_shared<StoreThread>(), store};

    StoredKey load() {
        return wait_for<StoredKey>([this](std::function<void(StoredKey)> done) { keys.load(std::move(done)); });
    }
    KeyOutcome store_key(const std::string& text) {
        return wait_for<KeyOutcome>([&](OnKeyChanged done) { keys.store(Secret(text), std::move(done)); });
    }
    KeyOutcome store_in_file(const std::string& text) {
        return wait_for<KeyOutcome>([&](OnKeyChanged done) { keys.store_in_file(Secret(text), std::move(done)); });
    }
    KeyOutcome forget() {
        return wait_for<KeyOutcome>([&](OnKeyChanged done) { keys.forget(std::move(done)); });
    }
};

void the_environment_comes_first(void**) {
    Fixture fixture;
    assert_true(fixture.store_in_file("another").problem == KeyProblem::none);
    setenv("VENICE_API_KEY", " from-environment\n", 1);
    const StoredKey stored = fixture.load();
    const StoredKey waited_for = KeyStore::load_and_wait(fixture.store);
    unsetenv("VENICE_API_KEY");
    assert_true(stored.source == KeySource::environment && stored.problem == KeyProblem::none);
    assert_text(stored.key.text(), "from-environment");
    assert_text(waited_for.key.text(), "from-environment");
}

void without_a_keyring_there_is_the_file(void**) {
    Fixture fixture;
    const StoredKey nothing = fixture.load();
    assert_true(nothing.source == KeySource::none && nothing.problem == KeyProblem::no_keyring);
    assert_false(nothing.error.empty());
    const KeyOutcome refused = fixture.store_key(key);
    assert_true(refused.problem == KeyProblem::no_keyring);
    assert_true(refused.error.find(key) == std::string::npos);
    assert_false(std::filesystem::exists(fixture.store));  // never a file by itself

    assert_true(fixture.store_in_file(std::string(key) + "\n").problem == KeyProblem::none);
    assert_private(fixture.store);
    const StoredKey stored = fixture.load();
    assert_true(stored.source == KeySource::file);
    assert_text(stored.key.text(), key);
    assert_text(KeyStore::load_and_wait(fixture.store).key.text(), key);
    assert_true(fixture.forget().problem == KeyProblem::none);
    assert_true(fixture.load().source == KeySource::none);
    assert_true(all_files(fixture.store).empty());
}

void a_file_that_cannot_be_written_is_told(void**) {
    Fixture fixture;
    put_content(fixture.store, "a file where the folder should be");
    const KeyOutcome outcome = fixture.store_in_file(key);
    assert_true(outcome.problem == KeyProblem::failed);
    assert_true(outcome.error.find("venice-gimp") != std::string::npos && outcome.error.find(key) == std::string::npos);
}

void a_file_that_cannot_be_read_is_told(void**) {
    Fixture fixture;
    std::filesystem::create_directories(fixture.store + "/api-key");
    for (const StoredKey& stored : {fixture.load(), KeyStore::load_and_wait(fixture.store)}) {
        assert_true(stored.source == KeySource::none && stored.problem == KeyProblem::failed);
        assert_true(stored.error.find("api-key") != std::string::npos);
    }
}

void the_address_comes_from_the_environment(void**) {
    assert_text(base_url_from_environment(), "");
    setenv("VENICE_BASE_URL", " http://127.0.0.1:1/api/v1\n", 1);
    const std::string url = base_url_from_environment();
    unsetenv("VENICE_BASE_URL");
    assert_text(url, "http://127.0.0.1:1/api/v1");
}

void the_key_is_in_no_other_file(void**) {
    Fixture fixture;
    assert_true(fixture.store_in_file(key).problem == KeyProblem::none);
    const auto thread = std::make_shared<StoreThread>();
    DialogState state(thread, fixture.store);
    state.add_recent_prompt("fox");
    assert_saved([&](OnSaved done) { state.flush(std::move(done)); });
    const Presets presets(thread, fixture.store);
    assert_saved([&](OnSaved done) { presets.save("a", {}, std::move(done)); });
    RunFiles files(fixture.store);
    const std::string id = files.add(run_of("fox", 1));
    ImageRecord record = done_record(7);
    record.response_headers["authorization"] = std::string("Bearer ") + key;
    record.response_headers["x-echo"] = key;
    files.put_image({id, 0}, record, png_bytes());
    int found = 0;
    for (const std::string& file : all_files(fixture.folder.path())) {
        const bool has_key = content(file).find(key) != std::string::npos;
        found += has_key ? 1 : 0;
        assert_true(!has_key || file == fixture.store + "/api-key");
    }
    assert_int_equal(found, 1);
}

void a_wiped_text_is_empty(void**) {
    std::string secret = key;
    const char* where = secret.data();
    wipe(secret);
    assert_true(secret.empty());
    assert_true(std::all_of(where, where + secret.capacity(), [](char c) { return c == '\0'; }));
}

// Without it, a test that finds nothing would say nothing.
void a_plain_text_is_found_in_freed_memory(void**) {
    freed_blocks::look_for(key);
    {
        const std::string plain(key);
        freed_blocks::keep(plain.data());
    }
    assert_int_equal(freed_blocks::number_with_it(), 1);
}

void a_key_does_not_stay_in_freed_memory(void**) {
    freed_blocks::look_for(key);
    {
        Secret one((std::string_view(key)));
        const Secret copy = one;
        std::vector<Secret> growing(20, copy);
        Secret moved = std::move(one);
        one = copy;
        moved = Secret("another");
        const std::function<void()> function = [copy] {};
        const std::function<void()> again = function;
    }
    assert_int_equal(freed_blocks::number_with_it(), 0);
    freed_blocks::look_for("k3y");
    {
        auto on_the_heap = std::make_unique<Secret>("k3y");
        const auto moved = std::make_unique<Secret>(std::move(*on_the_heap));
        assert_text(moved->text(), "k3y");
    }
    assert_int_equal(freed_blocks::number_with_it(), 0);
}

// On each way that it takes here, with what threads and callbacks keep on the way.
void no_way_of_the_key_leaves_it_in_memory(void**) {
    freed_blocks::look_for(key);
    {
        Fixture fixture;
        setenv("VENICE_API_KEY", key, 1);
        assert_true(fixture.load().source == KeySource::environment);
        assert_true(KeyStore::load_and_wait(fixture.store).source == KeySource::environment);
        unsetenv("VENICE_API_KEY");
        assert_true(wait_for<KeyOutcome>([&](OnKeyChanged done) { fixture.keys.store(Secret(key), std::move(done)); }).problem == KeyProblem::no_keyring);
        assert_true(wait_for<KeyOutcome>([&](OnKeyChanged done) { fixture.keys.store_in_file(Secret(key), std::move(done)); }).problem == KeyProblem::none);
        assert_true(fixture.load().source == KeySource::file);
        assert_true(KeyStore::load_and_wait(fixture.store).source == KeySource::file);
    }
    assert_int_equal(freed_blocks::number_with_it(), 0);
}

// A bus and an open keyring in an empty home. Once in a process: GIO keeps its first connection.
class Keyring {
public:
    Keyring() : bus_(g_test_dbus_new(G_TEST_DBUS_NONE)) {
        setenv("HOME", home_.path().c_str(), 1);
        setenv("XDG_DATA_HOME", (home_ / "data").c_str(), 1);
        setenv("XDG_RUNTIME_DIR", home_.path().c_str(), 1);
        g_test_dbus_up(bus_);
        start();
        GDBusConnection* connection = g_bus_get_sync(G_BUS_TYPE_SESSION, nullptr, nullptr);
        assert_non_null(connection);
        g_dbus_connection_set_exit_on_close(connection, FALSE);
        wait_until_it_answers(connection);
        g_object_unref(connection);
    }
    ~Keyring() {
        kill(process_, SIGTERM);
        waitpid(process_, nullptr, 0);
        g_test_dbus_stop(bus_);
    }
    Keyring(const Keyring&) = delete;
    Keyring& operator=(const Keyring&) = delete;

    static void lock() {
        SecretService* service = secret_service_get_sync(SECRET_SERVICE_LOAD_COLLECTIONS, nullptr, nullptr);
        assert_non_null(service);
        GList* collections = secret_service_get_collections(service);
        secret_service_lock_sync(service, collections, nullptr, nullptr, nullptr);
        g_list_free_full(collections, g_object_unref);
        g_object_unref(service);
    }

private:
    void start() {
        std::array<const char*, 5> command = {"gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets", nullptr};
        std::array<int, 2> ends{};
        assert_int_equal(pipe(ends.data()), 0);
        process_ = fork();
        if (process_ == 0) {
            dup2(ends[0], STDIN_FILENO);
            close(ends[0]);
            close(ends[1]);
            dup2(STDERR_FILENO, STDOUT_FILENO);  // what it prints is no test result
            execvp(command[0], const_cast<char* const*>(command.data()));
            _exit(127);
        }
        close(ends[0]);
        assert_int_equal(write(ends[1], "test", 4), 4);
        close(ends[1]);
    }

    static void wait_until_it_answers(GDBusConnection* connection) {
        constexpr int attempts = 1000;
        for (int i = 0; i < attempts; ++i) {
            GVariant* owner = g_dbus_connection_call_sync(connection, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetNameOwner",
                                                          g_variant_new("(s)", "org.freedesktop.secrets"), nullptr, G_DBUS_CALL_FLAGS_NONE, -1,
                                                          nullptr, nullptr);
            if (owner != nullptr) {
                g_variant_unref(owner);
                return;
            }
            g_usleep(10000);
        }
        assert_false("gnome-keyring-daemon does not answer");
    }

    TemporaryFolder home_;
    GTestDBus* bus_;
    pid_t process_ = -1;
};

void the_keyring_is_used_where_there_is_one(void**) {
    const Keyring keyring;
    Fixture fixture;
    const StoredKey nothing = fixture.load();
    assert_true(nothing.source == KeySource::none && nothing.problem == KeyProblem::none);

    assert_true(fixture.store_in_file("old").problem == KeyProblem::none);
    assert_true(fixture.store_key(key).problem == KeyProblem::none);
    assert_true(all_files(fixture.folder.path()).empty());  // it has moved from the file into the keyring
    const StoredKey stored = fixture.load();
    assert_true(stored.source == KeySource::keyring);
    assert_text(stored.key.text(), key);

    freed_blocks::look_for(key);
    assert_true(wait_for<KeyOutcome>([&](OnKeyChanged done) { fixture.keys.store(Secret(key), std::move(done)); }).problem == KeyProblem::none);
    assert_true(fixture.load().source == KeySource::keyring);
    assert_true(KeyStore::load_and_wait(fixture.store).source == KeySource::keyring);
    assert_int_equal(freed_blocks::number_with_it(), 0);

    assert_true(fixture.forget().problem == KeyProblem::none);
    assert_true(fixture.load().source == KeySource::none);
    assert_true(fixture.forget().problem == KeyProblem::none);  // nothing is there to forget

    assert_true(fixture.store_key(key).problem == KeyProblem::none);
    Keyring::lock();
    const StoredKey locked = fixture.load();
    assert_true(locked.source == KeySource::none && locked.problem == KeyProblem::keyring_locked);
    assert_false(locked.error.empty());
    assert_true(KeyStore::load_and_wait(fixture.store).problem == KeyProblem::keyring_locked);
    assert_true(fixture.store_key(key).problem == KeyProblem::keyring_locked);
    assert_true(fixture.store_in_file(key).problem == KeyProblem::none);
    const KeyOutcome kept = fixture.forget();
    assert_true(kept.problem == KeyProblem::keyring_locked);  // the keyring still has it
    assert_true(all_files(fixture.folder.path()).empty());
}

}  // namespace

int main() {
    unsetenv("VENICE_API_KEY");
    setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
    const CMUnitTest tests[] = {
        cmocka_unit_test(the_environment_comes_first),
        cmocka_unit_test(without_a_keyring_there_is_the_file),
        cmocka_unit_test(a_file_that_cannot_be_written_is_told),
        cmocka_unit_test(a_file_that_cannot_be_read_is_told),
        cmocka_unit_test(the_address_comes_from_the_environment),
        cmocka_unit_test(the_key_is_in_no_other_file),
        cmocka_unit_test(a_wiped_text_is_empty),
        cmocka_unit_test(a_plain_text_is_found_in_freed_memory),
        cmocka_unit_test(a_key_does_not_stay_in_freed_memory),
        cmocka_unit_test(no_way_of_the_key_leaves_it_in_memory),
        cmocka_unit_test(the_keyring_is_used_where_there_is_one),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
