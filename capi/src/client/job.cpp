// SPDX-License-Identifier: MIT
#include "client/job.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "client/client_core.hpp"
#include "client/redaction.hpp"
#include "response/error_response.hpp"
#include "support/clock.hpp"
#include "support/text.hpp"

namespace venice {
namespace {

// Of an error's body only the start is of use; a gateway's page may be long.
constexpr std::size_t longest_error_body = std::size_t{1} << 20;

constexpr std::chrono::steady_clock::time_point not_retrying{};

std::int64_t next_id() {
    static std::atomic<std::int64_t> last{0};
    return ++last;
}

ErrorInfo cancelled(bool may_be_charged) {
    ErrorInfo info;
    info.status = VENICE_ERROR_CANCELLED;
    info.may_be_charged = may_be_charged;
    info.message = may_be_charged ? "Cancelled. The request had been sent: the image may still be charged."
                                  : "Cancelled. Nothing was charged.";
    return info;
}

std::int32_t public_phase(HttpPhase phase) {
    switch (phase) {
        case HttpPhase::connecting:
            return VENICE_PHASE_CONNECTING;
        case HttpPhase::sending:
            return VENICE_PHASE_SENDING;
        case HttpPhase::waiting:
            return VENICE_PHASE_WAITING;
        case HttpPhase::receiving:
            break;
    }
    return VENICE_PHASE_RECEIVING;
}

}  // namespace

Job::Job(Kind kind, const std::shared_ptr<ClientCore>& client, HttpRequest request, bool announced, std::optional<std::int64_t> sent_seed)
    : id_(next_id()),
      kind_(kind),
      forks_before_(client->forks_before()),
      request_(std::move(request)),
      events_(announced ? &client->events() : nullptr),
      sent_seed_(sent_seed),
      client_(client) {
    if (announced) {
        events_->reserve_end();
    }
}

bool Job::wait(std::int64_t timeout_ms) {
    if (ended()) {
        return true;
    }
    std::unique_lock lock(mutex_);
    const auto there = [&] { return ended(); };
    if (timeout_ms < 0) {
        ended_.wait(lock, there);
        return true;
    }
    return ended_.wait_for(lock, std::chrono::milliseconds(timeout_ms), there);
}

void Job::cancel() {
    // The state is published here, at once; the worker drops the transfer when it next looks, and then announces the end.
    end_cancelled();
    wake_waiting();
    if (const auto client = client_.lock()) {
        client->worker().look_for_abandoned();
    }
}

std::int64_t Job::retry_in_ms() const {
    const auto at = retry_at_.load();
    if (at == not_retrying) {
        return -1;
    }
    return std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(at - std::chrono::steady_clock::now()).count());
}

std::size_t Job::image_count() const {
    const std::lock_guard lock(mutex_);
    return complete_images().size();
}

GeneratedImage Job::image(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    const std::vector<GeneratedImage>& images = complete_images();
    if (index >= images.size()) {
        throw_no_image(index, images.size());
    }
    return images[index];
}

std::shared_ptr<const ImageBytes> Job::image_stream(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    if (index >= image_streams_.size()) {
        throw_no_image(index, image_streams_.size());
    }
    return image_streams_[index];
}

const std::vector<GeneratedImage>& Job::complete_images() const {
    const auto* result = std::get_if<std::shared_ptr<const GenerateResult>>(&payload_);
    return result != nullptr ? (*result)->images : images_;
}

void Job::throw_no_image(std::size_t index, std::size_t count) const {
    if (!ended()) {
        throw Error(VENICE_ERROR_NOT_READY, "Image " + std::to_string(index) + " is not there yet.");
    }
    throw Error(VENICE_ERROR_OUT_OF_RANGE, "The job has ended and has " + std::to_string(count) + " images.");
}

// Without the lock: once the job has ended, what it came to does not change any more.
Job::Payload Job::payload() const {
    if (!ended()) {
        throw Error(VENICE_ERROR_NOT_READY, "The job has not ended yet.");
    }
    if (state_ != VENICE_JOB_SUCCEEDED) {
        throw Error(copy_or_essentials(*error_));  // NOLINT(bugprone-unchecked-optional-access): it has one, as it ended like that
    }
    return payload_;
}

void Job::phase_changed(HttpPhase phase) { enter_phase(public_phase(phase)); }

void Job::enter_phase(std::int32_t phase) {
    {
        const std::lock_guard lock(mutex_);
        if (ended()) {
            return;
        }
        state_ = VENICE_JOB_RUNNING;
        phase_ = phase;
        retry_at_ = not_retrying;
    }
    announce(VENICE_EVENT_PROGRESS);
}

