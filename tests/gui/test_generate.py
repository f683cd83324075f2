# SPDX-License-Identifier: MIT
"""The main job: describe, choose, generate, and find the layers in GIMP."""

from __future__ import annotations

from accessible import Role
from desktop import press_keys, type_text
from dialog import Dialog
from waiting import wait_for


def test_window_opens_with_the_prompt_focused_and_everything_named(dialog: Dialog) -> None:
    wait_for(lambda: dialog.prompt.has_focus, "the prompt has the focus")
    unnamed = [widget for widget in dialog.window.descendants()
               if widget.is_showing and not widget.name and widget.role in (
                   Role.PUSH_BUTTON, Role.TOGGLE_BUTTON, Role.RADIO_BUTTON, Role.COMBO_BOX, Role.TEXT, Role.SPIN_BUTTON, Role.PROGRESS_BAR)]
    assert [widget.role for widget in unnamed] == []


def test_nothing_is_sent_before_generate_is_pressed(dialog: Dialog, sandbox) -> None:
    dialog.describe("a red fox in the snow")
    dialog.set_images(3)
    wait_for(lambda: dialog.generate_button.name.startswith("Generate 3 · $0.03"), "the price of three images on the button")
    assert sandbox.requests("/image/generate") == []
    assert dialog.shown_in("Model") == "Z-Image Turbo · $0.01 · private"


def test_without_a_prompt_generate_says_what_is_missing(dialog: Dialog) -> None:
    wait_for(lambda: not dialog.generate_button.is_sensitive, "Generate is insensitive")
    assert dialog.generate_button.description == "Describe the picture first."


def test_images_become_layers_in_one_undo_step(dialog: Dialog, gimp, image, sandbox) -> None:
    dialog.describe("a red fox in the snow")
    dialog.set_images(3)
    dialog.seed.set_text("41")
    dialog.choose("Style", "Watercolor")
    dialog.generate()
    wait_for(lambda: len(gimp.layers(image)) == 4, "three new layers")
    dialog.wait_until_done()
    dialog.screenshot("after-a-run")

    names = gimp.layers(image)
    assert [name for name in names if "a red fox in the snow" in name] == names[:3]
    assert all(str(seed) in name for seed, name in zip((41, 42, 43), names))
    requests = [request["json"] for request in sandbox.requests("/image/generate", count=3)]
    assert sorted(request["seed"] for request in requests) == [41, 42, 43]
    assert {request["model"] for request in requests} == {"z-image-turbo"}
    assert {request["prompt"] for request in requests} == {"a red fox in the snow"}
    assert {request["style_preset"] for request in requests} == {"Watercolor"}
    # 3:2 as the picture, about a megapixel, multiples of the model's 8.
    assert {(request["width"], request["height"]) for request in requests} == {(1256, 840)} or \
        all(request["width"] % 8 == 0 and request["height"] % 8 == 0 for request in requests)
    width, height = gimp.layer_sizes(image)[0]
    assert width == 1200 and 800 <= height <= 804, "it covers the canvas, and no more than its shape makes necessary"
    assert dialog.newest_run_says("3 layers added")
    assert dialog.newest_run_says("3 of 3 done")

    entry = gimp.undo_entry()
    assert "Generate Layers" in entry.name
    entry.press()
    wait_for(lambda: len(gimp.layers(image)) == 1, "one step of Undo takes all three away")


def test_window_stays_open_and_generates_again(dialog: Dialog, gimp, image, sandbox) -> None:
    dialog.describe("harbour at dawn")
    for run in (1, 2):
        dialog.generate()
        wait_for(lambda: len(gimp.layers(image)) == 1 + run, f"the layer of run {run}")
        dialog.wait_until_done()
    assert dialog.is_open
    seeds = {request["json"]["seed"] for request in sandbox.requests("/image/generate", count=2)}
    assert len(seeds) == 2, "a new seed each time"
    assert dialog.window.starting_with(Role.LABEL, "Balance $")


def test_keyboard_alone(dialog: Dialog, gimp, image, sandbox) -> None:
    wait_for(lambda: dialog.prompt.has_focus, "the prompt has the focus")
    type_text("a lighthouse")
    wait_for(lambda: dialog.prompt.text == "a lighthouse", "the typed prompt")
    press_keys("Tab")
    wait_for(lambda: not dialog.prompt.has_focus, "Tab leaves the prompt")
    assert dialog.prompt.text == "a lighthouse"
    press_keys("ctrl+Return")
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
    assert sandbox.requests("/image/generate", count=1)[0]["json"]["prompt"] == "a lighthouse"
    press_keys("ctrl+w")
    wait_for(lambda: not dialog.is_open, "Ctrl+W closes the window")


def test_second_press_at_once_is_ignored(dialog: Dialog, gimp, image, sandbox) -> None:
    dialog.describe("twice")
    wait_for(lambda: dialog.prompt.has_focus, "the prompt has the focus")
    wait_for(lambda: dialog.generate_button.is_sensitive, "Generate")
    press_keys("ctrl+Return", "ctrl+Return")
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
    dialog.wait_until_done()
    assert len(sandbox.requests("/image/generate", count=1)) == 1


def test_negative_prompt_is_sent(dialog: Dialog, gimp, image, sandbox) -> None:
    dialog.describe("a garden")
    dialog.window.find(Role.TOGGLE_BUTTON, "Negative Prompt").press()
    dialog.window.find(Role.TEXT, "Negative Prompt Text").set_text("people")
    dialog.generate()
    assert sandbox.requests("/image/generate", count=1, timeout=60)[0]["json"]["negative_prompt"] == "people"
    dialog.wait_until_done()


def test_new_image(gimp, sandbox, image) -> None:
    before = set(gimp.images())
    dialog = Dialog.open_for_new_image(gimp)
    try:
        dialog.wait_for_models()
        dialog.describe("a new beginning")
        dialog.set_images(2)
        dialog.generate()
        created = wait_for(lambda: gimp.new_image_with("a new beginning", before), "a new image")
        dialog.wait_until_done()
        assert len(gimp.layers(created)) == 2
        assert len(gimp.layers(image)) == 1
        wait_for(lambda: dialog.newest_run_says("2 layers in a new image"), "what became of it")
    finally:
        dialog.close()
