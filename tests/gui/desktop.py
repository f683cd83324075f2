# SPDX-License-Identifier: MIT
"""A desktop of our own: a display without a screen, a window manager, a session bus and an accessibility bus.

There is one for the whole test run, because the accessibility library connects to one bus per process.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waiting import wait_for

SCREEN = "1440x960x24"
AT_SPI_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
FOREIGN = ("WAYLAND_DISPLAY", "NO_AT_BRIDGE", "GTK_MODULES", "GTK_THEME", "AT_SPI_BUS_ADDRESS", "GNOME_KEYRING_CONTROL", "XAUTHORITY",
           "SESSION_MANAGER", "VENICE_API_KEY", "VENICE_BASE_URL", "LANGUAGE")


class Desktop:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="venice-gui-"))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._saved = dict(os.environ)
        self._pages_taken = 0

    def __enter__(self) -> Desktop:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            stop(process)
        os.environ.clear()
        os.environ.update(self._saved)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> None:
        for name in FOREIGN:
            os.environ.pop(name, None)
        for name, variable in (("home", "HOME"), ("run", "XDG_RUNTIME_DIR"), ("config", "XDG_CONFIG_HOME"), ("cache", "XDG_CACHE_HOME"),
                               ("data", "XDG_DATA_HOME")):
            folder = self.folder / name
            folder.mkdir(mode=0o700)
            os.environ[variable] = str(folder)
        os.environ["LC_ALL"] = "C.UTF-8"
        os.environ["GDK_BACKEND"] = "x11"
        os.environ["GSETTINGS_BACKEND"] = "memory"
        os.environ["DISPLAY"] = self._start_display()
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = self._start_bus()
        self._offer_browser()
        self._start_window_manager()
        self._start_keyring()
        self.start(next(path for path in AT_SPI_LAUNCHERS if os.path.exists(path)), "--launch-immediately")

    def start(self, *command: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """A process that ends with the desktop."""
        log = open(self.folder / f"{Path(command[0]).name}.log", "ab")
        process = subprocess.Popen(command, stdin=stdin, stdout=log, stderr=log)
        log.close()
        self._processes.append(process)
        return process

    def _start_display(self) -> str:
        reader, writer = os.pipe()
        log = open(self.folder / "xvfb.log", "ab")
        # -noreset: else it starts anew when its first client goes, and refuses those that come meanwhile.
        self._processes.append(subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"],
            pass_fds=[writer], stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        log.close()
        os.close(writer)
        with os.fdopen(reader) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start: " + (self.folder / "xvfb.log").read_text(errors="replace"))
        return ":" + number

    def _start_bus(self) -> str:
        process = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address=1"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._processes.append(process)
        assert process.stdout is not None
        address = process.stdout.readline().decode().strip()
        if not re.match(r"unix:", address):
            raise RuntimeError("dbus-daemon did not start")
        return address

    def _start_window_manager(self) -> None:
        """Without it no window gets the focus, and none can be closed."""
        process = self.start("openbox", "--sm-disable")

        def is_up() -> bool:
            if process.poll() is not None:
                raise RuntimeError("openbox ended: " + (self.folder / "openbox.log").read_text(errors="replace"))
            shown = subprocess.run(["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"], capture_output=True, text=True, timeout=30)
            return "window id" in shown.stdout

        wait_for(is_up, "the window manager")

    def _offer_browser(self) -> None:
        """A web browser that only notes what it is asked to open."""
        program = self.folder / "browser"
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{self.folder}/pages"\n')
        program.chmod(0o700)
        applications = self.folder / "data" / "applications"
        applications.mkdir()
        (applications / "browser.desktop").write_text(
            f"[Desktop Entry]\nType=Application\nName=Browser\nExec={program} %u\nMimeType=x-scheme-handler/https;\n")
        (self.folder / "config" / "mimeapps.list").write_text("[Default Applications]\nx-scheme-handler/https=browser.desktop\n")

    @contextmanager
    def without_browser(self) -> Iterator[None]:
        """For programs that look for one from here on."""
        default, entry = self.folder / "config" / "mimeapps.list", self.folder / "data" / "applications" / "browser.desktop"
        kept = {path: path.read_text() for path in (default, entry)}
        for path in kept:
            path.unlink()
        try:
            yield
        finally:
            for path, text in kept.items():
                path.write_text(text)

    def take_pages(self) -> list[str]:
        """The pages that were opened in the browser since the last question."""
        pages = self.folder / "pages"
        opened = pages.read_text().split("\n")[:-1] if pages.exists() else []
        new = opened[self._pages_taken:]
        self._pages_taken = len(opened)
        return new

    def _start_keyring(self) -> None:
        """An open keyring that is gone with the desktop. Without it, whoever asks for a secret starts one that asks for a password."""
        keyring = self.start("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets", stdin=subprocess.PIPE)
        assert keyring.stdin is not None
        keyring.stdin.write(b"test")
        keyring.stdin.close()

    def forget_key(self) -> None:
        """Takes the API key out of the keyring, if it has one."""
        subprocess.run(["secret-tool", "clear", "service", "venice", "account", "default"], check=False, timeout=30)


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()


def screenshot(path: Path, window: str = "root") -> Path:
    """A picture of a window (its X id) or of the whole screen."""
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["import", "-silent", "-window", window, str(path)], check=True, timeout=60)
    return path


def window_id(title: str, process_id: int = 0) -> str:
    """The X id of the visible window with exactly this title (and of this process)."""
    owner = ["--all", "--pid", str(process_id)] if process_id else []
    command = ["xdotool", "search", "--onlyvisible", *owner, "--name", f"^{re.escape(title)}$"]
    ids = subprocess.run(command, capture_output=True, text=True, timeout=30).stdout.split()
    if not ids:
        raise LookupError(f"no window “{title}”")
    return ids[-1]


def close_window(title: str, process_id: int = 0) -> None:
    """Asks the window to close, as its cross does: a key would go to whatever window has the focus by then."""
    subprocess.run(["wmctrl", "-i", "-c", window_id(title, process_id)], check=True, timeout=30)


def fill_screen(title: str) -> None:
    """Makes the window whose title matches as large as the screen."""
    width, height, _ = SCREEN.split("x")
    command = ["xdotool", "search", "--sync", "--onlyvisible", "--name", title, "windowmove", "0", "0", "windowsize", width, height]
    subprocess.run(command, check=True, timeout=30, stdout=subprocess.DEVNULL)


def move_window(title: str, x: int, y: int) -> None:
    subprocess.run(["xdotool", "windowmove", "--sync", window_id(title), str(x), str(y)], check=True, timeout=30)


def resize_window(title: str, width: int, height: int) -> None:
    subprocess.run(["xdotool", "windowsize", "--sync", window_id(title), str(width), str(height)], check=True, timeout=30)


def window_size(title: str) -> tuple[int, int]:
    """In pixels of the screen, without what the window manager adds."""
    shown = subprocess.run(["xdotool", "getwindowgeometry", "--shell", window_id(title)], check=True, capture_output=True, text=True, timeout=30)
    values = dict(line.split("=") for line in shown.stdout.split())
    return int(values["WIDTH"]), int(values["HEIGHT"])


KEYCODES = {"F1": "67"}  # with newer keyboard maps xdotool would hold Alt for it


def press_keys(*keys: str) -> None:
    """Real key presses, to whatever has the focus."""
    subprocess.run(["xdotool", "key", "--clearmodifiers", *(KEYCODES.get(key, key) for key in keys)], check=True, timeout=30)


CLIPBOARD = """
import gi
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk
print(Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD).wait_for_text() or "", end="")
"""


def clipboard() -> str:
    """The text that was copied last."""
    return subprocess.run([sys.executable, "-c", CLIPBOARD], check=True, capture_output=True, text=True, timeout=60).stdout


def type_text(text: str) -> None:
    subprocess.run(["xdotool", "type", "--clearmodifiers", "--delay", "5", text], check=True, timeout=60)
