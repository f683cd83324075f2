# SPDX-License-Identifier: MIT
"""The five flows that are done all day, with their clicks counted."""

from __future__ import annotations

from accessible import Role
from clicks import Clicks
from desktop import press_keys, type_text
from dialog import TITLE, Dialog
from results_strip import activate, earlier_runs, select, work_in_gimp
from waiting import wait_for


def type_prompt(dialog: Dialog, text: str) -> None:
    """By the keyboard, over what is there: the prompt has the focus by itself."""
    wait_for(lambda: dialog.prompt.has_focus, "the prompt has the focus")
    press_keys("ctrl+a")
    type_text(text)
    wait_for(lambda: dialog.prompt.text == text, "the typed prompt")


def test_new_picture_in_three(gimp, sandbox, image) -> None:
    Dialog.forget_everything(gimp)
    before = set(gimp.images())
    clicks = Clicks()
    clicks.note("the menu File")
    clicks.press(gimp.menu_item("File", "Create", "Venice Image…"))
    dialog = Dialog(gimp, wait_for(lambda: next(iter(Dialog.windows()), None), "the window"), TITLE)
    try:
        dialog.wait_for_models()
        type_prompt(dialog, "a new beginning")
        wait_for(lambda: dialog.generate_button.is_sensitive, "Generate")
        clicks.keys("ctrl+Return")
        wait_for(lambda: gimp.new_image_with("a new beginning", before), "a new image")
        assert clicks.count == 3
    finally:
        dialog.close()


def test_fill_the_selection_in_one(dialog: Dialog, gimp, sandbox, image) -> None:
    work_in_gimp()
    gimp.ask(f"Gimp.Image.get_by_id({image}).select_rectangle(Gimp.ChannelOps.REPLACE, 100, 200, 300, 150)")
    activate(TITLE)
    wait_for(lambda: dialog.window.find(Role.RADIO_BUTTON, "Into the Selection").is_checked, "the selection is the target")
    clicks = Clicks()
    type_prompt(dialog, "a rowing boat")
    wait_for(lambda: dialog.generate_button.is_sensitive, "Generate")
    clicks.keys("ctrl+Return")
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
    width, height = gimp.layer_sizes(image)[0]
    x, y = gimp.ask(f"list(Gimp.Image.get_by_id({image}).get_layers()[0].get_offsets())[1:]")
    assert x <= 100 and y <= 200 and x + width >= 400 and y + height >= 350, "it covers the selection"
    assert width <= 320 and height <= 170, "and not much more"
    assert clicks.count == 1


def test_yesterdays_look_in_three(dialog: Dialog, gimp, sandbox, image) -> None:
    dialog.describe("a fox in the snow")
    dialog.choose_model("Venice SD35")
    dialog.choose("Style", "Watercolor")
    dialog.generate()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer of yesterday")
    dialog.wait_until_done()
    dialog.choose_model("Z-Image Turbo")
    dialog.choose("Style", "None")
    dialog.close()
    today = Dialog.open(gimp)
    try:
        today.wait_for_models()
        yesterday = wait_for(lambda: [run for run in earlier_runs(today) if "a fox in the snow" in run.name], "the run of yesterday")[0]
        clicks = Clicks()
        select(yesterday, 1)
        clicks.note("the image")
        clicks.press(today.button("Reuse Look"))
        type_prompt(today, "a heron in the reeds")
        wait_for(lambda: today.generate_button.is_sensitive, "Generate")
        clicks.press(today.generate_button)
        wait_for(lambda: len(gimp.layers(image)) == 3, "the layer of today")
        assert clicks.count == 3
        first, second = (entry["json"] for entry in sandbox.requests("/image/generate", count=2))
        assert (second["model"], second["style_preset"]) == ("venice-sd35", "Watercolor") == (first["model"], first["style_preset"])
        assert second["prompt"] == "a heron in the reeds" and second["seed"] != first["seed"]
    finally:
        today.close()


def test_wrong_key_in_two(dialog: Dialog, gimp, sandbox, image) -> None:
    dialog.describe("a lighthouse")
    dialog.set_images(2)
    dialog.menu("Account…")
    dialog.button("Enter Key…").press()
    dialog.window.find(Role.PASSWORD_TEXT, "API Key").set_text("a-wrong-key")
    dialog.button("Save API Key").press()
    dialog.generate()
    dialog.wait_for_notice("Venice did not accept the API key. Nothing was charged.")
    wrong = {entry["json"]["seed"] for entry in sandbox.requests("/image/generate", count=2)}
    clicks = Clicks()
    clicks.press(dialog.notice_button("Change Key…"))
    dialog.window.find(Role.PASSWORD_TEXT, "API Key").set_text(sandbox.key)
    dialog.screenshot("change-key")
    clicks.press(dialog.button("Save and Try Again · $0.02"))
    wait_for(lambda: len(gimp.layers(image)) == 3, "with the right key it goes on by itself")
    assert clicks.count == 2
    assert {entry["json"]["seed"] for entry in sandbox.requests("/image/generate", count=4)[2:]} == wrong, "the same images"
    wait_for(lambda: not dialog.notice, "nothing is left to say")


