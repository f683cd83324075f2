/* SPDX-License-Identifier: MIT */
/* Options, events and the order of freeing. Nothing leaves this machine: what is connected to is a port where nobody listens. */
#define _POSIX_C_SOURCE 200809L

#include "checks.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static venice_client *client;
static int unused_socket = -1;

/* A port that is taken, but not listened at: connecting is refused at once. */
static void point_at_nobody(venice_client *target) {
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    char url[64];
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    unused_socket = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(unused_socket, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(unused_socket, (struct sockaddr *)&address, &length), 0);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/api/v1", ntohs(address.sin_port));
    EXPECT(VENICE_OK, venice_client_set_string(target, "base_url", url, &error));
}

static int set_up(void **state) {
    (void)state;
    client = new_client();
    point_at_nobody(client);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    assert_int_equal(venice_client_free(client), VENICE_OK);
    client = NULL;
    close(unused_socket);
    return 0;
}

static venice_job *submit_styles(void) {
    venice_job *job = NULL;
    EXPECT(VENICE_OK, venice_submit_styles(client, &job, &error));
    assert_non_null(job);
    return job;
}

static venice_request *complete_request(void) {
    venice_request *request = new_request();
    EXPECT(VENICE_OK, venice_request_set_string(request, "model", "m", &error));
    EXPECT(VENICE_OK, venice_request_set_string(request, "prompt", "p", &error));
    return request;
}

/* --- options */

static void takes_only_safe_base_urls(void **state) {
    static const char *const good[] = {
        "https://api.venice.ai/api/v1", "https://example.org", "https://example.org:8443/", "HTTPS://example.org/x", "http://127.0.0.1:8080/api/v1",
        "http://127.9.9.9/", "http://[::1]:8080/x", "http://localhost", "http://localhost:1/a/b/", "https://192.0.2.7/x",
    };
    static const char *const bad[] = {
        "", " ", "api.venice.ai", "http://api.venice.ai/api/v1", "http://192.0.2.7/", "http://[2001:db8::1]/", "http://localhost.example.org/",
        "http://127.0.0.1.example.org/", "http://128.0.0.1/", "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/", "file:///etc/passwd", "ftp://localhost/x",
        "ws://localhost/", "javascript:1", "https://", "http://127./", "http://127.0.0.256/", "https://user:pass@example.org/", "https://user@example.org/", "https://:pass@example.org/",
        "http://127.0.0.1@example.org/", "http://example.org#@127.0.0.1/", "https://example.org/?key=1", "https://example.org/x?", "https://example.org/#part",
        "https://example.org/x#", "https://exa mple.org/", "https://example.org/\r\nX-Header: 1", "http://127.0.0.1:99999/", "https://[::1", "not a url",
    };
    size_t i;
    (void)state;
    for (i = 0; i < sizeof good / sizeof good[0]; ++i) {
        EXPECT(VENICE_OK, venice_client_set_string(client, "base_url", good[i], &error));
    }
    for (i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        EXPECT_MESSAGE(VENICE_ERROR_OUT_OF_RANGE, "base_url", venice_client_set_string(client, "base_url", bad[i], &error));
    }
    EXPECT_MESSAGE(VENICE_ERROR_INVALID_TEXT, "base_url", venice_client_set_string(client, "base_url", "https://example.org/\xFF", &error));
    EXPECT(VENICE_OK, venice_client_set_string(client, "base_url", NULL, &error));
}

/* A name to older libcurl, which could be another machine's; newer ones take it for the address, and connect to that. */
static void takes_an_address_with_a_dot_behind_it_only_for_what_libcurl_does(void **state) {
    static const char *const dotted = "http://127.0.0.1./";
    CURLU *url = curl_url();
    char *host = NULL;
    (void)state;
    assert_int_equal(CURLUE_OK, curl_url_set(url, CURLUPART_URL, dotted, 0));
    assert_int_equal(CURLUE_OK, curl_url_get(url, CURLUPART_HOST, &host, 0));
    if (strcmp(host, "127.0.0.1") == 0) {
        EXPECT(VENICE_OK, venice_client_set_string(client, "base_url", dotted, &error));
    } else {
        EXPECT_MESSAGE(VENICE_ERROR_OUT_OF_RANGE, "base_url", venice_client_set_string(client, "base_url", dotted, &error));
    }
    EXPECT(VENICE_OK, venice_client_set_string(client, "base_url", NULL, &error));
    curl_free(host);
    curl_url_cleanup(url);
}

