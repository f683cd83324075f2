// SPDX-License-Identifier: MIT
#include "store/store_thread.hpp"

#include <csignal>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace venice_gimp {
namespace {

std::optional<StoreFailure> failure_of(const std::function<void()>& work) {
    try {
        work();
        return std::nullopt;
    } catch (const StoreException& exception) {
        return exception.failure();
    } catch (const std::exception& exception) {
        return StoreFailure{exception.what(), 0};
    }
}

// Signals are the main thread's.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

class StoreThread::Queue {
public:
    Queue() : context_(this_thread_context()) {
        const SignalsBlocked blocked;  // the new thread inherits it
        thread_ = std::thread([this] { work(); });
    }
    ~Queue() {
        {
            const std::lock_guard lock(mutex_);
            ending_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    void add(std::function<void()> work, OnSaved done) {
        {
            const std::lock_guard lock(mutex_);
            tasks_.push_back({std::move(work), std::move(done)});
        }
        changed_.notify_one();
    }

private:
    struct Task {
        std::function<void()> work;
        OnSaved done;
    };

    void work() {
        while (std::optional<Task> task = next()) {
            std::optional<StoreFailure> failure = failure_of(task->work);
            task->work = nullptr;  // what it holds goes before anybody hears of the end
            if (!task->done) {
                continue;
            }
            post(context_.get(), [done = std::move(task->done), failure = std::move(failure)] { done(failure); });
        }
    }

    std::optional<Task> next() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
        if (tasks_.empty()) {
            return std::nullopt;
        }
        Task task = std::move(tasks_.front());
        tasks_.pop_front();
        return task;
    }

    MainContextHandle context_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Task> tasks_;
    bool ending_ = false;
    std::thread thread_;
};

StoreThread::StoreThread() : queue_(std::make_unique<Queue>()) {}

StoreThread::~StoreThread() = default;

void StoreThread::save(std::function<void()> work, OnSaved done) {
    queue_->add(std::move(work), std::move(done));
}

}  // namespace venice_gimp
