# SPDX-License-Identifier: MIT
"""What goes wrong is said in the window, in words that help, with the remedy as a button."""

from __future__ import annotations

import pytest
from accessible import Role
from dialog import Dialog
from waiting import wait_for


@pytest.fixture
def described(dialog: Dialog) -> Dialog:
    dialog.describe("a bridge")
    return dialog


def fail(dialog: Dialog, gimp, image: int, notice: str) -> None:
    layers = len(gimp.layers(image))
    dialog.generate()
    dialog.wait_for_notice(notice)
    assert dialog.is_open
    assert len(gimp.layers(image)) == layers


def test_too_many_requests(described: Dialog, gimp, image, sandbox) -> None:
    # For longer than anybody would wait; shorter ones are waited for, see test_results.py.
    sandbox.next(status=429, headers={"Retry-After": "240"}, json={"error": "Rate limit exceeded"})
    fail(described, gimp, image, "Too many requests. Nothing was charged. Try again in 4 minutes.")
    described.screenshot("too-many-requests")
    described.button("Try Again").press()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the second try works")
    first, second = (entry["json"]["seed"] for entry in sandbox.requests("/image/generate", count=2))
    assert first == second, "the same image is asked for"


def test_offline_model(described: Dialog, gimp, image, sandbox) -> None:
    sandbox.next(status=503, json={"error": "The model z-image-turbo is currently offline."}, times=0)
    fail(described, gimp, image, "Z-Image Turbo is offline at the moment. Nothing was charged.")
    assert "The model z-image-turbo is currently offline." in described.notice
    assert len(sandbox.requests("/image/generate")) == 1, "it is not asked again and again"
    assert described.button("Choose Model…").is_sensitive


def test_balance_used_up(described: Dialog, gimp, image, sandbox) -> None:
    sandbox.next(status=402, json={"error": "Insufficient balance"})
    fail(described, gimp, image, "The balance, or the limit of this key, is used up. Nothing was charged.")
    assert described.button("Add Credit…").is_sensitive


def test_text_of_the_server_is_plain_text(described: Dialog, gimp, image, sandbox) -> None:
    sandbox.next(status=400, json={"error": "<b>bold</b> & <script>"})
    fail(described, gimp, image, "<b>bold</b> & <script>")


def test_content_rules(described: Dialog, gimp, image, sandbox) -> None:
    described.describe("forbidden-content under a bridge")
    fail(described, gimp, image, "Venice refused this image because of its content rules. No layer was added; nothing was charged.")
    described.button("Edit Prompt").press()
    wait_for(lambda: described.prompt.has_focus, "the prompt has the focus")


def test_network_down(described: Dialog, gimp, image, sandbox) -> None:
    sandbox.stop()
    try:
        fail(described, gimp, image, "Venice cannot be reached. Nothing was sent or charged.")
        described.screenshot("network-down")
    finally:
        sandbox.start()
    described.button("Try Again").press()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the second try works")


def test_no_list_of_models(gimp, sandbox, image) -> None:
    sandbox.stop()
    Dialog.forget_everything(gimp)
    dialog = Dialog.open(gimp)
    try:
        try:
            dialog.wait_for_notice("Venice cannot be reached, so there is no list of models. The id of a model can be typed in.")
            dialog.screenshot("no-models")
        finally:
            sandbox.start()
        dialog.window.find(Role.TEXT, "Model Id").set_text("venice-sd35")
        dialog.describe("typed")
        wait_for(lambda: dialog.generate_button.name.split(",")[0] == "Generate 1", "no price is known")
        dialog.generate_button.press()
        wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
        assert sandbox.requests("/image/generate", count=1)[0]["json"]["model"] == "venice-sd35"
        dialog.button("Try Again").press()
        dialog.wait_for_models()
        assert dialog.shown_in("Model").startswith("Venice SD35"), "what was typed is chosen in the list"
    finally:
        dialog.close()


def test_some_fail_and_some_come(described: Dialog, gimp, image, sandbox) -> None:
    sandbox.next(status=500, json={"error": "Inference processing failed"})
    described.set_images(3)
    described.generate()
    wait_for(lambda: len(gimp.layers(image)) == 3, "two of three layers")
    described.wait_for_notice("Venice could not make the image.")
    assert described.newest_run_says("2 of 3 done")