void Job::held_back(std::chrono::steady_clock::time_point until) {
    {
        const std::lock_guard lock(mutex_);
        if (ended() || retry_at_.load() == until) {
            return;
        }
        phase_ = VENICE_PHASE_WAITING_TO_RETRY;
        retry_at_ = until;
    }
    announce(VENICE_EVENT_PROGRESS);
}

bool Job::may_be_asked_again() const { return !says_offline(http_status_, text_); }

void Job::refused(std::chrono::steady_clock::time_point until) {
    {
        const std::lock_guard lock(mutex_);
        request_left_ = request_left_ && ended();  // the server said that it did nothing
    }
    http_status_ = 0;
    text_.clear();
    received_bytes_ = 0;
    total_bytes_ = -1;
    held_back(until);
}

// Under the lock, so that a cancelled job either was not sent, or says that it may be charged.
bool Job::may_be_sent() {
    const std::lock_guard lock(mutex_);
    request_left_ = request_left_ || !ended();
    return request_left_;
}

void Job::headers_received(long http_status, const Headers& headers) {
    http_status_ = http_status;
    if (kind_ != Kind::generate || !answer_is_success()) {
        return;
    }
    // What is not compressed cannot become more than its length; otherwise the limit for any answer is all that is known.
    const auto length = headers.find("Content-Encoding") == nullptr ? parse_int(headers.value("Content-Length")) : std::nullopt;
    const std::int64_t limit = request_.settings->max_response_bytes;
    generate_decoder_ = std::make_unique<GenerateDecoder>(static_cast<std::size_t>(length && *length >= 0 && *length < limit ? *length : limit));
}

void Job::progressed(std::int64_t received_bytes, std::int64_t total_bytes) noexcept {
    received_bytes_ = received_bytes;
    total_bytes_ = total_bytes;
    announce(VENICE_EVENT_PROGRESS);
}

void Job::body_received(std::string_view bytes) {
    if (!answer_is_success()) {
        text_ += bytes.substr(0, longest_error_body - std::min(longest_error_body, text_.size()));
    } else if (kind_ == Kind::generate) {
        feed_images(bytes);
    } else {
        text_ += bytes;
    }
    announce(VENICE_EVENT_PROGRESS);
}

template <typename List>
Job::Payload Job::fetched(List list) const {
    list.fetched_ms = unix_time_ms();
    if (cache_) {
        cache_->store(text_, list.fetched_ms);
    }
    return std::make_shared<const List>(std::move(list));
}

// Young or not. Nothing if this job has no cache, or there is nothing in it.
Job::Payload Job::cached() const {
    const auto shared = [](auto list) -> Payload {
        using List = typename decltype(list)::value_type;
        return list ? Payload(std::make_shared<const List>(*std::move(list))) : Payload();
    };
    if (!cache_) {
        return {};
    }
    return kind_ == Kind::models ? shared(cached_models(*cache_)) : kind_ == Kind::styles ? shared(cached_styles(*cache_)) : Payload();
}

void Job::end_from_cache() {
    const Payload payload = cached();
    const auto* models = std::get_if<std::shared_ptr<const ModelList>>(&payload);
    const auto* styles = std::get_if<std::shared_ptr<const StyleList>>(&payload);
    if ((models != nullptr && !(*models)->stale) || (styles != nullptr && !(*styles)->stale)) {
        end_succeeded(payload);
    }
}

void Job::feed_images(std::string_view bytes) {
    try {
        generate_decoder_->feed(bytes);
        const auto& arriving = generate_decoder_->images();
        // Only this thread changes image_streams_ and images_, so that their sizes may be read here without the lock.
        if (image_streams_.size() != arriving.size()) {
            const std::lock_guard lock(mutex_);
            image_streams_.assign(arriving.begin(), arriving.end());
        }
        for (std::size_t index = images_.size(); index < arriving.size() && arriving[index]->complete(); ++index) {
            GeneratedImage image = make_image(arriving[index], index + 1);
            image.seed = index == 0 ? sent_seed_ : std::nullopt;
            {
                const std::lock_guard lock(mutex_);
                images_.push_back(std::move(image));
            }
            announce(VENICE_EVENT_IMAGE, index);
        }
    } catch (const Error& error) {
        ErrorInfo info = error.info();
        info.may_be_charged = true;
        throw Error(std::move(info));
    }
}

// What is known only now: the image of a binary answer, and the seed that the server tells.
void Job::publish_images(std::shared_ptr<const GenerateResult> result) {
    const std::size_t announced = images_.size();
    const std::size_t count = result->images.size();
    {
        const std::lock_guard lock(mutex_);
        payload_ = std::move(result);
    }
    for (std::size_t index = announced; index < count; ++index) {
        announce(VENICE_EVENT_IMAGE, index);
    }
}

