// SPDX-License-Identifier: MIT
// small_curl_thread that does by hand what libvenice does for requests that are new each time: cJSON writes each body from its values, and libcurl is told
// and asked what it takes so that no request is sent twice, each can be cancelled, tells how far it is and why it failed, has its own time limits, and keeps
// the headers of its answer. Still no checks, no results and images of their own, and no events: what libvenice takes more than this is its own.
// small_curl_careful BASE_URL COUNT IN_FLIGHT.
#include <cjson/cJSON.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <utility>

#include "curl_thread.hpp"

namespace {

// bench::body, from its values.
std::string write_body() {
    const std::unique_ptr<cJSON, bench::Freed<cJSON_Delete>> object(cJSON_CreateObject());
    cJSON_AddStringToObject(object.get(), "model", "sandbox-model");
    cJSON_AddStringToObject(object.get(), "prompt", "a red fox in the snow, early light, 35 mm");
    cJSON_AddNumberToObject(object.get(), "width", 1024);
    cJSON_AddNumberToObject(object.get(), "height", 1024);
    cJSON_AddNumberToObject(object.get(), "seed", 42);
    cJSON_AddStringToObject(object.get(), "format", "png");
    cJSON_AddTrueToObject(object.get(), "return_binary");
    const std::unique_ptr<char, bench::Freed<cJSON_free>> text(cJSON_PrintUnformatted(object.get()));
    return text.get();
}

struct Slot {
    struct Job {
        std::string body = write_body();
        std::vector<std::pair<std::string, std::string>> headers;
        std::string answer;
        std::size_t body_read = 0;
        int attempts = 0;
        curl_off_t moved = 0;
        std::atomic<curl_off_t> total = -1;  // for who asks meanwhile
        std::atomic<bool> is_cancelled = false;
        std::chrono::steady_clock::time_point last_activity;
        bool is_done = false;
    };

    void prepare(const std::string& address, curl_slist* header_list) {
        headers = header_list;
        bench::prepare(easy.get(), address, headers, &on_body, this);
        curl_url_set(url.get(), CURLUPART_URL, address.c_str(), 0);
        bench::set(easy.get(), CURLOPT_CURLU, url.get());
        bench::set(easy.get(), CURLOPT_POSTFIELDS, nullptr);
        bench::set(easy.get(), CURLOPT_BUFFERSIZE, 256L * 1024L);
        bench::set(easy.get(), CURLOPT_MAXAGE_CONN, 30L);
        bench::set(easy.get(), CURLOPT_ERRORBUFFER, message);
        bench::set(easy.get(), CURLOPT_NOPROGRESS, 0L);
        bench::set(easy.get(), CURLOPT_PREREQFUNCTION, &on_attempt);
        bench::set(easy.get(), CURLOPT_HEADERFUNCTION, &on_header);
        bench::set(easy.get(), CURLOPT_XFERINFOFUNCTION, &on_progress);
        bench::set(easy.get(), CURLOPT_READFUNCTION, &on_read);
        bench::set(easy.get(), CURLOPT_SEEKFUNCTION, &on_seek);
        for (const CURLoption data : {CURLOPT_PREREQDATA, CURLOPT_HEADERDATA, CURLOPT_XFERINFODATA, CURLOPT_READDATA, CURLOPT_SEEKDATA}) {
            bench::set(easy.get(), data, static_cast<void*>(this));
        }
    }

    void begin() {
        message[0] = '\0';
        bench::set(easy.get(), CURLOPT_HTTPHEADER, headers);
        bench::set(easy.get(), CURLOPT_TIMEOUT_MS, 600'000L);
        bench::set(easy.get(), CURLOPT_POST, 1L);
        bench::set(easy.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(job->body.size()));
        bench::set(easy.get(), CURLOPT_UPLOAD_BUFFERSIZE, 16L * 1024L);
    }

    void end() { bench::set(easy.get(), CURLOPT_HTTPHEADER, nullptr); }  // they belong to a key

    static Job& job_of(void* user_data) { return *static_cast<Slot*>(user_data)->job; }

    static int on_attempt(void* user_data, char*, char*, int, int) {
        ++job_of(user_data).attempts;
        return CURL_PREREQFUNC_OK;
    }

    static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* user_data) {
        Job& job = job_of(user_data);
        const std::size_t piece = std::min(size * count, job.body.size() - job.body_read);
        std::memcpy(buffer, job.body.data() + job.body_read, piece);
        job.body_read += piece;
        return piece;
    }

    static int on_seek(void* user_data, curl_off_t, int) {
        Job& job = job_of(user_data);
        if (job.body_read == job.body.size()) {
            return CURL_SEEKFUNC_FAIL;  // it was sent, and may be charged
        }
        job.body_read = 0;
        return CURL_SEEKFUNC_OK;
    }

    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user_data) {
        const std::string_view line(data, size * count);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos) {
            const std::string_view value = line.substr(std::min(line.size(), colon + 2));
            job_of(user_data).headers.emplace_back(line.substr(0, colon), value.substr(0, value.find('\r')));
        }
        return line.size();
    }

    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user_data) {
        job_of(user_data).answer.append(data, size * count);
        return size * count;
    }

    static int on_progress(void* user_data, curl_off_t, curl_off_t downloaded, curl_off_t, curl_off_t uploaded) {
        Job& job = job_of(user_data);
        if (downloaded + uploaded != job.moved) {
            job.moved = downloaded + uploaded;
            job.last_activity = std::chrono::steady_clock::now();
            curl_off_t total = -1;
            curl_easy_getinfo(static_cast<Slot*>(user_data)->easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &total);
            job.total = total;
        }
        return job.is_cancelled ? 1 : 0;
    }

    using Url = std::unique_ptr<CURLU, bench::Freed<curl_url_cleanup>>;

    Url url{curl_url()};
    char message[CURL_ERROR_SIZE] = "";
    curl_slist* headers = nullptr;
    std::shared_ptr<Job> job;
    bench::Easy easy{curl_easy_init()};  // last: it uses the others
};

}  // namespace

int main(int argc, char** argv) { return bench::run_small_requests<Slot>(argc, argv); }
