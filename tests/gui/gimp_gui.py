# SPDX-License-Identifier: MIT
"""A real GIMP with its windows and the plug-in, in a profile of its own, driven through AT-SPI.

    with Desktop() as desktop, Sandbox() as sandbox, Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key) as gimp:
        dialog = gimp.open_dialog()
        dialog.prompt = "a red fox"
        dialog.generate()
        wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
"""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path
from typing import Any

import desktop as desktop_module
from accessible import Role, Widget, application_of_process
from waiting import wait_for
from witness_client import Witness

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("VENICE_BUILD_DIR") or ROOT / "build" / "gcc")
SCREENSHOTS = BUILD / "screenshots"
GIMP_PLUG_INS = ("file-png", "file-jpeg", "file-webp")

# No welcome, no question on closing, nothing fetched.
GIMPRC = """
(config-version "{version}")
(show-welcome-dialog no)
(check-updates no)
(theme-color-scheme {scheme})
(confirm-on-close no)
(save-session-info no)
"""


def write_png(path: Path, width: int, height: int) -> None:
    """A light gray picture."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xdd\xdd\xdd" * width) * height
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def locale_environment(name: str, folder: Path) -> dict[str, str]:
    """For a locale such as “ar_EG”, which the system need not have."""
    subprocess.run(["localedef", "-i", name, "-f", "UTF-8", str(folder / f"{name}.UTF-8")], check=True, capture_output=True)
    return {"LOCPATH": str(folder), "LC_ALL": f"{name}.UTF-8", "LANGUAGE": name[:2]}


def plug_in_program() -> Path:
    program = BUILD / "plugin" / "venice-gimp"
    if not program.is_file():
        raise RuntimeError(f"no plug-in at {program}; VENICE_BUILD_DIR says which build folder to test")
    return program


def pkg_config(question: str) -> str:
    return subprocess.run(["pkg-config", question, "gimp-3.0"], check=True, capture_output=True, text=True).stdout.strip()


class Gimp:
    def __init__(self, desktop: desktop_module.Desktop, *, base_url: str, key: str | None, scheme: str = "light",
                 environment: dict[str, str] | None = None, profile: Path | None = None, plug_ins: tuple[Path, ...] = ()) -> None:
        """`profile`: that of another GIMP, which runs. `plug_ins`: more programs, each in a folder of its own name in GIMP."""
        self._desktop = desktop
        self.folder = Path(tempfile.mkdtemp(prefix="gimp-", dir=desktop.folder))
        self.profile = profile or self.folder / "profile"
        self._witness = Witness(self.folder / "witness")
        self._environment = os.environ | {"VENICE_BASE_URL": base_url, "WITNESS_SOCKET": str(self._witness.path),
                                          "GIMP3_DIRECTORY": str(self.profile),
                                          "GIMP_TESTING_PLUGINDIRS": str(self.folder / "plug-ins")} | (environment or {})
        if key is not None:
            self._environment["VENICE_API_KEY"] = key
        self._scheme = scheme
        self._plug_ins = plug_ins
        self._process: subprocess.Popen[bytes] | None = None
        self.log = self.folder / "gimp.log"
        self._pictures = 0
        self._displays: dict[int, int] = {}

    # --- life

    def __enter__(self) -> Gimp:
        try:
            self._start()
        except BaseException as error:
            self.__exit__()
            raise RuntimeError(f"GIMP did not start: {self.log.read_text(errors='replace')}") from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            if self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGTERM)
                try:
                    self._process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    os.killpg(self._process.pid, signal.SIGKILL)
                    self._process.wait()
            self._process = None

    def _start(self) -> None:
        self._make_profile()
        with open(self.log, "wb") as log:
            self._process = subprocess.Popen(
                ["gimp", "--new-instance", "--no-splash"],
                env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, start_new_session=True)
        wait_for(self._is_up, "the witness inside GIMP")
        wait_for(lambda: self.application is not None, "GIMP on the accessibility bus")

    def _is_up(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError(f"GIMP ended with status {self._process.returncode}")
        return self._witness.is_up()

    def _make_profile(self) -> None:
        self.profile.mkdir(exist_ok=True)
        (self.profile / "gimprc").write_text(GIMPRC.format(
            version=pkg_config("--modversion"), scheme=self._scheme))
        plug_ins = self.folder / "plug-ins"
        plug_ins.mkdir()
        installed = Path(pkg_config("--variable=gimplibdir")) / "plug-ins"
        for name in GIMP_PLUG_INS:
            (plug_ins / name).symlink_to(installed / name)
        for program in self._plug_ins:
            (plug_ins / program.name).mkdir()
            (plug_ins / program.name / program.name).symlink_to(program)
        (plug_ins / "witness").symlink_to(Path(__file__).resolve().parent / "witness")
        (plug_ins / "venice-gimp").mkdir()
        (plug_ins / "venice-gimp" / "venice-gimp").symlink_to(plug_in_program().resolve())
        for catalogue in (ROOT / "po").glob("*.po"):
            compiled = plug_ins / "venice-gimp" / "locale" / catalogue.stem / "LC_MESSAGES" / "venice-gimp.mo"
            compiled.parent.mkdir(parents=True)
            subprocess.run(["msgfmt", "-o", compiled, catalogue], check=True)

    # --- images, as GIMP's own procedures tell

    def open_picture(self, width: int = 1200, height: int = 800) -> int:
        """Opens a new picture in a window. Returns the image's id."""
        self._pictures += 1
        path = self.folder / f"picture-{self._pictures}.png"
        write_png(path, width, height)
        opened = f"Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path({str(path)!r}))"
        image, display = self.ask(f"[(image.get_id(), Gimp.Display.new(image).get_id()) for image in [{opened}]][0]")
        self._displays[image] = display
        return image

    def save_and_open(self, image: int, path: Path) -> int:
        """Saves the image as XCF and opens the file in a window of its own. Returns the new image's id."""
        file = f"Gio.File.new_for_path({str(path)!r})"
        assert self.ask(f"Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, Gimp.Image.get_by_id({image}), {file}, None)")
        opened = f"Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, {file})"
        loaded, display = self.ask(f"[(image.get_id(), Gimp.Display.new(image).get_id()) for image in [{opened}]][0]")
        self._displays[loaded] = display
        return loaded

    def ask(self, expression: str) -> Any:
        return self._witness.ask(expression)

    def images(self) -> list[int]:
        return self.ask("[image.get_id() for image in Gimp.get_images()]")

    def new_image_with(self, text: str, before: set[int]) -> int | None:
        """The image that was not there before and has a layer with that in its name. Others may come and go: the plug-in makes some that it never
        shows, which are soon gone, and to ask for the layers of one that is gone is an error that GIMP shows."""
        new = sorted(set(self.images()) - before)
        found = self.ask(f"[image.get_id() for image in Gimp.get_images() if image.get_id() in {new} and image.is_valid()"
                         f" and any({text!r} in layer.get_name() for layer in image.get_layers())]")
        return found[0] if found else None

    def layers(self, image: int) -> list[str]:
        """Names from top to bottom; of a group, its layers."""
        return self.ask(f"[layer.get_name() for top in Gimp.Image.get_by_id({image}).get_layers()"
                        " for layer in (top.get_children() if top.is_group() else [top])]")

    def layer_sizes(self, image: int) -> list[tuple[int, int]]:
        sizes = self.ask(f"[(layer.get_width(), layer.get_height()) for top in Gimp.Image.get_by_id({image}).get_layers()"
                         " for layer in (top.get_children() if top.is_group() else [top])]")
        return [(width, height) for width, height in sizes]

    def close_image(self, image: int) -> None:
        """Takes the image's window away, as closing its tab does: GIMP then forgets the image."""
        if image in self.images():
            self.ask(f"Gimp.Display.get_by_id({self._displays.pop(image)}).delete()")

    # --- windows

    def has_started(self, process_id: int) -> bool:
        """Whether it is one of this GIMP's plug-ins."""
        return self._process is not None and os.getsid(process_id) == self._process.pid

    @property
    def application(self) -> Widget | None:
        return application_of_process(self._process.pid) if self._process is not None else None

    def menu_item(self, *path: str) -> Widget:
        """An item of the image window's menu bar, by the names on the way to it."""
        def find() -> Widget | None:
            application = self.application
            for window in application.children() if application is not None else ():
                bar = first_bar(window)
                item = bar and follow(bar, path)
                if item:
                    return item
            return None

        return wait_for(find, "menu item " + " ▸ ".join(path))

    def venice_menu_item(self, name: str) -> Widget:
        """An item of a menu “Venice”, wherever that is: GIMP's own menus may be translated."""
        def find() -> Widget | None:
            application = self.application
            for window in application.children() if application is not None else ():
                bar = first_bar(window)
                for menu in bar.children() if bar else ():
                    item = follow(menu, ("Venice", name))
                    if item:
                        return item
            return None

        return wait_for(find, f"menu item Venice ▸ {name}")

    def has_window(self, title: str) -> bool:
        application = self.application
        return application is not None and any(window.name == title for window in application.children())

    def close_about(self) -> None:
        desktop_module.close_window("About GIMP")
        wait_for(lambda: not self.has_window("About GIMP"), "the window is closed")

    def undo_entry(self) -> Widget:
        """The first entry of the Edit menu, such as “Undo Generate Layers”."""
        return self.menu_item("Edit", "Undo")


def first_bar(window: Widget, depth: int = 6) -> Widget | None:
    """The menu bar, which lies near the window's root: the docks with their thousands of widgets are not searched."""
    for child in window.children():
        if child.role == Role.MENU_BAR:
            return child
        if depth > 0 and child.role in (Role.FILLER, Role.PANEL):
            found = first_bar(child, depth - 1)
            if found:
                return found
    return None


def follow(menu: Widget, path: tuple[str, ...]) -> Widget | None:
    for name in path:
        menu = next((entry for entry in menu.children() if entry.name == name or entry.name.startswith(name + " ")), None)
        if menu is None:
            return None
    return menu
