# SPDX-License-Identifier: MIT
"""Runs GIMP without a window, with the plug-in that was built, in a profile of its own.

    with GimpRunner(environment={"VENICE_API_KEY": "sandbox-key", "VENICE_BASE_URL": sandbox.base_url}) as gimp:
        gimp.python_file("script.py", environment={"OUTPUT": "out.json"}).check()
        gimp.script_fu('(gimp-message "hello")').check()

Nothing of the user's is read or written: HOME, the run-time folder, GIMP's profile and its plug-in
path are all inside one temporary folder.  Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]

# GIMP's own plug-ins that scripts and image files need.  Fewer plug-ins, a quicker start.
GIMP_PLUG_INS = ("script-fu", "python-eval", "file-png", "file-jpeg", "file-webp")

# Variables that would lead GIMP or the plug-in to the user's own things.
NOT_INHERITED = ("VENICE_API_KEY", "VENICE_BASE_URL", "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "LANGUAGE")


def build_folder() -> Path:
    """The folder that holds what was built: VENICE_BUILD_DIR, or build/gcc."""
    return (ROOT / os.environ.get("VENICE_BUILD_DIR", "build/gcc")).resolve()


def gimp_plug_in_folder() -> Path:
    """Where GIMP's own plug-ins are."""
    command = ["pkg-config", "--variable=gimplibdir", "gimp-3.0"]
    return Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()) / "plug-ins"


class GimpFailed(AssertionError):
    """A batch did not end well; the text has what GIMP wrote."""


@dataclass
class Finished:
    """How a run of GIMP ended."""

    status: int
    output: str

    def check(self) -> "Finished":
        if self.status != 0:
            raise GimpFailed(f"GIMP ended with status {self.status}:\n{self.output}")
        return self


class GimpRunner:
    """A profile of its own for any number of starts of GIMP."""

    def __init__(
        self,
        *,
        environment: Mapping[str, str] | None = None,
        build: Path | None = None,
        program: str = "gimp-console",
        plug_ins: Sequence[str] = GIMP_PLUG_INS,
        more_plug_ins: Sequence[Path] = (),
        gimprc: str = "",
    ) -> None:
        self.environment = dict(environment or {})
        self.program = program
        self._gimprc = gimprc
        self._build = build or build_folder()
        self._plug_ins = [gimp_plug_in_folder() / name for name in plug_ins] + list(more_plug_ins)
        self.folder = Path()

    def __enter__(self) -> "GimpRunner":
        self.folder = Path(tempfile.mkdtemp(prefix="venice-gimp-"))
        for name in ("home", "run", "profile", "plugs", "files", "work"):
            (self.folder / name).mkdir(mode=0o700)
        if self._gimprc:
            (self.folder / "profile" / "gimprc").write_text(self._gimprc)
        self._link_plug_ins()
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def files(self) -> Path:
        """A folder for what scripts read and write; gone at the end."""
        return self.folder / "files"

    @property
    def working_folder(self) -> Path:
        """Where GIMP is started; it and its plug-ins are to leave nothing there."""
        return self.folder / "work"

    def _link_plug_ins(self) -> None:
        plugs = self.folder / "plugs"
        for folder in self._plug_ins:
            (plugs / folder.name).symlink_to(folder)
        built = self._build / "plugin" / "venice-gimp"
        if not built.is_file():
            raise FileNotFoundError(f"{built} is not there: build the plug-in first, or set VENICE_BUILD_DIR")
        # A link and not a copy: the program finds libvenice relative to its own place.
        (plugs / "venice-gimp").mkdir()
        (plugs / "venice-gimp" / "venice-gimp").symlink_to(built)

    def variables(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The whole environment of a start."""
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        return {
            **inherited,
            "HOME": str(self.folder / "home"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "XDG_CONFIG_HOME": str(self.folder / "home/.config"),
            "XDG_CACHE_HOME": str(self.folder / "home/.cache"),
            "XDG_DATA_HOME": str(self.folder / "home/.local/share"),
            "GIMP3_DIRECTORY": str(self.folder / "profile"),
            "GIMP_TESTING_PLUGINDIRS": str(self.folder / "plugs"),
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.environment,
            **(extra or {}),
        }

    def batch(self, interpreter: str, code: str, *, environment: Mapping[str, str] | None = None, timeout: float = 180) -> Finished:
        """Starts GIMP, runs the code, quits."""
        # Without --quit a batch that fails leaves GIMP waiting for ever.
        command = [self.program, "-i", "--quit", f"--batch-interpreter={interpreter}", "-b", code]
        finished = subprocess.run(
            command,
            cwd=self.working_folder,
            env=self.variables(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
        return Finished(finished.returncode, finished.stdout)

    def script_fu(self, code: str, **options: object) -> Finished:
        """Runs Script-Fu; status 70 if it fails."""
        return self.batch("plug-in-script-fu-eval", code, **options)  # type: ignore[arg-type]

    def python(self, code: str, **options: object) -> Finished:
        """Runs Python inside GIMP; status 64 if it raises."""
        return self.batch("python-fu-eval", code, **options)  # type: ignore[arg-type]

    def python_file(self, path: Path | str, **options: object) -> Finished:
        """Runs a file of Python inside GIMP, with its folder on the path for imports."""
        path = Path(path).resolve()
        code = f"import sys, runpy; sys.path.insert(0, {str(path.parent)!r}); runpy.run_path({str(path)!r}, run_name='__main__')"
        return self.python(code, **options)
