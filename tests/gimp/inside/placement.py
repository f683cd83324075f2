# SPDX-License-Identifier: MIT
"""Where layers go: scaled to the target, masked by the selection, grouped; and made again from their settings."""

from __future__ import annotations

import io

import pictures
from harness import (FILES, REUSE, Gegl, Gimp, add_layer, call, failure, generate, largest_difference, names, new_image, offsets, parasite_of, pixels, run,
                     sandbox, sent, size)

from gi.repository import Gio
from PIL import Image

# Of a picture of 64 × 48 on a target of 200 × 100 at (101, 51): x, y, width, height.
PLACES = {
    "cover": (101, 26, 200, 150),
    "fit": (134, 51, 133, 100),
    "actual": (169, 77, 64, 48),
    "stretch": (101, 51, 200, 100),
}

IMAGES = {
    "RGB": dict(),
    "gray": dict(base=Gimp.ImageBaseType.GRAY),
    "16 bit": dict(precision=Gimp.Precision.U16_NON_LINEAR),
    "float": dict(precision=Gimp.Precision.FLOAT_LINEAR),
}


def image_of(kind):
    if kind == "indexed":
        image = new_image()
        image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.WEB, 0, False, False, "")
        return image
    if kind == "Adobe":
        image = new_image()
        image.set_color_profile(Gimp.ColorProfile.new_rgb_adobe())
        return image
    return new_image(**IMAGES[kind])


def select(image):
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 101, 51, 200, 100)


def selection_values(image, layer):
    """What the selection has where the layer lies, zero beyond the canvas."""
    x, y = offsets(layer)
    buffer = Gimp.Image.get_selection(image).get_buffer()
    return bytes(buffer.get(Gegl.Rectangle.new(x, y, *size(layer)), 1.0, "Y u8", Gegl.AbyssPolicy.NONE))


def mask_values(layer):
    return bytes(pixels(layer.get_mask(), "Y u8"))


def check_every_placement_in_every_kind_of_image():
    for kind in (*IMAGES, "indexed", "Adobe"):
        for placement, (x, y, width, height) in PLACES.items():
            image = image_of(kind)
            select(image)
            (layer,) = generate(image, placement=placement)
            assert offsets(layer) + size(layer) == (x, y, width, height), (kind, placement, offsets(layer), size(layer))
            inside = x >= 101 and y >= 51 and x + width <= 301 and y + height <= 151
            assert (layer.get_mask() is None) == inside, (kind, placement)
            if not inside:
                assert mask_values(layer) == selection_values(image, layer), (kind, placement)
            assert size(image) == (400, 300)
            image.delete()