static void a_refused_url_does_not_show_its_password(void **state) {
    venice_error *failure = NULL;
    (void)state;
    assert_int_equal(venice_client_set_string(client, "base_url", "https://user:hunter2@example.org/", &failure), VENICE_ERROR_OUT_OF_RANGE);
    assert_null(strstr(venice_error_message(failure), "hunter2"));
    venice_error_free(failure);
}

static void a_key_that_breaks_the_header_is_refused_and_not_shown(void **state) {
    static const char *const bad[] = {"secret\n", "secret\r\nX: y", "sec ret", " secret", "secret\t", "s\303\251cret", "secret\x7F", "secret\x01"};
    size_t i;
    (void)state;
    EXPECT(VENICE_OK, venice_client_set_string(client, "api_key", "a-Key_0.9~/+=", &error));
    for (i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        venice_error *failure = NULL;
        assert_int_equal(venice_client_set_string(client, "api_key", bad[i], &failure), VENICE_ERROR_INVALID_TEXT);
        assert_null(strstr(venice_error_message(failure), "cret"));
        assert_non_null(strstr(venice_error_message(failure), "api_key"));
        assert_string_equal(venice_error_problem_field(failure, 0), "api_key");
        assert_null(strstr(venice_error_problem_message(failure, 0), "cret"));
        venice_error_free(failure);
    }
    EXPECT(VENICE_OK, venice_client_set_string(client, "api_key", NULL, &error));
    EXPECT(VENICE_ERROR_INVALID_TEXT, venice_client_set_string(client, "user_agent", "x\ny", &error));
    EXPECT(VENICE_OK, venice_client_set_string(client, "user_agent", "my program/1.0 (x)", &error));
    EXPECT(VENICE_OK, venice_client_set_string(client, "user_agent", NULL, &error));
}

static void numbers_keep_to_their_range(void **state) {
    static const struct {
        const char *name;
        int64_t minimum, maximum;
    } ranges[] = {
        {"connect_timeout_ms", 1, 3600000},
        {"total_timeout_ms", 0, 86400000},
        {"idle_timeout_ms", 0, 86400000},
        {"max_response_bytes", 1024, 4294967296},
        {"max_in_flight", 1, 256},
        {"max_retries", 0, 100},
        {"max_retry_wait_ms", 0, 86400000},
    };
    size_t i;
    (void)state;
    for (i = 0; i < sizeof ranges / sizeof ranges[0]; ++i) {
        char maximum[32];
        snprintf(maximum, sizeof maximum, "%lld", (long long)ranges[i].maximum);
        EXPECT(VENICE_OK, venice_client_set_int(client, ranges[i].name, ranges[i].minimum, &error));
        EXPECT(VENICE_OK, venice_client_set_int(client, ranges[i].name, ranges[i].maximum, &error));
        EXPECT_MESSAGE(VENICE_ERROR_OUT_OF_RANGE, maximum, venice_client_set_int(client, ranges[i].name, ranges[i].minimum - 1, &error));
        EXPECT_MESSAGE(VENICE_ERROR_OUT_OF_RANGE, ranges[i].name, venice_client_set_int(client, ranges[i].name, ranges[i].maximum + 1, &error));
        EXPECT(VENICE_ERROR_OUT_OF_RANGE, venice_client_set_int(client, ranges[i].name, INT64_MIN, &error));
        EXPECT(VENICE_ERROR_OUT_OF_RANGE, venice_client_set_int(client, ranges[i].name, INT64_MAX, &error));
        EXPECT_MESSAGE(VENICE_ERROR_WRONG_TYPE, ranges[i].name, venice_client_set_string(client, ranges[i].name, "1", &error));
    }
}

