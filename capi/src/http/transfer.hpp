// SPDX-License-Identifier: MIT
// A curl easy handle, and the exchange that runs on it.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "http/exchange.hpp"

namespace venice {

struct CurlEasyDeleter {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
using CurlEasy = std::unique_ptr<CURL, CurlEasyDeleter>;

struct CurlUrlDeleter {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using CurlUrl = std::unique_ptr<CURLU, CurlUrlDeleter>;

// Makes one exchange after the other: to set a handle up takes longer than a small exchange.
class Transfer {
public:
    enum class Connection { kept_or_new, is_new };

    Transfer();  // throws std::bad_alloc
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    // Before curl gets it. Throws Error, std::bad_alloc.
    void begin(std::shared_ptr<HttpReceiver> receiver, Connection connection = Connection::kept_or_new);

    // After curl has given it back: lets the exchange go, so that another one can begin.
    void end() noexcept;

    // To which the handle belongs.
    static Transfer& of(CURL* easy);

    // All that follows is about the exchange.

    CURL* easy() const { return easy_.get(); }

    // The whole request has been handed to the network: from here on the server may have acted on it.
    bool request_was_sent() const;

    // What curl says that it came to; nothing: it still runs.
    std::optional<CURLcode> result() const { return run_.result; }
    void set_result(CURLcode code) { run_.result = code; }

    // Once in each turn of the worker, instead of a clock in each callback: what moved since the last time did so at `now`, and the receiver is told.
    void note_activity(std::chrono::steady_clock::time_point now);

    // When no byte will have moved in either direction for as long as the request allows; time_point::max(): no limit, or not yet.
    std::chrono::steady_clock::time_point idle_deadline() const;

    // It ended because the connection, one of before, was closed: nothing of the request was sent, and nothing received.
    bool found_connection_closed(CURLcode code) const;

    // A limit that it has passed, in words for users: what it is ended for now.
    void set_time_limit(const char* what) { run_.time_limit = what; }

    // The answer's, 0 without one, and whether it was received as it came: no callback of ours ended it.
    long http_status() const;
    const Headers& headers() const { return headers_; }
    bool ended_by_itself() const { return !run_.thrown; }

    // After curl is done with it.
    void finish(CURLcode code);

private:
    bool is_post() const { return receiver_->http_request().body != nullptr; }
    std::string_view body() const { return is_post() ? std::string_view(*receiver_->http_request().body) : std::string_view(); }
    static Transfer& in_callback(void* user) { return *static_cast<Transfer*>(user); }
    void set_up_handle(std::shared_ptr<const HttpSettings> settings);
    void set_url(const std::string& url);
    void set_request_options(Connection connection);
    void report_headers();
    void report_phase(HttpPhase phase);
    Error transport_error(CURLcode code) const;
    Error too_large(const std::string& what, const std::string& remedy) const;
    void add_header_line(std::string_view line);
    std::size_t read_body(std::span<char> buffer);
    bool is_connection_closed() const;

    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) noexcept;
    static int on_attempt(void* user, char* peer, char* local, int peer_port, int local_port) noexcept;
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) noexcept;
    static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* user) noexcept;
    static int on_seek(void* user, curl_off_t offset, int origin) noexcept;

    // How far the exchange is.
    struct Run {
        std::optional<CURLcode> result;
        int attempts = 0;  // to send the request
        int phase = -1;
        std::size_t body_read = 0;
        std::size_t header_bytes = 0;
        bool found_connection_closed = false;
        bool headers_reported = false;
        bool has_moved = false;            // anything that a callback saw, which is not noted yet
        const char* time_limit = nullptr;  // see set_time_limit()
        std::int64_t received_bytes = 0;   // of the answer's body, uncompressed
        std::int64_t moved_bytes = 0;      // both directions, as transferred, as last noted
        std::chrono::steady_clock::time_point last_activity{};
        std::exception_ptr thrown;  // by the receiver, inside a callback of curl
    };

    std::shared_ptr<HttpReceiver> receiver_;  // null: no exchange
    Run run_;
    Headers headers_;                               // of the answer: their room is there for the next one
    std::shared_ptr<const HttpSettings> settings_;  // as which the handle's options are; null: it is as if new
    char message_[CURL_ERROR_SIZE] = {};            // curl may write there between two exchanges, too
    CurlUrl url_;                                   // the one of the settings; the handle reads it
    CurlEasy easy_;                                 // last: it uses the others
};

}  // namespace venice
