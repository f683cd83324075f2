# SPDX-License-Identifier: MIT
"""What the checks that run inside GIMP share.

A file of checks defines functions check_…() and ends with run(globals()).  They all run in one start
of GIMP; what became of each is written as JSON to the file that OUTCOMES names, for pytest to report.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from array import array
from pathlib import Path

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp, GLib  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from sandbox.process import Sandbox  # noqa: E402

GENERATE = "plug-in-venice-generate-layers"
REUSE = "plug-in-venice-reuse-settings"
CREATE = "plug-in-venice-create-image"
PARASITE = "venice-gimp/generation"
FILES = Path(os.environ.get("FILES", "."))

# Small pictures are drawn quickly; this model takes any multiple of 8.
SMALL = {"model": "z-image-turbo", "width": 64, "height": 48}


def connect() -> Sandbox:
    """The sandbox that pytest started, to queue behaviours and to read its log."""
    sandbox = Sandbox(log=os.environ["SANDBOX_LOG"])
    sandbox.base_url = os.environ["VENICE_BASE_URL"]
    return sandbox


sandbox = connect()


class Failed(Exception):
    """A procedure returned an error; the text is that of its GError."""


def call(name, **arguments):
    """Runs a procedure without a dialog and returns its values; argument names have '_' for '-'."""
    procedure = Gimp.get_pdb().lookup_procedure(name)
    config = procedure.create_config()
    for argument, value in arguments.items():
        config.set_property(argument.replace("_", "-"), value)
    result = procedure.run(config)
    status = result.index(0)
    if status != Gimp.PDBStatusType.SUCCESS:
        raise Failed(result.index(1))
    return result


def generate(image, **arguments):
    """New layers; the size is small unless a model is given."""
    if "model" not in arguments:
        arguments = {**SMALL, **arguments}
    arguments.setdefault("prompt", "a red fox")
    return list(call(GENERATE, image=image, **arguments).get_core_object_array(1))


def create(**arguments):
    if "model" not in arguments:
        arguments = {**SMALL, **arguments}
    arguments.setdefault("prompt", "a red fox")
    return call(CREATE, **arguments).index(1)


def failure(function, *arguments, **named):
    """The text of the error that a call must end with."""
    try:
        function(*arguments, **named)
    except Failed as error:
        return str(error)
    raise AssertionError("it should have failed")


def sent():
    """The bodies of the generate requests since the last reset, by their seeds."""
    sandbox.state()
    entries = sandbox.requests("/image/generate")
    return sorted((entry["json"] for entry in entries), key=lambda body: body["seed"])


def new_image(width=400, height=300, base=Gimp.ImageBaseType.RGB, precision=Gimp.Precision.U8_NON_LINEAR, layer=True, alpha=False):
    image = Gimp.Image.new_with_precision(width, height, base, precision)
    if layer:
        add_layer(image, "Background", alpha=alpha)
    return image


def layer_type(image, alpha):
    """The type of layers for an image, as a number that follows its base type."""
    types = {
        Gimp.ImageBaseType.RGB: (Gimp.ImageType.RGB_IMAGE, Gimp.ImageType.RGBA_IMAGE),
        Gimp.ImageBaseType.GRAY: (Gimp.ImageType.GRAY_IMAGE, Gimp.ImageType.GRAYA_IMAGE),
        Gimp.ImageBaseType.INDEXED: (Gimp.ImageType.INDEXED_IMAGE, Gimp.ImageType.INDEXEDA_IMAGE),
    }
    return types[image.get_base_type()][alpha]


def add_layer(image, name, parent=None, position=0, alpha=False):
    layer = Gimp.Layer.new(image, name, image.get_width(), image.get_height(), layer_type(image, alpha), 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, parent, position)
    layer.fill(Gimp.FillType.WHITE)
    return layer


def names(layers):
    return [layer.get_name() for layer in layers]


def offsets(layer):
    _, x, y = layer.get_offsets()
    return x, y


def size(item):
    return item.get_width(), item.get_height()


def parasite_of(layer):
    parasite = layer.get_parasite(PARASITE)
    assert parasite is not None, "no parasite"
    assert parasite.is_persistent()
    return bytes(byte & 0xFF for byte in parasite.get_data())  # Python gets signed characters


def settings_of(layer):
    """The JSON of a layer's parasite."""
    return json.loads(parasite_of(layer).decode("utf-8"))


def pixels(drawable, encoding="R'G'B'A u8"):
    """All pixels as numbers in an encoding of babl; None: the drawable's own."""
    buffer = drawable.get_buffer()
    rectangle = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    data = buffer.get(rectangle, 1.0, encoding, Gegl.AbyssPolicy.NONE)
    if encoding and encoding.endswith("float"):
        return array("f", data)
    return array("B", data)


def largest_difference(first, second):
    assert len(first) == len(second), (len(first), len(second))
    if first == second:
        return 0
    return max((abs(a - b) for a, b in zip(first, second)), default=0)


def run(namespace):
    """Runs all checks of a file, each after a reset of the sandbox, and leaves no image behind."""
    outcomes = {}
    for name, function in namespace.items():
        if not name.startswith("check_"):
            continue
        sandbox.reset()
        started = time.monotonic()
        try:
            note = function()
            outcomes[name] = {"ok": True, "note": note}
        except BaseException:
            outcomes[name] = {"ok": False, "note": traceback.format_exc()}
        outcomes[name]["seconds"] = round(time.monotonic() - started, 2)
        for image in Gimp.get_images():
            image.delete()
    Path(os.environ["OUTCOMES"]).write_text(json.dumps(outcomes))