static void options_of_other_names_and_types_are_refused(void **state) {
    static const char *const texts[] = {"api_key", "base_url", "user_agent", "proxy", "ca_file"};
    size_t i;
    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        EXPECT_MESSAGE(VENICE_ERROR_WRONG_TYPE, texts[i], venice_client_set_int(client, texts[i], 1, &error));
    }
    EXPECT_MESSAGE(VENICE_ERROR_UNKNOWN_PARAMETER, "timeout", venice_client_set_int(client, "timeout", 1, &error));
    EXPECT(VENICE_ERROR_UNKNOWN_PARAMETER, venice_client_set_string(client, "API_KEY", "x", &error));
    EXPECT(VENICE_ERROR_UNKNOWN_PARAMETER, venice_client_set_string(client, "", "x", &error));
    EXPECT(VENICE_ERROR_UNKNOWN_PARAMETER, venice_client_set_string(client, "\xFF\n", "x", &error));
    EXPECT_MESSAGE(VENICE_ERROR_INVALID_TEXT, "proxy", venice_client_set_string(client, "proxy", "http://\xFF", &error));
}

static venice_status new_client_without_descriptors(venice_client **out, venice_error **failure) {
    struct rlimit before, none;
    venice_status made;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    made = venice_client_new(out, failure);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    return made;
}

static void without_descriptors_there_is_no_client(void **state) {
    venice_client *other = NULL;
    (void)state;
    EXPECT_MESSAGE(VENICE_ERROR_INTERNAL, "no file descriptors left", new_client_without_descriptors(&other, &error));
    assert_null(other);
}

/* --- jobs */

static void an_incomplete_request_is_refused_before_anything_is_sent(void **state) {
    venice_request *request = new_request();
    venice_job *job = (venice_job *)&job;
    venice_result *result = (venice_result *)&result;
    (void)state;
    EXPECT_MESSAGE(VENICE_ERROR_INVALID_REQUEST, "model", venice_submit_generate(client, request, &job, &error));
    assert_null(job);
    EXPECT_MESSAGE(VENICE_ERROR_INVALID_REQUEST, "prompt", venice_generate(client, request, &result, &error));
    assert_null(result);
    venice_request_free(request);
}

static void a_refused_connection_is_an_error_and_costs_nothing(void **state) {
    venice_request *request = complete_request();
    venice_result *result = (venice_result *)&result;
    venice_error *failure = NULL;
    (void)state;
    assert_int_equal(venice_generate(client, request, &result, &failure), VENICE_ERROR_CONNECT);
    assert_null(result);
    assert_int_equal(venice_error_may_be_charged(failure), 0);
    assert_int_equal(venice_error_http_status(failure), 0);
    assert_non_null(strstr(venice_error_message(failure), "127.0.0.1"));
    venice_error_free(failure);
    venice_request_free(request);
}

static int readable(int32_t fd, int timeout_ms) {
    struct pollfd entry;
    entry.fd = fd;
    entry.events = POLLIN;
    entry.revents = 0;
    return poll(&entry, 1, timeout_ms) == 1 && (entry.revents & POLLIN) != 0;
}

static void the_descriptor_is_readable_while_there_are_events(void **state) {
    venice_event *event = NULL;
    venice_job *jobs[3];
    int32_t fd = -1;
    int i, ended = 0;
    (void)state;
    EXPECT(VENICE_OK, venice_client_event_fd(client, &fd, &error));
    assert_true(fd >= 0);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
    assert_false(readable(fd, 0));
    EXPECT(VENICE_ERROR_NOT_READY, venice_client_next_event(client, 0, &event, &error));
    assert_null(event);
    for (i = 0; i < 3; ++i) {
        jobs[i] = submit_styles();
    }
    for (i = 0; i < 3; ++i) {
        EXPECT(VENICE_OK, venice_job_wait(jobs[i], -1, &error));
    }
    while (ended < 3) {
        assert_true(readable(fd, 10000));
        assert_true(readable(fd, 0));
        EXPECT(VENICE_OK, venice_client_next_event(client, 0, &event, &error));
        ended += venice_event_type(event) == VENICE_EVENT_ENDED;
        venice_event_free(event);
    }
    assert_false(readable(fd, 0));
    EXPECT(VENICE_ERROR_NOT_READY, venice_client_next_event(client, 0, &event, &error));
    for (i = 0; i < 3; ++i) {
        venice_job_free(jobs[i]);
    }
}

