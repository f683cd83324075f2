// SPDX-License-Identifier: MIT
// cmocka.h is a C header without guards for C++, and wants these headers before it.
#pragma once

#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>

extern "C" {
#include <cmocka.h>
}

// A macro of this name breaks std::ios::fail() in headers that are included later.
#undef fail
