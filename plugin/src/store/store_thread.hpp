// SPDX-License-Identifier: MIT
// The one thread that touches the disk for the dialog. One object for all of the store's classes; they share it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "generation/main_context.hpp"
#include "store/store_failure.hpp"

namespace venice_gimp {

class StoreThread {
public:
    // Callbacks come on the (thread-default) main context of the thread that makes this, never from inside a call.
    StoreThread();
    // Finishes what was asked for, so that nothing is lost at exit: the only call that waits for the disk.
    ~StoreThread();
    StoreThread(const StoreThread&) = delete;
    StoreThread& operator=(const StoreThread&) = delete;

    // Works are done one after the other, in the order in which they were asked for. They may throw StoreException (or any other
    // exception), which reaches `done` as a failure. `done` may be empty. Callers that may be gone by then check that in `done`.
    void save(std::function<void()> work, OnSaved done);

    template <typename Value>
    void load(std::function<Value()> work, OnStored<Value> done) {
        auto value = std::make_shared<std::optional<Value>>();
        save([value, work = std::move(work)] { value->emplace(work()); },
             [value, done = std::move(done)](std::optional<StoreFailure> failure) {
                 if (!done) {
                     return;
                 }
                 if (failure) {
                     done(Stored<Value>(std::in_place_index<1>, std::move(*failure)));
                 } else {
                     done(Stored<Value>(std::in_place_index<0>, std::move(**value)));
                 }
             });
    }

private:
    class Queue;
    std::unique_ptr<Queue> queue_;
};

}  // namespace venice_gimp
