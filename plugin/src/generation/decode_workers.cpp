// SPDX-License-Identifier: MIT
#include "generation/decode_workers.hpp"

#ifdef __linux__
#include <sys/resource.h>
#endif

#include <algorithm>
#include <exception>
#include <new>
#include <span>
#include <utility>

#include "decoding/decode.hpp"
#include "decoding/thumbnail.hpp"

namespace venice_gimp {
namespace {

// Two decode four large images in half the time of one; more would take the processor away from GIMP.
std::size_t thread_limit() {
    return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 2);
}

FileBytes bytes_of(const venice_image* image) {
    const std::uint8_t* data = venice_image_data(image);
    return std::make_shared<const std::vector<std::uint8_t>>(data, data + venice_image_size(image));
}

// The image was made and paid for: whoever reads the failure should know.
Failure decode_failure(venice_status status, const char* reason) {
    Failure failure;
    failure.status = status;
    failure.message = std::string("The image that the server sent cannot be used: ") + reason;
    failure.may_be_charged = true;
    return failure;
}

DecodeOutcome decoded(const std::vector<std::uint8_t>& file) {
    DecodeOutcome outcome;
    try {
        auto pixels = std::make_shared<const DecodedImage>(decode_image(std::as_bytes(std::span(file))));
        outcome.thumbnail = std::make_shared<const DecodedImage>(scaled_down(*pixels, DecodeWorkers::thumbnail_side));
        outcome.pixels = std::move(pixels);
    } catch (const std::bad_alloc&) {
        outcome.failure = decode_failure(VENICE_ERROR_OUT_OF_MEMORY, "there is not enough memory for its pixels.");
    } catch (const std::exception& exception) {
        outcome.failure = decode_failure(VENICE_ERROR_MALFORMED_RESPONSE, exception.what());
    }
    return outcome;
}

// Behind the window's thread and GIMP's, which a person sees waiting. Only Linux counts it thread by thread.
void give_way() {
#ifdef __linux__
    constexpr int nice_enough = 10;
    setpriority(PRIO_PROCESS, 0, nice_enough);
#endif
}

}  // namespace

DecodeWorkers::DecodeWorkers() : context_(this_thread_context()) {}

DecodeWorkers::~DecodeWorkers() {
    for (std::jthread& thread : threads_) {
        thread.request_stop();
    }
}

void DecodeWorkers::read(ImageHandle file, std::function<void(FileBytes)> done) {
    const std::shared_ptr<venice_image> shared = std::move(file);  // a function object must be copyable
    auto bytes = std::make_shared<FileBytes>();
    run([shared, bytes] { *bytes = bytes_of(shared.get()); }, [bytes, done = std::move(done)](const std::exception_ptr&) { done(*bytes); });
}

void DecodeWorkers::decode(FileBytes file, std::function<void(DecodeOutcome)> done) {
    auto outcome = std::make_shared<DecodeOutcome>();
    run([file = std::move(file), outcome] { *outcome = decoded(*file); },
        [outcome, done = std::move(done)](const std::exception_ptr&) { done(std::move(*outcome)); });
}

void DecodeWorkers::run(std::function<void()> work, std::function<void(std::exception_ptr)> done) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back({std::move(work), std::move(done)});
    start_a_thread_if_needed();
    task_added_.notify_one();
}

void DecodeWorkers::start_a_thread_if_needed() {
    if (tasks_.size() > idle_threads_ && threads_.size() < thread_limit()) {
        threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
}

void DecodeWorkers::work(const std::stop_token& stop) {
    give_way();
    std::unique_lock lock(mutex_);
    while (true) {
        ++idle_threads_;
        const bool has_task = task_added_.wait(lock, stop, [this] { return !tasks_.empty(); });
        --idle_threads_;
        if (!has_task || stop.stop_requested()) {
            return;
        }
        Task task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        std::exception_ptr failure;
        try {
            task.work();
        } catch (...) {
            failure = std::current_exception();
        }
        task.work = {};  // what it holds goes here, not on the main loop's thread
        post(context_.get(), [failure, done = std::move(task.done)] { done(failure); });
        lock.lock();
    }
}

}  // namespace venice_gimp
