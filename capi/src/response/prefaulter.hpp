// SPDX-License-Identifier: MIT
// Prefaults memory on a thread of its own, so that who fills it need not wait for the system to clear its pages.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

namespace venice {

class Prefaulter {
public:
    // Has the system provide the pages there. False if it does not, which ends the thread: from then on memory is what it is without a
    // Prefaulter.
    using Populate = bool (*)(std::uint8_t* begin, std::size_t size);
    static bool populate_pages(std::uint8_t* begin, std::size_t size);

    // In a forked child there is no such thread, nothing to wait for, and so nothing is freed.
    struct Stop {
        void operator()(Prefaulter* prefaulter) const noexcept;
    };
    using Owner = std::unique_ptr<Prefaulter, Stop>;
    static Owner start(Populate populate = &populate_pages);  // throws std::bad_alloc, std::system_error

    Prefaulter(const Prefaulter&) = delete;
    Prefaulter& operator=(const Prefaulter&) = delete;

    // This memory from now on, instead of what was named before; its beginning may have been provided already. All memory that was ever
    // named must stay until the Prefaulter has ended.
    void follow(std::span<std::uint8_t> memory);

private:
    explicit Prefaulter(Populate populate);
    ~Prefaulter();
    void run();

    const Populate populate_;
    const int forks_before_;
    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::uint8_t* next_ = nullptr;
    std::uint8_t* end_ = nullptr;
    bool stopping_ = false;
    std::thread thread_;  // last: it uses the others
};

}  // namespace venice
