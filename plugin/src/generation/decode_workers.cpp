// SPDX-License-Identifier: MIT
#include "generation/decode_workers.hpp"

#ifdef __linux__
#include <sys/resource.h>
#endif

#include <algorithm>
#include <exception>
#include <span>
#include <utility>

#include "decoding/decode.hpp"

namespace venice_gimp {
namespace {

// Two decode four large images in half the time of one; more would take the processor away from GIMP.
std::size_t thread_limit() {
    return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 2);
}

// The image was made and paid for: whoever reads the failure should know.
Failure decode_failure(const std::exception& reason) {
    const auto* from_decoder = dynamic_cast<const DecodeError*>(&reason);
    const bool is_short_of_memory = from_decoder == nullptr || from_decoder->kind() == DecodeError::Kind::out_of_memory;
    Failure failure;
    failure.status = is_short_of_memory ? VENICE_ERROR_OUT_OF_MEMORY : VENICE_ERROR_MALFORMED_RESPONSE;
    failure.message = std::string("The image that the server sent cannot be used: ") + reason.what();
    failure.may_be_charged = true;
    return failure;
}

std::shared_ptr<const DecodedImage> pixels_of(const FileBytes& file, ArrivingImage* arriving, const std::function<void()>& rows_decoded) {
    if (arriving != nullptr) {
        if (auto pixels = arriving->finish(file.get().data(), rows_decoded)) {
            return pixels;
        }
    }
    return std::make_shared<const DecodedImage>(decode_image(std::as_bytes(file.get())));
}

DecodeOutcome decoded(const FileBytes& file, ArrivingImage* arriving, const std::function<void()>& rows_decoded) {
    DecodeOutcome outcome;
    try {
        outcome.pixels = pixels_of(file, arriving, rows_decoded);
    } catch (const std::exception& exception) {
        outcome.failure = decode_failure(exception);
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

void DecodeWorkers::decode(FileBytes file, std::shared_ptr<ArrivingImage> arriving, std::function<void()> rows_decoded,
                           std::function<void(DecodeOutcome)> done) {
    auto outcome = std::make_shared<DecodeOutcome>();
    run([this, file = std::move(file), arriving = std::move(arriving), rows_decoded = std::move(rows_decoded),
         outcome] { *outcome = decoded(file, arriving.get(), [&] { post(context_.get(), rows_decoded); }); },
        [outcome, done = std::move(done)](const std::exception_ptr&) { done(std::move(*outcome)); });
}

void DecodeWorkers::run(std::function<void()> work, std::function<void(std::exception_ptr)> done) {
    const std::lock_guard lock(mutex_);
    start_a_thread_if_needed();  // first: where that throws, nothing is to be done later all the same
    tasks_.push_back({std::move(work), std::move(done)});
    task_added_.notify_one();
}

void DecodeWorkers::start_a_thread_if_needed() {
    if (tasks_.size() >= idle_threads_ && threads_.size() < thread_limit()) {
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
