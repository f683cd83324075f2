// SPDX-License-Identifier: MIT
// libcurl in a thread of its own: one thread asks and takes the answers, the other one runs the transfers. What a transfer needs is the Slot's.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "curl_alone.hpp"

namespace bench {

// A Slot makes one job after the other with the same handle. It has: Job, with `answer`, and `is_done` that goes with the mutex; easy; job;
// prepare(url, headers), once; begin() and end(), for each job.
template <typename Slot>
class CurlThread {
    using Job = typename Slot::Job;

public:
    CurlThread(std::string url, std::size_t in_flight) : url_(std::move(url)), slots_(in_flight), thread_([this] { work(); }) {}
    ~CurlThread() {
        ask(nullptr);
        thread_.join();
    }
    CurlThread(const CurlThread&) = delete;
    CurlThread& operator=(const CurlThread&) = delete;

    // Null: end.
    void ask(std::shared_ptr<Job> job) {
        {
            const std::lock_guard lock(mutex_);
            asked_.push_back(std::move(job));
        }
        curl_multi_wakeup(multi_.get());
    }

    void wait(const Job& job) {
        std::unique_lock lock(mutex_);
        done_.wait(lock, [&job] { return job.is_done; });
    }

private:
    void work() {
        for (Slot& slot : slots_) {
            slot.prepare(url_, headers_.get());
            idle_.push_back(&slot);
        }
        while (start_asked() || idle_.size() < slots_.size()) {
            int running = 0;
            curl_multi_perform(multi_.get(), &running);
            if (!finish_done()) {
                curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr);
            }
        }
    }

    // False once it is to end.
    bool start_asked() {
        const std::lock_guard lock(mutex_);
        for (; !idle_.empty() && !asked_.empty() && asked_.front(); asked_.pop_front(), idle_.pop_back()) {
            idle_.back()->job = std::move(asked_.front());
            idle_.back()->begin();
            curl_multi_add_handle(multi_.get(), idle_.back()->easy.get());
        }
        return asked_.empty() || asked_.front() || idle_.empty();
    }

    bool finish_done() {
        std::vector<std::shared_ptr<Job>> done;
        int queued = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &queued)) {
            Slot* const slot = finished<Slot>(multi_.get(), *message);
            slot->end();
            done.push_back(std::move(slot->job));
            idle_.push_back(slot);
        }
        if (done.empty()) {
            return false;
        }
        const std::lock_guard lock(mutex_);
        for (const std::shared_ptr<Job>& job : done) {
            job->is_done = true;
        }
        done_.notify_all();
        return true;
    }

    std::string url_;
    Multi multi_{curl_multi_init()};
    Headers headers_ = make_headers();
    std::vector<Slot> slots_;
    std::vector<Slot*> idle_;
    std::mutex mutex_;
    std::condition_variable done_;
    std::deque<std::shared_ptr<Job>> asked_;
    std::thread thread_;  // last: it uses all the others
};

// Makes COUNT requests and prints what they cost.
template <typename Slot>
int run_small_requests(int argc, char** argv) {
    if (argc != 4) {
        give_up("usage: PROGRAM BASE_URL COUNT IN_FLIGHT");
    }
    const std::size_t count = std::stoul(argv[2]);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CurlThread<Slot> worker(std::string(argv[1]) + "/image/generate", std::stoul(argv[3]));

    const Stopwatch stopwatch;
    std::vector<std::shared_ptr<typename Slot::Job>> jobs;
    jobs.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        jobs.push_back(std::make_shared<typename Slot::Job>());
        worker.ask(jobs.back());
    }
    std::size_t bytes = 0;
    for (std::shared_ptr<typename Slot::Job>& job : jobs) {
        worker.wait(*job);
        bytes += job->answer.size();
        job.reset();
    }
    const double wall_ms = stopwatch.wall_ms();
    const double cpu_ms = stopwatch.cpu_ms();
    std::printf("{\"wall_ms\": %.3f, \"cpu_ms\": %.3f, \"bytes\": %zu}\n", wall_ms, cpu_ms, bytes);
    return 0;
}

}  // namespace bench