static void a_blocking_call_makes_no_events(void **state) {
    venice_styles *styles = NULL;
    venice_event *event = NULL;
    (void)state;
    EXPECT(VENICE_ERROR_CONNECT, venice_list_styles(client, &styles, &error));
    EXPECT(VENICE_ERROR_NOT_READY, venice_client_next_event(client, 20, &event, &error));
}

static void a_failed_job_tells_its_failure_any_number_of_times(void **state) {
    venice_job *job = submit_styles();
    venice_styles *styles = (venice_styles *)&styles;
    int i;
    (void)state;
    EXPECT(VENICE_OK, venice_job_wait(job, 60000, &error));
    assert_int_equal(venice_job_state(job), VENICE_JOB_FAILED);
    assert_int_equal(venice_job_phase(job), VENICE_PHASE_ENDED);
    assert_int_equal(venice_job_received_bytes(job), 0);
    assert_int_equal(venice_job_total_bytes(job), -1);
    for (i = 0; i < 2; ++i) {
        EXPECT(VENICE_ERROR_CONNECT, venice_job_styles(job, &styles, &error));
        assert_null(styles);
    }
    EXPECT(VENICE_OK, venice_job_cancel(job, &error));
    assert_int_equal(venice_job_state(job), VENICE_JOB_FAILED);
    venice_job_free(job);
}

static void a_job_gives_no_result_of_another_kind(void **state) {
    venice_job *job = submit_styles();
    venice_models *models = NULL;
    venice_result *result = NULL;
    (void)state;
    EXPECT(VENICE_ERROR_INVALID_ARGUMENT, venice_job_models(job, &models, &error));
    EXPECT(VENICE_OK, venice_job_wait(job, -1, &error));
    EXPECT(VENICE_ERROR_INVALID_ARGUMENT, venice_job_models(job, &models, &error));
    EXPECT(VENICE_ERROR_INVALID_ARGUMENT, venice_job_result(job, &result, &error));
    venice_job_free(job);
}

static void jobs_have_different_ids(void **state) {
    venice_job *a = submit_styles();
    venice_job *b = submit_styles();
    (void)state;
    assert_true(venice_job_id(a) >= 1);
    assert_true(venice_job_id(b) > venice_job_id(a));
    venice_job_free(a);
    venice_job_free(b);
}

static void handles_may_be_freed_in_any_order(void **state) {
    int order;
    (void)state;
    for (order = 0; order < 6; ++order) {
        venice_client *own = new_client();
        venice_request *request = complete_request();
        venice_job *job = NULL;
        int step;
        point_at_nobody(own);
        EXPECT(VENICE_OK, venice_submit_generate(own, request, &job, &error));
        for (step = 0; step < 3; ++step) {
            switch ((order % 3 + step * (order < 3 ? 1 : 2)) % 3) {
                case 0:
                    assert_int_equal(venice_client_free(own), VENICE_OK);
                    break;
                case 1:
                    venice_request_free(request);
                    break;
                default:
                    venice_job_free(job);
                    break;
            }
        }
        close(unused_socket);
    }
}

