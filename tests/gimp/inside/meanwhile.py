# SPDX-License-Identifier: MIT
"""The image changes while its picture is being made: another plug-in (helper/) does that.

Closing the image itself is not tried here. GIMP 3.0.4 keeps an image that a running procedure was
called with alive, so that the layers go into an image that nobody sees; when the procedure returns
them, GIMP follows their pointers after the image is gone, and crashes.
"""

from __future__ import annotations

import os
from pathlib import Path

from harness import Gimp, add_layer, failure, generate, names, new_image, offsets, pixels, run, sandbox, size

ORDER = Path(os.environ["MEANWHILE"])
DONE = ORDER.with_suffix(".done")


def generate_while(code, image, **arguments):
    """Layers for the image, with the code run in the other plug-in before they are there."""
    DONE.unlink(missing_ok=True)
    sandbox.next(delay=3)
    unfinished = ORDER.with_suffix(".new")
    unfinished.write_text("1200\n" + code)
    unfinished.rename(ORDER)
    try:
        return generate(image, **arguments)
    finally:
        assert DONE.exists(), "nothing happened meanwhile"


def by_id(kind, thing):
    return f"Gimp.{kind}.get_by_id({thing.get_id()})"


def check_a_removed_layer_means_the_top():
    image = new_image()
    active = add_layer(image, "Active")
    add_layer(image, "Top")
    image.set_selected_layers([active])
    generate_while(f"{by_id('Image', image)}.remove_layer({by_id('Layer', active)})", image, seed=1)
    assert names(image.get_layers()) == ["a red fox (seed 1)", "Top", "Background"]


def check_the_layer_that_was_active_at_the_start_counts():
    image = new_image()
    top = add_layer(image, "Top")
    image.set_selected_layers([image.get_layers()[1]])
    generate_while(f"{by_id('Image', image)}.set_selected_layers([{by_id('Layer', top)}])", image, seed=1)
    assert names(image.get_layers()) == ["Top", "a red fox (seed 1)", "Background"]


def check_the_selection_at_the_start_counts():
    image = new_image()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 100, 50, 100, 100)
    (layer,) = generate_while(f"Gimp.Selection.none({by_id('Image', image)})", image)
    assert offsets(layer) == (100 + (100 - 64) // 2, 50 + (100 - 48) // 2)


def check_a_resized_canvas_means_all_of_it():
    """However it was to be placed: inside the canvas and without a mask, and the mask of the selection that was is not used."""
    for placement, wanted in (("cover", (33, 0, 133, 100)), ("fit", (33, 0, 133, 100)), ("actual", (68, 26, 64, 48))):
        image = new_image()
        image.select_rectangle(Gimp.ChannelOps.REPLACE, 100, 50, 200, 100)
        resize = f"{by_id('Image', image)}.resize(200, 100, 0, 0)"
        for layer in generate_while(resize, image, placement=placement, variants=2, group="automatic"):
            assert offsets(layer) + size(layer) == wanted, (placement, offsets(layer), size(layer))
            assert layer.get_mask() is None
        assert size(image) == (200, 100)


def check_the_mask_has_the_selection_of_the_start():
    image = new_image()
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 100, 50, 200, 100)
    before = pixels(image.get_selection(), "Y u8")
    (layer,) = generate_while(f"{by_id('Image', image)}.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 20, 20)", image, placement="cover")
    image.select_item(Gimp.ChannelOps.REPLACE, layer.get_mask())
    assert pixels(image.get_selection(), "Y u8") == before


def check_a_selection_that_floats_meanwhile_is_an_error():
    image = new_image()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 10, 50, 50)
    text = failure(generate_while, f"i = {by_id('Image', image)}; Gimp.Selection.float(i, [i.get_layers()[0]], 5, 5)", image)
    assert "floating selection" in text, text
    Gimp.floating_sel_anchor(image.get_floating_sel())
    assert names(image.get_layers()) == ["Background"]


run(globals())
