# SPDX-License-Identifier: MIT
"""plugin/try inside the environment that it has set up: builds, generates layers in a real GIMP, and says what came of it."""

from __future__ import annotations

import contextlib
import ctypes
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "gcc"
sys.path.insert(0, str(ROOT / "tests"))

from gimp.gimp_runner import GimpRunner, gimp_plug_in_folder  # noqa: E402
from sandbox.process import Sandbox  # noqa: E402

DEFAULTS = {"prompt": "hills and a lake at sunset", "variants": "3"}


class TryError(Exception):
    """Ends plugin/try with a sentence for the user."""


class Stages:
    """Says what is going on and, at the end, how long each part took."""

    def __init__(self, started: float) -> None:
        self.seconds = {"set up": time.time() - started}

    @contextlib.contextmanager
    def stage(self, name: str, text: str):
        print(f"{text} …", flush=True)
        start = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - start

    def print(self) -> None:
        print("seconds: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.seconds.items()))


def parse(arguments: list[str]) -> tuple[dict[str, str], Path, set[str]]:
    """--name value pairs for the procedure, the output, and the switches of plugin/try itself."""
    values: dict[str, str] = dict(DEFAULTS)
    switches: set[str] = set()
    rest = list(arguments)
    while rest:
        option = rest.pop(0)
        if not option.startswith("--"):
            raise TryError(f"{option!r} is no option; see plugin/try --help")
        name, equals, value = option[2:].partition("=")
        if name in ("gui", "live") and not equals:
            switches.add(name)
            continue
        if not equals:
            if not rest:
                raise TryError(f"--{name} needs a value")
            value = rest.pop(0)
        values[name.replace("_", "-")] = value
    output = Path(values.pop("output"))
    return values, output, switches


def build() -> None:
    def run(*command: str | Path) -> None:
        outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if outcome.returncode != 0:
            raise TryError(f"building failed:\n{outcome.stdout[-4000:]}{outcome.stderr[-4000:]}")

    if not (BUILD / "build.ninja").exists():
        run("env", "CC=gcc", "CXX=g++", "meson", "setup", BUILD)
    run("meson", "compile", "-C", BUILD, "venice-gimp:executable")


def price_text(arguments: dict[str, str]) -> str:
    """Asks the service, through libvenice, what the images will cost."""
    venice = ctypes.CDLL(str(BUILD / "capi" / "libvenice.so"))
    for name in ("venice_error_message", "venice_model_name"):
        getattr(venice, name).restype = ctypes.c_char_p
    client, models, model, request, error = (ctypes.c_void_p() for _ in range(5))

    def call(name: str, *values: object) -> None:
        if getattr(venice, name)(*values, ctypes.byref(error)) != 0:
            raise TryError(venice.venice_error_message(error).decode())

    call("venice_client_new", ctypes.byref(client))
    if os.environ.get("VENICE_BASE_URL"):
        call("venice_client_set_string", client, b"base_url", os.environ["VENICE_BASE_URL"].encode())
    call("venice_list_models", client, ctypes.byref(models))
    call("venice_models_find", models, arguments.get("model", "default").encode(), ctypes.byref(model))
    call("venice_request_new", ctypes.byref(request))
    for name in ("resolution", "quality"):
        if name in arguments:
            call("venice_request_set_string", request, name.encode(), arguments[name].encode())
    usd = ctypes.c_double()
    known = venice.venice_model_price(model, request, ctypes.byref(usd), None)
    name = venice.venice_model_name(model).decode()
    try:
        count = int(arguments["variants"])
    except ValueError:
        raise TryError(f"--variants is a number, not {arguments['variants']!r}") from None
    if not known:
        return f"{count} with {name}: the price is not known"
    # Rounded up to the cent, but not because of how binary numbers look.
    return f"{count} with {name}: ${math.ceil(round(usd.value * count * 100, 6)) / 100:.2f}"


def confirm_price(arguments: dict[str, str]) -> None:
    if not os.environ.get("VENICE_API_KEY"):
        raise TryError("--live needs your API key in the environment variable VENICE_API_KEY")
    print(f"This spends money. Images: {price_text(arguments)}", flush=True)
    if input("Generate? [y/N] ").strip().lower() not in ("y", "yes"):
        raise TryError("nothing was sent")


@contextlib.contextmanager
def service(live: bool):
    """The variables that tell the plug-in where the API is and with which key."""
    if live:
        yield {name: os.environ[name] for name in ("VENICE_API_KEY", "VENICE_BASE_URL") if name in os.environ}
        return
    with Sandbox(rate_limit=0) as sandbox:
        yield {"VENICE_API_KEY": sandbox.key, "VENICE_BASE_URL": sandbox.base_url}


def generate(arguments: dict[str, str], xcf: Path, environment: dict[str, str], stages: Stages) -> list[dict]:
    png = xcf.with_suffix(".png")
    with tempfile.TemporaryDirectory(prefix="venice-try-") as folder:
        job = Path(folder) / "job.json"
        report_file = Path(folder) / "report.json"
        job.write_text(json.dumps({"arguments": arguments, "xcf": str(xcf), "png": str(png), "report": str(report_file)}), encoding="utf-8")
        started = time.time()
        with GimpRunner(environment=environment, build=BUILD) as gimp:
            finished = gimp.python_file(ROOT / "plugin" / "try_in_gimp.py", environment={"VENICE_TRY_JOB": str(job)}, timeout=3600)
        if not report_file.exists():
            raise TryError(f"GIMP ended without a result, with status {finished.status}:\n{finished.output[-4000:]}")
        report = json.loads(report_file.read_text(encoding="utf-8"))
    if "error" in report:
        raise TryError(report["error"])
    stages.seconds["GIMP's start"] = report["started"] - started
    stages.seconds["generating"] = report["generated"] - report["started"]
    stages.seconds["saving"] = report["saved"] - report["generated"]
    return report["layers"]


def quiet_gimp() -> str:
    """Settings for the picture and the menus at once: no welcome, also not to a new version, and nothing is asked of the network."""
    version = subprocess.run(["pkg-config", "--modversion", "gimp-3.0"], check=True, capture_output=True, text=True).stdout.strip()
    return f'(config-version "{version}")\n(show-welcome-dialog no)\n(check-updates no)\n'


def open_gui(environment: dict[str, str]) -> None:
    displays = {name: os.environ[name] for name in ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY") if name in os.environ}
    if "DISPLAY" not in displays and "WAYLAND_DISPLAY" not in displays:
        raise TryError("--gui needs a display; there is neither DISPLAY nor WAYLAND_DISPLAY")
    print("In GIMP: Filters ▸ Venice ▸ Generate Layers…, or File ▸ Create ▸ Venice Image…", flush=True)
    everything = [folder.name for folder in gimp_plug_in_folder().iterdir()]
    with GimpRunner(environment=environment, build=BUILD, plug_ins=everything, gimprc=quiet_gimp()) as gimp:
        plugin_folder = str(ROOT / "plugin")
        new_image = f"import sys; sys.path.insert(0, {plugin_folder!r}); import try_in_gimp; Gimp.Display.new(try_in_gimp.new_canvas())"
        subprocess.run(["gimp", "--no-splash", "--batch-interpreter=python-fu-eval", "-b", new_image], cwd=ROOT, env=gimp.variables(displays), check=False)


def main(arguments: list[str]) -> None:
    stages = Stages(float(os.environ.get("VENICE_TRY_STARTED", time.time())))
    values, xcf, switches = parse(arguments)
    with stages.stage("building", "Building"):
        build()
    live = "live" in switches
    if live and "gui" not in switches:
        confirm_price(values)
    with service(live) as environment:
        if "gui" in switches:
            open_gui(environment)
            return
        print(f"Generating {values['variants']} × “{values['prompt']}” in GIMP …", flush=True)
        layers = generate(values, xcf, environment, stages)
    for layer in layers:
        print(f"  {layer['name']}  {layer['width']} × {layer['height']}  seed {layer['seed']}  ({layer['model']})")
    stages.print()
    print(xcf, xcf.with_suffix(".png"), sep="\n")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except TryError as problem:
        sys.exit(f"plugin/try: {problem}")
    except (KeyboardInterrupt, EOFError):
        sys.exit("plugin/try: stopped")
