// SPDX-License-Identifier: MIT
// Usage: test-abi-threads [race]
//
// Several threads submit, watch, cancel and free jobs at random, on one client, against a server that answers well, refuses, fails and hangs up. Under
// ThreadSanitizer (tests/run threads) each data race ends the program; in any build each job must come to exactly one end, which is announced once, and
// no image may be paid twice. With `race`, a race of this program's own shows that the sanitizer sees what libvenice's threads do. Prints TAP.
#include <venice/venice.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

#include "../handles.hpp"
#include "canned_server.hpp"
#include "tap.hpp"

namespace {

constexpr int threads = 4;
constexpr int steps_of_a_thread = 500;
constexpr int rounds = 3;

// What several threads found wrong; the first is enough.
class Complaint {
public:
    void say(const std::string& what) {
        const std::lock_guard lock(mutex_);
        if (what_.empty()) {
            what_ = what;
        }
    }
    std::string what() const {
        const std::lock_guard lock(mutex_);
        return what_;
    }

private:
    mutable std::mutex mutex_;
    std::string what_;
};

// --- the server

// How often each prompt was answered other than by a refusal, after which a client may ask again.
class Orders {
public:
    std::optional<std::string> answer(const std::string& request) {
        std::this_thread::sleep_for(std::chrono::milliseconds(random_() % 3));
        const bool is_order = request.starts_with("POST ");
        const auto kind = random_() % 10;
        if (is_order && kind == 0) {
            return CannedServer::whole_answer("503 Service Unavailable", R"({"error":"at capacity"})", "Retry-After: 0\r\n");
        }
        if (const std::optional<std::string> prompt = is_order ? prompt_of(request) : std::nullopt) {
            const std::lock_guard lock(mutex_);
            ++done_[*prompt];
        }
        return kind == 1   ? std::optional(CannedServer::whole_answer("500 Internal Server Error", R"({"error":"inference failed"})"))
               : kind == 2 ? std::optional<std::string>("")
                           : std::nullopt;
    }

    std::string done_twice() const {
        const std::lock_guard lock(mutex_);
        for (const auto& [prompt, count] : done_) {
            if (count > 1) {
                return "\"" + prompt + "\" was sent " + std::to_string(count) + " times though the server had not refused it";
            }
        }
        return done_.empty() ? "no order came to the server" : "";
    }

private:
    // Nothing for a cancelled request that was cut off before its prompt ended: it makes no image.
    static std::optional<std::string> prompt_of(const std::string& request) {
        const std::string before = "\"prompt\":\"";
        const std::size_t found = request.find(before);
        const std::size_t start = found + before.size();
        const std::size_t end = found == std::string::npos ? found : request.find('"', start);
        return end == std::string::npos ? std::nullopt : std::optional(request.substr(start, end - start));
    }

    mutable std::mutex mutex_;
    std::map<std::string, int> done_;
    std::minstd_rand random_{1};  // on the server's thread only
};

// --- the clients' jobs

using JobHandle = std::shared_ptr<venice_job>;

struct Told {
    int ends = 0;
    int images = 0;
};

// One client, what was submitted to it, and what it told.
class Round {
public:
    Round(const CannedServer& server, const std::string& cache_dir, int number) : number_(number) {
        venice_client_new(&client_, nullptr);
        venice_client_set_string(client_, "base_url", server.url(), nullptr);
        venice_client_set_string(client_, "api_key", "a-key", nullptr);
        venice_client_set_string(client_, "cache_dir", cache_dir.c_str(), nullptr);
        venice_client_set_int(client_, "cache_max_age_ms", 5, nullptr);
        venice_client_set_int(client_, "max_retry_wait_ms", 3, nullptr);
    }
    Round(const Round&) = delete;
    Round& operator=(const Round&) = delete;
    ~Round() { free_client(); }

    void free_client() {
        if (client_ != nullptr && venice_client_free(client_) != VENICE_OK) {
            complaint.say("venice_client_free() did not free the client");
        }
        client_ = nullptr;
    }

    void work(unsigned seed) {
        std::minstd_rand random(seed);
        for (int step = 0; step < steps_of_a_thread; ++step) {
            do_one_thing(random, "round " + std::to_string(number_) + " thread " + std::to_string(seed) + " step " + std::to_string(step));
        }
    }

    // Until all that was submitted has been announced as ended.
    void take_events() {
        for (std::size_t ended = 0; !all_submitted_ || ended < submitted_.load();) {
            venice_event* event = nullptr;
            const venice_status status = venice_client_next_event(client_, 20, &event, nullptr);
            if (status == VENICE_ERROR_NOT_READY) {
                if (std::chrono::steady_clock::now() > last_event_ + std::chrono::seconds(60)) {
                    complaint.say(std::to_string(submitted_ - ended) + " jobs did not end");
                    return;
                }
                continue;
            }
            last_event_ = std::chrono::steady_clock::now();
            Told& told = told_[venice_event_job_id(event)];
            told.images += venice_event_type(event) == VENICE_EVENT_IMAGE ? 1 : 0;
            if (venice_event_type(event) == VENICE_EVENT_ENDED) {
                ++told.ends;
                ++ended;
            }
            venice_event_free(event);
        }
    }

