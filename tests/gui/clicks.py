# SPDX-License-Identifier: MIT
"""Counts what a user does on the way to an end. Typing a text is no click; a key that does something is one."""

from __future__ import annotations

from accessible import Widget
from desktop import press_keys


class Clicks:
    def __init__(self) -> None:
        self.made: list[str] = []

    def press(self, widget: Widget) -> None:
        name = widget.name
        widget.press()
        self.made.append(name)

    def keys(self, keys: str) -> None:
        press_keys(keys)
        self.made.append(keys)

    def note(self, what: str) -> None:
        """Of something that was clicked in another way."""
        self.made.append(what)

    @property
    def count(self) -> int:
        return len(self.made)
