# SPDX-License-Identifier: MIT
"""Nothing paid is lost, whatever ends: the plug-in, GIMP, or the request."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest
from dialog import Dialog
from gimp_gui import Gimp
from results_strip import earlier_runs, tile_names, tiles, wait_for_tiles, work_in_gimp
from waiting import wait_for

LONG = 600.0  # seconds; no test waits for it


@pytest.fixture
def own_gimp(desktop, sandbox):
    """A GIMP that may be killed."""
    with Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key) as running:
        yield running


def leave_paid_images(dialog: Dialog, sandbox, images: int) -> None:
    """They arrive while the focus is elsewhere, so that they wait."""
    dialog.wait_for_models()
    dialog.describe("paid for")
    dialog.set_images(images)
    work_in_gimp()  # before: an image can be faster than a window manager
    dialog.generate()
    wait_for(lambda: dialog.newest_run_says(f"{images} ready"), "the images wait")


def kill(process_id: int) -> None:
    os.kill(process_id, signal.SIGKILL)


def restart(gimp: Gimp) -> None:
    """The same profile in a new process."""
    gimp._process.wait()
    (gimp.folder / "witness").unlink(missing_ok=True)
    gimp._make_profile = lambda: None
    gimp._start()


def test_plug_in_is_killed_with_paid_images(own_gimp: Gimp, sandbox) -> None:
    image = own_gimp.open_picture()
    dialog = Dialog.open(own_gimp)
    leave_paid_images(dialog, sandbox, images=2)
    kill(dialog.window.process_id)
    wait_for(lambda: not dialog.is_open, "the plug-in is gone")
    again = Dialog.open(own_gimp)
    again.wait_for_notice("2 paid images from an earlier session were not inserted.")
    again.screenshot("recovered")
    again.button("Insert").press()
    wait_for(lambda: len(own_gimp.layers(image)) == 3, "both layers")
    assert len(sandbox.requests("/image/generate")) == 2, "they are not paid for again"
    wait_for(lambda: "paid" not in again.notice, "nothing is offered any more")
    again.close()
    last = Dialog.open(own_gimp)
    wait_for(lambda: earlier_runs(last), "the history")
    assert "paid" not in last.notice, "what was inserted is not offered again"
    last.close()


def test_gimp_is_killed_with_paid_images(own_gimp: Gimp, sandbox) -> None:
    own_gimp.open_picture()
    dialog = Dialog.open(own_gimp)
    leave_paid_images(dialog, sandbox, images=1)
    plug_in = dialog.window.process_id
    kill(own_gimp._process.pid)
    wait_for(lambda: not os.path.exists(f"/proc/{plug_in}") or "Z" in open(f"/proc/{plug_in}/stat").read().split()[2], "the plug-in goes with GIMP")
    restart(own_gimp)
    own_gimp.open_picture()
    before = set(own_gimp.images())
    again = Dialog.open(own_gimp)
    again.wait_for_notice("1 paid image from an earlier session was not inserted.")
    again.button("Open as New Image").press()
    wait_for(lambda: own_gimp.new_image_with("paid for", before), "a new image")
    assert len(sandbox.requests("/image/generate")) == 1
    again.close()


def test_paid_images_can_be_discarded_after_a_question(own_gimp: Gimp, sandbox) -> None:
    own_gimp.open_picture()
    dialog = Dialog.open(own_gimp)
    leave_paid_images(dialog, sandbox, images=1)
    kill(dialog.window.process_id)
    wait_for(lambda: not dialog.is_open, "the plug-in is gone")
    again = Dialog.open(own_gimp)
    again.wait_for_notice("1 paid image from an earlier session was not inserted.")
    again.button("Discard…").press()
    again.wait_for_notice("1 paid image will be deleted for good.")
    again.button("Delete").press()
    wait_for(lambda: "paid" not in again.notice, "the question is gone")
    wait_for(lambda: [run for run in earlier_runs(again) if tile_names(run) == ["1 of 1, discarded"]], "the image says so")
    again.close()


def contrast(picture: Path, edges: tuple[int, int, int, int]) -> float:
    """Of a part of a picture; an empty tile has none."""
    left, top, right, bottom = edges
    command = ["convert", str(picture), "-crop", f"{right - left}x{bottom - top}+{left}+{top}", "-format", "%[fx:standard_deviation]", "info:"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout)


def test_an_image_whose_thumbnail_was_not_made_any_more_is_seen(dialog: Dialog, gimp, image, sandbox) -> None:
    dialog.describe("a harbour")
    dialog.generate()
    wait_for_tiles(dialog, "1 of 1, done, inserted")
    thumbnail = wait_for(lambda: next(gimp.profile.glob("venice-gimp/runs/*/0.thumb"), None), "its thumbnail")
    dialog.close()
    thumbnail.unlink()
    again = Dialog.open(gimp)
    try:
        again.wait_for_models()
        run = wait_for(lambda: earlier_runs(again), "the run")[0]
        wait_for(lambda: contrast(again.screenshot("no-thumbnail"), tiles(run)[0].edges) > 0.05, "the picture in its tile")
    finally:
        again.close()


def test_a_clock_that_was_wrong(dialog: Dialog, gimp, image, sandbox) -> None:
    """Runs of the future, of long before computers, and of no time at all are shown, and what is made now stands above them."""
    runs = dialog.gimp.profile / "venice-gimp" / "runs"
    times = {"future": 7_258_118_400_000_000, "past": -7_258_118_400_000_000, "never": 9_000_000_000_000_000_000}
    for name in times:
        dialog.describe(name)
        dialog.generate()
        wait_for_tiles(dialog, "1 of 1, done, inserted")
    dialog.close()
    for folder in sorted(runs.iterdir()):
        record = json.loads((folder / "run.json").read_text())
        record["time"] = times[record["settings"]["prompt"]]
        (folder / "run.json").write_text(json.dumps(record))
        folder.rename(runs / f"2199{folder.name[4:]}")
    again = Dialog.open(gimp)
    try:
        again.wait_for_models()
        wait_for(lambda: {run.name for run in earlier_runs(again)} == {f"Earlier run: {name}" for name in times}, "all are shown")
        again.screenshot("wrong-clock")
        again.describe("now")
        again.generate()
        wait_for_tiles(again, "1 of 1, done, inserted")
        assert not any(text.startswith("-") or ":-" in text for text in again.window.texts()), again.window.texts()
    finally:
        again.close()
    last = Dialog.open(gimp)
    try:
        wait_for(lambda: len(earlier_runs(last)) == 4, "with the new one")
        assert earlier_runs(last)[0].name == "Earlier run: now", "on top"
    finally:
        last.close()
        Dialog.forget_everything(gimp)


def test_request_in_flight_when_the_plug_in_is_killed(own_gimp: Gimp, sandbox) -> None:
    image = own_gimp.open_picture()
    dialog = Dialog.open(own_gimp)
    dialog.wait_for_models()
    dialog.describe("in flight")
    dialog.seed.set_text("77")
    sandbox.next(delay=LONG)
    dialog.generate()
    wait_for(lambda: tile_names(dialog.runs[0]) == ["1 of 1, waiting for the image"], "the request is under way")
    kill(dialog.window.process_id)
    wait_for(lambda: not dialog.is_open, "the plug-in is gone")
    again = Dialog.open(own_gimp)
    again.wait_for_models()
    again.wait_for_notice("1 image was being made when an earlier session ended. It may have been charged; the same seed makes it again.")
    again.button("Generate Again · $0.01").press()
    wait_for(lambda: len(own_gimp.layers(image)) == 2, "the image")
    assert sandbox.requests("/image/generate", count=2)[1]["json"]["seed"] == 77
    again.close()
