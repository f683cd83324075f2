# SPDX-License-Identifier: MIT
"""How long the dialog takes to open, and GIMP to ask the plug-in what it offers, beside the plainest plug-in with a dialog."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nginx import Nginx
from rows import Figure, Row
from setting import Setting, column


def opened(menu: Callable[[], Any], application: str, title: str) -> float:
    """Milliseconds from the press of the menu item to the window that is shown."""
    from accessible import applications_named

    item = menu()
    start = time.monotonic()
    item.press()
    while not any(window.name == title and window.is_showing for found in applications_named(application) for window in found.children()):
        time.sleep(0.001)
    return (time.monotonic() - start) * 1000


def queried(programs: list[Path]) -> dict[str, float]:
    """Milliseconds that a GIMP with nothing but these plug-ins, all new to it, took for each: it says whom it asks, and next what it does then."""
    with tempfile.TemporaryDirectory() as folder:
        plug_ins = Path(folder) / "plug-ins"
        for program in programs:
            (plug_ins / program.name).mkdir(parents=True)
            (plug_ins / program.name / program.name).symlink_to(program)
        environment = os.environ | {"GIMP3_DIRECTORY": f"{folder}/profile", "GIMP_TESTING_PLUGINDIRS": str(plug_ins), "LC_ALL": "C.UTF-8"}
        ours, gimps = pty.openpty()  # a pipe would bring all lines at the end
        process = subprocess.Popen(["gimp-console", "-i", "--verbose", "--quit"], env=environment, stdout=gimps, stderr=gimps, stdin=subprocess.DEVNULL)
        os.close(gimps)
        costs, asked, start = {}, "", 0.0
        for line in lines_of(ours):
            if asked:
                costs[asked] = (time.monotonic() - start) * 1000
            found = re.search(r"Querying plug-in:.*/([a-z-]+)'", line)
            asked, start = (found.group(1) if found else ""), time.monotonic()
        process.wait(timeout=60)
    return costs


def lines_of(terminal: int) -> Iterator[str]:
    with open(terminal, "rb", buffering=0) as stream:
        rest = b""
        while True:
            try:
                read = stream.read(4096)
            except OSError:  # how a terminal says that the other side is gone
                return
            *lines, rest = (rest + read).split(b"\n")
            yield from (line.decode(errors="replace").strip() for line in lines)


def is_closed(title: str) -> bool:
    """False while the window manager does not know the window yet."""
    from desktop import close_window

    try:
        close_window(title)
    except LookupError:
        return False
    return True


def rows(setting: Setting, server: Nginx) -> list[Row]:
    gimp, _, dialog_class = setting.gimp
    gimp.open_picture()
    first = dialog_class.open(gimp)
    first.wait_for_models()  # the list is kept from here on
    first.close()

    def ours() -> dict[str, float]:
        ms = opened(lambda: gimp.menu_item("Filters", "Venice", "Generate Layers…"), "venice-gimp", "Generate Layers")
        dialog = dialog_class.open(gimp)  # raises the one that is open
        dialog.wait_for_models()
        dialog.close()
        return {"ms": ms}

    def plain() -> dict[str, float]:
        from accessible import applications_named
        from waiting import wait_for

        ms = opened(lambda: gimp.menu_item("Filters", "Plain", "Plain Dialog..."), "plain-dialog", "Plain Dialog")
        wait_for(lambda: is_closed("Plain Dialog"), "the plain dialog can be closed")
        wait_for(lambda: not applications_named("plain-dialog"), "the plain dialog is gone")
        return {"ms": ms}

    costs = setting.round_by_round({"ours": ours, "plain": plain})
    programs = [setting.build / "plugin" / "venice-gimp", setting.program("plain-dialog")]
    query = setting.round_by_round({"both": lambda: queried(programs)})["both"]
    return [
        Row("click to the dialog, warm cache", Figure("Venice", "ms", column(costs["ours"], "ms")),
            Figure("plain dialog", "ms", column(costs["plain"], "ms")), 1.5),
        Row("GIMP's start after an update: asking the plug-in what it offers", Figure("Venice", "ms", column(query, "venice-gimp")),
            Figure("plain dialog", "ms", column(query, "plain-dialog")), 2),
    ]