Job::Payload Job::decode(const Headers& headers) {
    if (!answer_is_success()) {
        Redaction(request_).apply(text_);  // here too: later a part of the key could have been cut off, and the rest would not be recognised
        throw Error(read_error_response(http_status_, headers, text_));
    }
    switch (kind_) {
        case Kind::models:
            return fetched(read_models(text_));
        case Kind::styles:
            return fetched(read_styles(text_));
        case Kind::account:
            return std::make_shared<const AccountInfo>(read_account(text_));
        case Kind::generate:
            break;
    }
    auto result = std::make_shared<const GenerateResult>(make_generate_result(generate_decoder_->finish(), headers, sent_seed_));
    publish_images(result);
    return result;
}

void Job::succeeded(const Headers& headers) {
    try {
        enter_phase(VENICE_PHASE_DECODING);
        end_succeeded(decode(headers));
        announce_end();
    } catch (const Error& error) {
        ErrorInfo info = error.info();
        info.http_status = static_cast<std::int32_t>(http_status_);
        info.may_be_charged = kind_ == Kind::generate && (info.may_be_charged || answer_is_success());
        if (info.may_be_charged && !answer_is_success()) {
            info.message += " The image may have been charged.";  // of a list there is no such thing to say
        }
        failed(std::move(info));
    } catch (const std::bad_alloc&) {
        ErrorInfo info;
        info.status = VENICE_ERROR_OUT_OF_MEMORY;
        info.message = "Out of memory.";
        info.may_be_charged = kind_ == Kind::generate && !is_refusal(http_status_);
        failed(std::move(info));
    }
}

void Job::failed(ErrorInfo error) {
    try {
        if (Payload payload = cached(); payload.index() != 0) {
            end_succeeded(std::move(payload));
            announce_end();
            return;
        }
    } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch)
        // Then the failure is what there is to tell.
    }
    Redaction(request_).apply(error);
    error.http_status = error.http_status != 0 ? error.http_status : static_cast<std::int32_t>(http_status_);
    end_failed(std::move(error));
    announce_end();
}

// The last that is done for the job: what decoded it, and may still hold memory and a thread, goes.
void Job::announce_end() noexcept {
    generate_decoder_.reset();
    announce(VENICE_EVENT_ENDED);
}

void Job::dropped() noexcept {
    try {
        end_cancelled();
    } catch (...) {
        failed_without_details(VENICE_ERROR_CANCELLED, request_left_);
        return;
    }
    announce_end();
}

void Job::failed_without_details(venice_status status, bool may_be_charged) noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (!ended()) {
            ErrorInfo& error = error_.emplace();
            error.status = status;
            error.http_status = static_cast<std::int32_t>(http_status_);
            error.may_be_charged = may_be_charged;
            // Of at most 15 characters: so they need no memory.
            error.message = status == VENICE_ERROR_CANCELLED       ? "Cancelled."
                            : status == VENICE_ERROR_OUT_OF_MEMORY ? "Out of memory."
                                                                   : "Internal error.";
            publish_end(status == VENICE_ERROR_CANCELLED ? VENICE_JOB_CANCELLED : VENICE_JOB_FAILED);
        }
    }
    announce_end();
}

// The first end counts: a job that was cancelled stays so even if its answer is complete in the same moment.
void Job::end_succeeded(Payload payload) {
    const std::lock_guard lock(mutex_);
    if (!ended()) {
        payload_ = std::move(payload);
        publish_end(VENICE_JOB_SUCCEEDED);
    }
}

void Job::end_failed(ErrorInfo error) {
    const std::lock_guard lock(mutex_);
    if (!ended()) {
        error_ = std::move(error);
        publish_end(VENICE_JOB_FAILED);
    }
}

void Job::end_cancelled() {
    const std::lock_guard lock(mutex_);
    if (!ended()) {
        error_ = cancelled(request_left_);
        publish_end(VENICE_JOB_CANCELLED);
    }
}

void Job::publish_end(std::int32_t state) {
    phase_ = VENICE_PHASE_ENDED;
    retry_at_ = not_retrying;
    state_ = state;
}

void Job::announce(std::int32_t event_type, std::size_t image_index) noexcept {
    if (events_ == nullptr) {
        return;
    }
    try {
        events_->push({event_type, id_, image_index}, last_progress_);
    } catch (...) {  // NOLINT(bugprone-empty-catch): no memory for the event; the one of the end is always there
    }
}

}  // namespace venice
