// SPDX-License-Identifier: MIT
// What the measured programs share: clocks, memory, and what they ask for.
#pragma once

#include <sys/resource.h>
#include <venice/venice.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>

#include "../handles.hpp"

namespace bench {

using namespace handles;

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