    void no_more_is_submitted() { all_submitted_ = true; }

    // Every job whose handle is still there, after all events were taken or the client was freed.
    void check_ends(bool events_were_taken) {
        for (const auto& [job, is_order] : jobs_) {
            const std::int32_t state = venice_job_state(job.get());
            if (state != VENICE_JOB_SUCCEEDED && state != VENICE_JOB_FAILED && state != VENICE_JOB_CANCELLED) {
                complaint.say("a job is in state " + std::to_string(state) + " at the end");
            }
            ++ends_[state];
            if (is_order) {
                check_order(job.get(), state, events_were_taken);
            }
        }
        for (const auto& [id, told] : told_) {
            if (events_were_taken && told.ends != 1) {
                complaint.say("the end of job " + std::to_string(id) + " was announced " + std::to_string(told.ends) + " times");
            }
        }
    }

    std::string summary() const {
        return std::to_string(ends_[VENICE_JOB_SUCCEEDED]) + " of the kept jobs succeeded, " + std::to_string(ends_[VENICE_JOB_FAILED]) + " failed, " +
               std::to_string(ends_[VENICE_JOB_CANCELLED]) + " were cancelled";
    }
    bool all_ends_seen() const { return ends_[VENICE_JOB_SUCCEEDED] > 0 && ends_[VENICE_JOB_FAILED] > 0 && ends_[VENICE_JOB_CANCELLED] > 0; }

    Complaint complaint;

private:
    void do_one_thing(std::minstd_rand& random, const std::string& prompt) {
        switch (random() % 12) {
            case 0:
            case 1:
            case 2:
                submit(prompt);
                break;
            case 3:
                submit_list(random() % 2 == 0);
                break;
            case 4:
                if (const JobHandle job = any_job(random)) {
                    venice_job_cancel(job.get(), nullptr);
                }
                break;
            case 5:
                forget_one(random);
                break;
            case 6:
                if (const JobHandle job = any_job(random)) {
                    venice_job_wait(job.get(), static_cast<std::int64_t>(random() % 5), nullptr);
                }
                break;
            case 7:
                venice_client_set_int(client_, "max_in_flight", static_cast<std::int64_t>(2 + random() % 6), nullptr);
                break;
            case 8:
                venice_client_set_notify(client_, random() % 2 == 0 ? on_event : nullptr, this, nullptr);
                break;
            case 9:
                generate_and_wait(random, prompt);
                break;
            default:
                if (const JobHandle job = any_job(random)) {
                    look_at(job.get());
                }
                break;
        }
    }

    static void on_event(void* self) { ++static_cast<Round*>(self)->notifications_; }

    static handles::Request request_for(const std::string& prompt) {
        venice_request* request = nullptr;
        venice_request_new(&request, nullptr);
        venice_request_set_string(request, "model", "flat", nullptr);
        venice_request_set_string(request, "prompt", prompt.c_str(), nullptr);
        return handles::Request(request);
    }

    void submit(const std::string& prompt) {
        venice_job* job = nullptr;
        const auto request = request_for(prompt);
        if (venice_submit_generate(client_, request.get(), &job, nullptr) != VENICE_OK) {
            complaint.say("a request was not taken");
            return;
        }
        keep(job, true);
    }

    void submit_list(bool models) {
        venice_job* job = nullptr;
        if ((models ? venice_submit_models : venice_submit_styles)(client_, &job, nullptr) != VENICE_OK) {
            complaint.say("a list could not be asked for");
            return;
        }
        keep(job, false);
    }

    // A blocking call makes no events.
    void generate_and_wait(std::minstd_rand& random, const std::string& prompt) {
        if (random() % 4 != 0) {
            return;
        }
        venice_result* result = nullptr;
        if (venice_generate(client_, request_for(prompt).get(), &result, nullptr) == VENICE_OK && venice_result_image_count(result) != 1) {
            complaint.say("a result without its image");
        }
        venice_result_free(result);
    }

    void keep(venice_job* job, bool is_order) {
        const std::lock_guard lock(mutex_);
        jobs_.emplace_back(handles::Job(job), is_order);
        ++submitted_;
    }

    JobHandle any_job(std::minstd_rand& random) {
        const std::lock_guard lock(mutex_);
        return jobs_.empty() ? nullptr : jobs_[random() % jobs_.size()].first;
    }

    // Frees its handle, as soon as no other thread is looking at it.
    void forget_one(std::minstd_rand& random) {
        const std::lock_guard lock(mutex_);
        if (!jobs_.empty()) {
            std::swap(jobs_[random() % jobs_.size()], jobs_.back());
            jobs_.pop_back();
        }
    }

