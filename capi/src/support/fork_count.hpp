// SPDX-License-Identifier: MIT
#pragma once

namespace venice {

// How many fork()s lie between this process and the one that began to count. Where it is another than it was, the threads of then are missing. Not getpid(),
// which is a system call, and would be asked in nearly every call of the library. What does not run fork()'s handlers, such as _Fork(), is not counted.
// Throws std::bad_alloc.
int fork_count();

}  // namespace venice
