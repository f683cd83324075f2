#!/bin/sh
# SPDX-License-Identifier: MIT
# Usage: with_decimal_comma.sh COMMAND...
# Runs COMMAND where the locale de_DE.UTF-8 can be set, if its sources are installed (Debian: locales).
locales=$(mktemp -d) || exit 1
trap 'rm -rf "$locales"' EXIT
if localedef --no-archive -i de_DE -f UTF-8 "$locales/de_DE.UTF-8" >/dev/null 2>&1; then
    export LOCPATH="$locales"
fi
"$@"
