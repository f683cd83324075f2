# SPDX-License-Identifier: MIT
"""Two GIMPs at once with one profile: what one of them makes, the other neither loses nor takes for lost."""

from __future__ import annotations

import os
import signal
import subprocess

from accessible import Role
from desktop import press_keys
from dialog import Dialog
from gimp_gui import Gimp
from results_strip import activate, earlier_runs, tile_names, wait_for_tiles, work_in_gimp
from waiting import wait_for

LONG = 600.0  # seconds; no test waits for it


def opened(gimp: Gimp) -> Dialog:
    dialog = Dialog.open(gimp)
    dialog.wait_for_models()
    return dialog


def earlier(dialog: Dialog) -> dict[str, list[str]]:
    """What the strip has of other sessions: prompts, and the states of the images."""
    return {run.name.removeprefix("Earlier run: "): tile_names(run) for run in earlier_runs(dialog)}


def look_at(dialog: Dialog) -> None:
    """The focus goes to this window; the other GIMP's has the same title."""
    search = ["xdotool", "search", "--all", "--onlyvisible", "--pid", str(dialog.window.process_id), "--name", dialog.title]
    found = subprocess.run(search, check=True, capture_output=True, text=True, timeout=30)
    subprocess.run(["xdotool", "windowactivate", "--sync", found.stdout.split()[0]], check=True, timeout=30)


def wait_for_earlier(dialog: Dialog, runs: dict[str, list[str]]) -> None:
    try:
        wait_for(lambda: earlier(dialog) == runs, "earlier runs")
    except AssertionError as error:
        raise AssertionError(f"{error} {runs}; there are {earlier(dialog)}") from None


def test_two_gimps_share_cache_spool_and_history(desktop, sandbox) -> None:
    with (Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key) as first,
          Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key, profile=first.profile) as second):
        of_first, of_second = first.open_picture(), second.open_picture()
        one = opened(first)
        one.button("Understood").press()
        one.describe("still being made")
        sandbox.next(delay=LONG)
        one.generate()
        wait_for_tiles(one, "1 of 1, waiting for the image")
        one.describe("paid and not inserted")
        work_in_gimp()
        one.generate()
        wait_for(lambda: one.newest_run_says("1 ready"), "a paid image waits")

        other = opened(second)
        wait_for_earlier(other, {"paid and not inserted": ["1 of 1, done"], "still being made": ["1 of 1, being made in another GIMP"]})
        assert "earlier session" not in other.notice, "nothing of the first one's is offered as lost"
        other.screenshot("two-gimps")
        other.menu("Settings…")
        other.button("Clear History").press()
        wait_for(lambda: "The history is empty." in other.window.texts(), "it says so")
        other.window.find(Role.CHECK_BOX, "Review before inserting").focus()
        press_keys("Escape")
        other.describe("made in the second")
        other.generate()
        wait_for(lambda: other.newest_run_says("1 ready") or len(second.layers(of_second)) == 2, "the second one's image")
        if len(second.layers(of_second)) == 1:  # the focus was elsewhere
            other.button("Insert Now").press()
        wait_for(lambda: len(second.layers(of_second)) == 2, "its layer")
        assert len(first.layers(of_first)) == 1

        one.button("Insert Now").press()
        wait_for(lambda: len(first.layers(of_first)) == 2, "the first one's layer: clearing the history took nothing that was open")
        one.window.find(Role.PUSH_BUTTON, "Cancel Run 1", hidden=True).press()
        wait_for_tiles(one, "1 of 1, cancelled", run=1)
        for dialog in (one, other):
            dialog.close()
        everything = {"made in the second": ["1 of 1, done, inserted"], "paid and not inserted": ["1 of 1, done, inserted"],
                      "still being made": ["1 of 1, cancelled"]}
        for gimp in (first, second):
            dialog = opened(gimp)
            wait_for_earlier(dialog, everything)
            assert not dialog.notice
            dialog.close()
        assert len(sandbox.requests("/image/generate", count=3)) == 3, "nothing was paid twice"


def test_the_other_gimp_takes_over_what_a_killed_one_left(desktop, sandbox) -> None:
    """As soon as it opens a window; and only once."""
    with (Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key) as first,
          Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key, profile=first.profile) as second):
        first.open_picture()
        picture = second.open_picture()
        one = opened(first)
        one.describe("left behind")
        work_in_gimp()
        one.generate()
        wait_for(lambda: one.newest_run_says("1 ready"), "a paid image waits")
        os.kill(one.window.process_id, signal.SIGKILL)
        wait_for(lambda: not one.is_open, "its plug-in is gone")
        other = opened(second)
        other.wait_for_notice("1 paid image from an earlier session was not inserted.")
        again = opened(first)
        wait_for_earlier(again, {"left behind": ["1 of 1, done"]})
        assert "earlier session" not in again.notice, "it is the other one's now"
        again.close()
        activate(other.title)
        other.notice_button("Insert").press()
        wait_for(lambda: len(second.layers(picture)) == 2, "the layer")
        other.close()


def test_an_open_window_shows_what_the_other_gimp_made_meanwhile(desktop, sandbox) -> None:
    with (Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key) as first,
          Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key, profile=first.profile) as second):
        first.open_picture()
        second.open_picture()
        one, other = opened(first), opened(second)
        one.describe("made meanwhile")
        sandbox.next(delay=LONG)
        one.generate()
        wait_for_tiles(one, "1 of 1, waiting for the image")
        work_in_gimp()
        look_at(other)
        wait_for_earlier(other, {"made meanwhile": ["1 of 1, being made in another GIMP"]})
        one.window.find(Role.PUSH_BUTTON, "Cancel Run 1", hidden=True).press()
        wait_for_tiles(one, "1 of 1, cancelled")
        work_in_gimp()
        look_at(other)
        wait_for_earlier(other, {"made meanwhile": ["1 of 1, cancelled"]})
        for dialog in (one, other):
            dialog.close()
