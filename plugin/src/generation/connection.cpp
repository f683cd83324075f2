// SPDX-License-Identifier: MIT
#include "generation/connection.hpp"

#include <glib-unix.h>

#include <utility>

namespace venice_gimp {

std::shared_ptr<Connection> Connection::create(const std::string& base_url, const std::string& user_agent) {
    std::shared_ptr<Connection> connection(new Connection);
    connection->client_ = make<ClientHandle>(venice_client_new);
    if (!base_url.empty()) {
        call(venice_client_set_string, connection->client(), "base_url", base_url.c_str());
    }
    call(venice_client_set_string, connection->client(), "user_agent", user_agent.c_str());
    connection->listen();
    return connection;
}

void Connection::watch(const venice_job* job, EventHandler handler) {
    handlers_[venice_job_id(job)] = std::make_shared<EventHandler>(std::move(handler));
}

void Connection::unwatch(const venice_job* job) {
    handlers_.erase(venice_job_id(job));
}

void Connection::listen() {
    std::int32_t fd = -1;
    call(venice_client_event_fd, client(), &fd);
    events_.reset(g_unix_fd_source_new(fd, G_IO_IN));
    g_source_set_callback(events_.get(), G_SOURCE_FUNC(&Connection::on_events), this, nullptr);
    const MainContextHandle context = this_thread_context();
    g_source_attach(events_.get(), context.get());
}

gboolean Connection::on_events(gint, GIOCondition, gpointer data) noexcept {
    // A handler may let go of the session and of the run: the connection stays until the loop below has ended.
    guarded([data] {
        const std::shared_ptr<Connection> self = static_cast<Connection*>(data)->shared_from_this();
        self->dispatch_events();
    });
    return G_SOURCE_CONTINUE;
}

void Connection::dispatch_events() {
    venice_event* raw = nullptr;
    while (venice_client_next_event(client(), 0, &raw, nullptr) == VENICE_OK) {
        const EventHandle event(raw);
        guarded([this, &event] { dispatch(event.get()); });
    }
}

void Connection::dispatch(const venice_event* event) {
    const auto found = handlers_.find(venice_event_job_id(event));
    if (found == handlers_.end()) {
        return;  // of a job that nobody waits for any more
    }
    const std::shared_ptr<EventHandler> handler = found->second;  // it may remove itself
    const std::int32_t type = venice_event_type(event);
    if (type == VENICE_EVENT_ENDED) {
        handlers_.erase(found);
    }
    (*handler)(type);
}

}  // namespace venice_gimp
