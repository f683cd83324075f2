// SPDX-License-Identifier: MIT
//
// libpng and libjpeg report an error by calling a function that must not return. Ours jumps back with longjmp, so
// all that calls these libraries is in "steps": functions without any object that has a destructor, run by
// completes(). Allocating, throwing and everything else of C++ happens between the steps.
#pragma once

#include <csetjmp>

namespace venice_gimp {

/// Runs a step; false if it left by std::longjmp(reading.escape, 1).
template <typename Reading, typename Step>
bool completes(Reading& reading, const Step& step)
{
    if (setjmp(reading.escape) != 0)
        return false;
    step();
    return true;
}

} // namespace venice_gimp
