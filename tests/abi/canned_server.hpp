// SPDX-License-Identifier: MIT
// An HTTP server on a thread that knows some answers: for tests that must not depend on another process.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

inline int listening_socket() {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener, 16) != 0) {
        std::abort();
    }
    return listener;
}

inline std::string url_of(int listener) {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    if (getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        std::abort();
    }
    return "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/api/v1";
}

// Lets clients connect and never says a word.
class SilentServer {
public:
    SilentServer() : listener_(listening_socket()), url_(url_of(listener_)) {}
    ~SilentServer() { close(listener_); }
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;

    const char* url() const { return url_.c_str(); }

private:
    int listener_;
    std::string url_;
};

class CannedServer {
public:
    // What to say to a request instead: a whole answer; "" hangs up without one. Nothing: what this server says by itself. On the server's thread.
    using Answer = std::function<std::optional<std::string>(const std::string& request)>;

    // `on_start` runs first on the server's thread.
    explicit CannedServer(std::function<void()> on_start = [] {}, Answer answer = [](const std::string&) { return std::nullopt; })
        : listener_(listening_socket()), other_answer_(std::move(answer)), url_(url_of(listener_)) {
        thread_ = std::thread([this, on_start] {
            on_start();
            serve();
        });
    }
    ~CannedServer() {
        shutdown(listener_, SHUT_RDWR);
        thread_.join();
        close(listener_);
    }
    CannedServer(const CannedServer&) = delete;
    CannedServer& operator=(const CannedServer&) = delete;

    const char* url() const { return url_.c_str(); }

    // `status`: such as "200 OK". `headers`: more of them, each with "\r\n" behind it.
    static std::string whole_answer(const std::string& status, const std::string& body, const std::string& headers = "") {
        return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nX-Venice-Balance-Usd: 1.5\r\nConnection: close\r\n" + headers +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }

private:
    void serve() {
        for (int connection; (connection = accept(listener_, nullptr, nullptr)) >= 0; close(connection)) {
            const std::string request = read_request(connection);
            const std::optional<std::string> other = other_answer_(request);
            const std::string answer = other ? *other : whole_answer("200 OK", answer_to(request));
            for (std::size_t sent = 0; sent < answer.size();) {
                const ssize_t piece = send(connection, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
                if (piece <= 0) {
                    break;
                }
                sent += static_cast<std::size_t>(piece);
            }
            shutdown(connection, SHUT_WR);
        }
    }

    static std::string read_request(int connection) {
        std::string request;
        char buffer[4096];
        for (ssize_t size; (size = read(connection, buffer, sizeof buffer)) > 0;) {
            request.append(buffer, static_cast<std::size_t>(size));
            const std::size_t head = request.find("\r\n\r\n");
            const std::size_t length = request.find("Content-Length: ");
            const std::size_t body = length < head ? std::strtoul(request.c_str() + length + 16, nullptr, 10) : 0;
            if (head != std::string::npos && request.size() >= head + 4 + body) {
                break;
            }
        }
        return request;
    }

    static std::string answer_to(std::string_view request) {
        if (request.find("/image/styles") < request.find('\r')) {
            return R"({"object":"list","data":["Anime","Cinematic"]})";
        }
        if (request.find("/rate_limits") < request.find('\r')) {
            return R"({"data":{"accessPermitted":true,"apiTier":{"id":"a-tier-with-a-long-name","isCharged":true},"balances":{"USD":1.5,"DIEM":2},
                "keyExpiration":null,"nextEpochBegins":"2026-12-01T00:00:00.000Z",
                "rateLimits":[{"apiModelId":"a-model-with-a-long-name","rateLimits":[{"amount":20,"type":"RPM"}]}]}})";
        }
        if (request.find("/models") < request.find('\r')) {
            return R"({"object":"list","type":"image","data":[
                {"id":"flat","type":"image","model_spec":{"name":"Flat","traits":["default"],"privacy":"private","offline":false,
                 "constraints":{"promptCharacterLimit":1500,"widthHeightDivisor":8,"steps":{"default":8,"max":20}},
                 "pricing":{"generation":{"usd":0.01,"diem":0.02}}}},
                {"id":"tiered","type":"image","model_spec":{"name":"Tiered","traits":[],"offline":false,
                 "constraints":{"promptCharacterLimit":1500,"aspectRatios":["1:1","16:9"],"defaultAspectRatio":"1:1",
                  "resolutions":["1K","2K"],"defaultResolution":"1K","qualities":["low","high"],"defaultQuality":"low"},
                 "pricing":{"quality":{"1K":{"low":{"usd":0.01,"diem":0.01},"high":{"usd":0.02,"diem":0.02}},
                  "2K":{"low":{"usd":0.03,"diem":0.03},"high":{"usd":0.04,"diem":0.04}}}}}}]})";
        }
        // A PNG of one pixel.
        return R"({"id":"generate-1","images":["iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="],
            "request":{"success":true,"data":{"seed":7}},"timing":{"total":12,"inferenceDuration":5}})";
    }

    int listener_;
    Answer other_answer_;
    std::string url_;
    std::thread thread_;
};
