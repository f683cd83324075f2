#!/bin/sh
# SPDX-License-Identifier: MIT
# Usage: check_reference.sh DOXYGEN DOXYFILE HTML_FOLDER MAP_FILE
# Everything in the public headers is documented, and is in the reference. Prints TAP.
doxygen=$1 doxyfile=$2 html=$3 map=$4

echo 1..2
rm -rf "$html"
if "$doxygen" "$doxyfile" >"$html.log" 2>&1; then
    echo "ok 1 - Doxygen finds nothing to complain about"
else
    echo "not ok 1 - Doxygen finds nothing to complain about"
    sed 's/^/# /' "$html.log"
fi

missing=
for name in $(sed -n 's/^ *\(venice_[a-z_0-9]*\);$/\1/p' "$map") no-such-function; do
    grep -q "$name()&#160;:" "$html"/globals*.html 2>/dev/null || missing="$missing $name"
done
if [ "$missing" = " no-such-function" ]; then
    echo "ok 2 - every function has its entry"
else
    echo "not ok 2 - every function has its entry"
    echo "#$missing"
fi
