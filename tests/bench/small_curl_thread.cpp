// SPDX-License-Identifier: MIT
// What libcurl costs in a thread of its own, which every program has to pay that goes on meanwhile: one thread asks and takes the answers, the other
// one runs the transfers. Nothing else: no checks, no JSON, no events. small_curl_thread BASE_URL COUNT IN_FLIGHT.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "curl_alone.hpp"

namespace {

struct Job {
    std::string answer;
    bool is_done = false;  // with the mutex
};

// Used again for one job after the other.
struct Slot {
    bench::Easy easy{curl_easy_init()};
    std::shared_ptr<Job> job;
};

std::size_t append(char* data, std::size_t size, std::size_t count, void* user_data) {
    static_cast<Slot*>(user_data)->job->answer.append(data, size * count);
    return size * count;
}

class Worker {
public:
    Worker(std::string url, std::size_t in_flight) : url_(std::move(url)), slots_(in_flight), thread_([this] { work(); }) {}
    ~Worker() {
        ask(nullptr);
        thread_.join();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

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
            bench::prepare(slot.easy.get(), url_, headers_.get(), &append, &slot);
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
            curl_multi_add_handle(multi_.get(), idle_.back()->easy.get());
        }
        return asked_.empty() || asked_.front() || idle_.empty();
    }

    bool finish_done() {
        std::vector<std::shared_ptr<Job>> done;
        int queued = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &queued)) {
            Slot* const slot = bench::finished<Slot>(multi_.get(), *message);
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
    bench::Multi multi_{curl_multi_init()};
    bench::Headers headers_ = bench::make_headers();
    std::vector<Slot> slots_;
    std::vector<Slot*> idle_;
    std::mutex mutex_;
    std::condition_variable done_;
    std::deque<std::shared_ptr<Job>> asked_;
    std::thread thread_;  // last: it uses all the others
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        bench::give_up("usage: small_curl_thread BASE_URL COUNT IN_FLIGHT");
    }
    const std::size_t count = std::stoul(argv[2]);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    Worker worker(std::string(argv[1]) + "/image/generate", std::stoul(argv[3]));

    const bench::Stopwatch stopwatch;
    std::vector<std::shared_ptr<Job>> jobs;
    jobs.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        jobs.push_back(std::make_shared<Job>());
        worker.ask(jobs.back());
    }
    std::size_t bytes = 0;
    for (std::shared_ptr<Job>& job : jobs) {
        worker.wait(*job);
        bytes += job->answer.size();
        job.reset();
    }
    const double wall_ms = stopwatch.wall_ms();
    const double cpu_ms = stopwatch.cpu_ms();
    std::printf("{\"wall_ms\": %.3f, \"cpu_ms\": %.3f, \"bytes\": %zu}\n", wall_ms, cpu_ms, bytes);
    return 0;
}
