// SPDX-License-Identifier: MIT
// What a session and its runs share: the client, its events brought to the main loop, the models once they are known, and the decoders.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "generation/decode_workers.hpp"
#include "generation/main_context.hpp"
#include "generation/session.hpp"
#include "generation/venice_handles.hpp"

namespace venice_gimp {

class Connection : public std::enable_shared_from_this<Connection> {
public:
    static std::shared_ptr<Connection> create(const std::string& base_url, const std::string& user_agent);

    venice_client* client() const { return client_.get(); }
    DecodeWorkers& decoders() { return decoders_; }

    // Calls `handler` for every event of the job, with its type, the end as the last one. From the main context only.
    using EventHandler = std::function<void(std::int32_t type)>;
    void watch(const venice_job* job, EventHandler handler);
    void unwatch(const venice_job* job);

    // The catalogue, if it was fetched; at least its models.
    std::shared_ptr<const Catalog> catalog;

private:
    Connection() = default;
    void listen();
    void dispatch_events();
    void dispatch(const venice_event* event);
    static gboolean on_events(gint fd, GIOCondition condition, gpointer data) noexcept;

    ClientHandle client_;
    std::map<std::int64_t, std::shared_ptr<EventHandler>> handlers_;
    DecodeWorkers decoders_;
    SourceHandle events_;  // last: it goes before the client that owns the descriptor
};

}  // namespace venice_gimp
