// SPDX-License-Identifier: MIT
// Results as TAP, for test programs that bring their own operator new or main loop and so cannot be CMocka's.
#pragma once

#include <cstdio>
#include <string>

namespace tap {

inline int tests = 0;
inline int failures = 0;

// `problem`: empty if there is none.
inline void report(const std::string& name, const std::string& problem) {
    std::printf("%s %d - %s\n", problem.empty() ? "ok" : "not ok", ++tests, name.c_str());
    if (!problem.empty()) {
        ++failures;
        std::printf("# %s\n", problem.c_str());
    }
    std::fflush(stdout);
}

// After the last one: what main() returns.
inline int end() {
    std::printf("1..%d\n", tests);
    return failures == 0 ? 0 : 1;
}

}  // namespace tap
