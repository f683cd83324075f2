#!/bin/sh
# SPDX-License-Identifier: MIT
# Usage: check_abi.sh INCLUDE_FOLDER BASELINE LIBRARY
# Programs that were linked with the library of the baseline run with this one: no function is gone, and none has other types. New functions are
# fine, but must be put into the baseline (update-baseline), or nothing would hold the library to them. Prints TAP.
include=$1 baseline=$2 library=$3

if ! command -v abidiff >/dev/null; then
    echo "1..0 # SKIP abidiff is not installed (Debian: abigail-tools): the binary interface was NOT CHECKED"
    exit 0
fi
echo 1..3

if grep -q '<function-decl name=.venice_version.' "$baseline"; then
    echo "ok 1 - the baseline holds the library's functions"
else
    echo "not ok 1 - the baseline holds the library's functions"
fi

# Without debug information abidiff would compare nothing but names, and say that all is well.
# --no-added-syms leaves only what can break a program: then every difference is one too many.
report=$(abidiff --headers-dir2 "$include/venice" --drop-private-types --exported-interfaces-only --no-architecture --no-added-syms \
    --fail-no-debug-info "$baseline" "$library" 2>&1)
status=$?
if [ "$status" -eq 0 ]; then
    echo "ok 2 - nothing that was promised has changed"
else
    echo "not ok 2 - nothing that was promised has changed (abidiff said $status)"
    printf '%s\n' "$report" | sed 's/^/# /'
fi

# By their symbols: abidw writes no declaration of its own for some functions that the optimiser has changed much.
missing=
for name in $(nm -D --defined-only "$library" | sed -n 's/.* T \(venice_[a-z_0-9]*\)@.*/\1/p'); do
    grep -q "<elf-symbol name='$name' " "$baseline" || missing="$missing $name"
done
if [ -z "$missing" ]; then
    echo "ok 3 - every function is in the baseline"
else
    echo "not ok 3 - every function is in the baseline: run tests/abi/update-baseline"
    echo "#$missing"
fi
