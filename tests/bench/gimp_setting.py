# SPDX-License-Identifier: MIT
"""A real GIMP with windows and the plug-in as it is installed, for the benchmark: what tests/gui has for its tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from setting import Setting

GUI = Path(__file__).resolve().parent.parent / "gui"


@contextmanager
def running(setting: Setting) -> Iterator[tuple[Any, Any, Any]]:
    """GIMP, the sandbox and the class Dialog."""
    os.environ["VENICE_BUILD_DIR"] = str(setting.build)
    sys.path.insert(0, str(GUI))
    from desktop import Desktop
    from dialog import Dialog
    from gimp_gui import Gimp
    from sandbox.process import Sandbox

    with (
        Desktop() as desktop,
        Sandbox(balance="100000", delay=0.2, rate_limit=0, failure_lock=0) as sandbox,
        Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key, plug_ins=(setting.program("plain-dialog"),)) as gimp,
    ):
        yield gimp, sandbox, Dialog
