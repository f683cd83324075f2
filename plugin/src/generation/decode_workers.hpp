// SPDX-License-Identifier: MIT
// Threads that turn image files into pixels, so that the main loop never waits for a decoder.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "decoding/decoded_image.hpp"
#include "generation/arriving_image.hpp"
#include "generation/file_bytes.hpp"
#include "generation/main_context.hpp"
#include "generation/venice_handles.hpp"

namespace venice_gimp {

struct DecodeOutcome {
    std::shared_ptr<const DecodedImage> pixels;  // null if it failed
    Failure failure;
};

class DecodeWorkers {
public:
    DecodeWorkers();
    ~DecodeWorkers();  // drops what waits, and waits for what is being decoded
    DecodeWorkers(const DecodeWorkers&) = delete;
    DecodeWorkers& operator=(const DecodeWorkers&) = delete;

    // Called on the thread that made the workers, from its main context. Callbacks are copied and destroyed on other threads too: they must
    // hold nothing that is bound to one, so weak pointers and plain values only.
    // With what was decoded while it arrived, if anything was: null for none. `rows_decoded`: there are more of its rows.
    void decode(FileBytes file, std::shared_ptr<ArrivingImage> arriving, std::function<void()> rows_decoded, std::function<void(DecodeOutcome)> done);

    // Any work that takes long, then `done` with what `work` threw, if it did.
    void run(std::function<void()> work, std::function<void(std::exception_ptr)> done);

private:
    struct Task {
        std::function<void()> work;
        std::function<void(std::exception_ptr)> done;
    };

    void start_a_thread_if_needed();
    void work(const std::stop_token& stop);

    MainContextHandle context_;
    std::mutex mutex_;
    std::condition_variable_any task_added_;
    std::deque<Task> tasks_;
    std::size_t idle_threads_ = 0;
    std::vector<std::jthread> threads_;  // last: they end before what they use
};

}  // namespace venice_gimp
