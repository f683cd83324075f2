// SPDX-License-Identifier: MIT
// What libcurl costs in a thread of its own, which every program has to pay that goes on meanwhile. Nothing else: no checks, no JSON, no events.
// small_curl_thread BASE_URL COUNT IN_FLIGHT.
#include "curl_thread.hpp"

namespace {

struct Slot {
    struct Job {
        std::string answer;
        bool is_done = false;
    };

    void prepare(const std::string& url, curl_slist* headers) { bench::prepare(easy.get(), url, headers, &append, this); }
    void begin() {}
    void end() {}

    static std::size_t append(char* data, std::size_t size, std::size_t count, void* user_data) {
        static_cast<Slot*>(user_data)->job->answer.append(data, size * count);
        return size * count;
    }

    bench::Easy easy{curl_easy_init()};
    std::shared_ptr<Job> job;
};

}  // namespace

int main(int argc, char** argv) { return bench::run_small_requests<Slot>(argc, argv); }
