// SPDX-License-Identifier: MIT
// Usage: load BASE_URL KEY SEED WARM_UP <ORDERS
//
// Standard input has an order a line: "json" or "binary", how many variants, and behind a tab the prompt. Eight threads give them all to one client, each
// with its number in the list (from 1) as the image's seed, and wait for, look at, cancel and free each other's jobs at random, as SEED says. The
// first WARM_UP orders go to another client before that, so that what a process only once sets up is set up. Prints a JSON object a line: what became
// of each order, and what the process holds after each of the two clients went. test_load.py compares that with what the server sent.
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../handles.hpp"

using namespace handles;

namespace {

constexpr int threads_of_a_round = 8;
constexpr std::size_t in_flight = 32;
constexpr std::int64_t retry_wait_ms = 200;
constexpr std::int64_t idle_timeout_ms = 10'000;  // ends what the server is silent about; far above any pause of the machine
constexpr int most_variants = 4;

// Longer than any run, also under ThreadSanitizer on a busy machine.
constexpr auto time_for_all = std::chrono::minutes(4);

std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const std::uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
    }
    return ~crc;
}

// An order, and what became of it. `handle` and what was done to it are guarded by the round's lock; what the events tell is written by their taker alone.
struct Order {
    bool binary = false;
    std::int64_t variants = 1;
    std::string prompt;

    std::shared_ptr<venice_job> handle;
    bool blocking = false;
    bool cancelled = false;
    bool freed = false;
    int ends = 0;
    int image_events = 0;
    // At the end, unless the handle was freed.
    std::int32_t state = -1;
    venice_status status = VENICE_OK;
    bool may_be_charged = false;
    std::vector<std::uint32_t> images;
};

std::vector<Order> read_orders(std::istream& input) {
    std::vector<Order> orders;
    for (std::string kind; input >> kind;) {
        Order& order = orders.emplace_back();
        order.binary = kind == "binary";
        input >> order.variants;
        input.ignore();
        std::getline(input, order.prompt);
        order.images.reserve(most_variants);  // so that nothing of this is among what a round leaves behind
    }
    return orders;
}

// The orders from `first` up to `last`, by one client.
class Round {
public:
    Round(const char* base_url, const char* key, std::span<Order> orders, std::int64_t first_seed)
        : client_(make<Client>(venice_client_new)), orders_(orders), first_seed_(first_seed) {
        call(venice_client_set_string, client_.get(), "base_url", base_url);
        call(venice_client_set_string, client_.get(), "api_key", key);
        call(venice_client_set_int, client_.get(), "max_in_flight", static_cast<std::int64_t>(in_flight));
        call(venice_client_set_int, client_.get(), "max_retries", std::int64_t{50});
        call(venice_client_set_int, client_.get(), "max_retry_wait_ms", retry_wait_ms);
        call(venice_client_set_int, client_.get(), "idle_timeout_ms", idle_timeout_ms);
    }

    void run(unsigned seed) {
        std::vector<std::thread> workers;
        for (unsigned i = 0; i < threads_of_a_round; ++i) {
            workers.emplace_back([this, seed, i] { work(seed + i); });
        }
        std::thread taker([this] { take_events(); });
        for (std::thread& worker : workers) {
            worker.join();
        }
        all_submitted_ = true;
        taker.join();
        for (Order& order : orders_) {
            if (order.handle) {
                collect(order);
                order.handle.reset();
            }
        }
    }

private:
    void work(unsigned seed) {
        std::minstd_rand random(seed);
        while (next_ < orders_.size()) {
            // As many are submitted as can be under way, and some that wait for their turn: so there is time to do something to them.
            const bool are_enough = submitted_ - ended_ > 2 * in_flight;
            if (are_enough) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            switch (random() % 8 + (are_enough ? 4 : 0)) {
                case 0:
                case 1:
                case 2:
                    submit(random);
                    break;
                case 3:
                    submit_list(random() % 2 == 0);
                    break;
                case 4:
                case 8:
                    change_one(random, &Order::cancelled, 8);
                    break;
                case 5:
                case 9:
                    change_one(random, &Order::freed, 24);
                    break;
                case 6:
                    if (const auto job = any_job(random)) {
                        venice_job_wait(job.get(), static_cast<std::int64_t>(random() % 200), nullptr);
                    }
                    break;
                default:
                    if (const auto job = any_job(random)) {
                        look_at(job.get());
                    }
                    break;
            }
        }
    }

