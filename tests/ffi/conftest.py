# SPDX-License-Identifier: MIT
"""libvenice installed as capi/README.md says, into a HOME of the tests, and a sandbox that is reset before each test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from sandbox.process import Sandbox  # noqa: E402

BUILD = Path(os.environ.get("VENICE_BUILD_DIR") or ROOT / "build" / "gcc").parent / "ffi"
HOME = BUILD / "home"  # stays, with the caches of Go and npm
PREFIX = HOME / ".local"
README = (ROOT / "capi" / "README.md").read_text(encoding="utf-8")
KEY = "your-key"  # as in the README

# Of the plug-in and of the tests: the library is built where nothing of that is.
PACKAGES_NOT_NEEDED = ("babl", "cmocka", "gdk", "gegl", "gimp", "gio", "glib", "gmodule", "gobject", "gtk", "libjpeg", "libpng", "libsecret", "libwebp")


def commands_under(heading: str) -> list[str]:
    """The blocks of shell commands under a heading of the README."""
    section = re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#+ |\Z)", README, flags=re.MULTILINE | re.DOTALL)
    assert section, heading
    blocks = re.findall(r"^```sh\n(.*?)^```$", section[1], flags=re.MULTILINE | re.DOTALL)
    assert blocks, heading
    return blocks


def packages_without_gimp() -> Path:
    """A folder with pkg-config's view of a system that has nothing of GIMP, GTK, GLib or the image formats."""
    folder = BUILD / "packages"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    search_path = subprocess.run(["pkg-config", "--variable=pc_path", "pkg-config"], check=True, capture_output=True, text=True).stdout
    for package in (path for place in search_path.strip().split(":") for path in Path(place).glob("*.pc")):
        link = folder / package.name
        if not package.name.startswith(PACKAGES_NOT_NEEDED) and not link.exists():
            link.symlink_to(package)
    return folder


def fresh_clone() -> Path:
    """The source as after a clone: the README's build folder must not be in the way of a developer's. What was built stays, so that only changes are."""
    source = BUILD / "source"
    source.mkdir(parents=True, exist_ok=True)
    for old in source.iterdir():
        if old.name != "build":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(ROOT, source, dirs_exist_ok=True, ignore=lambda folder, _: ["build", ".git"] if folder == str(ROOT) else ["__pycache__"])
    return source


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    with Sandbox(key=KEY, delay=0.1, rate_limit=0, failure_lock=0) as sandbox:
        yield sandbox
        assert sandbox.errors() == ""


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture(scope="session")
def installed() -> dict[str, str]:
    """Installs the library with the README's first commands; the environment that its second commands make."""
    build, environment = commands_under("1. Install")
    without_gimp = os.environ | {"HOME": str(HOME), "PKG_CONFIG_LIBDIR": str(packages_without_gimp())}
    assert subprocess.run(["pkg-config", "--exists", "gimp-3.0"], env=without_gimp).returncode != 0
    shutil.rmtree(PREFIX, ignore_errors=True)
    subprocess.run(["bash", "-euc", build], cwd=fresh_clone(), env=without_gimp, check=True)
    own = os.environ | {"HOME": str(HOME)}
    made = subprocess.run(["bash", "-euc", environment + "env -0"], env=own, check=True, capture_output=True, text=True).stdout
    return dict(entry.split("=", 1) for entry in made.split("\0") if entry)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = "".join(report.nodeid + "\n" for report in terminalreporter.stats.get("passed", []))
    ran = set(re.findall(r"the_third_is_never_sent\[(.+)\]$", passed, flags=re.MULTILINE))
    terminalreporter.write_line(f"Languages whose example ran: {', '.join(sorted(ran)) or 'none'}")
    for reason in sorted({report.longrepr[2] for report in terminalreporter.stats.get("skipped", [])}):
        terminalreporter.write_line(f"NOT RUN: {reason}", yellow=True)
