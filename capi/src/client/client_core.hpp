// SPDX-License-Identifier: MIT
// What a client handle stands for: options, the worker and the events. Jobs know it weakly, so that handles may be freed in any order.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "client/event_queue.hpp"
#include "client/job.hpp"
#include "http/worker.hpp"
#include "request/request.hpp"
#include "support/secret.hpp"

namespace venice {

class ClientCore : public std::enable_shared_from_this<ClientCore> {
public:
    ClientCore();

    // Throw Error. A null `value` restores the default.
    void set_string_option(std::string_view name, const char* value);
    void set_int_option(std::string_view name, std::int64_t value);

    // Checks and starts. Throw Error.
    std::shared_ptr<Job> submit_generate(const Request& request, bool announced);
    std::shared_ptr<Job> submit_list(Job::Kind kind, bool announced);
    std::shared_ptr<Job> submit_account(bool announced);

    // Where lists of this kind are kept; nothing if there is no cache folder.
    std::optional<ListCache> list_cache(Job::Kind kind) const;

    Worker& worker() { return worker_; }
    EventQueue& events() { return events_; }
    int forks_before() const { return forks_before_; }

private:
    struct Options {
        Secret api_key;
        std::string base_url;
        std::string user_agent;
        std::string cache_dir;  // empty: nothing is kept on disk
        std::int64_t cache_max_age_ms = 3'600'000;
        std::optional<std::string> proxy;
        std::shared_ptr<const std::string> ca_certificates;
        std::int64_t connect_timeout_ms = 30'000;
        std::int64_t total_timeout_ms = 600'000;
        std::int64_t idle_timeout_ms = 300'000;
        std::int64_t max_response_bytes = std::int64_t{256} << 20;
        std::int64_t max_in_flight = 4;
        std::int64_t max_retries = 3;
        std::int64_t max_retry_wait_ms = 120'000;
    };
    struct IntOption;
    struct StringOption;

    static const IntOption* find_int_option(std::string_view name);
    static const StringOption* find_string_option(std::string_view name);
    HttpRequest http_request(Job::Kind kind);
    HttpSettings http_settings(Job::Kind kind) const;
    std::shared_ptr<Job> start(std::shared_ptr<Job> job);

    const int forks_before_;
    mutable std::mutex mutex_;  // guards options_ and what is made of them
    Options options_;
    std::map<Job::Kind, HttpRequest> requests_;  // what all of a kind have in common; empty when an option has changed
    EventQueue events_;
    Worker worker_;  // last: its thread uses the others
};

}  // namespace venice
