// SPDX-License-Identifier: MIT
// The client's events: a queue, a descriptor that is readable while it is not empty, and a callback.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

namespace venice {

struct Event {
    std::int32_t type = 0;
    std::int64_t job_id = 0;
    std::size_t image_index = 0;
};

class EventQueue {
    struct Entry {
        Event event;
        Entry* job_end = nullptr;               // of a progress event: the entry for the end of its job, which stays longer
        std::atomic<bool> has_progress{false};  // of a job's end: the job has a progress event in the queue
    };

public:
    using Notify = void (*)(void*);

    EventQueue();  // throws Error if there are no descriptors left
    ~EventQueue();
    EventQueue(const EventQueue&) = delete;
    EventQueue& operator=(const EventQueue&) = delete;

    // Where a job's end is going to be, until that event is taken.
    using JobEnd = std::list<Entry>::iterator;

    // Keeps memory for the event of one job's end: that one must not be lost for lack of it. Once for each job, before it can end.
    JobEnd reserve_end();

    // Queues, wakes a waiting take(), and calls the callback on this thread. A progress event of the same job that nobody has taken yet is not doubled.
    // All of a job's events come from one thread, and `end` is what was reserved for it; the event of its end is the last.
    void push(const Event& event, JobEnd end);

    // Waits for `timeout_ms` at most; -1: without limit. Nothing when the time is over.
    std::optional<Event> take(std::int64_t timeout_ms);

    int descriptor() const { return read_end_; }

    // Waits until the earlier callback has returned, unless called from inside it.
    void set_notify(Notify notify, void* user_data);

private:
    void call_notify();

    int read_end_ = -1;
    int write_end_ = -1;

    std::mutex mutex_;
    std::condition_variable not_empty_;
    std::list<Entry> events_;
    std::list<Entry> reserved_;  // for the ends of jobs that have not ended

    mutable std::mutex notify_mutex_;
    std::condition_variable notify_done_;
    Notify notify_ = nullptr;
    void* user_data_ = nullptr;
    std::thread::id notifying_{};  // the thread that is inside the callback
};

}  // namespace venice
