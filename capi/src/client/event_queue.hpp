// SPDX-License-Identifier: MIT
// The client's events: a queue, a descriptor that is readable while it is not empty, and a callback.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace venice {

struct Event {
    std::int32_t type = 0;
    std::int64_t job_id = 0;
    std::size_t image_index = 0;
};

class EventQueue {
public:
    using Notify = void (*)(void*);

    // Which of all events that were queued it was, from 1 on; 0: none.
    using Number = std::uint64_t;

    EventQueue();  // throws Error if there are no descriptors left
    ~EventQueue();
    EventQueue(const EventQueue&) = delete;
    EventQueue& operator=(const EventQueue&) = delete;

    // Keeps memory for the event of one job's end: that one must not be lost for lack of it. Once for each job, before it can end.
    void reserve_end();

    // Queues, wakes a waiting take(), and calls the callback on this thread. A progress event of the same job that nobody has taken yet is not doubled:
    // `last_progress` is the job's, and kept here. All of a job's events come from one thread; the event of its end is the last.
    void push(const Event& event, Number& last_progress);

    // Waits for `timeout_ms` at most; -1: without limit. Nothing when the time is over.
    std::optional<Event> take(std::int64_t timeout_ms);

    int descriptor() const { return read_end_; }

    // Waits until the earlier callback has returned, unless called from inside it.
    void set_notify(Notify notify, void* user_data);

private:
    bool is_queued(Number number) const { return number > taken_; }
    void make_room();
    void call_notify();

    int read_end_ = -1;
    int write_end_ = -1;

    std::mutex mutex_;
    std::condition_variable not_empty_;
    std::vector<Event> events_;        // with room for the ends of jobs that have not ended
    std::size_t first_ = 0;            // of them: those before it were taken
    std::size_t reserved_ = 0;         // ends of jobs
    Number pushed_ = 0;
    std::atomic<Number> taken_{0};

    mutable std::mutex notify_mutex_;
    std::condition_variable notify_done_;
    Notify notify_ = nullptr;
    void* user_data_ = nullptr;
    std::thread::id notifying_{};  // the thread that is inside the callback
};

}  // namespace venice
