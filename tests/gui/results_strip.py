# SPDX-License-Identifier: MIT
"""The strip of results, in the words of its user."""

from __future__ import annotations

import subprocess

from accessible import Role, Widget, applications_named
from desktop import press_keys, window_id
from dialog import APPLICATION, Dialog
from waiting import wait_for


def tiles(run: Widget) -> list[Widget]:
    """The images of a run, in their order."""
    grids = [widget for widget in run.descendants() if widget.name == f"Images of {run.name}"]
    return grids[0].children() if grids else []


def tile_names(run: Widget) -> list[str]:
    return [tile.name for tile in tiles(run)]


def wait_for_tiles(dialog: Dialog, *names: str, run: int = 0) -> None:
    """The newest run (or an older one) has exactly these images."""
    try:
        wait_for(lambda: len(dialog.runs) > run and tile_names(dialog.runs[run]) == list(names), f"images {names}")
    except AssertionError as error:
        raise AssertionError(f"{error}; there are {[tile_names(row) for row in dialog.runs]}") from None


def select(run: Widget, number: int) -> Widget:
    """One click on an image; counted from 1."""
    grid = next(widget for widget in run.descendants() if widget.name == f"Images of {run.name}")
    assert grid._do("Selection", "SelectChild", "(i)", number - 1)
    return tiles(run)[number - 1]


def choose(dialog: Dialog, label: str) -> None:
    """An entry of the selected image's menu."""
    dialog.window.find(Role.TOGGLE_BUTTON, "More Actions").press()
    dialog.window.find(Role.PUSH_BUTTON, label).press()


def earlier_runs(dialog: Dialog) -> list[Widget]:
    return [widget for widget in dialog.window.descendants() if widget.name.startswith("Earlier run: ")]


def window_titles() -> list[str]:
    return [window.name for application in applications_named(APPLICATION) for window in application.children()]


def save_window() -> Widget | None:
    return next((window for application in applications_named(APPLICATION) for window in application.children() if window.name == "Save Image"), None)


def close_picture(title: str) -> None:
    """By its Escape, which goes to no other window."""
    wait_for(lambda: title in window_titles(), f"window “{title}”")
    activate(title)
    wait_for(lambda: focused_window() == title, f"window “{title}” has the focus")
    press_keys("Escape")
    wait_for(lambda: title not in window_titles(), f"window “{title}” is closed")


def work_in_gimp() -> None:
    """The focus goes to GIMP's own window, as when the user paints on."""
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", " GIMP$"], check=True, capture_output=True, text=True, timeout=30)
    subprocess.run(["xdotool", "windowactivate", "--sync", found.stdout.split()[0]], check=True, timeout=30)


def activate(title: str) -> None:
    """The focus goes to the window with this title."""
    subprocess.run(["xdotool", "windowactivate", "--sync", window_id(title)], check=True, timeout=30)


def focused_window() -> str:
    """Its title; empty while the focus goes from one to another."""
    shown = subprocess.run(["xdotool", "getactivewindow", "getwindowname"], check=False, capture_output=True, text=True, timeout=30)
    return shown.stdout.strip()
