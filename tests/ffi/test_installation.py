# SPDX-License-Identifier: MIT
"""What `meson install` puts where."""

from __future__ import annotations

import subprocess

from conftest import PREFIX, ROOT


def files_below(folder: str) -> set[str]:
    return {str(path.relative_to(PREFIX)) for path in (PREFIX / folder).rglob("*") if not path.is_dir()}


def test_all_that_is_needed_is_installed_and_nothing_else(installed: dict[str, str]) -> None:
    headers = {f"include/venice/{path.name}" for path in (ROOT / "capi" / "include" / "venice").glob("*.h")}
    examples = {f"share/doc/venice/examples/{path.name}" for path in (ROOT / "capi" / "examples").iterdir()}
    assert len(headers) > 5 and len(examples) == 7
    assert files_below(".") == headers | examples | {
        "lib/libvenice.so",
        "lib/libvenice.so.1",
        "lib/libvenice.so.1.0.0",
        "lib/pkgconfig/venice.pc",
        "share/doc/venice/LICENSE",
        "share/doc/venice/README.md",
    }


def test_the_library_and_its_package_say_version_1(installed: dict[str, str]) -> None:
    dynamic = subprocess.run(["readelf", "-d", PREFIX / "lib" / "libvenice.so"], check=True, capture_output=True, text=True).stdout
    assert "Library soname: [libvenice.so.1]" in dynamic
    version = subprocess.run(["pkg-config", "--modversion", "venice"], env=installed, check=True, capture_output=True, text=True).stdout
    assert version == "1.0.0\n"


def test_only_libcurl_and_cjson_are_needed(installed: dict[str, str]) -> None:
    dynamic = subprocess.run(["readelf", "-d", PREFIX / "lib" / "libvenice.so"], check=True, capture_output=True, text=True).stdout
    needed = {line.split("[")[1].split(".so")[0] for line in dynamic.splitlines() if "(NEEDED)" in line}
    assert {"libcurl", "libcjson"} <= needed <= {"libcurl", "libcjson", "libstdc++", "libgcc_s", "libc", "libm", "ld-linux-x86-64", "ld-linux-aarch64"}
