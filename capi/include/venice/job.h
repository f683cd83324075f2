/* SPDX-License-Identifier: MIT */
/**
 * @file job.h
 * Work in the background: submit, watch, cancel, collect.
 *
 * A job is submitted and runs on the client's thread. Its end can be waited for (venice_job_wait()), or be learnt from the client's event
 * queue, in one of three ways:
 *
 * - poll the descriptor of venice_client_event_fd() in your main loop; when it is readable, call venice_client_next_event() with time limit 0
 *   until it returns VENICE_ERROR_NOT_READY;
 * - call venice_client_next_event() with a time limit, in a thread of yours;
 * - let a callback wake you: venice_client_set_notify(). It runs on the client's thread: do nothing there but wake your own loop.
 *
 * One thread at a time takes events from a client. Events that nobody takes cost a few bytes each: of a job one
 * at most for progress, one for each image, and one for the end.
 *
 * ## Rate limits
 *
 * An answer of 429 or 503 says that the server did not do what was asked. The job is then sent again, up to `max_retries` times: after what the header
 * Retry-After asks for (seconds or a date), else after 30 seconds (429), or 1, 2, 4, … seconds, at most 30 (503), but never more than `max_retry_wait_ms`;
 * with some random time so that several clients do not come at once. A 503 that says that the model is offline is not sent again. Where the server asks for more than `max_retry_wait_ms`, or for more than is left of `total_timeout_ms`, the job
 * fails at once, and venice_error_retry_after_ms() tells how long it is; where its time is over before its turn comes again, with VENICE_ERROR_TIMEOUT. A request that was sent and came to anything else is never sent again: it may
 * have been charged. Nor is one whose connection could not be made: that is reported.
 *
 * What the server says about its limits holds for all jobs of the client with the same key. After a 429, and while the headers x-ratelimit-* say
 * that nothing is left, they are held back, for as long as `max_retry_wait_ms` at most; so are they before too many failures (more than 20
 * answers of 400 and above in 30 seconds) would make the server lock the key. All such waits show as phase 7, and are over at once when the job is cancelled.
 *
 * ## Images that still arrive
 *
 * An image can be used before the answer it is part of is complete: an event of type 3 tells that all its bytes are there (venice_job_image()). And
 * what has arrived of an image can be read before that (venice_job_image_stream()), to decode it progressively; progress events tell that there is more.
 */
#ifndef VENICE_JOB_H
#define VENICE_JOB_H

#include <venice/error.h>
#include <venice/status.h>
#include <venice/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** States of a job, as venice_job_state() gives them. The last three are final. */
enum {
    /** 0: waits for its turn. */
    VENICE_JOB_QUEUED = 0,
    /** 1: under way. */
    VENICE_JOB_RUNNING = 1,
    /** 2: ended well; the result is there. */
    VENICE_JOB_SUCCEEDED = 2,
    /** 3: ended with an error. */
    VENICE_JOB_FAILED = 3,
    /** 4: was cancelled. */
    VENICE_JOB_CANCELLED = 4
};

/**
 * What a job is doing, as venice_job_phase() gives it. They come in this order; some may be too short to be seen. Phase 7 may come before 1,
 * and after 4 when the server wants the request to be sent again later: then they begin anew with 1.
 */
enum {
    /** 0: waits for its turn. */
    VENICE_PHASE_QUEUED = 0,
    /** 1: looks up the name, connects, sets up encryption. */
    VENICE_PHASE_CONNECTING = 1,
    /** 2: sends the request. */
    VENICE_PHASE_SENDING = 2,
    /** 3: the request was sent; the server makes the image. From here on it may be charged. */
    VENICE_PHASE_WAITING = 3,
    /** 4: receives the answer; see venice_job_received_bytes(). */
    VENICE_PHASE_RECEIVING = 4,
    /** 5: the last bytes are decoded. */
    VENICE_PHASE_DECODING = 5,
    /** 6: ended, in whatever way. */
    VENICE_PHASE_ENDED = 6,
    /** 7: too many requests: waits until it may be sent (again); see venice_job_retry_in_ms(). Nothing is charged meanwhile. */
    VENICE_PHASE_WAITING_TO_RETRY = 7
};

