# SPDX-License-Identifier: MIT
"""☰ ▸ Settings: each does what it says."""

from __future__ import annotations

import json

import pytest
from accessible import Role, Widget
from desktop import press_keys
from dialog import Dialog
from results_strip import earlier_runs, tile_names, wait_for_tiles
from waiting import wait_for


@pytest.fixture
def described(dialog: Dialog) -> Dialog:
    dialog.describe("a walled garden")
    return dialog


def close_settings(dialog: Dialog) -> None:
    dialog.window.find(Role.CHECK_BOX, "Review before inserting").focus()
    press_keys("Escape")
    wait_for(lambda: not dialog.window.maybe(Role.CHECK_BOX, "Review before inserting"), "the settings are closed")


def tick(dialog: Dialog, label: str) -> None:
    dialog.menu("Settings…")
    box: Widget = dialog.window.find(Role.CHECK_BOX, label)
    before = box.is_checked
    box.press()
    wait_for(lambda: box.is_checked != before, label)
    close_settings(dialog)


def group_layers(dialog: Dialog, how: str) -> None:
    dialog.menu("Settings…")
    groups = dialog.window.find(Role.COMBO_BOX, "Group Layers")
    groups.choose(how)
    wait_for(lambda: groups.chosen == how, how)
    close_settings(dialog)


def top_layers(gimp, image: int) -> list[list[object]]:
    """Name of each layer of the image itself, and whether it is a group."""
    return gimp.ask(f"[(layer.get_name(), layer.is_group()) for layer in Gimp.Image.get_by_id({image}).get_layers()]")


def test_ask_always(described: Dialog, gimp, image, sandbox) -> None:
    described.menu("Settings…")
    price = described.window.find(Role.SPIN_BUTTON, "Ask Above a Price in US Dollars")
    price.value = 0
    wait_for(lambda: price.value == 0, "the price")
    described.screenshot("settings")
    close_settings(described)
    described.generate_button.press()
    described.wait_for_notice("1 image costs $0.01.")
    described.notice_button("Do Not Generate").press()
    wait_for(lambda: not described.notice, "the question is gone")
    assert sandbox.requests("/image/generate") == []
    wait_for(lambda: described.generate_button.is_sensitive, "Generate")
    described.generate()
    described.wait_for_notice("1 image costs $0.01.")
    described.notice_button("Generate 1 · $0.01").press()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
    assert len(sandbox.requests("/image/generate", count=1)) == 1


def test_review_before_inserting(described: Dialog, gimp, image, sandbox) -> None:
    tick(described, "Review before inserting")
    described.set_images(2)
    described.generate()
    wait_for(lambda: described.newest_run_says("2 ready"), "the images wait, although the window has the focus")
    assert tile_names(described.runs[0]) == ["1 of 2, done", "2 of 2, done"]
    assert len(gimp.layers(image)) == 1
    described.button("Insert Now").press()
    wait_for(lambda: len(gimp.layers(image)) == 3, "the layers")


def test_group_never_and_always(described: Dialog, gimp, image, sandbox) -> None:
    group_layers(described, "Never")
    described.set_images(2)
    described.generate()
    wait_for(lambda: len(top_layers(gimp, image)) == 3, "two layers")
    assert not any(is_group for _, is_group in top_layers(gimp, image))
    described.wait_until_done()
    group_layers(described, "Always")
    described.set_images(1)
    described.generate()
    wait_for(lambda: len(top_layers(gimp, image)) == 4, "the group")
    assert top_layers(gimp, image)[0] == ["a walled garden", True], "a single image, too"


