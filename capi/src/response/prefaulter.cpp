// SPDX-License-Identifier: MIT
#include "response/prefaulter.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "response/address_space.hpp"
#include "support/fork_count.hpp"

namespace venice {

bool Prefaulter::populate_pages([[maybe_unused]] std::uint8_t* begin, [[maybe_unused]] std::size_t size) {
#ifdef MADV_POPULATE_WRITE
    return madvise(begin, size, MADV_POPULATE_WRITE) == 0;  // since Linux 5.14
#else
    return false;
#endif
}

void Prefaulter::Stop::operator()(Prefaulter* prefaulter) const noexcept {
    if (prefaulter->forks_before_ == fork_count()) {
        delete prefaulter;
    }
}

Prefaulter::Owner Prefaulter::start(Populate populate) {
    return Owner(new Prefaulter(populate));
}

// No signal handler of the program runs on that thread: it inherits the signal mask of the client's thread, which starts it.
Prefaulter::Prefaulter(Populate populate) : populate_(populate), forks_before_(fork_count()), thread_([this] { run(); }) {}

Prefaulter::~Prefaulter() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Prefaulter::follow(std::span<std::uint8_t> memory) {
    static const std::uintptr_t page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    std::uint8_t* const begin = memory.data() - reinterpret_cast<std::uintptr_t>(memory.data()) % page;
    std::uint8_t* const end = memory.data() + memory.size();
    const std::lock_guard lock(mutex_);
    next_ = begin <= next_ && next_ <= end ? next_ : begin;
    if (end != end_) {
        end_ = end;
        changed_.notify_one();
    }
}

// In steps, so that it can be stopped between them.
void Prefaulter::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || next_ < end_; });
        if (stopping_) {
            return;
        }
        std::uint8_t* const begin = next_;
        const std::size_t to_boundary = AddressSpace::huge_page - reinterpret_cast<std::uintptr_t>(begin) % AddressSpace::huge_page;
        next_ = begin + std::min(to_boundary, static_cast<std::size_t>(end_ - begin));
        const auto size = static_cast<std::size_t>(next_ - begin);
        lock.unlock();
        if (!populate_(begin, size)) {
            return;
        }
        lock.lock();
    }
}

}  // namespace venice
