# SPDX-License-Identifier: MIT
"""The plug-in's window, in the words of its user."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from accessible import Role, Widget, applications_named
from desktop import close_window, screenshot, window_id
from gimp_gui import SCREENSHOTS, Gimp
from waiting import wait_for

APPLICATION = "venice-gimp"
TITLE = "Generate Layers"


class Dialog:
    def __init__(self, gimp: Gimp, window: Widget, title: str) -> None:
        self.gimp, self.window, self.title = gimp, window, title

    @classmethod
    def open(cls, gimp: Gimp) -> Dialog:
        return cls._open(gimp, ("Filters", "Venice", "Generate Layers…"))

    @classmethod
    def open_for_new_image(cls, gimp: Gimp) -> Dialog:
        return cls._open(gimp, ("File", "Create", "Venice Image…"))

    @classmethod
    def _open(cls, gimp: Gimp, menu: tuple[str, ...]) -> Dialog:
        gimp.menu_item(*menu).press()
        mine = wait_for(lambda: next((window for window in cls.windows() if gimp.has_started(window.process_id)), None), f"window “{TITLE}”")
        return cls(gimp, mine, TITLE)

    @staticmethod
    def windows() -> list[Widget]:
        return [window for application in applications_named(APPLICATION) for window in application.children() if window.name == TITLE]

    @staticmethod
    def forget_everything(gimp: Gimp) -> None:
        """What the window remembers from the last time."""
        shutil.rmtree(gimp.profile / "venice-gimp", ignore_errors=True)

    # --- the rows

    @property
    def prompt(self) -> Widget:
        return self.window.find(Role.TEXT, "Prompt")

    @property
    def image(self) -> Widget:
        return self.window.find(Role.COMBO_BOX, "Image")

    def row_button(self, row: str) -> Widget:
        """The button of a row that opens a list or a choice, such as “Model”."""
        return wait_for(lambda: self.window.starting_with(Role.TOGGLE_BUTTON, row + ": "), f"the button of the row {row}")

    def shown_in(self, row: str) -> str:
        return self.row_button(row).name.removeprefix(row + ": ")

    def open_list(self, row: str) -> Widget:
        """Opens the list behind a row and returns its search entry."""
        self.row_button(row).press()
        return self.window.find(Role.TEXT, "Search")

    def listed(self) -> list[Widget]:
        return self.window.all(Role.LIST_ITEM)

    def choose(self, row: str, words: str) -> None:
        """As by typing words into the list behind the row, and Enter."""
        search = self.open_list(row)
        search.set_text(words)
        search.press()
        wait_for(lambda: not self.window.maybe(Role.TEXT, "Search"), "the list is closed")

    @property
    def seed(self) -> Widget:
        return self.window.find(Role.TEXT, "Seed")

    def wait_for_models(self) -> None:
        wait_for(lambda: self.window.starting_with(Role.TOGGLE_BUTTON, "Model: "), "the list of models")

    def choose_model(self, name: str) -> None:
        self.wait_for_models()
        self.choose("Model", name)
        wait_for(lambda: self.shown_in("Model").startswith(name.removesuffix(" ·")), f"the model {name}")

    def set_images(self, count: int) -> None:
        name = ("One Image", "Two Images", "Three Images", "Four Images")[count - 1]
        button = self.window.find(Role.RADIO_BUTTON, name)
        if not button.is_checked:
            button.press()
        wait_for(lambda: button.is_checked, name)

    def describe(self, prompt: str) -> None:
        self.prompt.set_text(prompt)
        wait_for(lambda: self.prompt.text == prompt, "the prompt")

    # --- generating

    @property
    def generate_button(self) -> Widget:
        return wait_for(lambda: self.window.starting_with(Role.PUSH_BUTTON, "Generate "), "the button Generate")

    def generate(self) -> None:
        self.wait_for_models()
        before = self.run_count
        self.generate_button.press()
        wait_for(lambda: self.run_count > before or self.notice, "a run or a notice")

    @property
    def runs(self) -> list[Widget]:
        """The rows of the list of results, the newest first."""
        rows = [widget for widget in self.window.descendants() if re.fullmatch(r"Run \d+", widget.name)]
        return sorted(rows, key=lambda row: -int(row.name.split()[1]))

    @property
    def run_count(self) -> int:
        return len(self.runs)

    def newest_run_says(self, text: str) -> bool:
        return bool(self.runs) and any(text in label for label in self.runs[0].texts())

    @property
    def is_running(self) -> bool:
        return bool(self.window.all(Role.PROGRESS_BAR))

    def wait_until_done(self) -> None:
        wait_for(lambda: self.run_count > 0 and not self.is_running, "the end of the run")

    def cancel(self) -> None:
        number = self.runs[0].name.split()[1]
        self.window.find(Role.PUSH_BUTTON, f"Cancel Run {number}").press()

    # --- notices

    @property
    def notice(self) -> str:
        """All text of the notice; empty if there is none."""
        notices = [widget for widget in self.window.descendants() if widget.role == Role.ALERT and widget.is_showing]
        return " ".join(text for notice in notices for text in notice.texts())

    def wait_for_notice(self, text: str) -> None:
        try:
            wait_for(lambda: text in self.notice, f"notice “{text}”")
        except AssertionError as error:
            raise AssertionError(f"{error}; there is: {self.notice!r}\n{self.window.tree()}") from None

    def notice_button(self, name: str) -> Widget:
        alert = wait_for(lambda: next((widget for widget in self.window.descendants() if widget.role == Role.ALERT and widget.is_showing), None),
                         "a notice")
        return alert.find(Role.PUSH_BUTTON, name)

    def menu(self, item: str) -> None:
        self.window.find(Role.TOGGLE_BUTTON, "Menu").press()
        self.window.find(Role.MENU_ITEM, item).press()

    def button(self, name: str) -> Widget:
        return self.window.find(Role.PUSH_BUTTON, name)

    # --- the window

    @property
    def is_open(self) -> bool:
        return any(window.process_id == self.window.process_id for window in self.windows())

    def ask_to_close(self) -> None:
        close_window(self.title, self.window.process_id)

    def close(self) -> None:
        """As a window manager does it, or by the button that confirms it."""
        if not self.is_open:
            return
        self.ask_to_close()
        if wait_for(lambda: not self.is_open or self.window.maybe(Role.PUSH_BUTTON, "Close Anyway"), "the window closes or asks") is not True:
            self.window.find(Role.PUSH_BUTTON, "Close Anyway").press()
        wait_for(lambda: not self.is_open, "the window is closed")

    def screenshot(self, name: str) -> Path:
        return screenshot(SCREENSHOTS / f"{name}.png", window_id(self.title, self.window.process_id))