static void a_job_outlives_its_client(void **state) {
    venice_client *own = new_client();
    venice_request *request = complete_request();
    venice_result *result = NULL;
    venice_job *job = NULL;
    (void)state;
    point_at_nobody(own);
    EXPECT(VENICE_OK, venice_submit_generate(own, request, &job, &error));
    assert_int_equal(venice_client_free(own), VENICE_OK);
    EXPECT(VENICE_OK, venice_job_wait(job, 0, &error));
    assert_true(venice_job_state(job) == VENICE_JOB_CANCELLED || venice_job_state(job) == VENICE_JOB_FAILED);
    assert_true(venice_job_result(job, &result, NULL) != VENICE_OK);
    EXPECT(VENICE_OK, venice_job_cancel(job, &error));
    venice_job_free(job);
    venice_request_free(request);
    close(unused_socket);
}

/* --- fork */

#define CHILD_EXPECTS(condition) \
    if (!(condition)) {          \
        return __LINE__ % 255 + 1;     \
    }

static int calls_in_the_child(venice_job *job, venice_request *request) {
    venice_result *result = NULL;
    venice_models *models = NULL;
    venice_styles *styles = NULL;
    venice_event *event = NULL;
    venice_job *other = NULL;
    venice_client *own = NULL;
    venice_error *failure = NULL;
    int32_t fd;
    CHILD_EXPECTS(venice_client_set_string(client, "api_key", "x", NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_client_set_int(client, "max_in_flight", 1, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_generate(client, request, &result, &failure) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_error_status(failure) == VENICE_ERROR_FORKED && result == NULL);
    venice_error_free(failure);
    CHILD_EXPECTS(venice_list_models(client, &models, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_list_styles(client, &styles, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_submit_generate(client, request, &other, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_submit_models(client, &other, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_submit_styles(client, &other, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_client_next_event(client, -1, &event, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_client_event_fd(client, &fd, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_client_set_notify(client, NULL, NULL, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_job_wait(job, -1, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_job_cancel(job, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_job_result(job, &result, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_job_models(job, &models, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_job_styles(job, &styles, NULL) == VENICE_ERROR_FORKED);
    CHILD_EXPECTS(venice_client_free(client) == VENICE_ERROR_FORKED);
    venice_job_free(job);
    /* A client of the child's own works. */
    CHILD_EXPECTS(venice_client_new(&own, NULL) == VENICE_OK);
    point_at_nobody(own);
    CHILD_EXPECTS(venice_generate(own, request, &result, NULL) == VENICE_ERROR_CONNECT);
    CHILD_EXPECTS(venice_client_free(own) == VENICE_OK);
    return 0;
}

static void expect_child_succeeds(pid_t child) {
    int status = -1;
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) != 0) {
        fail_msg("the child failed at line %d (modulo 255)", WEXITSTATUS(status) - 1);
    }
}

static void after_fork_the_child_can_only_leave(void **state) {
    venice_request *request = complete_request();
    venice_job *job = submit_styles();
    pid_t child;
    (void)state;
    EXPECT(VENICE_OK, venice_job_wait(job, -1, &error));
    fflush(NULL);
    child = fork();
    if (child == 0) {
        alarm(60);
        _exit(calls_in_the_child(job, request));
    }
    expect_child_succeeds(child);
    /* The parent's client works on. */
    venice_job_free(job);
    job = submit_styles();
    EXPECT(VENICE_OK, venice_job_wait(job, -1, &error));
    venice_job_free(job);
    venice_request_free(request);
}

/* --- callback */

typedef struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int calls;
    pthread_t thread;
    venice_status free_status, wait_status, event_status, generate_status, unset_status;
    venice_job *job;
} Notified;

static void notify(void *user_data) {
    Notified *notified = user_data;
    pthread_mutex_lock(&notified->mutex);
    ++notified->calls;
    notified->thread = pthread_self();
    pthread_cond_broadcast(&notified->changed);
    pthread_mutex_unlock(&notified->mutex);
}

static void try_everything_once(void *user_data) {
    Notified *notified = user_data;
    venice_event *event = NULL;
    venice_styles *styles = NULL;
    notified->unset_status = venice_client_set_notify(client, NULL, NULL, NULL);
    notified->free_status = venice_client_free(client);
    notified->event_status = venice_client_next_event(client, -1, &event, NULL);
    notified->generate_status = venice_list_styles(client, &styles, NULL);
    notified->wait_status = venice_job_wait(notified->job, -1, NULL);
    notify(user_data);
}

static void wait_for_calls(Notified *notified, int count) {
    pthread_mutex_lock(&notified->mutex);
    while (notified->calls < count) {
        pthread_cond_wait(&notified->changed, &notified->mutex);
    }
    pthread_mutex_unlock(&notified->mutex);
}

static Notified new_notified(void) {
    Notified notified;
    memset(&notified, 0, sizeof notified);
    pthread_mutex_init(&notified.mutex, NULL);
    pthread_cond_init(&notified.changed, NULL);
    return notified;
}

static void the_callback_runs_on_another_thread_until_it_is_removed(void **state) {
    Notified notified = new_notified();
    venice_job *job;
    int calls;
    (void)state;
    EXPECT(VENICE_OK, venice_client_set_notify(client, notify, &notified, &error));
    job = submit_styles();
    wait_for_calls(&notified, 1);
    assert_false(pthread_equal(notified.thread, pthread_self()));
    venice_job_free(job);
    job = submit_styles();
    EXPECT(VENICE_OK, venice_client_set_notify(client, NULL, NULL, &error));
    calls = notified.calls; /* without the lock: nobody else can be there any more */
    EXPECT(VENICE_OK, venice_job_wait(job, -1, &error));
    venice_job_free(job);
    job = submit_styles();
    EXPECT(VENICE_OK, venice_job_wait(job, -1, &error));
    assert_int_equal(notified.calls, calls);
    venice_job_free(job);
}

static void waiting_inside_the_callback_is_refused(void **state) {
    Notified notified = new_notified();
    venice_job *blocker;
    (void)state;
    EXPECT(VENICE_OK, venice_client_set_int(client, "max_in_flight", 1, &error));
    notified.job = submit_styles();
    EXPECT(VENICE_OK, venice_job_wait(notified.job, -1, &error));
    /* What the callback waits for is queued behind the job that makes the event. */
    EXPECT(VENICE_OK, venice_client_set_notify(client, try_everything_once, &notified, &error));
    blocker = submit_styles();
    wait_for_calls(&notified, 1);
    assert_int_equal(notified.unset_status, VENICE_OK);
    assert_int_equal(notified.free_status, VENICE_ERROR_BUSY);
    assert_int_equal(notified.event_status, VENICE_ERROR_BUSY);
    assert_int_equal(notified.generate_status, VENICE_ERROR_BUSY);
    assert_int_equal(notified.wait_status, VENICE_OK); /* that job had ended */
    EXPECT(VENICE_OK, venice_job_wait(blocker, -1, &error));
    assert_int_equal(notified.calls, 1);
    venice_job_free(blocker);
    venice_job_free(notified.job);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(takes_only_safe_base_urls),
        TEST(takes_an_address_with_a_dot_behind_it_only_for_what_libcurl_does),
        TEST(a_refused_url_does_not_show_its_password),
        TEST(a_key_that_breaks_the_header_is_refused_and_not_shown),
        TEST(numbers_keep_to_their_range),
        TEST(options_of_other_names_and_types_are_refused),
        TEST(without_descriptors_there_is_no_client),
        TEST(an_incomplete_request_is_refused_before_anything_is_sent),
        TEST(a_refused_connection_is_an_error_and_costs_nothing),
        TEST(the_descriptor_is_readable_while_there_are_events),
        TEST(a_blocking_call_makes_no_events),
        TEST(a_failed_job_tells_its_failure_any_number_of_times),
        TEST(a_job_gives_no_result_of_another_kind),
        TEST(jobs_have_different_ids),
        TEST(handles_may_be_freed_in_any_order),
        TEST(a_job_outlives_its_client),
        TEST(after_fork_the_child_can_only_leave),
        TEST(the_callback_runs_on_another_thread_until_it_is_removed),
        TEST(waiting_inside_the_callback_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
