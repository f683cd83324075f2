# SPDX-License-Identifier: MIT
"""What the build puts into libvenice and the plug-in against faults in memory, read from the files themselves."""

from __future__ import annotations

import json
import os
import platform
import re
import shlex
import subprocess
from functools import cache
from pathlib import Path

import pytest

BUILD = Path(os.environ.get("VENICE_BUILD_DIR") or Path(__file__).resolve().parents[2] / "build" / "gcc")
LIBRARY = BUILD / "capi" / "libvenice.so"
PROGRAM = BUILD / "plugin" / "venice-gimp"
BOTH = pytest.mark.parametrize("file", [LIBRARY, PROGRAM], ids=["libvenice", "plug-in"])


@cache
def readelf(option: str, file: Path) -> str:
    return subprocess.run(["readelf", "--wide", option, str(file)], check=True, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"}).stdout


def dynamic(file: Path) -> str:
    return readelf("--dynamic", file)


def undefined_symbols(file: Path) -> set[str]:
    return {line.split()[7].split("@")[0] for line in readelf("--dyn-syms", file).splitlines() if " UND " in line and len(line.split()) > 7}


@BOTH
def test_it_is_loaded_at_any_address(file: Path) -> None:
    assert re.search(r"Type:\s+DYN ", readelf("--file-header", file))
    assert "TEXTREL" not in dynamic(file)


def test_the_program_is_position_independent() -> None:
    assert re.search(r"FLAGS_1\).*\bPIE\b", dynamic(PROGRAM))


@BOTH
def test_its_tables_are_read_only_once_it_is_loaded(file: Path) -> None:
    assert "GNU_RELRO" in readelf("--program-headers", file)
    assert re.search(r"FLAGS\).*\bBIND_NOW\b|\(BIND_NOW\)", dynamic(file))
    assert re.search(r"FLAGS_1\).*\bNOW\b", dynamic(file))


@BOTH
def test_nothing_is_writable_and_executable(file: Path) -> None:
    headers = readelf("--program-headers", file)
    stack = re.search(r"GNU_STACK\s+(?:0x\w+\s+){5}(\w+)", headers)
    assert stack is not None and stack[1] == "RW"
    flags = re.findall(r"LOAD\s+(?:0x\w+\s+){5}([RWE ]+?)\s+0x", headers)
    assert len(flags) > 1 and not any("W" in flag and "E" in flag for flag in flags)


@BOTH
def test_the_stack_is_protected(file: Path) -> None:
    assert "__stack_chk_fail" in undefined_symbols(file)


@BOTH
@pytest.mark.skipif(platform.machine() != "x86_64", reason="other processors have other means")
def test_jumps_lead_to_marked_places(file: Path) -> None:
    """Of the files of ours: what is said of the whole holds only if the system's own start-up code is marked, too."""
    disassembled = subprocess.run(["objdump", "--disassemble", "--no-show-raw-insn", str(file)], check=True, capture_output=True, text=True).stdout
    functions = re.findall(r"^[0-9a-f]+ <([^>@.]+)>:\n\s*[0-9a-f]+:\s+(\w+)", disassembled, re.M)
    ours = {name: first for name, first in functions if name.startswith("venice_" if file == LIBRARY else "_ZN11venice_gimp")}
    assert len(ours) > 20
    # gcc leaves the mark out where it knows that nobody has the address of a function.
    assert [name for name, first in ours.items() if first != "endbr64"] == [] if file == LIBRARY else "endbr64" in ours.values()


def commands() -> list[tuple[str, list[str]]]:
    entries = json.loads((BUILD / "compile_commands.json").read_text())
    return [(entry["file"], shlex.split(entry["command"])) for entry in entries if re.search(r"(capi|plugin)/src/", entry["file"])]


def test_every_source_is_compiled_with_all_of_it() -> None:
    """What leaves no trace in the files that could be relied on: FORTIFY where no size is known, and the probing of large stack frames."""
    sources = commands()
    assert len(sources) > 80
    wanted = ["-D_FORTIFY_SOURCE=3", "-fstack-protector-strong", "-fstack-clash-protection"]
    wanted += ["-fcf-protection"] if platform.machine() == "x86_64" else []
    for source, command in sources:
        assert [option for option in wanted if option not in command] == [], source
        # The last one counts.
        assert [option for option in command if "_FORTIFY_SOURCE" in option][-1] == "-D_FORTIFY_SOURCE=3", source
        assert [option for option in command if re.fullmatch(r"-O.", option)][-1] != "-O0", source
        assert not any(option in command for option in ("-fno-stack-protector", "-fno-pie", "-no-pie", "-fcf-protection=none")), source