def check_a_scaled_picture_is_whole_and_opaque():
    """A plain colour stays what it is up to the edges, and halves stay where they are."""
    picture = Image.new("RGB", (64, 48), (200, 40, 10))
    picture.paste((10, 40, 200), (32, 0, 64, 48))
    for placement in PLACES:
        for kind in ("RGB", "16 bit", "float"):
            image = image_of(kind)
            select(image)
            sandbox.next(image_base64=pictures.base64_of(pictures.encoded(picture, "PNG")))
            (layer,) = generate(image, placement=placement)
            width, height = size(layer)
            values = pixels(layer)
            for x, y, wanted in ((0, 0, (200, 40, 10)), (0, height - 1, (200, 40, 10)), (width - 1, 0, (10, 40, 200)),
                                 (width - 1, height - 1, (10, 40, 200)), (width // 4, height // 2, (200, 40, 10))):
                got = tuple(values[(y * width + x) * 4 : (y * width + x) * 4 + 4])
                assert max(abs(a - b) for a, b in zip(got, wanted + (255,))) <= 1, (placement, kind, x, y, got)
            image.delete()


def check_scaled_as_gimp_scales():
    """One resampling with the context's interpolation, as Scale Layer does it."""
    data = pictures.encoded(pictures.colours("RGBA", size=(150, 110)), "PNG")
    path = FILES / "scaled.png"
    path.write_bytes(data)
    notes = []
    for target in ((401, 300), (90, 70)):
        image = new_image(*target)
        sandbox.next(image_base64=pictures.base64_of(data))
        (ours,) = generate(image, placement="stretch")
        theirs = Gimp.file_load_layer(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(str(path)))
        image.insert_layer(theirs, None, 0)
        theirs.scale(*target, False)
        mine, own = pixels(ours, "RaGaBaA float"), pixels(theirs, "RaGaBaA float")
        difference = max(abs(a - b) for a, b in zip(mine, own))
        assert difference < 4 / 255, difference * 255
        notes.append(f"{difference * 255:.2f} of 255")
    return ", ".join(notes)


def check_scaled_in_a_grayscale_image_as_gimp_scales():
    """The same as a picture that GIMP itself loads into the image and scales."""
    data = pictures.encoded(pictures.colours("RGBA", size=(150, 110)), "PNG")
    path = FILES / "scaled-gray.png"
    path.write_bytes(data)
    notes = []
    for target in ((401, 300), (90, 70)):
        image = new_image(*target, base=Gimp.ImageBaseType.GRAY)
        sandbox.next(image_base64=pictures.base64_of(data))
        (ours,) = generate(image, placement="stretch")
        theirs = Gimp.file_load_layer(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(str(path)))
        image.insert_layer(theirs, None, 0)
        theirs.scale(*target, False)
        assert ours.is_gray() and size(ours) == size(theirs) == target
        difference = largest_difference(pixels(ours, "YaA float"), pixels(theirs, "YaA float"))
        assert difference < 4 / 255, difference * 255
        notes.append(f"{difference * 255:.2f} of 255")
    return ", ".join(notes)


def check_scaled_in_an_indexed_image():
    """Scaled first and then reduced to the palette, so that shades between two colours are chosen from all of the palette."""
    data = pictures.encoded(pictures.colours("RGB", size=(150, 110)), "PNG")
    path = FILES / "scaled-indexed.png"
    path.write_bytes(data)
    for target in ((401, 300), (90, 70)):
        image = image_of("indexed")
        image.scale(*target)
        sandbox.next(image_base64=pictures.base64_of(data))
        (ours,) = generate(image, placement="stretch")
        scaled = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(path)))
        scaled.scale(*target)
        theirs = Gimp.Layer.new_from_drawable(scaled.get_layers()[0], image)
        image.insert_layer(theirs, None, 0)
        assert ours.is_indexed() and size(ours) == size(theirs) == target
        mine, own = pixels(ours, None), pixels(theirs, None)
        unlike = sum(a != b for a, b in zip(mine, own)) / len(own)
        assert len(mine) == len(own) and unlike < 0.01, unlike
        assert len(set(mine)) > 20  # of the 216 colours of the palette
        image.delete()


def check_what_is_seen_of_a_covering_layer():
    """Within the selection the picture, outside of it what was there before."""
    for kind in (*IMAGES, "indexed"):
        image = image_of(kind)
        image.select_ellipse(Gimp.ChannelOps.REPLACE, 101, 51, 200, 100)
        before = pixels(image.get_layers()[0], "R'G'B' u8")
        selection = pixels(image.get_selection(), "Y float")
        sandbox.next(image_base64=pictures.base64_of(pictures.encoded(Image.new("RGB", (64, 48), (0, 0, 0)), "PNG")))
        (layer,) = generate(image, placement="cover")
        assert mask_values(layer) == selection_values(image, layer), kind
        seen = pixels(Gimp.Layer.new_from_visible(image, image, "seen"), "R'G'B' u8")
        for index, value in enumerate(selection):
            pixel = seen[index * 3 : index * 3 + 3]
            if value == 0:
                assert pixel == before[index * 3 : index * 3 + 3], (kind, index)
            elif value == 1:
                assert tuple(pixel) == (0, 0, 0), (kind, index, tuple(pixel))
        assert 0 < selection.count(0) < len(selection) and selection.count(1) > 10000
        assert pixels(image.get_layers()[-1], "R'G'B' u8") == before, kind
        image.delete()