    Request request_for(const Order& order, std::size_t index) const {
        Request request = make<Request>(venice_request_new);
        call(venice_request_set_string, request.get(), "model", "z-image-turbo");
        call(venice_request_set_string, request.get(), "format", "png");
        call(venice_request_set_string, request.get(), "prompt", order.prompt.c_str());
        call(venice_request_set_int, request.get(), "width", std::int64_t{64});
        call(venice_request_set_int, request.get(), "height", std::int64_t{64});
        call(venice_request_set_int, request.get(), "seed", first_seed_ + static_cast<std::int64_t>(index));
        call(venice_request_set_bool, request.get(), "return_binary", std::int32_t{order.binary});
        if (!order.binary) {
            call(venice_request_set_int, request.get(), "variants", order.variants);
        }
        return request;
    }

    void submit(std::minstd_rand& random) {
        const std::size_t index = next_++;
        if (index >= orders_.size()) {
            return;
        }
        Order& order = orders_[index];
        const Request request = request_for(order, index);
        if (random() % 10 == 0) {
            generate(order, *request);
            return;
        }
        Job job = make<Job>(venice_submit_generate, client_.get(), request.get());
        const std::lock_guard lock(mutex_);
        order_of_job_[venice_job_id(job.get())] = &order;
        order.handle = std::move(job);
        ++submitted_;
    }

    // Has no events and no handle.
    void generate(Order& order, const venice_request& request) {
        venice_result* result = nullptr;
        venice_error* error = nullptr;
        order.blocking = true;
        order.status = venice_generate(client_.get(), &request, &result, &error);
        order.state = order.status == VENICE_OK ? VENICE_JOB_SUCCEEDED : VENICE_JOB_FAILED;
        note_outcome(order, Result(result), Error(error));
    }

    void submit_list(bool models) {
        const Job job = make<Job>(models ? venice_submit_models : venice_submit_styles, client_.get());
        const std::lock_guard lock(mutex_);
        order_of_job_[venice_job_id(job.get())] = nullptr;
        ++submitted_;
    }

    std::shared_ptr<venice_job> any_job(std::minstd_rand& random) {
        const std::lock_guard lock(mutex_);
        return any_order(random).handle;
    }

    // One of those that came last, most of which are under way. Under the lock.
    Order& any_order(std::minstd_rand& random) {
        const std::size_t taken = std::min(next_.load(), orders_.size());
        return orders_[taken - std::min<std::size_t>(taken, 1 + random() % (2 * in_flight))];
    }

    // Only one time in so many: most jobs are to come to their own end.
    void change_one(std::minstd_rand& random, bool Order::* change, unsigned one_in) {
        if (random() % one_in != 0) {
            return;
        }
        std::shared_ptr<venice_job> job;
        {
            const std::lock_guard lock(mutex_);
            Order& order = any_order(random);
            if (!order.handle) {
                return;
            }
            order.*change = true;
            job = order.freed ? std::exchange(order.handle, nullptr) : order.handle;
        }
        // Outside of the lock: the library is to bear it at the same time as all else. A job is freed here unless another thread looks at it.
        if (change == &Order::cancelled) {
            call(venice_job_cancel, job.get());
        }
    }

    static void look_at(const venice_job* job) {
        const std::int32_t before = venice_job_state(job);
        venice_job_phase(job);
        venice_job_received_bytes(job);
        venice_job_retry_in_ms(job);
        venice_image_stream* stream = nullptr;
        if (venice_job_image_stream(job, 0, &stream, nullptr) == VENICE_OK) {
            const ImageStream owner(stream);
            const std::size_t size = venice_image_stream_size(stream);
            crc32({venice_image_stream_data(stream), size});  // all that is said to be there can be read
        }
        if (before >= VENICE_JOB_SUCCEEDED && venice_job_state(job) != before) {
            give_up("a job that had ended came to another end");
        }
    }

    void take_events() {
        const auto deadline = std::chrono::steady_clock::now() + time_for_all;
        while (!all_submitted_ || ended_ < submitted_) {
            if (std::chrono::steady_clock::now() > deadline) {
                give_up(std::to_string(submitted_ - ended_) + " jobs did not end");
            }
            venice_event* taken = nullptr;
            if (venice_client_next_event(client_.get(), 20, &taken, nullptr) != VENICE_OK) {
                continue;
            }
            const Event event(taken);
            Order* const order = order_of(venice_event_job_id(taken));
            const std::int32_t type = venice_event_type(taken);
            ended_ += type == VENICE_EVENT_ENDED ? 1 : 0;
            if (order != nullptr) {
                order->ends += type == VENICE_EVENT_ENDED ? 1 : 0;
                order->image_events += type == VENICE_EVENT_IMAGE ? 1 : 0;
            }
        }
    }

