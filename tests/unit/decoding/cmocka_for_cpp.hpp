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

// Macros of these names break std::ios::fail() and others in headers that are included later.
#undef fail
#undef stop