def test_prompts_and_settings_are_kept_on_layers_unless_the_user_says_no(described: Dialog, gimp, image, sandbox) -> None:
    parasites = (f"[layer.get_parasite_list() for top in Gimp.Image.get_by_id({image}).get_layers()"
                 " for layer in (top.get_children() if top.is_group() else [top])]")
    described.generate()
    wait_for(lambda: len(gimp.layers(image)) == 2, "a layer")
    described.wait_until_done()
    assert "a walled garden" in gimp.layers(image)[0] and gimp.ask(parasites)[0]
    tick(described, "Keep prompts and settings on layers")
    described.set_images(2)
    described.generate()
    wait_for(lambda: len(gimp.layers(image)) == 4, "two layers more")
    told = [name for name in gimp.layers(image) if "a walled garden" in name]
    assert len(told) == 1, "the one from before"
    assert [name for name, is_group in top_layers(gimp, image) if is_group] == ["Z-Image Turbo"]
    assert [bool(names) for names in gimp.ask(parasites)].count(True) == 1


def test_clear_history_and_prompts(described: Dialog, gimp, image, sandbox) -> None:
    described.generate()
    wait_for_tiles(described, "1 of 1, done, inserted")
    described.menu("Settings…")
    described.button("Clear History").press()
    wait_for(lambda: "The history is empty." in described.window.texts(), "it says so")
    described.button("Clear Prompts").press()
    wait_for(lambda: "No earlier prompts are kept." in described.window.texts(), "it says so")
    close_settings(described)
    wait_for(lambda: described.run_count == 0, "the strip is empty")
    described.window.find(Role.LABEL, "What you generate shows up here")
    described.window.find(Role.TOGGLE_BUTTON, "Earlier Prompts").press()
    described.window.find(Role.TEXT, "Search")
    assert described.listed() == []
    press_keys("Escape")
    described.close()
    again = Dialog.open(gimp)
    try:
        again.wait_for_models()
        again.window.find(Role.LABEL, "What you generate shows up here")
        assert earlier_runs(again) == []
        assert len(gimp.layers(image)) == 2, "the layer stays"
    finally:
        again.close()


def kept_runs(gimp) -> list[str]:
    """Their prompts, the earliest first."""
    runs = gimp.profile / "venice-gimp" / "runs"
    return [json.loads((run / "run.json").read_text())["settings"]["prompt"] for run in sorted(runs.iterdir())]


@pytest.mark.parametrize(("limits", "kept", "kept_after_closing"), [
    ({"history_runs": 2}, ["second", "third"], ["second", "third"]),
    ({"history_bytes": 1}, ["third"], []),
], ids=["runs", "bytes"])
def test_history_has_a_limit(gimp, sandbox, image, limits, kept, kept_after_closing) -> None:
    """The oldest go, from the strip and from the disk."""
    Dialog.forget_everything(gimp)
    memory = gimp.profile / "venice-gimp" / "dialog.json"
    memory.parent.mkdir(mode=0o700)
    memory.write_text(json.dumps({"preferences": limits, "shown_once": ["prompt-alone"]}))
    dialog = Dialog.open(gimp)
    try:
        dialog.wait_for_models()
        for number, prompt in enumerate(("first", "second", "third"), start=1):
            dialog.describe(prompt)
            dialog.generate()
            wait_for_tiles(dialog, "1 of 1, done, inserted")
            wait_for(lambda count=number: len(gimp.layers(image)) == 1 + count, "the layer")
        wait_for(lambda: kept_runs(gimp) == kept, f"{kept} are left of the files")
        dialog.close()
        dialog = Dialog.open(gimp)
        dialog.wait_for_models()
        names = [f"Earlier run: {prompt}" for prompt in reversed(kept_after_closing)]
        wait_for(lambda: [run.name for run in earlier_runs(dialog)] == names, f"{names} are shown")
        wait_for(lambda: kept_runs(gimp) == kept_after_closing, "and no other is on the disk")
        assert len(gimp.layers(image)) == 4, "the layers stay"
    finally:
        dialog.close()
        Dialog.forget_everything(gimp)


def test_history_keeps_what_was_paid_and_not_inserted(described: Dialog, gimp, image, sandbox) -> None:
    tick(described, "Review before inserting")
    described.generate()
    wait_for(lambda: described.newest_run_says("1 ready"), "the image waits")
    described.menu("Settings…")
    described.button("Clear History").press()
    wait_for(lambda: "The history is empty." in described.window.texts(), "it says so")
    close_settings(described)
    assert described.newest_run_says("1 ready")
    described.button("Insert Now").press()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
