// SPDX-License-Identifier: MIT
#include "client/event_queue.hpp"

#include <venice/job.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "support/error.hpp"

namespace venice {

// A pipe and not an eventfd: it is in every POSIX system.
EventQueue::EventQueue() {
    std::array<int, 2> ends{-1, -1};
    if (pipe(ends.data()) != 0) {
        throw Error(VENICE_ERROR_INTERNAL, "The process has no file descriptors left.");
    }
    read_end_ = ends[0];
    write_end_ = ends[1];
    for (const int end : ends) {
        fcntl(end, F_SETFD, FD_CLOEXEC);
        fcntl(end, F_SETFL, O_NONBLOCK);
    }
}

EventQueue::~EventQueue() {
    close(read_end_);
    close(write_end_);
}

void EventQueue::reserve_end() {
    const std::lock_guard lock(mutex_);
    make_room();
    ++reserved_;
}

// For one more than there are, and are reserved. Throws std::bad_alloc.
void EventQueue::make_room() {
    if (first_ >= events_.size() - first_) {  // so seldom that moving the others costs next to nothing for each event
        events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
    const std::size_t needed = events_.size() + reserved_ + 1;
    if (needed > events_.capacity()) {
        events_.reserve(std::max(needed, 2 * events_.capacity()));
    }
}

void EventQueue::push(const Event& event, Number& last_progress) {
    const bool is_progress = event.type == VENICE_EVENT_PROGRESS;
    if (is_progress && is_queued(last_progress)) {
        return;  // who takes that one sees what led to this one
    }
    {
        const std::lock_guard lock(mutex_);
        if (event.type == VENICE_EVENT_ENDED) {
            --reserved_;
        } else {
            make_room();
        }
        events_.push_back(event);
        ++pushed_;
        last_progress = is_progress ? pushed_ : last_progress;
        if (events_.size() - first_ == 1) {
            // One byte stands in the pipe exactly while the queue is not empty: so it is level-triggered and cannot fill up.
            static_cast<void>(!write(write_end_, "", 1));
        }
    }
    not_empty_.notify_one();
    call_notify();
}

std::optional<Event> EventQueue::take(std::int64_t timeout_ms) {
    std::unique_lock lock(mutex_);
    const auto there = [&] { return first_ < events_.size(); };
    if (timeout_ms < 0) {
        not_empty_.wait(lock, there);
    } else if (!not_empty_.wait_for(lock, std::chrono::milliseconds(timeout_ms), there)) {
        return std::nullopt;
    }
    const Event event = events_[first_++];
    ++taken_;
    if (!there()) {
        events_.clear();
        first_ = 0;
        char byte = 0;
        static_cast<void>(!read(read_end_, &byte, 1));  // NOLINT(clang-analyzer-unix.BlockInCriticalSection): it is O_NONBLOCK
    }
    return event;
}

void EventQueue::set_notify(Notify notify, void* user_data) {
    std::unique_lock lock(notify_mutex_);
    notify_done_.wait(lock, [&] { return notifying_ == std::thread::id() || notifying_ == std::this_thread::get_id(); });
    notify_ = notify;
    user_data_ = user_data;
}

void EventQueue::call_notify() {
    Notify notify = nullptr;
    void* user_data = nullptr;
    {
        const std::lock_guard lock(notify_mutex_);
        if (notify_ == nullptr) {
            return;
        }
        notify = notify_;
        user_data = user_data_;
        notifying_ = std::this_thread::get_id();
    }
    try {
        notify(user_data);  // without the lock: it may call the library, set_notify() too
    } catch (...) {  // NOLINT(bugprone-empty-catch): a C++ program's mistake; it must not end the client's thread
    }
    {
        const std::lock_guard lock(notify_mutex_);
        notifying_ = std::thread::id();
    }
    notify_done_.notify_all();
}

}  // namespace venice
