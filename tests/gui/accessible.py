# SPDX-License-Identifier: MIT
"""Widgets as assistive technology sees them: by role and name.

Speaks AT-SPI's D-Bus interfaces itself. libatspi keeps a cache that only a main loop of ours would keep fresh, and without the cache
it was seen to hang.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

from waiting import PATIENCE, wait_for  # noqa: E402

Role = Atspi.Role  # only the numbers
State = Atspi.StateType

ROOT = "/org/a11y/atspi/accessible/root"
REGISTRY = "org.a11y.atspi.Registry"
INTERFACE = "org.a11y.atspi."
PROPERTIES = "org.freedesktop.DBus.Properties"
CALL_TIMEOUT_MS = 30_000


@functools.cache
def bus() -> Gio.DBusConnection:
    """The accessibility bus of the desktop, which is running by the first question."""
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    (address,) = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, CALL_TIMEOUT_MS).unpack()
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address, flags)


class Widget:
    """One accessible object. Whatever goes away meanwhile has no children, no name and no states."""

    def __init__(self, owner: str, path: str) -> None:
        self.owner, self.path = owner, path

    def _call(self, interface: str, method: str, signature: str = "()", *arguments: Any) -> Any:
        answer = bus().call_sync(self.owner, self.path, interface, method, GLib.Variant(signature, arguments), None, 0, CALL_TIMEOUT_MS)
        values = answer.unpack()
        return values[0] if len(values) == 1 else values

    def _do(self, interface: str, method: str, signature: str = "()", *arguments: Any) -> Any:
        return self._call(INTERFACE + interface, method, signature, *arguments)

    def _property(self, interface: str, name: str) -> Any:
        return self._call(PROPERTIES, "Get", "(ss)", INTERFACE + interface, name)

    @staticmethod
    def _or(otherwise: Any, question: Callable[[], Any]) -> Any:
        try:
            return question()
        except GLib.Error:
            return otherwise

    # --- what it is

    @property
    def name(self) -> str:
        return self._or("", lambda: self._property("Accessible", "Name"))

    @property
    def description(self) -> str:
        return self._or("", lambda: self._property("Accessible", "Description"))

    @property
    def role(self) -> Role:
        return Role(self._or(int(Role.INVALID), lambda: self._do("Accessible", "GetRole")))

    @property
    def process_id(self) -> int:
        return self._or(0, lambda: Widget("org.freedesktop.DBus", "/")._call(
            "org.freedesktop.DBus", "GetConnectionUnixProcessID", "(s)", self.owner))

    def has(self, state: State) -> bool:
        words = self._or([], lambda: self._do("Accessible", "GetState"))
        return bool(words and words[int(state) // 32] >> (int(state) % 32) & 1)

    @property
    def is_showing(self) -> bool:
        return self.has(State.SHOWING)

    @property
    def is_sensitive(self) -> bool:
        return self.has(State.SENSITIVE)

    @property
    def is_checked(self) -> bool:
        return self.has(State.CHECKED)

    @property
    def has_focus(self) -> bool:
        return self.has(State.FOCUSED)

    # --- where it is

    @property
    def position(self) -> tuple[int, int]:
        """Of its upper left corner in the window, in pixels."""
        left, top, _, _ = self.edges
        return left, top

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in the window, in pixels."""
        x, y, width, height = self._do("Component", "GetExtents", "(u)", 1)
        return x, y, x + width, y + height

    def character_edges(self, offset: int) -> tuple[int, int]:
        """Left and right of one character of a text, in pixels of the window."""
        x, _, width, _ = self._do("Text", "GetCharacterExtents", "(iu)", offset, 1)
        return min(x, x + width), max(x, x + width)

    def children(self) -> list[Widget]:
        return [Widget(owner, path) for owner, path in self._or([], lambda: self._do("Accessible", "GetChildren"))]

    def descendants(self, *, below: Callable[[Widget], bool] = lambda _: True) -> Iterator[Widget]:
        for child in self.children():
            yield child
            if below(child):
                yield from child.descendants(below=below)

    def all(self, role: Role, name: str | None = None, *, hidden: bool = False) -> list[Widget]:
        return [widget for widget in self.descendants()
                if widget.role == role and (name is None or widget.name == name) and (hidden or widget.is_showing)]

    def maybe(self, role: Role, name: str, *, hidden: bool = False) -> Widget | None:
        return next(iter(self.all(role, name, hidden=hidden)), None)

    def find(self, role: Role, name: str, *, hidden: bool = False, timeout: float = PATIENCE) -> Widget:
        try:
            return wait_for(lambda: self.maybe(role, name, hidden=hidden), f"{role.value_nick} “{name}”", timeout)
        except AssertionError as error:
            raise AssertionError(f"{error}; there is\n{self.tree()}") from None

    def starting_with(self, role: Role, prefix: str) -> Widget | None:
        return next((widget for widget in self.all(role) if widget.name.startswith(prefix)), None)

    def tree(self, indent: int = 0) -> str:
        text = "  " * indent + f"{self.role.value_nick} “{self.name}”" + ("" if self.is_sensitive else " (insensitive)") + "\n"
        return text + "".join(child.tree(indent + 1) for child in self.children() if child.is_showing)

    def texts(self) -> list[str]:
        """All labels that can be read, from top to bottom."""
        return [widget.name for widget in self.descendants() if widget.role == Role.LABEL and widget.is_showing and widget.name]

    # --- what can be done with it

    def press(self) -> None:
        """The first action: click a button, choose a menu item."""
        wait_for(lambda: self.is_sensitive, f"“{self.name}” can be pressed: {self.description}")
        assert self._do("Action", "DoAction", "(i)", 0), f"“{self.name}” cannot be pressed"

    def focus(self) -> None:
        assert self._do("Component", "GrabFocus")

    @property
    def text(self) -> str:
        return self._do("Text", "GetText", "(ii)", 0, self._property("Text", "CharacterCount"))

    def set_text(self, text: str) -> None:
        assert self._do("EditableText", "SetTextContents", "(s)", text), f"“{self.name}” cannot be edited"

    @property
    def value(self) -> float:
        return self._property("Value", "CurrentValue")

    @value.setter
    def value(self, value: float) -> None:
        self._call(PROPERTIES, "Set", "(ssv)", INTERFACE + "Value", "CurrentValue", GLib.Variant("d", value))

    @property
    def mnemonic(self) -> str:
        """Such as “<Alt>g”; empty if there is none."""
        return self._or("", lambda: self._do("Action", "GetKeyBinding", "(i)", 0)).split(";")[0]

    # --- combo boxes

    def choices(self) -> list[Widget]:
        return self.all(Role.MENU_ITEM, hidden=True)

    def choice_names(self) -> list[str]:
        return [choice.name for choice in self.choices()]

    def choose(self, name: str) -> None:
        index = wait_for(lambda: name in self.choice_names(), f"“{self.name}” offers “{name}”") and self.choice_names().index(name)
        assert self._do("Selection", "SelectChild", "(i)", index), f"“{name}” cannot be chosen in “{self.name}”"

    @property
    def chosen(self) -> str:
        """What a combo box shows; empty if nothing is chosen."""
        if self._property("Selection", "NSelectedChildren") == 0:
            return ""
        return Widget(*self._do("Selection", "GetSelectedChild", "(i)", 0)).name


