# SPDX-License-Identifier: MIT
"""An image that is closed while layers are being made for it must not bring GIMP down, not even later.

GIMP that reads memory it has freed may go on for a while, so Valgrind watches it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gimp_runner import GimpRunner, build_folder

WATCHED = """#!/bin/sh
exec valgrind --quiet --error-limit=no --undef-value-errors=no --log-file="$WATCH_LOG" gimp-console "$@"
"""

CLOSE_MEANWHILE = """
from gi.repository import Gimp
for steps in (1, 4, 7, 12):
    image = Gimp.Image.new(400, 300, Gimp.ImageBaseType.RGB)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 101, 51, 200, 100)
    config = Gimp.get_pdb().lookup_procedure("test-venice-insert").create_config()
    for name, value in (("image-id", image.get_id()), ("count", 3), ("steps", steps), ("meanwhile", "close")):
        config.set_property(name, value)
    print("said:", Gimp.get_pdb().lookup_procedure("test-venice-insert").run(config).index(1), flush=True)
"""


@pytest.mark.skipif(not shutil.which("valgrind"), reason="Valgrind is not there")
def test_gimp_does_not_touch_what_it_has_freed(tmp_path: Path) -> None:
    program = tmp_path / "gimp-watched"
    program.write_text(WATCHED)
    program.chmod(0o755)
    log = tmp_path / "valgrind.log"
    helper = build_folder() / "tests/gimp/venice-layers-helper"
    with GimpRunner(environment={"WATCH_LOG": str(log)}, program=str(program), plug_ins=["python-eval"], more_plug_ins=[helper]) as gimp:
        finished = gimp.python(CLOSE_MEANWHILE, timeout=500).check()
    assert finished.output.count("said: The image was closed.") == 4, finished.output
    assert "Invalid" not in log.read_text(), log.read_text()
