// SPDX-License-Identifier: MIT
// A port of this machine for a session to talk to, and the main loop until something has happened.
#pragma once

#include <arpa/inet.h>
#include <glib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>

#include "cmocka.hpp"
#include "generation/session.hpp"

#include "../resource_limit.hpp"  // after CMocka

namespace venice_gimp {

// A port that is taken, so that nobody else answers there. Listening, it accepts connections and stays silent; else it refuses them.
class Port {
public:
    explicit Port(bool listening) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        assert_int_equal(bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
        assert_int_equal(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
        if (listening) {
            assert_int_equal(listen(socket_, 8), 0);
        }
        number_ = ntohs(address.sin_port);
    }
    ~Port() { close(socket_); }
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;

    int descriptor() const { return socket_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(number_) + "/api/v1"; }

private:
    int socket_;
    int number_ = 0;
};

inline rlim_t address_space() {
    std::ifstream statm("/proc/self/statm");
    rlim_t pages = 0;
    statm >> pages;
    return pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
}

// No more memory than this beyond what the process has.
class ShortOfMemory : ResourceLimit {
public:
    explicit ShortOfMemory(rlim_t bytes) : ResourceLimit(RLIMIT_AS, address_space() + bytes) {}
};

inline std::unique_ptr<Session> session_at(const Port& port) {
    std::unique_ptr<Session> session = Session::create(port.url(), "venice-gimp-test/1");
    session->set_api_key("test-key");
    return session;
}

inline gboolean set_true(gpointer flag) {
    *static_cast<bool*>(flag) = true;
    return G_SOURCE_REMOVE;
}

// Runs the main loop until the condition holds; fails the test after ten seconds.
template <typename Condition>
void loop_until(Condition condition) {
    bool late = false;
    const guint timer = g_timeout_add_seconds(10, set_true, &late);
    while (!condition()) {
        assert_false(late);
        g_main_context_iteration(nullptr, TRUE);
    }
    g_source_remove(timer);
}

inline void loop_for(guint milliseconds) {
    bool over = false;
    g_timeout_add(milliseconds, set_true, &over);
    while (!over) {
        g_main_context_iteration(nullptr, TRUE);
    }
}

}  // namespace venice_gimp
