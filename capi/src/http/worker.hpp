// SPDX-License-Identifier: MIT
// The client's thread: runs all exchanges on one curl multi handle.
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "http/exchange.hpp"
#include "http/pacer.hpp"
#include "http/transfer.hpp"

namespace venice {

class CurlMulti;

class Worker {
public:
    Worker();
    ~Worker();  // stop()
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Starts the thread with the first one. At most `max_in_flight` run at once, the others wait in order.
    void submit(std::shared_ptr<HttpReceiver> receiver);

    void set_max_in_flight(std::size_t count) noexcept;

    // Makes the thread look for abandoned exchanges now.
    void look_for_abandoned() noexcept;

    // Drops everything and joins the thread. Not from the thread itself. Never waits for the network.
    void stop();

    bool on_worker_thread() const { return std::this_thread::get_id() == thread_id_.load(); }

private:
    using TimePoint = Pacer::TimePoint;

    // From its submission to its end, over all tries.
    struct Exchange {
        std::shared_ptr<HttpReceiver> receiver;
        std::unique_ptr<Transfer> transfer;  // while it runs
        int tries = 0;
        TimePoint first_started{};
        TimePoint not_before{};

        const HttpRequest& request() const { return receiver->http_request(); }
        const HttpSettings& settings() const { return *request().settings; }
        TimePoint deadline() const;  // for all tries; TimePoint::max(): no limit, or not tried yet
    };
    // Exchanges go from list to list without being copied: on the thread no memory is needed for that, and so it cannot be lacking.
    using Exchanges = std::list<Exchange>;

    void wake() noexcept;
    void run();
    void take_submitted() noexcept;
    void start_waiting() noexcept;
    enum class Turn { waits, starts, comes_too_late };
    Turn turn_of(const Exchange& exchange, TimePoint now) noexcept;
    TimePoint may_start_at(const Exchange& exchange, TimePoint now) noexcept;
    void start(Exchanges& one, TimePoint now) noexcept;
    void fail_for_lack_of_time(const Exchange& exchange, TimePoint now) noexcept;
    void conclude(Exchanges& one, int curl_code) noexcept;
    bool connect_anew(Exchanges& one) noexcept;
    bool try_again(Exchanges& one, TimePoint now) noexcept;
    void tell_pacer(const Exchange& exchange, long http_status, const Headers& headers, TimePoint now) noexcept;
    static bool has_ended(const Exchange& exchange, TimePoint now) noexcept;
    void finish_ended() noexcept;
    void tell_ended() noexcept;
    void drop_abandoned(bool all) noexcept;
    template <typename Ends>
    Exchanges take_running(Ends&& ends) noexcept;
    std::unique_ptr<Transfer> take_transfer();  // throws std::bad_alloc
    void keep(std::unique_ptr<Transfer> transfer) noexcept;
    int poll_timeout_ms() const;

    std::atomic<std::size_t> max_in_flight_{4};
    std::atomic<bool> stopping_{false};
    std::atomic<std::thread::id> thread_id_{};
    std::unique_ptr<CurlMulti> multi_;

    std::atomic<bool> look_for_abandoned_{false};

    std::mutex mutex_;  // guards submitted_ and the start of the thread
    Exchanges submitted_;
    std::thread thread_;

    // On the thread only.
    Exchanges waiting_;  // for their turn, or for a time
    Exchanges running_;
    Exchanges ended_;  // and not told yet
    Pacer pacer_;
    std::optional<TimePoint> next_due_;  // when one of those that wait may start, or has waited for too long
    bool slot_freed_ = false;
    static constexpr std::size_t most_unused = 256;
    std::vector<std::unique_ptr<Transfer>> unused_;  // with room for as many: keeping one needs no memory
};

}  // namespace venice
