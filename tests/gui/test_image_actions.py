# SPDX-License-Identifier: MIT
"""What can be done with an image of the strip. (Enlarge, Keep Only This, Show Its Layer Alone, More Like This, Details and Discard: test_results.py.)"""

from __future__ import annotations

from pathlib import Path

import pytest
from accessible import Role, Widget, applications_named
from desktop import clipboard
from dialog import APPLICATION, Dialog
from results_strip import activate, choose, close_picture, save_window, select, tile_names, wait_for_tiles, window_titles
from waiting import wait_for

@pytest.fixture
def made(dialog: Dialog) -> Dialog:
    """With one image, which is selected."""
    dialog.describe("terraces above the sea")
    dialog.choose_model("Venice SD35")
    dialog.choose("Style", "Watercolor")
    dialog.seed.set_text("12")
    dialog.generate()
    wait_for_tiles(dialog, "1 of 1, done, inserted")
    select(dialog.runs[0], 1)
    return dialog


def reset(dialog: Dialog) -> None:
    dialog.menu("Presets…")
    dialog.button("Reset to Defaults").press()
    wait_for(lambda: dialog.prompt.text == "" and dialog.shown_in("Style") == "None", "the defaults")


def test_reuse_all(made: Dialog, gimp, image, sandbox) -> None:
    reset(made)
    select(made.runs[0], 1)
    choose(made, "Reuse All")
    wait_for(lambda: made.prompt.text == "terraces above the sea", "the prompt")
    assert made.seed.text == "12"
    assert made.shown_in("Model").startswith("Venice SD35") and made.shown_in("Style") == "Watercolor"
    wait_for(lambda: made.prompt.has_focus, "the prompt has the focus")
    made.generate()
    wait_for(lambda: len(gimp.layers(image)) == 3, "the same image again")
    first, second = (entry["json"] for entry in sandbox.requests("/image/generate", count=2))
    assert first == second


def test_reuse_look_from_the_menu_leaves_prompt_and_seed(made: Dialog, sandbox) -> None:
    reset(made)
    made.describe("a heron")
    select(made.runs[0], 1)
    choose(made, "Reuse Look")
    wait_for(lambda: made.shown_in("Style") == "Watercolor", "the look")
    assert made.prompt.text == "a heron" and made.seed.text == "New Each Time"
    assert made.shown_in("Model").startswith("Venice SD35")


def test_copy_prompt_and_seed(made: Dialog) -> None:
    choose(made, "Copy Prompt")
    wait_for(lambda: clipboard() == "terraces above the sea", "the prompt in the clipboard")
    choose(made, "Copy Seed")
    wait_for(lambda: clipboard() == "12", "the seed in the clipboard")


def test_enlarge_and_insert_again(made: Dialog, gimp, image, sandbox) -> None:
    choose(made, "Enlarge")
    close_picture("terraces above the sea (seed 12)")
    activate(made.title)
    choose(made, "Insert Again (Free)")
    wait_for(lambda: len(gimp.layers(image)) == 3, "the layer again")
    assert len(sandbox.requests("/image/generate")) == 1


def save_as(made: Dialog, path: str) -> None:
    choose(made, "Save to a File…")
    chooser = wait_for(save_window, "the window that asks where")
    name = wait_for(lambda: next((entry for entry in chooser.all(Role.TEXT) if "terraces above the sea" in entry.text), None), "the proposed name")
    name.set_text(path)
    wait_for(lambda: name.text == path, "the path")
    chooser.find(Role.PUSH_BUTTON, "Save").press()
    wait_for(lambda: save_window() is None, "the question is gone")


def test_save_to_a_file_while_the_window_goes_on(made: Dialog, gimp, image, sandbox, tmp_path: Path) -> None:
    from PIL import Image

    choose(made, "Save to a File…")
    chooser = wait_for(save_window, "the window that asks where")
    name = wait_for(lambda: next((entry for entry in chooser.all(Role.TEXT) if "terraces above the sea" in entry.text), None), "the proposed name")
    proposed = Path(name.text)
    made.generate()
    wait_for(lambda: made.run_count == 2 and tile_names(made.runs[0])[0].startswith("1 of 1, done"), "another image comes meanwhile")
    target = tmp_path / f"saved{proposed.suffix}"
    name.set_text(str(target))
    wait_for(lambda: name.text == str(target), "the path")
    chooser.find(Role.PUSH_BUTTON, "Save").press()
    wait_for(lambda: save_window() is None, "the question is gone")
    wait_for(target.exists, "the file")
    request = sandbox.requests("/image/generate", count=2)[0]["json"]
    with Image.open(target) as saved:
        saved.load()
        assert saved.size == (request["width"], request["height"])
        assert f".{(saved.format or '').lower()}".replace("jpeg", "jpg") == proposed.suffix


def test_a_file_that_is_there_is_replaced_only_when_the_user_says_so(made: Dialog, tmp_path: Path) -> None:
    target = tmp_path / "there.png"
    target.write_text("a picture of somebody else")
    save_as(made, str(target))
    made.wait_for_notice("“there.png” exists already.")
    made.screenshot("file-exists")
    assert target.read_text() == "a picture of somebody else"
    made.notice_button("Replace").press()
    wait_for(lambda: target.read_bytes()[:4] in (b"\x89PNG", b"RIFF", b"\xff\xd8\xff\xe0"), "the image in its place")
    assert not made.notice
    assert "Replace" not in [button.name for button in made.runs[0].all(Role.PUSH_BUTTON)], "what was asked is over"


def test_window_can_be_closed_while_it_asks_where_to_save(made: Dialog) -> None:
    choose(made, "Save to a File…")
    wait_for(save_window, "the window that asks where")
    made.ask_to_close()
    wait_for(lambda: not applications_named(APPLICATION), "the plug-in has ended")
    assert window_titles() == []


def test_a_file_that_cannot_be_written_is_told(made: Dialog) -> None:
    save_as(made, "/proc/cannot-be-written.png")
    made.wait_for_notice("The image could not be saved.")
    assert tile_names(made.runs[0]) == ["1 of 1, done, inserted"]
