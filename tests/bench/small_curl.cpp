// SPDX-License-Identifier: MIT
// The floor for small_venice: the same requests with libcurl's multi interface and nothing else, handles used again. small_curl BASE_URL COUNT IN_FLIGHT.
#include <vector>

#include "curl_alone.hpp"

namespace {

struct Slot {
    bench::Easy easy{curl_easy_init()};
    std::vector<std::string> answers;
};

std::size_t append(char* data, std::size_t size, std::size_t count, void* user_data) {
    static_cast<Slot*>(user_data)->answers.back().append(data, size * count);
    return size * count;
}

void start(CURLM* multi, Slot& slot) {
    slot.answers.emplace_back();
    curl_multi_add_handle(multi, slot.easy.get());
}

// Takes what has ended; returns how many. `left`: how many may still be started in its place.
std::size_t finish_done(CURLM* multi, std::size_t& left) {
    std::size_t done = 0;
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &queued)) {
        Slot* const slot = bench::finished<Slot>(multi, *message);
        ++done;
        if (left > 0) {
            --left;
            start(multi, *slot);
        }
    }
    return done;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        bench::give_up("usage: small_curl BASE_URL COUNT IN_FLIGHT");
    }
    const std::size_t count = std::stoul(argv[2]);
    const std::string url = std::string(argv[1]) + "/image/generate";
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const bench::Multi multi(curl_multi_init());
    const bench::Headers headers = bench::make_headers();

    const bench::Stopwatch stopwatch;
    std::vector<Slot> slots(std::min<std::size_t>(count, std::stoul(argv[3])));
    std::size_t left = count - slots.size();
    for (Slot& slot : slots) {
        bench::prepare(slot.easy.get(), url, headers.get(), &append, &slot);
        start(multi.get(), slot);
    }
    for (std::size_t done = 0; done < count;) {
        int running = 0;
        curl_multi_perform(multi.get(), &running);
        const std::size_t ended = finish_done(multi.get(), left);
        done += ended;
        if (ended == 0) {
            curl_multi_poll(multi.get(), nullptr, 0, 1000, nullptr);
        }
    }
    const double wall_ms = stopwatch.wall_ms();
    const double cpu_ms = stopwatch.cpu_ms();
    std::size_t bytes = 0;
    for (const Slot& slot : slots) {
        for (const std::string& answer : slot.answers) {
            bytes += answer.size();
        }
    }
    std::printf("{\"wall_ms\": %.3f, \"cpu_ms\": %.3f, \"bytes\": %zu, \"peak_kib\": %lld}\n", wall_ms, cpu_ms, bytes, static_cast<long long>(bench::peak_kib()));
    return 0;
}
