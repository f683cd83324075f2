# SPDX-License-Identifier: MIT
"""The part of plugin/try that runs inside GIMP, by its Python interpreter: generates, saves, and reports as JSON.

It is also an example of a script: set the arguments, run the procedure, take the layers.
"""

import json
import os
import time

from gi.repository import Gegl, Gimp, Gio  # noqa: F401


def set_arguments(config, arguments):
    """The values come from a command line, as text: each is turned into what its argument wants."""
    for name, text in arguments.items():
        argument = config.find_property(name)
        if argument is None or name in ("run-mode", "image", "drawables"):
            raise ValueError(f"there is no argument --{name}; see plug-in-venice-generate-layers in GIMP's procedure browser")
        kind = argument.value_type.name
        wanted = {"gboolean": "true or false", "gint": "a whole number", "gdouble": "a number"}.get(kind, "text")
        try:
            if kind == "gboolean":
                value = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[text.lower()]
            else:
                value = {"gint": int, "gdouble": float}.get(kind, str)(text)
        except (KeyError, ValueError):
            raise ValueError(f"--{name} cannot be {text!r}: it must be {wanted}") from None
        config.set_property(name, value)


def new_canvas():
    image = Gimp.Image.new(1024, 1024, Gimp.ImageBaseType.RGB)
    background = Gimp.Layer.new(image, "Background", 1024, 1024, Gimp.ImageType.RGB_IMAGE, 100, Gimp.LayerMode.NORMAL)
    background.fill(Gimp.FillType.WHITE)
    image.insert_layer(background, None, 0)
    return image


def generate(image, arguments):
    procedure = Gimp.get_pdb().lookup_procedure("plug-in-venice-generate-layers")
    if procedure is None:
        raise RuntimeError("GIMP did not load the plug-in")
    config = procedure.create_config()
    config.set_property("image", image)
    set_arguments(config, arguments)
    result = procedure.run(config)
    if result.index(0) != Gimp.PDBStatusType.SUCCESS:
        raise RuntimeError(result.index(1))
    return result.get_core_object_array(1)


def describe(layer):
    parasite = layer.get_parasite("venice-gimp/generation")
    request = json.loads(bytes(parasite.get_data()).decode())
    return {
        "name": layer.get_name(),
        "width": layer.get_width(),
        "height": layer.get_height(),
        "seed": request["seed"],
        "model": request["model"],
    }


def save(image, xcf, png):
    def to(path, what):
        if not Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, what, Gio.File.new_for_path(path), None):
            raise RuntimeError(f"{path} could not be written")

    to(xcf, image)
    flat = image.duplicate()
    flat.flatten()
    to(png, flat)
    flat.delete()


def main():
    with open(os.environ["VENICE_TRY_JOB"], encoding="utf-8") as file:
        job = json.load(file)
    report = {"started": time.time()}
    try:
        image = new_canvas()
        layers = generate(image, job["arguments"])
        report["generated"] = time.time()
        report["layers"] = [describe(layer) for layer in layers]
        save(image, job["xcf"], job["png"])
        report["saved"] = time.time()
        image.delete()
    except (RuntimeError, ValueError) as error:
        report["error"] = str(error)
    with open(job["report"], "w", encoding="utf-8") as file:
        json.dump(report, file)


if __name__ == "__main__":
    main()
