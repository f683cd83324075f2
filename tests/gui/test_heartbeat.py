# SPDX-License-Identifier: MIT
"""The window answers while large results come in: how long its main loop was away, at most.

The time is reported, not asserted, for the test machine's other work is in it, too.
"""

from __future__ import annotations

import base64
import io
import random
import time

from dialog import Dialog
from gimp_gui import SCREENSHOTS
from heartbeat import Heartbeat
from waiting import wait_for

SIDE = 4096
COARSE = 64


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
