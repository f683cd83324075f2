# SPDX-License-Identifier: MIT
"""The example in C, as it was built beside the library, makes no mistake with memory and leaves none behind."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from sandbox.process import Sandbox

from conftest import KEY, ROOT

PROGRAM = Path(os.environ.get("VENICE_BUILD_DIR") or ROOT / "build" / "gcc") / "capi" / "example-c"
VALGRIND = ["valgrind", "--quiet", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect", "--show-leak-kinds=definite,indirect", "--error-exitcode=99"]


def test_valgrind_finds_nothing_in_the_c_example(sandbox: Sandbox, tmp_path: Path) -> None:
    log = tmp_path / "valgrind.log"
    images = tmp_path / "images"
    images.mkdir()
    command = [*VALGRIND, f"--log-file={log}", str(PROGRAM), "a red fox in the snow", str(images)]
    own = os.environ | {"VENICE_API_KEY": KEY, "VENICE_BASE_URL": sandbox.base_url}
    outcome = subprocess.run(command, env=own, capture_output=True, text=True, timeout=300)
    assert (outcome.returncode, log.read_text(encoding="utf-8")) == (0, ""), outcome.stderr
    assert sorted(path.name for path in images.iterdir()) == ["image-1.png", "image-2.png"]
