# SPDX-License-Identifier: MIT
"""The balance stands beside the button before anything is spent, and nothing waits for it."""

from __future__ import annotations

import pytest
from dialog import Dialog
from waiting import wait_for

ACCOUNT = "/api_keys/rate_limits"
LONG = 600.0  # seconds; no test waits for it


def open_anew(gimp) -> Dialog:
    Dialog.forget_everything(gimp)
    dialog = Dialog.open(gimp)
    dialog.wait_for_models()
    dialog.button("Understood").press()
    return dialog


def test_it_is_there_before_the_first_image(dialog: Dialog, sandbox) -> None:
    wait_for(lambda: "Balance $1000.00" in dialog.window.texts(), "the balance beside the button")
    assert dialog.generate_button.name == "Generate 1 · $0.01, Balance $1000.00"
    assert sandbox.requests(ACCOUNT, count=1), "it was asked for"
    assert sandbox.requests("/image/generate") == []
    assert not dialog.notice


def test_what_it_does_not_pay_for_is_not_sent(gimp, image, sandbox) -> None:
    sandbox.reset(balance="0.025")
    dialog = open_anew(gimp)
    try:
        wait_for(lambda: "Balance $0.02" in dialog.window.texts(), "the balance, rounded down")
        dialog.describe("dearer than I can pay")
        dialog.set_images(3)
        dialog.generate()
        dialog.wait_for_notice("3 images cost $0.03; the balance is $0.02.")
        assert sandbox.requests("/image/generate") == []
        dialog.notice_button("Generate 2 · $0.02").press()
        wait_for(lambda: len(gimp.layers(image)) == 3, "two layers")
    finally:
        dialog.close()


@pytest.mark.parametrize("trouble", [{"delay": LONG}, {"status": 500, "json": {"error": "broken"}}, {"status": 401, "json": {"error": "no"}}],
                         ids=["no answer", "an error", "refused"])
def test_nothing_waits_for_it_and_no_error_is_shown(gimp, image, sandbox, trouble) -> None:
    sandbox.next(path=ACCOUNT, times=0, **trouble)
    dialog = open_anew(gimp)
    try:
        dialog.describe("without knowing")
        dialog.generate()
        wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
        wait_for(lambda: "Balance $1000.00" in dialog.generate_button.name, "the image tells the balance")
        assert not dialog.notice
        if "status" in trouble:
            assert sandbox.requests(ACCOUNT, count=1, timeout=60), "it was asked for"
    finally:
        dialog.close()
