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
    // What throws here is tried again by the next client.
    [[maybe_unused]] static const bool counts = [] {
        if (pthread_atfork(nullptr, nullptr, &count_fork) != 0) {
            throw std::bad_alloc();
        }
        return true;
    }();
    return forks;
}

}  // namespace venice
