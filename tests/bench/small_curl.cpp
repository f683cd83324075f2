// SPDX-License-Identifier: MIT
// The floor for small_venice: the same requests with libcurl's multi interface and nothing else, handles used again. small_curl BASE_URL COUNT IN_FLIGHT.
#include <curl/curl.h>

#include <string_view>
#include <vector>

#include "measure.hpp"

namespace {

constexpr std::string_view body =
    R"({"model":"sandbox-model","prompt":"a red fox in the snow, early light, 35 mm","width":1024,"height":1024,"seed":42,"format":"png","return_binary":true})";

struct Slot {
    std::unique_ptr<CURL, bench::Freed<curl_easy_cleanup>> easy{curl_easy_init()};
    std::vector<std::string> answers;
};

std::size_t append(char* data, std::size_t size, std::size_t count, void* user_data) {
    static_cast<Slot*>(user_data)->answers.back().append(data, size * count);
    return size * count;
}

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
    if (curl_easy_setopt(easy, option, value) != CURLE_OK) {
        bench::give_up("libcurl refused an option");
    }
}

curl_slist* make_headers() {
    curl_slist* headers = nullptr;
    for (const char* line : {"Accept: application/json, image/png, image/jpeg, image/webp", "Content-Type: application/json", "Expect:",
                             "Authorization: Bearer bench-key"}) {
        headers = curl_slist_append(headers, line);
    }
    return headers;
}

void prepare(Slot& slot, const std::string& url, curl_slist* headers) {
    CURL* easy = slot.easy.get();
    set(easy, CURLOPT_URL, url.c_str());
    set(easy, CURLOPT_HTTPHEADER, headers);
    set(easy, CURLOPT_USERAGENT, "bench/1.0");
    set(easy, CURLOPT_ACCEPT_ENCODING, "");
    set(easy, CURLOPT_POSTFIELDS, body.data());
    set(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_WRITEFUNCTION, &append);
    set(easy, CURLOPT_WRITEDATA, &slot);
    set(easy, CURLOPT_PRIVATE, &slot);
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
        long code = 0;
        Slot* slot = nullptr;
        CURL* easy = message->easy_handle;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &slot);
        if (message->data.result != CURLE_OK || code != 200) {
            bench::give_up("a request failed");
        }
        curl_multi_remove_handle(multi, easy);
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
    const std::unique_ptr<CURLM, bench::Freed<curl_multi_cleanup>> multi(curl_multi_init());
    const std::unique_ptr<curl_slist, bench::Freed<curl_slist_free_all>> headers(make_headers());

    const bench::Stopwatch stopwatch;
    std::vector<Slot> slots(std::min<std::size_t>(count, std::stoul(argv[3])));
    std::size_t left = count - slots.size();
    for (Slot& slot : slots) {
        prepare(slot, url, headers.get());
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