    void look_at(const venice_job* job) {
        const std::int32_t before = venice_job_state(job);
        venice_job_phase(job);
        venice_job_received_bytes(job);
        venice_job_total_bytes(job);
        venice_job_retry_in_ms(job);
        venice_image_stream* stream = nullptr;
        if (venice_job_image_stream(job, 0, &stream, nullptr) == VENICE_OK) {
            const std::size_t size = venice_image_stream_size(stream);
            const std::vector<std::uint8_t> copy(venice_image_stream_data(stream), venice_image_stream_data(stream) + size);
            if (size >= 4 && std::memcmp(copy.data(), "\x89PNG", 4) != 0) {
                complaint.say("what has arrived of an image is not its start");
            }
            venice_image_stream_free(stream);
        }
        venice_image* image = nullptr;
        if (venice_job_image(job, 0, &image, nullptr) == VENICE_OK && venice_image_width(image) != 1) {
            complaint.say("an image that is complete is not the one that was sent");
        }
        venice_image_free(image);
        const std::int32_t after = venice_job_state(job);
        if (before >= VENICE_JOB_SUCCEEDED && after != before) {
            complaint.say("a job that had ended came to another end");
        }
    }

    void check_order(const venice_job* job, std::int32_t state, bool events_were_taken) {
        venice_result* result = nullptr;
        const venice_status status = venice_job_result(job, &result, nullptr);
        const bool has_image = result != nullptr && venice_result_image_count(result) == 1;
        venice_result_free(result);
        if ((status == VENICE_OK) != (state == VENICE_JOB_SUCCEEDED) || has_image != (state == VENICE_JOB_SUCCEEDED) ||
            (status == VENICE_ERROR_CANCELLED) != (state == VENICE_JOB_CANCELLED)) {
            complaint.say("the result of a job does not fit its state " + std::to_string(state) + ": " + venice_status_name(status));
        }
        const int images = told_[venice_job_id(job)].images;
        if (events_were_taken && (images > 1 || (state == VENICE_JOB_SUCCEEDED && images != 1))) {
            complaint.say("an image was announced " + std::to_string(images) + " times");
        }
    }

    int number_;
    venice_client* client_ = nullptr;
    std::atomic<int> notifications_{0};
    std::atomic<std::size_t> submitted_{0};
    std::atomic<bool> all_submitted_{false};
    std::chrono::steady_clock::time_point last_event_ = std::chrono::steady_clock::now();
    std::map<std::int64_t, Told> told_;  // of the thread that takes the events, until it has ended
    mutable std::map<std::int32_t, int> ends_;

    std::mutex mutex_;
    std::vector<std::pair<JobHandle, bool>> jobs_;  // and whether it is an order of an image
};

// Every other round frees the client while jobs are under way: then there is no more event, but each job has ended all the same.
void test_a_round(const CannedServer& server, const std::string& cache_dir, int number) {
    const bool to_the_end = number % 2 == 0;
    Round round(server, cache_dir, number);
    std::vector<std::thread> workers;
    for (int i = 0; i < threads; ++i) {
        workers.emplace_back([&, i] { round.work(static_cast<unsigned>(number * threads + i + 1)); });
    }
    std::thread taker;
    if (to_the_end) {
        taker = std::thread([&] { round.take_events(); });
    }
    for (std::thread& worker : workers) {
        worker.join();
    }
    round.no_more_is_submitted();
    if (taker.joinable()) {
        taker.join();
    }
    round.free_client();
    round.check_ends(to_the_end);
    std::printf("# %s\n", round.summary().c_str());
    const std::string problem = round.complaint.what();
    tap::report(to_the_end ? "jobs of several threads end once" : "jobs end when their client is freed",
           problem.empty() && !round.all_ends_seen() ? "not all three ends were seen: the test has become too tame" : problem);
}

int unguarded = 0;

void race_in_a_callback(void*) { ++unguarded; }

// The callback runs on libvenice's thread, soon after a job is submitted, and nothing orders it and what this thread does then.
void race(const CannedServer& server) {
    venice_client* client = nullptr;
    venice_client_new(&client, nullptr);
    venice_client_set_string(client, "base_url", server.url(), nullptr);
    venice_client_set_notify(client, race_in_a_callback, nullptr, nullptr);
    for (int i = 0; i < 50; ++i) {
        venice_job* job = nullptr;
        venice_submit_styles(client, &job, nullptr);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        ++unguarded;
        venice_job_free(job);
    }
    venice_client_free(client);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string cache_dir = std::filesystem::temp_directory_path() / ("test-abi-threads-" + std::to_string(getpid()));
    Orders orders;
    {
        const CannedServer server([] {}, [&](const std::string& request) { return orders.answer(request); });
        if (argc == 2 && std::strcmp(argv[1], "race") == 0) {
            race(server);
            return 0;
        }
        for (int number = 0; number < rounds; ++number) {
            test_a_round(server, cache_dir, number);
        }
    }
    tap::report("no image is asked for twice", orders.done_twice());
    std::filesystem::remove_all(cache_dir);
    return tap::end();
}