def test_changing_the_key_otherwise_sends_nothing(dialog: Dialog, sandbox, image) -> None:
    """After a wrong key whose remedy was given up, and from the menu."""
    dialog.describe("a lighthouse")
    sandbox.next(status=401, json={"error": "Authentication failed"})
    dialog.generate()
    dialog.wait_for_notice("Venice did not accept the API key. Nothing was charged.")
    dialog.notice_button("Change Key…").press()
    dialog.button("Save and Try Again · $0.01")
    dialog.button("Close API Key Entry").press()
    dialog.menu("Account…")
    dialog.button("Enter Key…").press()
    dialog.window.find(Role.PASSWORD_TEXT, "API Key").set_text(sandbox.key)
    dialog.button("Save API Key").press()
    wait_for(lambda: not dialog.window.maybe(Role.PASSWORD_TEXT, "API Key"), "the key is taken")
    dialog.generate()
    dialog.wait_until_done()
    assert len(sandbox.requests("/image/generate", count=2)) == 2, "the refused one and the one that was asked for"


def test_too_many_requests_in_none(dialog: Dialog, gimp, sandbox, image) -> None:
    dialog.describe("a lighthouse")
    sandbox.next(status=429, headers={"Retry-After": "3"}, json={"error": "Rate limit exceeded"})
    dialog.generate()
    wait_for(lambda: len(gimp.layers(image)) == 2, "it is tried again by itself")
    first, second = sandbox.requests("/image/generate", count=2)
    assert (first["status"], second["status"]) == (429, 200) and first["json"] == second["json"]
    assert not dialog.notice


def test_no_network_in_one(dialog: Dialog, gimp, sandbox, image) -> None:
    dialog.describe("a lighthouse")
    sandbox.stop()
    try:
        dialog.generate()
        dialog.wait_for_notice("Venice cannot be reached. Nothing was sent or charged.")
    finally:
        sandbox.start()
    clicks = Clicks()
    clicks.press(dialog.notice_button("Try Again"))
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
    assert clicks.count == 1


def test_from_a_layer_back_to_its_making(dialog: Dialog, gimp, sandbox, image, tmp_path) -> None:
    """Also after the picture was saved and opened again."""
    dialog.describe("a stone bridge")
    dialog.choose_model("Venice SD35")
    dialog.choose("Style", "Watercolor")
    dialog.seed.set_text("4711")
    dialog.generate()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
    dialog.wait_until_done()
    dialog.menu("Presets…")
    dialog.button("Reset to Defaults").press()
    wait_for(lambda: dialog.prompt.text == "", "the defaults")
    opened = gimp.save_and_open(image, tmp_path / "picture.xcf")
    try:
        gimp.menu_item("Filters", "Venice", "Reuse Settings of This Layer…").press()
        wait_for(lambda: dialog.prompt.text == "a stone bridge", "the form is filled")
        assert dialog.seed.text == "4711"
        assert dialog.shown_in("Model").startswith("Venice SD35") and dialog.shown_in("Style") == "Watercolor"
        activate(TITLE)
        dialog.generate()
        wait_for(lambda: len(gimp.layers(opened)) == 3, "the layer, in the picture that was opened")
        first, second = (entry["json"] for entry in sandbox.requests("/image/generate", count=2))
        assert first == second, "the same request"
    finally:
        gimp.close_image(opened)


def test_repeat_filter_opens_the_window_and_spends_nothing(dialog: Dialog, gimp, sandbox, image) -> None:
    dialog.describe("again and again")
    dialog.close()
    gimp.menu_item("Filters", "Repeat").press()
    again = Dialog(gimp, wait_for(lambda: next(iter(Dialog.windows()), None), "the window"), TITLE)
    try:
        again.wait_for_models()
        assert again.prompt.text == "again and again"
        wait_for(lambda: again.generate_button.has_focus, "Generate has the focus")
        assert sandbox.requests("/image/generate") == []
    finally:
        again.close()
