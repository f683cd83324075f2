#!/bin/sh
# SPDX-License-Identifier: MIT
# Usage: check_headers.sh INCLUDE_FOLDER C_COMPILER:C++_COMPILER...
# Each public header compiles alone, without a warning, as C99, C17 and C++20, with each pair of compilers. Prints TAP.
include=$1
shift
number=0

# check HEADER LANGUAGE STANDARD COMPILER
check() {
    number=$((number + 1))
    name="$(basename "$1") as $3 with $4"
    # Twice: the include guard is part of it.
    if printf '#include <venice/%s>\n#include <venice/%s>\ntypedef int not_empty;\n' "$(basename "$1")" "$(basename "$1")" |
        $4 -x "$2" "-std=$3" -pedantic-errors -Wall -Wextra -Wconversion -Wundef -Werror -fsyntax-only "-I$include" -; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
    fi
}

for header in "$include"/venice/*.h; do
    for pair; do
        cc=${pair%%:*} cxx=${pair#*:}
        if command -v "${cc%% *}" >/dev/null && command -v "${cxx%% *}" >/dev/null; then
            check "$header" c c99 "$cc"
            check "$header" c c17 "$cc"
            check "$header" c++ c++20 "$cxx"
        else
            number=$((number + 1))
            echo "ok $number - $(basename "$header") with $cc # SKIP $cc is not installed: its view of the headers was NOT CHECKED"
        fi
    done
done
echo "1..$number"