def check_a_feathered_selection_is_the_mask():
    image = new_image()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 150, 100, 60, 60)
    Gimp.Selection.feather(image, 20)
    before = pixels(image.get_selection(), "Y u8")
    (layer,) = generate(image, placement="cover")
    values = mask_values(layer)
    assert values == selection_values(image, layer)
    assert len(set(values)) > 50
    assert pixels(image.get_selection(), "Y u8") == before


def check_the_mask_is_zero_beyond_the_canvas():
    image = new_image()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 400, 100)
    (layer,) = generate(image, placement="cover")
    assert offsets(layer) == (0, -100) and size(layer) == (400, 300)
    assert mask_values(layer) == bytes(400 * 100) + b"\xff" * (400 * 100) + bytes(400 * 100)


def check_no_mask_where_nothing_is_hidden():
    image = new_image()
    Gimp.Selection.all(image)
    (layer,) = generate(image, placement="cover")
    assert layer.get_mask() is None
    select(image)
    (layer,) = generate(image, placement="cover", target="canvas")
    assert layer.get_mask() is None and offsets(layer) == (0, 0) and size(layer) == (400, 300)


def check_several_in_a_group():
    image = new_image()
    select(image)
    layers = generate(image, placement="cover", group="automatic", variants=3, seed=7)
    group = image.get_layers()[0]
    assert group.is_group() and group.get_name() == "a red fox"
    assert names(group.get_children()) == names(layers) == [f"a red fox (seed {seed})" for seed in (7, 8, 9)]
    assert [layer.get_visible() for layer in layers] == [True, False, False]
    assert all(layer.get_mask() is not None for layer in layers)
    assert names(image.get_selected_layers()) == [layers[0].get_name()]


def check_a_single_one_stays_plain_unless_always():
    image = new_image()
    generate(image, group="automatic", seed=1)
    assert names(image.get_layers()) == ["a red fox (seed 1)", "Background"]
    generate(image, group="always", seed=2)
    assert image.get_layers()[0].is_group()


def check_no_group_in_an_indexed_image():
    image = image_of("indexed")
    layers = generate(image, group="always", variants=2)
    assert names(image.get_layers()) == names(layers) + ["Background"]
    assert all(layer.get_visible() for layer in layers)


def check_unknown_words_cost_nothing():
    for argument, words in (("target", "canvas"), ("placement", "stretch"), ("group", "never")):
        text = failure(generate, new_image(), **{argument: "nonsense"})
        assert argument in text and words in text, text
    assert sent() == []


def check_a_quick_mask_costs_nothing():
    image = new_image()
    image.insert_channel(Gimp.Channel.new(image, "Qmask", 400, 300, 50, Gegl.Color.new("red")), None, 0)
    assert "Quick Mask (Shift+Q)" in failure(generate, image)
    assert sent() == []


def check_settings_make_the_same_request_again_after_an_xcf():
    image = new_image()
    generate(image, seed=5, negative_prompt="snow, 雪", steps=4, cfg_scale=6.5, safe_mode=False)
    file = Gio.File.new_for_path(str(FILES / "reuse.xcf"))
    assert Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, file, None)
    again = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
    layer = again.get_layers()[0]
    add_layer(again, "Top")
    again.set_selected_layers([layer])
    (copy,) = list(call(REUSE, image=again).get_core_object_array(1))
    first, second = sent()
    assert first == second
    assert parasite_of(copy) == parasite_of(layer) and pixels(copy) == pixels(layer)
    assert names(again.get_layers()) == ["Top", copy.get_name(), layer.get_name(), "Background"]


def check_a_layer_of_another_origin_has_nothing_to_reuse():
    assert "nothing to reuse" in failure(call, REUSE, image=new_image())
    assert sent() == []


def check_reuse_is_in_both_menus():
    procedure = Gimp.get_pdb().lookup_procedure(REUSE)
    assert sorted(path.rstrip("/") for path in procedure.get_menu_paths()) == ["<Image>/Filters/Venice", "<Layers>"]
    assert procedure.get_blurb() and procedure.get_help()


run(globals())
