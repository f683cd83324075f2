// SPDX-License-Identifier: MIT
// One exchange on a curl easy handle.
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

class Transfer;

// A curl handle, and what stays with it from one transfer to the next.
struct CurlHandle {
    struct User {
        Transfer* transfer = nullptr;  // whose callbacks curl calls; null: none just now
        char message[CURL_ERROR_SIZE] = {};
        Headers headers;  // of the answer: their room is there for the next one
    };

    std::unique_ptr<User> user;                    // for the callbacks, and where curl may write between two transfers, too
    CurlUrl url;                                   // the one of the settings; `easy` reads it
    CurlEasy easy;                                 // null: none yet
    std::shared_ptr<const HttpSettings> settings;  // as which its options are; null: it is as if new
};

class Transfer {
public:
    enum class Connection { kept_or_new, is_new };

    // `total_timeout_ms`: what is left of the request's; 0: no limit. Throws Error, std::bad_alloc.
    // `handle`: one that was used before, which saves setting one up, or none.
    Transfer(std::shared_ptr<HttpReceiver> receiver, std::int64_t total_timeout_ms, CurlHandle handle, Connection connection = Connection::kept_or_new);

    // To which the handle belongs.
    static Transfer& of(CURL* easy);

    CURL* easy() const { return handle_.easy.get(); }
    HttpReceiver& receiver() const { return *receiver_; }

    // The whole request has been handed to the network: from here on the server may have acted on it.
    bool request_was_sent() const;

    // What curl says that it came to; nothing: it still runs.
    std::optional<CURLcode> result() const { return result_; }
    void set_result(CURLcode code) { result_ = code; }

    // Once in each turn of the worker, instead of a clock in each callback: what moved since the last time did so at `now`, and the receiver is told.
    void note_activity(std::chrono::steady_clock::time_point now);

    // When no byte will have moved in either direction for as long as the request allows; nothing: no limit, or not yet.
    std::optional<std::chrono::steady_clock::time_point> idle_deadline() const;

    // It ended because the connection, one of before, was closed: nothing of the request was sent, and nothing received.
    bool found_connection_closed(CURLcode code) const;

    // The answer's, 0 without one, and whether it was received as it came: no limit of ours ended it.
    long http_status() const;
    const Headers& headers() const { return handle_.user->headers; }
    bool ended_by_itself() const { return !thrown_; }

    // After curl is done with it.
    void finish(CURLcode code);

    // The handle for another transfer; the last thing to do with this one.
    CurlHandle release_handle() noexcept;

private:
    static Transfer& in_callback(void* user) { return *static_cast<CurlHandle::User*>(user)->transfer; }
    const char* curl_message() const { return handle_.user->message; }
    void set_up_handle(std::shared_ptr<const HttpSettings> settings);
    void set_url(const std::string& url);
    void set_request_options(std::int64_t total_timeout_ms, Connection connection);
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

    std::shared_ptr<HttpReceiver> receiver_;
    CurlHandle handle_;

    std::optional<CURLcode> result_;
    int attempts_ = 0;  // to send the request
    std::size_t body_read_ = 0;
    bool found_connection_closed_ = false;
    std::size_t header_bytes_ = 0;
    bool headers_reported_ = false;
    int phase_ = -1;
    std::int64_t received_bytes_ = 0;  // of the answer's body, uncompressed
    std::int64_t total_bytes_ = -1;    // as transferred; -1: not told
    bool has_moved_ = false;           // anything, which is not noted yet
    std::int64_t moved_bytes_ = 0;     // both directions, as transferred, as last noted
    std::chrono::steady_clock::time_point last_activity_;
    std::exception_ptr thrown_;  // by the receiver, inside a callback of curl
};

}  // namespace venice
