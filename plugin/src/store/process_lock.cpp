// SPDX-License-Identifier: MIT
#include "store/process_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>

namespace venice_gimp {
namespace {

constexpr const char* suffix = ".lock";

std::string new_name() {
    std::random_device random;
    return std::to_string(getpid()) + "-" + std::to_string(random()) + std::to_string(random());
}

Descriptor locked_file(const std::string& path) {
    Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file || flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        throw_errno(path, errno);
    }
    return file;
}

}  // namespace

ProcessLock::ProcessLock(const std::string& folder) : folder_(folder), name_(new_name()), file_(locked_file(unnamed())) {
    // Locked before anybody can find it by its name, or another process would take it for one that was left over.
    const std::string path = folder_ + "/" + name_ + suffix;
    if (std::rename(unnamed().c_str(), path.c_str()) != 0) {
        throw_errno(path, errno);
    }
}

ProcessLock::~ProcessLock() {
    unlink((folder_ + "/" + name_ + suffix).c_str());
}

bool ProcessLock::is_alive(const std::string& folder, const std::string& name) {
    if (name.empty() || name.find('/') != std::string::npos) {
        return false;
    }
    const Descriptor file(open((folder + "/" + name + suffix).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    // Shared, so that two processes that ask at the same time do not take each other for the owner.
    return file && flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

void ProcessLock::remove_stale(const std::string& folder) {
    for (const std::string& file : names_in(folder)) {
        if (file.ends_with(suffix) && !is_alive(folder, file.substr(0, file.size() - std::string(suffix).size()))) {
            remove_file(folder + "/" + file);
        }
    }
}

}  // namespace venice_gimp