/** Kinds of events, as venice_event_type() gives them. */
enum {
    /** 1: the job's phase or its bytes changed. Several changes may come as one event. */
    VENICE_EVENT_PROGRESS = 1,
    /** 2: the job ended. The last event of a job, exactly one. */
    VENICE_EVENT_ENDED = 2,
    /** 3: an image is complete, see venice_event_image_index() and venice_job_image(). One for each image, in their order, before the end. */
    VENICE_EVENT_IMAGE = 3
};

/**
 * Starts generating. The request is checked (venice_request_check(), with the model of venice_request_use_model() if there is one) and copied: it may be changed or freed at once.
 * Jobs of a request that was not changed between them share one copy, however large its style references are; the request keeps it until it is changed or freed.
 *
 * @param out receives the job; free it with venice_job_free()
 * @return VENICE_OK, INVALID_ARGUMENT, INVALID_REQUEST, OUT_OF_MEMORY, FORKED. Never waits for the network. Since 1.0.
 */
VENICE_API venice_status venice_submit_generate(venice_client *client, const venice_request *request, venice_job **out, venice_error **error);

/** Starts fetching the list of image models, or takes it from the cache folder (catalog.h). No key is needed. As venice_submit_generate(). Since 1.0. */
VENICE_API venice_status venice_submit_models(venice_client *client, venice_job **out, venice_error **error);

/** Starts fetching the list of styles, in the same way. No key is needed. As venice_submit_generate(). Since 1.0. */
VENICE_API venice_status venice_submit_styles(venice_client *client, venice_job **out, venice_error **error);

/** Frees the handle; the job goes on. NULL is fine. Since 1.0. */
VENICE_API void venice_job_free(venice_job *job);

/** @return a number that no other job of this process has, 1 or more; 0 for NULL. Since 1.0. */
VENICE_API int64_t venice_job_id(const venice_job *job);

/** @return 0 queued, 1 running, 2 succeeded, 3 failed, 4 cancelled; 3 for NULL. Since 1.0. */
VENICE_API int32_t venice_job_state(const venice_job *job);

/** @return 0 queued, 1 connecting, 2 sending, 3 waiting, 4 receiving, 5 decoding, 6 ended, 7 waiting to (re)try; 6 for NULL. Since 1.0. */
VENICE_API int32_t venice_job_phase(const venice_job *job);

/**
 * The stable name of a phase, for logs and for showing progress without a table: "queued", "connecting", "sending", "waiting", …
 *
 * @param phase any number, such as venice_job_phase() gives
 * @return static text, never NULL; "unknown" for a number that this version does not know. Any thread. Since 1.0.
 */
VENICE_API const char *venice_phase_name(int32_t phase);

/** @return the bytes of the answer's body received so far, as they are transferred (compressed); 0 again when the request is sent again; 0 for NULL. Since 1.0. */
VENICE_API int64_t venice_job_received_bytes(const venice_job *job);

/** @return the size of the answer's body in bytes, as it is transferred; -1 if the server does not say, and for NULL. Since 1.0. */
VENICE_API int64_t venice_job_total_bytes(const venice_job *job);

/**
 * How long it is until a job in phase 7 is sent (again).
 *
 * @return milliseconds, rounded up; 0 if it is about to be; -1 in any other phase and for NULL. May grow when the server asks for more. Any thread. Since 1.0.
 */
VENICE_API int64_t venice_job_retry_in_ms(const venice_job *job);

/**
 * @return how many images of venice_submit_generate() are complete. Those stay available even if the job fails or is cancelled afterwards: they may have
 *         been charged. 0 for NULL and for other jobs. Any thread. Since 1.0.
 */
VENICE_API size_t venice_job_image_count(const venice_job *job);

/**
 * A complete image, be the job at its end or not. Its seed is the one that was sent (for the first image only); that the server chose one is known at the end.
 *
 * @param index 0 to venice_job_image_count() - 1, in the order of the answer
 * @param out   receives the image; free it with venice_image_free(). The bytes are not copied, and the result shares them.
 * @return VENICE_OK; NOT_READY while it may still come; OUT_OF_RANGE when the job has ended without it; INVALID_ARGUMENT, OUT_OF_MEMORY, FORKED. Since 1.0.
 */
VENICE_API venice_status venice_job_image(const venice_job *job, size_t index, venice_image **out, venice_error **error);

