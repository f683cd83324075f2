// SPDX-License-Identifier: MIT
// Less of something than the system has, for as long as it lives. Include it after CMocka.
#pragma once

#include <sys/resource.h>

class ResourceLimit {
public:
    // `resource` as setrlimit() has it, such as RLIMIT_FSIZE: a file that may not grow larger is what a full disk does, without one.
    ResourceLimit(decltype(RLIMIT_AS) resource, rlim_t most) : resource_(resource) {
        getrlimit(resource_, &before_);
        const rlimit limit = {most, before_.rlim_max};
        assert_int_equal(setrlimit(resource_, &limit), 0);
    }
    ~ResourceLimit() { setrlimit(resource_, &before_); }
    ResourceLimit(const ResourceLimit&) = delete;
    ResourceLimit& operator=(const ResourceLimit&) = delete;

private:
    decltype(RLIMIT_AS) resource_;
    rlimit before_{};
};
