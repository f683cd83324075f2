# SPDX-License-Identifier: MIT
"""Each kind of model gets the size in its own words, and nothing that it does not use."""

from __future__ import annotations

import pytest
from accessible import Role
from dialog import Dialog
from waiting import wait_for

SIZE_FIELDS = {"width", "height", "aspect_ratio", "resolution", "quality"}


def sent_size(dialog: Dialog, sandbox) -> dict[str, object]:
    dialog.generate()
    body = sandbox.requests("/image/generate", count=1, timeout=60)[0]["json"]
    dialog.wait_until_done()
    return {name: value for name, value in body.items() if name in SIZE_FIELDS}


@pytest.fixture
def described(dialog: Dialog) -> Dialog:
    dialog.describe("a bridge")
    return dialog


def open_size(dialog: Dialog) -> None:
    dialog.row_button("Size").press()
    dialog.window.find(Role.RADIO_BUTTON, "Automatic")


def test_automatic_takes_the_shape_of_the_picture(described: Dialog, sandbox) -> None:
    described.choose_model("Venice SD35")
    width, height = (int(side) for side in described.shown_in("Size").removeprefix("Automatic · ").split(" × "))
    assert width / height == pytest.approx(1200 / 800, rel=0.03)
    assert sent_size(described, sandbox) == {"width": width, "height": height}


@pytest.mark.parametrize(("target", "size"), [((1280, 1280), "1280 × 1280"), ((300, 300), "1024 × 1024"), ((1920, 1080), "1280 × 720")])
def test_automatic_is_the_librarys_choice(described: Dialog, gimp, target, size) -> None:
    """A target that can be asked for is asked for as it is; a smaller one gets a megapixel, a larger one the longest side."""
    other = gimp.open_picture(*target)
    try:
        again = Dialog.open(gimp)
        wait_for(lambda: again.shown_in("Size") == f"Automatic · {size}", f"the size for {target}")
    finally:
        gimp.close_image(other)


def test_pixels(described: Dialog, sandbox) -> None:
    described.choose_model("Venice SD35")
    open_size(described)
    described.window.find(Role.SPIN_BUTTON, "Width in Pixels").value = 1000
    described.window.find(Role.SPIN_BUTTON, "Height in Pixels").value = 512
    assert described.window.find(Role.RADIO_BUTTON, "Custom…").is_checked, "whoever sets a size wants it"
    described.screenshot("size-pixel")
    assert described.shown_in("Size") in ("1008 × 512", "992 × 512"), "multiples of the model's 16"
    described.button("Swap Width and Height").press()
    width, height = (int(side) for side in described.shown_in("Size").split(" × "))
    assert (width, height) in ((512, 1008), (512, 992))
    assert sent_size(described, sandbox) == {"width": width, "height": height}


def test_ratio(described: Dialog, sandbox) -> None:
    described.choose_model("Qwen Image ·")
    assert described.shown_in("Size") == "Automatic · 3:2", "as the picture of 1200 × 800"
    open_size(described)
    assert described.window.maybe(Role.SPIN_BUTTON, "Width in Pixels") is None
    assert described.window.maybe(Role.RADIO_BUTTON, "1K") is None
    described.window.find(Role.RADIO_BUTTON, "21:9").press()
    described.screenshot("size-ratio")
    assert described.shown_in("Size") == "21:9"
    assert sent_size(described, sandbox) == {"aspect_ratio": "21:9"}


def test_tier_and_its_price(described: Dialog, sandbox) -> None:
    described.choose_model("Nano Banana Pro")
    wait_for(lambda: described.generate_button.name.startswith("Generate 1 · $0.18"), "the price of the default tier")
    open_size(described)
    described.window.find(Role.RADIO_BUTTON, "2K").press()
    wait_for(lambda: described.generate_button.name.startswith("Generate 1 · $0.23"), "the price of 2K")
    described.screenshot("size-tier")
    assert sent_size(described, sandbox) == {"aspect_ratio": "3:2", "resolution": "2K"}


def test_quality_tier_and_its_price(described: Dialog, sandbox) -> None:
    described.choose_model("GPT Image 2")
    open_size(described)
    described.window.find(Role.RADIO_BUTTON, "Low").press()
    described.screenshot("size-quality")
    described.set_images(2)
    wait_for(lambda: described.generate_button.name.startswith("Generate 2 · $0.04"), "the price of two of low quality")
    dialog_size = sent_size(described, sandbox)
    assert dialog_size == {"aspect_ratio": "3:2", "resolution": "1K", "quality": "low"}


def test_prices_are_rounded_up(described: Dialog) -> None:
    described.choose_model("Wan 2.7")
    assert described.shown_in("Model") == "Wan 2.7 · $0.04 · anonymized"
    described.set_images(3)
    wait_for(lambda: described.generate_button.name.startswith("Generate 3 · $0.12"), "3 × $0.0375")


def test_what_cannot_be_used_cannot_be_chosen(described: Dialog) -> None:
    described.open_list("Model").set_text("sandbox")
    offline = wait_for(lambda: described.window.starting_with(Role.LIST_ITEM, "Sandbox: offline"), "the offline model")
    assert not offline.is_sensitive
    assert "Offline at the moment" in offline.name
    described.window.find(Role.TEXT, "Search").set_text("background")
    wait_for(lambda: not any(item.name.startswith("Sandbox") for item in described.listed()), "the list is narrowed")
    assert not any(item.name.startswith("Background Remover") for item in described.listed())