def applications() -> list[Widget]:
    return Widget(REGISTRY, ROOT).children()


def application_of_process(process_id: int) -> Widget | None:
    return next((application for application in applications() if application.process_id == process_id), None)


def applications_named(name: str) -> list[Widget]:
    return [application for application in applications() if application.name == name]


class Announcements:
    """What is said to people who cannot see the window, from here on."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._subscription = 0

    def __enter__(self) -> Announcements:
        self._subscription = bus().signal_subscribe(
            None, INTERFACE + "Event.Object", "Announcement", None, None, Gio.DBusSignalFlags.NONE, self._announced)
        bus().call_sync(REGISTRY, "/org/a11y/atspi/registry", REGISTRY, "RegisterEvent", GLib.Variant("(sass)", ("object:announcement", [], "")),
                        None, 0, CALL_TIMEOUT_MS)
        return self

    def __exit__(self, *_: object) -> None:
        bus().signal_unsubscribe(self._subscription)

    def _announced(self, _connection: Gio.DBusConnection, _sender: str, _path: str, _interface: str, _signal: str, values: GLib.Variant) -> None:
        self._texts.append(str(values.unpack()[3]))

    @property
    def texts(self) -> list[str]:
        """In their order."""
        while GLib.MainContext.default().iteration(False):
            pass
        return self._texts
