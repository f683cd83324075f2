// SPDX-License-Identifier: MIT
// A piece of work: what it asks, how far it is, what it came to. Shared by its handles and the worker.
#pragma once

#include <venice/job.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "account/account_info.hpp"
#include "catalog/list_cache.hpp"
#include "catalog/model_info.hpp"
#include "client/event_queue.hpp"
#include "http/exchange.hpp"
#include "response/generate_result.hpp"

namespace venice {

class ClientCore;

class Job : public HttpReceiver {
public:
    enum class Kind { generate, models, styles, account };
    using Payload = std::variant<std::monostate, std::shared_ptr<const GenerateResult>, std::shared_ptr<const ModelList>,
                                 std::shared_ptr<const StyleList>, std::shared_ptr<const AccountInfo>>;

    // `announced`: its events go into the client's queue. `sent_seed`: the seed in the request, if there is one.
    Job(Kind kind, const std::shared_ptr<ClientCore>& client, HttpRequest request, bool announced, std::optional<std::int64_t> sent_seed);

    // Before the job is submitted: a list is kept there, and taken from there when it cannot be fetched.
    void use_cache(ListCache cache) { cache_ = std::make_unique<ListCache>(std::move(cache)); }
    // Ends the job at once if the cache has a list that is young enough. The worker then only announces it.
    void end_from_cache();

    // Any thread.
    std::int64_t id() const { return id_; }
    Kind kind() const { return kind_; }
    std::int32_t state() const { return state_; }
    std::int32_t phase() const { return phase_; }
    std::int64_t received_bytes() const { return received_bytes_; }
    std::int64_t total_bytes() const { return total_bytes_; }
    std::int64_t retry_in_ms() const;    // -1: it does not wait for that
    std::size_t image_count() const;     // that are complete
    GeneratedImage image(std::size_t index) const;                           // throws Error: NOT_READY, OUT_OF_RANGE
    std::shared_ptr<const ImageBytes> image_stream(std::size_t index) const; // likewise; it may still be arriving
    bool wait(std::int64_t timeout_ms);  // false when the time is over
    void cancel();
    bool ended() const { return state_ >= VENICE_JOB_SUCCEEDED; }
    Payload payload() const;  // throws Error: NOT_READY, or why the job failed
    std::shared_ptr<ClientCore> client() const { return client_.lock(); }
    int forks_before() const { return forks_before_; }

    // HttpReceiver; all but abandoned() and wake_waiting() on the client's thread.
    const HttpRequest& http_request() const override { return request_; }
    bool abandoned() const override { return ended(); }
    void phase_changed(HttpPhase phase) override;
    bool may_be_sent() override;
    void held_back(std::chrono::steady_clock::time_point until) override;
    bool may_be_asked_again() const override;
    void refused(std::chrono::steady_clock::time_point until) override;
    void headers_received(long http_status, const Headers& headers) override;
    void body_received(std::string_view bytes) override;
    void progressed(std::int64_t received_bytes, std::int64_t total_bytes) noexcept override;
    void succeeded(const Headers& headers) override;
    void failed(ErrorInfo error) override;
    void dropped() noexcept override;
    void wake_waiting() noexcept override { ended_.notify_all(); }
    void failed_without_details(venice_status status, bool may_be_charged) noexcept override;

private:
    Payload decode(const Headers& headers);
    Payload cached() const;
    template <typename List>
    Payload fetched(List list) const;
    void enter_phase(std::int32_t phase);
    void feed_images(std::string_view bytes);
    void publish_images(std::shared_ptr<const GenerateResult> result);
    const std::vector<GeneratedImage>& complete_images() const;
    [[noreturn]] void throw_no_image(std::size_t index, std::size_t count) const;
    void end_succeeded(Payload payload);
    void end_failed(ErrorInfo error);
    void end_cancelled();
    void publish_end(std::int32_t state);
    void announce_end() noexcept;
    void announce(std::int32_t event_type, std::size_t image_index = 0) noexcept;
    bool answer_is_success() const { return http_status_ >= 200 && http_status_ < 300; }

    // What the client's thread needs again and again stands together, and in front: jobs may be many, and then none of them is in a processor's cache.
    const std::int64_t id_;
    const Kind kind_;
    const int forks_before_;
    std::atomic<std::int32_t> state_{VENICE_JOB_QUEUED};
    std::atomic<std::int32_t> phase_{VENICE_PHASE_QUEUED};
    std::atomic<std::int64_t> received_bytes_{0};
    std::atomic<std::int64_t> total_bytes_{-1};
    std::atomic<std::chrono::steady_clock::time_point> retry_at_{};  // while it waits for that, else 0
    HttpRequest request_;
    mutable std::mutex mutex_;   // guards what the job came to, and changes of state and phase
    bool request_left_ = false;  // the whole request was handed to the network
    Payload payload_;            // there before the job ends
    std::vector<std::shared_ptr<const ImageBytes>> image_streams_;  // all that have begun
    std::vector<GeneratedImage> images_;                            // the first of them, which are complete, until there is a payload

    // On the client's thread only.
    EventQueue* const events_;  // null: it is not announced. Outlives that thread
    EventQueue::Number last_progress_ = 0;
    long http_status_ = 0;
    std::unique_ptr<GenerateDecoder> generate_decoder_;  // from the headers of a success to the end: jobs that wait, or are over, may be many
    const std::optional<std::int64_t> sent_seed_;

    std::condition_variable ended_;
    const std::weak_ptr<ClientCore> client_;
    std::unique_ptr<const ListCache> cache_;  // null: none
    std::string text_;                        // of the answer, for lists and errors; on the client's thread only
    std::optional<ErrorInfo> error_;          // of a job that has ended without a payload
};

}  // namespace venice
