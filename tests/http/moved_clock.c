/* SPDX-License-Identifier: MIT */
/* To be preloaded (LD_PRELOAD): the system's clock, set as a user or a network service would set it, for this process only. The monotonic clock goes on as ever. */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

void move_clock(long long seconds);

static atomic_llong moved_by;

void move_clock(long long seconds) { atomic_store(&moved_by, seconds); }

typedef int clock_gettime_function(clockid_t, struct timespec *);

int clock_gettime(clockid_t clock, struct timespec *now) {
    static _Atomic(clock_gettime_function *) real;
    clock_gettime_function *function = atomic_load(&real);
    int status;
    if (function == NULL) {
        void *const found = dlsym(RTLD_NEXT, "clock_gettime");
        memcpy(&function, &found, sizeof function); /* ISO C has no conversion between the two */
        atomic_store(&real, function);
    }
    status = function(clock, now);
    if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        now->tv_sec += (time_t)atomic_load(&moved_by);
    }
    return status;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = (suseconds_t)(precise.tv_nsec / 1000);
    return 0;
}

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out != NULL) {
        *out = now.tv_sec;
    }
    return now.tv_sec;
}
