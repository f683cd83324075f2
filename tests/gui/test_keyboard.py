# SPDX-License-Identifier: MIT
"""Everything by keyboard alone, and what is said to people who do not see the window."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from accessible import Announcements, Role, Widget, applications_named
from desktop import press_keys, type_text
from dialog import APPLICATION, Dialog
from gimp_gui import Gimp, locale_environment
from results_strip import close_picture, focused_window, tiles, wait_for_tiles
from waiting import wait_for

LONG = 600.0  # seconds; no test waits for it


@pytest.fixture
def focused(dialog: Dialog) -> Dialog:
    wait_for(lambda: dialog.prompt.has_focus and focused_window() == dialog.title, "the prompt has the focus")
    return dialog


def wait_until_running(dialog: Dialog) -> None:
    wait_for(lambda: dialog.newest_run_says("Waiting 0:"), "a run that waits for its image")


def test_control_enter_generates(focused: Dialog, gimp, image, sandbox) -> None:
    type_text("a red fox")
    wait_for(lambda: focused.generate_button.is_sensitive, "Generate can be pressed")
    press_keys("ctrl+Return")
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
    assert sandbox.requests("/image/generate")[0]["json"]["prompt"] == "a red fox", "without a new line"
    assert focused.prompt.has_focus, "the focus did not move when the image came"


def test_tab_leaves_the_prompt(focused: Dialog) -> None:
    press_keys("Tab")
    wait_for(lambda: not focused.prompt.has_focus, "the focus goes on")
    press_keys("shift+Tab")
    wait_for(lambda: focused.prompt.has_focus, "and back")
    assert focused.prompt.text == ""


def test_help_and_escape(focused: Dialog) -> None:
    press_keys("F1")
    wait_for(lambda: any("Ctrl+W" in text for text in focused.window.texts()), "the help")
    focused.screenshot("help")
    press_keys("Escape")
    wait_for(lambda: not any("Ctrl+W" in text for text in focused.window.texts()), "the help is closed")
    assert focused.is_open
    assert focused_window() == focused.title, "the first Escape only closed the help"
    press_keys("Escape")
    wait_for(lambda: " GIMP" in focused_window(), "the second one goes back to the image")
    assert focused.is_open


def test_images_of_a_run(focused: Dialog, gimp, image, sandbox) -> None:
    focused.describe("mountains by a lake")
    focused.seed.set_text("7")
    focused.set_images(2)
    focused.generate()
    wait_for_tiles(focused, "1 of 2, done, inserted", "2 of 2, done, inserted")
    tiles(focused.runs[0])[0].focus()
    wait_for(lambda: tiles(focused.runs[0])[0].has_focus, "the first image has the focus")
    press_keys("Right")
    wait_for(lambda: tiles(focused.runs[0])[1].has_focus, "the arrow goes to the second")
    press_keys("Left")
    wait_for(lambda: tiles(focused.runs[0])[0].has_focus, "and back")
    press_keys("Right")
    wait_for(lambda: tiles(focused.runs[0])[1].has_focus, "the second one again")
    press_keys("space")
    close_picture("mountains by a lake (seed 8)")
    wait_for(lambda: focused_window() == focused.title and tiles(focused.runs[0])[1].has_focus, "back where it was")
    press_keys("Return")
    wait_for(lambda: len(gimp.layers(image)) == 4, "Enter inserts again")
    assert len(sandbox.requests("/image/generate")) == 2, "that is free"
    press_keys("Delete")
    wait_for_tiles(focused, "1 of 2, done, inserted", "2 of 2, discarded")
    focused.button("Undo").press()
    wait_for_tiles(focused, "1 of 2, done, inserted", "2 of 2, done, inserted")


def test_control_w_closes(focused: Dialog) -> None:
    press_keys("ctrl+w")
    wait_for(lambda: not focused.is_open, "the window is closed")


def test_control_w_asks_while_images_are_being_made(focused: Dialog, sandbox) -> None:
    sandbox.next(delay=LONG)
    focused.describe("something slow")
    press_keys("ctrl+Return")
    wait_until_running(focused)
    press_keys("ctrl+w")
    focused.wait_for_notice("Images are still being made.")
    assert focused.is_open and focused.is_running
    press_keys("Escape")
    assert focused.is_open and focused.is_running, "Escape is no answer"


def test_completion_is_announced_and_seconds_are_not(focused: Dialog, gimp, image, sandbox) -> None:
    def waits_for_seconds() -> bool:
        return any(re.search(r"Waiting 0:(0[2-9]|[1-9])", text) for text in focused.runs[0].texts())

    with Announcements() as announced:
        sandbox.next(delay=LONG)
        focused.describe("a lake")
        focused.generate()
        wait_for(waits_for_seconds, "seconds go by")
        assert announced.texts == []
        focused.cancel()
        wait_for(lambda: "Cancelled; 1 image may still be charged." in announced.texts, "the end is announced")
        focused.generate()
        wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
        wait_for(lambda: "1 layer added" in announced.texts, "that, too")
        assert not any(re.search(r"\d:\d\d", text) for text in announced.texts), announced.texts


def test_errors_are_announced(focused: Dialog, sandbox) -> None:
    with Announcements() as announced:
        sandbox.next(status=402, json={"error": "Insufficient balance"})
        focused.describe("dear")
        focused.generate()
        wait_for(lambda: "The balance, or the limit of this key, is used up. Nothing was charged." in announced.texts, "the error is announced")


def assert_mnemonics_are_unique(window: Widget) -> None:
    used = [(widget.mnemonic, widget.name) for widget in window.descendants() if widget.is_showing and widget.mnemonic]
    counts = Counter(mnemonic for mnemonic, _ in used)
    assert len(used) > 8, used
    assert [entry for entry in used if counts[entry[0]] > 1] == []


def test_mnemonics_are_unique_with_any_notice(focused: Dialog, sandbox) -> None:
    sandbox.next(status=500, json={"error": "Inference processing failed"})
    focused.describe("fails")
    focused.generate()
    focused.wait_for_notice("Venice could not make the image.")
    assert_mnemonics_are_unique(focused.window)
    sandbox.next(delay=LONG)
    focused.generate()
    wait_until_running(focused)
    press_keys("ctrl+w")
    focused.wait_for_notice("Images are still being made.")
    assert_mnemonics_are_unique(focused.window)


@pytest.mark.parametrize(("locale", "item", "title", "button"), [
    ("ar_EG", "توليد طبقات…", "توليد طبقات", "فهمت"),
    ("de_DE", "Ebenen erzeugen …", "Ebenen erzeugen", "Verstanden"),
])
def test_mnemonics_in_another_language(desktop, sandbox, tmp_path: Path, locale: str, item: str, title: str, button: str) -> None:
    with Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key, environment=locale_environment(locale, tmp_path)) as gimp:
        gimp.open_picture()
        gimp.venice_menu_item(item).press()
        window = wait_for(lambda: next((window for application in applications_named(APPLICATION) for window in application.children()
                                        if window.name == title), None), f"window “{title}”")
        assert window.find(Role.PUSH_BUTTON, button).mnemonic
        assert_mnemonics_are_unique(window)