    // An event may come before the thread that submitted its job knows the job's id.
    Order* order_of(std::int64_t job_id) {
        for (;;) {
            {
                const std::lock_guard lock(mutex_);
                if (const auto found = order_of_job_.find(job_id); found != order_of_job_.end()) {
                    return found->second;
                }
            }
            std::this_thread::yield();
        }
    }

    static void collect(Order& order) {
        venice_result* result = nullptr;
        venice_error* error = nullptr;
        order.state = venice_job_state(order.handle.get());
        order.status = venice_job_result(order.handle.get(), &result, &error);
        note_outcome(order, Result(result), Error(error));
    }

    static void note_outcome(Order& order, const Result& result, const Error& error) {
        order.may_be_charged = error != nullptr && venice_error_may_be_charged(error.get()) == 1;
        for (std::size_t i = 0; i < venice_result_image_count(result.get()); ++i) {
            const Image image = make<Image>(venice_result_image, result.get(), i);
            order.images.push_back(crc32({venice_image_data(image.get()), venice_image_size(image.get())}));
        }
    }

    const Client client_;
    const std::span<Order> orders_;
    const std::int64_t first_seed_;
    std::atomic<std::size_t> next_{0};
    std::atomic<std::size_t> submitted_{0};
    std::atomic<std::size_t> ended_{0};
    std::atomic<bool> all_submitted_{false};
    std::mutex mutex_;
    std::map<std::int64_t, Order*> order_of_job_;  // nullptr for lists
};

std::ptrdiff_t entries_of(const char* folder) {
    return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
}

// A thread that was joined may be seen for a moment longer.
std::ptrdiff_t threads_left() {
    for (int tries = 0; entries_of("/proc/self/task") > 1 && tries < 1000; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return entries_of("/proc/self/task");
}

std::int64_t resident_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) {
            return std::stoll(line.substr(6));
        }
    }
    give_up("/proc/self/status does not tell VmRSS");
}

// Under a sanitizer mallinfo2() tells 0.
void print_what_is_held(const char* when) {
    const struct mallinfo2 memory = mallinfo2();
    std::cout << R"({"held":")" << when << R"(","heap":)" << memory.uordblks + memory.hblkhd << R"(,"resident":)" << resident_kib() * 1024
              << R"(,"descriptors":)" << entries_of("/proc/self/fd") << R"(,"threads":)" << threads_left() << "}\n";
}

void print_outcome(const Order& order, std::size_t seed) {
    std::cout << std::boolalpha << R"({"seed":)" << seed << R"(,"blocking":)" << order.blocking << R"(,"cancelled":)" << order.cancelled
              << R"(,"freed":)" << order.freed << R"(,"ends":)" << order.ends << R"(,"image_events":)" << order.image_events << R"(,"state":)"
              << order.state << R"(,"status":")" << venice_status_name(order.status) << R"(","may_be_charged":)" << order.may_be_charged
              << R"(,"images":[)";
    for (std::size_t i = 0; i < order.images.size(); ++i) {
        std::cout << (i == 0 ? "" : ",") << order.images[i];
    }
    std::cout << "]}\n";
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        give_up("usage: load BASE_URL KEY SEED WARM_UP <ORDERS");
    }
    std::vector<Order> orders = read_orders(std::cin);
    const std::size_t warm_up = std::stoul(argv[4]);
    const auto seed = static_cast<unsigned>(std::stoul(argv[3]));
    Round(argv[1], argv[2], std::span(orders).first(warm_up), 1).run(seed);
    print_what_is_held("before");
    const auto start = std::chrono::steady_clock::now();
    Round(argv[1], argv[2], std::span(orders).subspan(warm_up), 1 + static_cast<std::int64_t>(warm_up)).run(seed + threads_of_a_round);
    const auto took = std::chrono::steady_clock::now() - start;
    print_what_is_held("after");
    for (std::size_t i = 0; i < orders.size(); ++i) {
        print_outcome(orders[i], i + 1);
    }
    std::cout << R"({"milliseconds":)" << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << "}\n";
    return 0;
}
