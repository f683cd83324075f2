/* SPDX-License-Identifier: MIT */
/*
 * Usage: test-abi-reload LIBRARY
 *
 * The library is loaded, used and closed, and again: nothing crashes, and no thread and no descriptor is left. That no memory is left is for
 * valgrind and AddressSanitizer to see. Prints TAP.
 * It knows nothing of the headers: what it calls it looks up by name, as a language without a C compiler does.
 */
#define _GNU_SOURCE

#include <dirent.h>
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 4

static const char *problem;

static void expect(int holds, const char *what) {
    if (!holds && problem == NULL) {
        problem = what;
    }
}

/* ISO C has no conversion from an object's address to a function's. */
static void find(void *library, const char *name, void *function) {
    void *address = dlsym(library, name);
    if (address == NULL) {
        printf("Bail out! %s is not exported\n", name);
        exit(1);
    }
    memcpy(function, &address, sizeof address);
}

/* A request that fails at connecting: the client's thread, its transfer, the job, its error and the events were all there. */
static void use(void *library) {
    int32_t (*client_new)(void **, void **);
    int32_t (*client_free)(void *);
    int32_t (*client_set_string)(void *, const char *, const char *, void **);
    int32_t (*request_new)(void **, void **);
    void (*request_free)(void *);
    int32_t (*request_set_string)(void *, const char *, const char *, void **);
    int32_t (*submit_generate)(void *, const void *, void **, void **);
    int32_t (*job_wait)(void *, int64_t, void **);
    int32_t (*job_result)(const void *, void **, void **);
    void (*job_free)(void *);
    int32_t (*error_status)(const void *);
    void (*error_free)(void *);
    void *client = NULL, *request = NULL, *job = NULL, *left = NULL, *result = NULL, *error = NULL;

    find(library, "venice_client_new", &client_new);
    find(library, "venice_client_free", &client_free);
    find(library, "venice_client_set_string", &client_set_string);
    find(library, "venice_request_new", &request_new);
    find(library, "venice_request_free", &request_free);
    find(library, "venice_request_set_string", &request_set_string);
    find(library, "venice_submit_generate", &submit_generate);
    find(library, "venice_job_wait", &job_wait);
    find(library, "venice_job_result", &job_result);
    find(library, "venice_job_free", &job_free);
    find(library, "venice_error_status", &error_status);
    find(library, "venice_error_free", &error_free);

    expect(client_new(&client, NULL) == 0, "making a client");
    expect(client_set_string(client, "base_url", "http://127.0.0.1:1/api/v1", NULL) == 0, "setting an option"); /* nobody listens there */
    expect(request_new(&request, NULL) == 0, "making a request");
    expect(request_set_string(request, "model", "m", NULL) == 0, "setting the model");
    expect(request_set_string(request, "prompt", "p", NULL) == 0, "setting the prompt");
    expect(submit_generate(client, request, &job, NULL) == 0, "submitting");
    expect(job_wait(job, 30000, NULL) == 0, "waiting");
    expect(job_result(job, &result, &error) == 31 && error_status(error) == 31, "the error of a refused connection");
    error_free(error);
    job_free(job);
    expect(submit_generate(client, request, &left, NULL) == 0, "submitting a job that is not waited for");
    request_free(request);
    expect(client_free(client) == 0, "freeing the client");
    job_free(left);
}

static int entries(const char *folder) {
    DIR *directory = opendir(folder);
    int count = 0;
    while (readdir(directory) != NULL) {
        ++count;
    }
    closedir(directory);
    return count;
}

/* A thread that was joined may stand in the folder for a moment longer. */
static int threads_come_down_to(int expected) {
    const struct timespec pause = {0, 1000000};
    int left;
    for (left = 30000; left > 0 && entries("/proc/self/task") != expected; --left) {
        nanosleep(&pause, NULL);
    }
    return left > 0;
}

int main(int argc, char **argv) {
    const int threads_before = entries("/proc/self/task");
    int descriptors_before = 0, round;

    if (argc != 2) {
        printf("Bail out! usage: test-abi-reload LIBRARY\n");
        return 2;
    }
    for (round = 1; round <= ROUNDS; ++round) {
        void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
        if (library == NULL) {
            printf("Bail out! %s\n", dlerror());
            return 1;
        }
        use(library);
        expect(dlclose(library) == 0, "closing the library");
        if (round == 2) { /* the first round fills caches of the C library and of curl that stay */
            descriptors_before = entries("/proc/self/fd");
        }
    }
    printf("1..3\n");
    printf("%s 1 - loaded, used and closed %d times%s%s\n", problem == NULL ? "ok" : "not ok", ROUNDS, problem == NULL ? "" : ": failed at ",
           problem == NULL ? "" : problem);
    printf("%s 2 - no thread is left\n", threads_before > 2 && threads_come_down_to(threads_before) ? "ok" : "not ok");
    printf("%s 3 - no descriptor is left\n", entries("/proc/self/fd") == descriptors_before ? "ok" : "not ok");
    return 0;
}
