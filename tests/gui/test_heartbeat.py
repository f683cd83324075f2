# SPDX-License-Identifier: MIT
"""The window answers while large results come in: how long its main loop was away, at most.

Measured from outside, by asking the window over the accessibility bus again and again: what is measured is the main loop's gap and the way
there and back. The time is reported, not asserted, for the test machine's other work is in it, too.
"""

from __future__ import annotations

import base64
import io
import random
import threading
import time

from dialog import Dialog
from gimp_gui import SCREENSHOTS
from waiting import wait_for

SIDE = 4096
COARSE = 64


class Heartbeat:
    """Asks in a thread of its own, about every millisecond."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._end = threading.Event()
        self.seconds: list[float] = []
        self._thread = threading.Thread(target=self._beat)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._end.is_set():
            start = time.monotonic()
            assert self._dialog.window.name == self._dialog.title
            self.seconds.append(time.monotonic() - start)
            time.sleep(0.001)

    def report(self) -> str:
        ordered = sorted(self.seconds)
        return (f"longest {ordered[-1] * 1000:.0f} ms, 99 % within {ordered[len(ordered) * 99 // 100] * 1000:.0f} ms, "
                f"median {ordered[len(ordered) // 2] * 1000:.1f} ms, {len(ordered)} questions")


def large_picture() -> str:
    """Coarse noise: as many pixels to decode as any other, in a file that the sandbox's control interface takes."""
    from PIL import Image

    noise = Image.frombytes("RGB", (COARSE, COARSE), random.Random(1).randbytes(COARSE * COARSE * 3)).resize((SIDE, SIDE), Image.Resampling.NEAREST)
    file = io.BytesIO()
    noise.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_four_large_results(dialog: Dialog, gimp, image, sandbox, record_testsuite_property) -> None:
    dialog.describe("as large as it gets")
    dialog.set_images(4)
    with Heartbeat(dialog) as idle:
        time.sleep(2)
    sandbox.next(image_base64=large_picture(), times=4, delay=1)
    with Heartbeat(dialog) as busy:
        dialog.generate()
        dialog.describe("typed meanwhile")
        dialog.set_images(2)
        wait_for(lambda: dialog.newest_run_says("4 layers added"), "the layers", timeout=120)
    assert len(gimp.layers(image)) == 5
    report = f"idle: {idle.report()}\nfour of {SIDE} × {SIDE}: {busy.report()}\n"
    record_testsuite_property("heartbeat", report)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    (SCREENSHOTS / "heartbeat.txt").write_text(report)
    assert dialog.prompt.text == "typed meanwhile" and dialog.generate_button.name.startswith("Generate 2 "), "nothing that was typed was lost"
