// SPDX-License-Identifier: MIT
#include "support/fork_count.hpp"

#include <pthread.h>

#include <atomic>
#include <new>

namespace venice {
namespace {

std::atomic<int> forks{0};

void count_fork() { ++forks; }

}  // namespace

int fork_count() {
    static const bool counts = pthread_atfork(nullptr, nullptr, &count_fork) == 0;
    if (!counts) {
        throw std::bad_alloc();
    }
    return forks;
}

}  // namespace venice
