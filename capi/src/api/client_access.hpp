// SPDX-License-Identifier: MIT
// The way from a client or job handle to what it stands for, closed in a forked child: its thread does not exist there.
#pragma once

#include "api/guard.hpp"
#include "support/fork_count.hpp"

namespace venice {

inline void check_process(int forks_before) {
    if (forks_before != fork_count()) {
        throw Error(VENICE_ERROR_FORKED, "The client was made before fork(): make a new one in the child process.");
    }
}

inline ClientCore& core_of(venice_client* client) {
    ClientCore& core = *required(client, "client").core;
    check_process(core.forks_before());
    return core;
}

inline Job& job_of(const venice_job* job) {
    Job& target = *required(job, "job").job;
    check_process(target.forks_before());
    return target;
}

template <typename Value>
Value payload_of(const Job& job, Job::Kind kind) {
    if (job.kind() != kind) {
        throw Error(VENICE_ERROR_INVALID_ARGUMENT, "The job is of another kind.");
    }
    return std::get<Value>(job.payload());
}

// A blocking call is a job that nobody else sees.
template <typename Value>
Value wait_for(ClientCore& core, const std::shared_ptr<Job>& job) {
    if (!job->ended() && core.worker().on_worker_thread()) {
        job->cancel();
        throw Error(VENICE_ERROR_BUSY, "A blocking call from inside the client's own callback would wait for itself.");
    }
    job->wait(-1);
    return payload_of<Value>(*job, job->kind());
}

}  // namespace venice
