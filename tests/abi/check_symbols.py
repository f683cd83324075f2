#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Usage: check_symbols.py INCLUDE_FOLDER MAP_FILE LIBRARY

The functions that the headers declare, those that the version map lists, and those that the library
exports are the same.  Prints TAP."""

import re
import subprocess
import sys
from pathlib import Path


def declared(include: Path) -> set[str]:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(include.glob("venice/*.h")))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return set(re.findall(r"VENICE_API\s[^;()]*?\b(venice_\w+)\s*\(", text))


def mapped(map_file: Path) -> set[str]:
    return set(re.findall(r"^\s*(venice_\w+);", map_file.read_text(encoding="utf-8"), flags=re.MULTILINE))


def exported(library: Path) -> set[str]:
    listing = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    entries = [line.split()[1:3] for line in listing.splitlines() if len(line.split()) == 3]
    # Type A is the name of the version node itself.
    return {name.split("@")[0] for kind, name in entries if kind != "A"}


def without_since(include: Path) -> set[str]:
    """Names of declared functions whose comment lacks "Since"."""
    missing = set()
    for path in sorted(include.glob("venice/*.h")):
        for comment, name in re.findall(r"(/\*\*(?:(?!\*/).)*\*/)\nVENICE_API\s[^;()]*?\b(venice_\w+)\s*\(", path.read_text(encoding="utf-8"), flags=re.DOTALL):
            if "Since " not in comment:
                missing.add(name)
    return missing


def main() -> int:
    include, map_file, library = (Path(argument) for argument in sys.argv[1:4])
    headers, listed, out = declared(include), mapped(map_file), exported(library)
    checks = {
        "the headers declare functions": set() if headers else {"none found"},
        "all that is declared is in the map": headers - listed,
        "all that is in the map is declared": listed - headers,
        "all that is in the map is exported": listed - out,
        "nothing else is exported": out - listed,
        "every function says since when it exists": without_since(include),
    }
    print(f"1..{len(checks)}")
    failed = 0
    for number, (name, wrong) in enumerate(checks.items(), 1):
        failed += bool(wrong)
        print(f"{'not ' if wrong else ''}ok {number} - {name}")
        if wrong:
            print("#", ", ".join(sorted(wrong)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