/**
 * A view of an image's bytes while they arrive: see venice_image_stream_size() in result.h. Whether the bytes are an image is known when it is complete.
 *
 * @param index which image of the answer, from 0
 * @param out   receives the view; free it with venice_image_stream_free(). It stays valid whatever becomes of the job.
 * @return VENICE_OK; NOT_READY before its first byte; OUT_OF_RANGE when the job has ended without it; INVALID_ARGUMENT, OUT_OF_MEMORY, FORKED. Since 1.0.
 */
VENICE_API venice_status venice_job_image_stream(const venice_job *job, size_t index, venice_image_stream **out, venice_error **error);

/**
 * Waits until the job has ended.
 *
 * @param timeout_ms how long at most, in milliseconds; 0 only looks, -1 waits without limit
 * @return VENICE_OK when it has ended, in whatever way; NOT_READY when the time is over; INVALID_ARGUMENT; BUSY on the client's own thread; FORKED. Since 1.0.
 */
VENICE_API venice_status venice_job_wait(venice_job *job, int64_t timeout_ms, venice_error **error);

/**
 * Cancels: the job is in state "cancelled" when this returns, unless it had ended before, and the connection is closed soon after. Does not
 * wait for the network. May be called any number of times, from any thread. An image that the server is already making may still be charged:
 * the job's error says so (venice_error_may_be_charged()).
 *
 * @return VENICE_OK, INVALID_ARGUMENT, FORKED. Since 1.0.
 */
VENICE_API venice_status venice_job_cancel(venice_job *job, venice_error **error);

/**
 * The result of venice_submit_generate().
 *
 * @param out receives the result; free it with venice_result_free(). Each call gives a new handle to the same result.
 * @return VENICE_OK; NOT_READY; the job's own failure with its error; INVALID_ARGUMENT if the job is of another kind; OUT_OF_MEMORY, FORKED. Since 1.0.
 */
VENICE_API venice_status venice_job_result(const venice_job *job, venice_result **out, venice_error **error);

/** The result of venice_submit_models(); free it with venice_models_free(). As venice_job_result(). Since 1.0. */
VENICE_API venice_status venice_job_models(const venice_job *job, venice_models **out, venice_error **error);

/** The result of venice_submit_styles(); free it with venice_styles_free(). As venice_job_result(). Since 1.0. */
VENICE_API venice_status venice_job_styles(const venice_job *job, venice_styles **out, venice_error **error);

/**
 * Takes the next event.
 *
 * @param timeout_ms how long to wait for one, in milliseconds; 0 does not wait, -1 waits without limit
 * @param out        receives the event; free it with venice_event_free()
 * @return VENICE_OK; NOT_READY when the time is over; INVALID_ARGUMENT; BUSY when it would wait on the client's own thread; FORKED. Since 1.0.
 */
VENICE_API venice_status venice_client_next_event(venice_client *client, int64_t timeout_ms, venice_event **out, venice_error **error);

/**
 * A descriptor that is readable as long as there are events. For poll() and main loops only: do not read from it, do not close it. It
 * belongs to the client and goes with it.
 *
 * @param fd receives the descriptor
 * @return VENICE_OK, INVALID_ARGUMENT, FORKED. Since 1.0.
 */
VENICE_API venice_status venice_client_event_fd(venice_client *client, int32_t *fd, venice_error **error);

/** Called on the client's thread when there is an event. Must not block and must not throw. */
typedef void (*venice_notify)(void *user_data);

/**
 * Sets or removes the callback. When this returns, the earlier callback runs no more (unless this is called from inside it).
 *
 * @param notify    called after an event was queued; NULL removes it
 * @param user_data handed to the callback as it is
 * @return VENICE_OK, INVALID_ARGUMENT, FORKED. Since 1.0.
 */
VENICE_API venice_status venice_client_set_notify(venice_client *client, venice_notify notify, void *user_data, venice_error **error);

/** Frees an event. NULL is fine. Since 1.0. */
VENICE_API void venice_event_free(venice_event *event);

/** @return 1 progress, 2 ended, 3 image complete; 0 for NULL. Since 1.0. */
VENICE_API int32_t venice_event_type(const venice_event *event);

/** @return the id of the job (venice_job_id()); 0 for NULL. Since 1.0. */
VENICE_API int64_t venice_event_job_id(const venice_event *event);

/** @return which image of the job is complete, from 0; 0 for events of other types and for NULL. Since 1.0. */
VENICE_API size_t venice_event_image_index(const venice_event *event);

#ifdef __cplusplus
}
#endif

#endif
