# SPDX-License-Identifier: MIT
"""The command plugin/try, as a person types it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from gimp.gimp_runner import GimpRunner  # noqa: E402
from sandbox.process import Sandbox  # noqa: E402

LAYERS_OF_XCF = """
from gi.repository import Gimp, Gio
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path({path!r}))
for layer in image.get_layers():
    parasite = layer.get_parasite("venice-gimp/generation")
    print("LAYER", layer.get_width(), layer.get_height(), "generated" if parasite else "plain", layer.get_name())
image.delete()
"""


def run_try(*arguments: str, text: str = "", environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name not in ("VENICE_API_KEY", "VENICE_BASE_URL")}
    return subprocess.run(
        [ROOT / "plugin" / "try", *arguments], input=text, capture_output=True, text=True, timeout=600, env=inherited | (environment or {})
    )


def layers_of(xcf: Path) -> list[list[str]]:
    with GimpRunner() as gimp:
        output = gimp.python(LAYERS_OF_XCF.format(path=str(xcf))).check().output
    return [line.split(maxsplit=4)[1:] for line in output.splitlines() if line.startswith("LAYER")]


def test_writes_three_layers_and_a_flattened_picture(tmp_path):
    xcf = tmp_path / "new folder" / "picture.xcf"
    done = run_try("--output", str(xcf), "--seed", "7")
    assert done.returncode == 0, done.stderr
    for seed in (7, 8, 9):
        assert re.search(rf"\(seed {seed}\)  1024 × 1024  seed {seed}", done.stdout)
    assert re.search(r"seconds: set up [\d.]+, building [\d.]+, GIMP's start [\d.]+, generating [\d.]+, saving [\d.]+", done.stdout)
    assert str(xcf) in done.stdout and str(xcf.with_suffix(".png")) in done.stdout

    layers = layers_of(xcf)
    assert [layer[:3] for layer in layers] == [["1024", "1024", "generated"]] * 3 + [["1024", "1024", "plain"]]
    with Image.open(xcf.with_suffix(".png")) as picture:
        assert picture.size == (1024, 1024)
        assert len(picture.convert("RGB").resize((64, 64)).getcolors(4096)) > 100, "a picture, and not the white canvas"


def test_every_argument_of_the_procedure_can_be_given(tmp_path):
    xcf = tmp_path / "small.xcf"
    done = run_try("--output", str(xcf), "--variants=1", "--width=512", "--height=256", "--safe_mode=no", "--cfg-scale=7.5", "--format=webp")
    assert done.returncode == 0, done.stderr
    assert [layer[:3] for layer in layers_of(xcf)] == [["512", "256", "generated"], ["1024", "1024", "plain"]]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--nonsense", "1"], "there is no argument --nonsense"),
        (["--variants", "many"], "--variants cannot be 'many': it must be a whole number"),
        (["--width", "5000"], "width must be a whole number from 1 to 1280, not 5000"),
        (["--model", "nobody"], "unknown or was retired"),
        (["--prompt"], "--prompt needs a value"),
        (["picture.xcf"], "'picture.xcf' is no option"),
        (["--output", "picture.png"], "its name must end with .xcf"),
        (["--live"], "--live needs your API key"),
        (["--gui"], "--gui needs a display"),
    ],
)
def test_says_what_is_wrong(arguments, sentence, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    done = run_try(*arguments)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


# The sandbox plays the real service here.
@pytest.mark.parametrize(
    ("arguments", "price"),
    [([], "3 with Z-Image Turbo: $0.03"), (["--model", "gpt-image-2", "--resolution", "2K", "--quality", "low", "--variants", "2"], "2 with GPT Image 2: $0.06")],
)
def test_live_says_the_price_and_spends_nothing_without_a_yes(arguments, price):
    with Sandbox() as service:
        environment = {"VENICE_API_KEY": service.key, "VENICE_BASE_URL": service.base_url}
        done = run_try("--live", *arguments, text="n\n", environment=environment)
        assert price in done.stdout
        assert done.returncode != 0 and "nothing was sent" in done.stderr
        assert service.requests("/image/generate") == []


def test_live_generates_after_a_yes(tmp_path):
    with Sandbox() as service:
        environment = {"VENICE_API_KEY": service.key, "VENICE_BASE_URL": service.base_url}
        done = run_try("--live", "--variants", "1", "--output", str(tmp_path / "live.xcf"), text="yes\n", environment=environment)
        assert done.returncode == 0, done.stderr
        assert len(service.requests("/image/generate")) == 1
    assert len(layers_of(tmp_path / "live.xcf")) == 2
