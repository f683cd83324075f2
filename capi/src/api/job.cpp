// SPDX-License-Identifier: MIT
#include <venice/job.h>

#include "api/client_access.hpp"

using venice::core_of;
using venice::guarded;
using venice::guarded_make;
using venice::guarded_read;
using venice::Job;
using venice::job_of;
using venice::required;

namespace {

// The longest wait that the clock's arithmetic holds for certain; a year is as good as for ever.
constexpr std::int64_t longest_wait_ms = std::int64_t{365} * 24 * 3600 * 1000;

std::int64_t bounded_wait(std::int64_t timeout_ms) { return timeout_ms > longest_wait_ms ? -1 : timeout_ms; }

}  // namespace

venice_status venice_submit_generate(venice_client* client, const venice_request* request, venice_job** out, venice_error** error) {
    return guarded_make(out, error, [&] { return core_of(client).submit_generate(required(request, "request").request, true); });
}

venice_status venice_submit_models(venice_client* client, venice_job** out, venice_error** error) {
    return guarded_make(out, error, [&] { return core_of(client).submit_list(Job::Kind::models, true); });
}

venice_status venice_submit_styles(venice_client* client, venice_job** out, venice_error** error) {
    return guarded_make(out, error, [&] { return core_of(client).submit_list(Job::Kind::styles, true); });
}

void venice_job_free(venice_job* job) { delete job; }

int64_t venice_job_id(const venice_job* job) { return job != nullptr ? job->job->id() : 0; }

int32_t venice_job_state(const venice_job* job) { return job != nullptr ? job->job->state() : VENICE_JOB_FAILED; }

int32_t venice_job_phase(const venice_job* job) { return job != nullptr ? job->job->phase() : VENICE_PHASE_ENDED; }

const char* venice_phase_name(int32_t phase) {
    switch (phase) {
        case VENICE_PHASE_QUEUED:
            return "queued";
        case VENICE_PHASE_CONNECTING:
            return "connecting";
        case VENICE_PHASE_SENDING:
            return "sending";
        case VENICE_PHASE_WAITING:
            return "waiting";
        case VENICE_PHASE_RECEIVING:
            return "receiving";
        case VENICE_PHASE_DECODING:
            return "decoding";
        case VENICE_PHASE_ENDED:
            return "ended";
        case VENICE_PHASE_WAITING_TO_RETRY:
            return "waiting_to_retry";
        default:
            return "unknown";
    }
}

int64_t venice_job_received_bytes(const venice_job* job) { return job != nullptr ? job->job->received_bytes() : 0; }

int64_t venice_job_total_bytes(const venice_job* job) { return job != nullptr ? job->job->total_bytes() : -1; }

int64_t venice_job_retry_in_ms(const venice_job* job) { return job != nullptr ? job->job->retry_in_ms() : -1; }

size_t venice_job_image_count(const venice_job* job) { return job != nullptr ? job->job->image_count() : 0; }

venice_status venice_job_image(const venice_job* job, size_t index, venice_image** out, venice_error** error) {
    return guarded_make(out, error, [&] { return job_of(job).image(index); });
}

venice_status venice_job_image_stream(const venice_job* job, size_t index, venice_image_stream** out, venice_error** error) {
    return guarded_make(out, error, [&] { return job_of(job).image_stream(index); });
}

venice_status venice_job_wait(venice_job* job, int64_t timeout_ms, venice_error** error) {
    return guarded(error, [&] {
        Job& target = job_of(job);
        const auto client = target.ended() || timeout_ms == 0 ? nullptr : target.client();
        if (client && client->worker().on_worker_thread()) {
            throw venice::Error(VENICE_ERROR_BUSY, "The client's own thread cannot wait for its jobs.");
        }
        if (!target.wait(bounded_wait(timeout_ms))) {
            throw venice::Error(VENICE_ERROR_NOT_READY, "The job has not ended yet.");
        }
    });
}

venice_status venice_job_cancel(venice_job* job, venice_error** error) {
    return guarded(error, [&] { job_of(job).cancel(); });
}

venice_status venice_job_result(const venice_job* job, venice_result** out, venice_error** error) {
    return guarded_read(out, error, [&] { return venice::payload_of<std::shared_ptr<const venice::GenerateResult>>(job_of(job), Job::Kind::generate); });
}

venice_status venice_job_models(const venice_job* job, venice_models** out, venice_error** error) {
    return guarded_make(out, error, [&] { return venice::payload_of<std::shared_ptr<const venice::ModelList>>(job_of(job), Job::Kind::models); });
}

venice_status venice_job_styles(const venice_job* job, venice_styles** out, venice_error** error) {
    return guarded_make(out, error, [&] { return venice::payload_of<std::shared_ptr<const venice::StyleList>>(job_of(job), Job::Kind::styles); });
}

venice_status venice_client_next_event(venice_client* client, int64_t timeout_ms, venice_event** out, venice_error** error) {
    return guarded_make(out, error, [&] {
        venice::ClientCore& core = core_of(client);
        if (timeout_ms != 0 && core.worker().on_worker_thread()) {
            throw venice::Error(VENICE_ERROR_BUSY, "The client's own thread cannot wait for its events.");
        }
        const auto event = core.events().take(bounded_wait(timeout_ms));
        if (!event) {
            throw venice::Error(VENICE_ERROR_NOT_READY, "There is no event.");
        }
        return *event;
    });
}

venice_status venice_client_event_fd(venice_client* client, int32_t* fd, venice_error** error) {
    return guarded(error, [&] {
        std::int32_t& out = required(fd, "fd");
        out = -1;
        out = core_of(client).events().descriptor();
    });
}

venice_status venice_client_set_notify(venice_client* client, venice_notify notify, void* user_data, venice_error** error) {
    return guarded(error, [&] { core_of(client).events().set_notify(notify, user_data); });
}

void venice_event_free(venice_event* event) { delete event; }

int32_t venice_event_type(const venice_event* event) { return event != nullptr ? event->event.type : 0; }

int64_t venice_event_job_id(const venice_event* event) { return event != nullptr ? event->event.job_id : 0; }

size_t venice_event_image_index(const venice_event* event) { return event != nullptr ? event->event.image_index : 0; }
