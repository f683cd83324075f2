// SPDX-License-Identifier: MIT
// One HTTP request and its answer, as the worker runs them. No curl here, so that jobs do not depend on it.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request_headers.hpp"
#include "response/headers.hpp"
#include "support/error.hpp"

namespace venice {

// What all requests of a client to one address have in common until its options change. Never changed itself, so that a curl handle that is set up for
// it can stay as it is from one request to the next.
struct HttpSettings {
    std::string url;
    std::string user_agent;
    bool loopback_http = false;  // plain http, allowed to this machine only
    std::optional<std::string> proxy;                       // empty: none at all; nothing: what the environment says
    std::shared_ptr<const std::string> ca_certificates;     // PEM; null: the system's
    std::int64_t max_retries = 0;                           // 0: never sent again, and never held back
    std::int64_t max_retry_wait_ms = 0;
    std::int64_t connect_timeout_ms = 0;
    std::int64_t total_timeout_ms = 0;  // 0: none; all tries and the waits between them
    std::int64_t idle_timeout_ms = 0;   // 0: none
    std::int64_t max_response_bytes = 0;
};

// What to send. Frozen when the job is submitted.
struct HttpRequest {
    std::shared_ptr<const HttpSettings> settings;
    std::shared_ptr<const RequestHeaders> headers;
    std::shared_ptr<const std::string> body = {};  // null: GET, else POST of JSON; jobs of the same request share it
    std::int64_t images = 1;                       // as the server's rate limit counts them
};

enum class HttpPhase { connecting, sending, waiting, receiving };

// Who gets the answer. All calls come on the worker's thread. They may throw Error, which ends the exchange with it.
class HttpReceiver {
public:
    virtual ~HttpReceiver() = default;

    virtual const HttpRequest& http_request() const = 0;

    // True once nobody wants the answer any more: the worker then drops the exchange. Any thread.
    virtual bool abandoned() const = 0;

    virtual void phase_changed(HttpPhase phase) = 0;

    // Asked before the last byte of a request's body is handed to the network: from then on it may be acted on. False: do not send it.
    virtual bool may_be_sent() = 0;

    // Not sent yet, and not before `until`, because the server's limits are used up.
    virtual void held_back(std::chrono::steady_clock::time_point until) = 0;

    // Asked when the server said that it did not do what was asked. False: what else it said rules out that it will in a while.
    virtual bool may_be_asked_again() const = 0;

    // The server said that it did not do what was asked, and it is asked again after `until`. All that was received is void.
    virtual void refused(std::chrono::steady_clock::time_point until) = 0;

    virtual void headers_received(long http_status, const Headers& headers) = 0;
    virtual void body_received(std::string_view bytes) = 0;  // uncompressed

    // The answer's body as it is transferred. A total of -1: unknown.
    virtual void progressed(std::int64_t received_bytes, std::int64_t total_bytes) noexcept = 0;

    // The last call, exactly one: the answer is complete, or it failed, or it was abandoned.
    virtual void succeeded(const Headers& headers) = 0;  // those that headers_received() saw
    virtual void failed(ErrorInfo error) = 0;
    virtual void dropped() noexcept = 0;

    // Soon after the last call: lets those go on who wait for the end.
    virtual void wake_waiting() noexcept = 0;

    // As failed(), for when there may be no memory for more.
    virtual void failed_without_details(venice_status status, bool may_be_charged) noexcept = 0;
};

// In a catch block: what was thrown ends the exchange, whatever it is and even if memory is lacking.
inline void fail_with_what_was_thrown(HttpReceiver& receiver, bool may_be_charged) noexcept {
    try {
        try {
            throw;  // cppcheck-suppress rethrowNoCurrentException  ; always called in a catch block
        } catch (const Error& error) {
            may_be_charged = may_be_charged || error.info().may_be_charged;
            receiver.failed(error.info());
        } catch (const std::bad_alloc&) {
            receiver.failed_without_details(VENICE_ERROR_OUT_OF_MEMORY, may_be_charged);
        } catch (const std::exception& thrown) {
            ErrorInfo info;
            info.message = thrown.what();
            info.may_be_charged = may_be_charged;
            receiver.failed(std::move(info));
        } catch (...) {
            receiver.failed_without_details(VENICE_ERROR_INTERNAL, may_be_charged);
        }
    } catch (...) {
        receiver.failed_without_details(VENICE_ERROR_OUT_OF_MEMORY, may_be_charged);
    }
}

}  // namespace venice
