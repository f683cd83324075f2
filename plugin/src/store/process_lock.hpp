// SPDX-License-Identifier: MIT
// Which processes live: each holds a lock on a file of its own (flock), which the kernel releases whatever ends the process.
#pragma once

#include <string>

#include "store/files.hpp"

namespace venice_gimp {

class ProcessLock {
public:
    // Makes the file in `folder`, which is there already. Throws StoreException.
    explicit ProcessLock(const std::string& folder);
    ~ProcessLock();  // removes it
    ProcessLock(const ProcessLock&) = delete;
    ProcessLock& operator=(const ProcessLock&) = delete;

    const std::string& name() const { return name_; }  // never used by another process

    // Whether the process of that name holds its lock.
    static bool is_alive(const std::string& folder, const std::string& name);

    // Removes the files of processes that are gone.
    static void remove_stale(const std::string& folder);

private:
    std::string unnamed() const { return folder_ + "/." + name_; }

    std::string folder_;
    std::string name_;
    Descriptor file_;
};

}  // namespace venice_gimp
