// SPDX-License-Identifier: MIT
// What the measured programs share: clocks, memory, and handles of the public ABI.
#pragma once

#include <sys/resource.h>
#include <venice/venice.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

namespace bench {

[[noreturn]] inline void give_up(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

// Wall clock, and processor time of all threads of this process.
class Stopwatch {
public:
    double wall_ms() const { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count(); }
    double cpu_ms() const { return used_ms() - used_before_; }

private:
    static double used_ms() {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        const auto ms = [](const timeval& time) { return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3; };
        return ms(usage.ru_utime) + ms(usage.ru_stime);
    }

    double used_before_ = used_ms();
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// The most memory that this process has ever held, file mappings and all. Not getrusage's, which counts what the parent had before exec, too.
inline std::int64_t peak_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) {
            return std::stoll(line.substr(6));
        }
    }
    give_up("/proc/self/status does not tell VmHWM");
}

template <auto free>
struct Freed {
    template <typename Handle>
    void operator()(Handle* handle) const noexcept {
        free(handle);
    }
};

using Client = std::unique_ptr<venice_client, Freed<venice_client_free>>;
using Request = std::unique_ptr<venice_request, Freed<venice_request_free>>;
using Job = std::unique_ptr<venice_job, Freed<venice_job_free>>;
using Event = std::unique_ptr<venice_event, Freed<venice_event_free>>;
using Result = std::unique_ptr<venice_result, Freed<venice_result_free>>;
using Image = std::unique_ptr<venice_image, Freed<venice_image_free>>;
using Models = std::unique_ptr<venice_models, Freed<venice_models_free>>;
using Model = std::unique_ptr<venice_model, Freed<venice_model_free>>;

// Calls the function with the arguments and an error at the end; a failure ends the program.
template <typename Function, typename... Arguments>
void call(Function* function, Arguments... arguments) {
    venice_error* error = nullptr;
    if (const venice_status status = function(arguments..., &error); status != VENICE_OK) {
        give_up(std::string(venice_status_name(status)) + ": " + venice_error_message(error));
    }
}

// The same for a function that makes a handle, which comes behind the other arguments.
template <typename Owner, typename Function, typename... Arguments>
Owner make(Function* function, Arguments... arguments) {
    typename Owner::pointer handle = nullptr;
    call(function, arguments..., &handle);
    return Owner(handle);
}

inline Client make_client(const char* base_url) {
    Client client = make<Client>(venice_client_new);
    call(venice_client_set_string, client.get(), "base_url", base_url);
    call(venice_client_set_string, client.get(), "api_key", "bench-key");
    return client;
}

inline Request make_request(bool binary) {
    Request request = make<Request>(venice_request_new);
    call(venice_request_set_string, request.get(), "model", "sandbox-model");
    call(venice_request_set_string, request.get(), "prompt", "a red fox in the snow, early light, 35 mm");
    call(venice_request_set_int, request.get(), "width", std::int64_t{1024});
    call(venice_request_set_int, request.get(), "height", std::int64_t{1024});
    call(venice_request_set_int, request.get(), "seed", std::int64_t{42});
    call(venice_request_set_string, request.get(), "format", "png");
    call(venice_request_set_bool, request.get(), "return_binary", std::int32_t{binary});
    return request;
}

}  // namespace bench
