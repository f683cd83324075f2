# SPDX-License-Identifier: MIT
"""While images are being made: progress, Cancel, closing, and a GIMP that can be used."""

from __future__ import annotations

import re

import pytest
from accessible import Role
from desktop import press_keys
from dialog import Dialog
from results_strip import wait_for_tiles
from unresponsive import NeverConnects, NeverReads, Unresponsive
from waiting import wait_for

LONG = 600.0  # seconds; no test waits for it


def start_slow_run(dialog: Dialog, sandbox, images: int = 1) -> None:
    for _ in range(images):
        sandbox.next(delay=LONG)
    dialog.describe("something slow")
    dialog.set_images(images)
    dialog.generate()
    wait_for(lambda: dialog.newest_run_says("Waiting 0:"), "the phase")


def test_cancel_ends_the_transfer(dialog: Dialog, gimp, image, sandbox) -> None:
    start_slow_run(dialog, sandbox, images=2)
    assert dialog.newest_run_says("0 of 2 done")
    wait_for(lambda: any(re.search(r"\b0:(?!00)\d\d\b", text) for text in dialog.runs[0].texts()), "the elapsed time goes on")
    dialog.screenshot("running")
    cancel = dialog.window.find(Role.PUSH_BUTTON, "Cancel Run 1")
    assert cancel.is_sensitive
    dialog.cancel()
    wait_for(lambda: not dialog.is_running, "the run has ended")
    dialog.wait_for_notice("Cancelled; 2 images may still be charged.")
    entries = wait_for(lambda: len(sandbox.requests("/image/generate")) == 2 and sandbox.requests("/image/generate"), "the server noticed")
    assert all(entry["client_gone"] for entry in entries)
    assert len(gimp.layers(image)) == 1
    dialog.screenshot("cancelled")


def test_gimp_can_be_used_meanwhile(dialog: Dialog, gimp, image, sandbox) -> None:
    start_slow_run(dialog, sandbox)
    gimp.menu_item("Help", "About").press()
    wait_for(lambda: gimp.has_window("About GIMP"), "another window of GIMP opens")
    assert dialog.is_running
    dialog.describe("and the form can still be edited")
    assert dialog.prompt.text == "and the form can still be edited"
    assert dialog.generate_button.name.startswith("Generate 1"), "Generate never turns into Cancel"
    gimp.close_about()
    dialog.cancel()
    dialog.wait_until_done()


def test_closing_asks_while_images_are_being_made(dialog: Dialog, gimp, image, sandbox) -> None:
    start_slow_run(dialog, sandbox)
    dialog.ask_to_close()
    dialog.wait_for_notice("Images are still being made.")
    assert dialog.is_open and dialog.is_running
    dialog.screenshot("closing")
    dialog.button("Keep Waiting").press()
    wait_for(lambda: not dialog.notice, "the question is gone")
    assert dialog.is_running
    dialog.ask_to_close()
    dialog.button("Close Anyway").press()
    wait_for(lambda: not dialog.is_open, "the window is closed")
    assert wait_for(lambda: sandbox.requests("/image/generate"), "the server noticed")[0]["client_gone"]


@pytest.mark.parametrize(("phase", "server", "prompt"), [
    ("connecting", NeverConnects, "a bridge"),
    ("sending", NeverReads, "მელა " * 6500),  # 3 bytes a letter: more than the system buffers, and as long as the model takes
], ids=["connecting", "sending"])
def test_cancel_before_all_was_sent(dialog: Dialog, gimp, image, sandbox, phase: str, server: type[Unresponsive], prompt: str) -> None:
    dialog.choose_model("Nano Banana Pro")
    dialog.describe(prompt)
    sandbox.stop()
    try:
        with server(sandbox.base_url):
            dialog.generate()
            wait_for_tiles(dialog, f"1 of 1, {phase}")
            dialog.screenshot(f"cancel-{phase}")
            dialog.cancel()
            wait_for_tiles(dialog, "1 of 1, cancelled")
            dialog.wait_for_notice("Cancelled. Nothing was charged")
    finally:
        sandbox.start()
    assert len(gimp.layers(image)) == 1


def test_escape_loses_nothing(dialog: Dialog, sandbox) -> None:
    start_slow_run(dialog, sandbox)
    press_keys("Escape")
    assert dialog.is_open and dialog.is_running
    assert dialog.prompt.text == "something slow"
    dialog.cancel()
    dialog.wait_until_done()


def test_image_closed_meanwhile(dialog: Dialog, gimp, image, sandbox) -> None:
    sandbox.next(delay=8)
    dialog.describe("kept")
    dialog.generate()
    wait_for(lambda: dialog.newest_run_says("Waiting 0:"), "the request is under way")
    gimp.close_image(image)
    wait_for(lambda: image not in gimp.images(), "the image is closed")
    dialog.wait_for_notice("was closed. 1 image is kept.")
    dialog.screenshot("image-closed")
    before = set(gimp.images())
    dialog.button("Open as New Image").press()
    wait_for(lambda: gimp.new_image_with("kept", before), "the new image")
    wait_for(lambda: not dialog.notice, "the notice is gone")
