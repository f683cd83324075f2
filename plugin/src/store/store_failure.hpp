// SPDX-License-Identifier: MIT
// Why something could not be kept on disk, and how asynchronous calls of the store report it.
#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace venice_gimp {

struct StoreFailure {
    std::string message;   // a translated sentence that names the file and the reason
    int error_number = 0;  // errno: ENOSPC, EROFS, EACCES, …; EEXIST and ENOENT for names; EBADMSG for what is not our JSON
};

class StoreException : public std::exception {
public:
    explicit StoreException(StoreFailure failure) : failure_(std::move(failure)) {}
    const StoreFailure& failure() const noexcept { return failure_; }
    const char* what() const noexcept override { return failure_.message.c_str(); }

private:
    StoreFailure failure_;
};

// What a callback gets: the value, or why there is none.
template <typename Value>
using Stored = std::variant<Value, StoreFailure>;
template <typename Value>
using OnStored = std::function<void(Stored<Value>)>;

// For operations without a value: nullopt if it worked.
using OnSaved = std::function<void(std::optional<StoreFailure>)>;

}  // namespace venice_gimp
