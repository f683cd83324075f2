# SPDX-License-Identifier: MIT
"""The pixels of generated layers against those that GIMP itself loads from the same bytes.

The sandbox answers with a given file (image_base64); GIMP's own Open as Layers gets the same file.
"""

from __future__ import annotations

import pictures
from harness import FILES, Gimp, create, generate, largest_difference, new_image, offsets, pixels, run, sandbox, size

from gi.repository import Gio, GLib

ONE = 1 / 255 + 1e-6


def profile_bytes(profile):
    return bytes(profile.get_icc_profile())


ADOBE = profile_bytes(Gimp.ColorProfile.new_rgb_adobe())
SRGB = profile_bytes(Gimp.ColorProfile.new_rgb_srgb())
GRAY = profile_bytes(Gimp.ColorProfile.new_d65_gray_srgb_trc())
GRAY_GAMMA_1 = profile_bytes(Gimp.ColorProfile.new_d65_gray_linear())
TABLE = pictures.table_profile()


def generated(data):
    sandbox.next(image_base64=pictures.base64_of(data))
    return generate(new_image())[0]


def generated_and_loaded(image, data, ending):
    """Two layers of the image: ours, and GIMP's own."""
    sandbox.next(image_base64=pictures.base64_of(data))
    (ours,) = generate(image)
    path = FILES / ("picture." + ending)
    path.write_bytes(data)
    theirs = Gimp.file_load_layer(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(str(path)))
    image.insert_layer(theirs, None, 0)
    return ours, theirs


def compare(data, ending, image=None):
    image = image or new_image()
    ours, theirs = generated_and_loaded(image, data, ending)
    assert size(ours) == size(theirs), (size(ours), size(theirs))
    # As numbers from 0 to 1 in the image's own colour space and curve, alpha included (1 where there is none).
    encoding = "R'G'B'A float"
    mine, own = pixels(ours, encoding), pixels(theirs, encoding)
    if mine != own and ours.has_alpha():
        for index in range(3, len(mine), 4):  # colours that cannot be seen do not matter
            if mine[index] == own[index] == 0:
                mine[index - 3 : index] = own[index - 3 : index]
    difference = largest_difference(mine, own)
    assert difference <= ONE, f"{difference * 255:.2f} of 255"
    assert max(mine) - min(mine) > 0.5, "a picture without contrast proves nothing"
    return f"{difference * 255:.2f} of 255"


def check_png_rgb():
    return compare(pictures.encoded(pictures.colours(), "PNG"), "png")


def check_png_rgba():
    return compare(pictures.encoded(pictures.colours("RGBA"), "PNG"), "png")


def check_png_gray():
    return compare(pictures.encoded(pictures.colours("L"), "PNG"), "png")


def check_png_gray_alpha():
    return compare(pictures.encoded(pictures.colours("LA"), "PNG"), "png")


def check_png_palette():
    return compare(pictures.encoded(pictures.colours().quantize(64), "PNG"), "png")


def check_png_16_bit():
    return compare(pictures.sixteen_bit_png(), "png")


def check_png_larger_than_tiles():
    return compare(pictures.encoded(pictures.colours(size=(1300, 290)), "PNG"), "png")


def check_jpeg():
    return compare(pictures.encoded(pictures.colours(), "JPEG", quality=92), "jpg")


def check_jpeg_gray():
    return compare(pictures.encoded(pictures.colours("L"), "JPEG", quality=92), "jpg")


def check_jpeg_progressive():
    return compare(pictures.encoded(pictures.colours(), "JPEG", quality=80, progressive=True, subsampling="4:2:0"), "jpg")


def check_jpeg_turned():
    notes = []
    for orientation in range(1, 9):
        notes.append(compare(pictures.turned_jpeg(orientation), "jpg"))
    return ", ".join(notes)


def check_webp():
    return compare(pictures.encoded(pictures.colours(), "WEBP", quality=85), "webp")


def check_webp_lossless_alpha():
    return compare(pictures.encoded(pictures.colours("RGBA"), "WEBP", lossless=True, exact=True), "webp")


def check_png_with_srgb_profile():
    return compare(pictures.encoded(pictures.colours(), "PNG", icc_profile=SRGB), "png")


def check_png_with_adobe_profile():
    return compare(pictures.encoded(pictures.colours(), "PNG", icc_profile=ADOBE), "png")


def check_png_rgba_with_adobe_profile():
    return compare(pictures.encoded(pictures.colours("RGBA"), "PNG", icc_profile=ADOBE), "png")


def check_jpeg_with_adobe_profile():
    return compare(pictures.encoded(pictures.colours(), "JPEG", quality=92, icc_profile=ADOBE), "jpg")


def check_webp_with_adobe_profile():
    return compare(pictures.encoded(pictures.colours(), "WEBP", lossless=True, icc_profile=ADOBE), "webp")


def check_gray_png_with_gray_profile():
    return compare(pictures.encoded(pictures.colours("L"), "PNG", icc_profile=GRAY), "png")


def check_png_with_table_profile():
    return compare(pictures.encoded(pictures.colours(), "PNG", icc_profile=TABLE), "png")


def check_png_with_broken_profile():
    return compare(pictures.encoded(pictures.colours(), "PNG", icc_profile=ADOBE[:200]), "png")


def check_profiles_make_a_difference():
    """Else the comparisons with profiles would also pass if everyone ignored them."""
    notes = []
    for profile, mode in ((ADOBE, "RGB"), (TABLE, "RGB"), (GRAY_GAMMA_1, "L")):
        plain = pixels(generated(pictures.encoded(pictures.colours(mode), "PNG")))
        converted = pixels(generated(pictures.encoded(pictures.colours(mode), "PNG", icc_profile=profile)))
        difference = largest_difference(plain, converted)
        assert difference > 20, difference
        notes.append(f"{difference} of 255")
    return ", ".join(notes)


def check_gray_png_with_linear_gray_profile():
    return compare(pictures.encoded(pictures.colours("L"), "PNG", icc_profile=GRAY_GAMMA_1), "png")


def with_profile(image, profile):
    assert image.set_color_profile(Gimp.ColorProfile.new_from_icc_profile(profile))
    return image


def check_into_an_adobe_image():
    return compare(pictures.encoded(pictures.colours(), "PNG"), "png", with_profile(new_image(), ADOBE))


def check_adobe_into_an_adobe_image():
    return compare(pictures.encoded(pictures.colours(), "PNG", icc_profile=ADOBE), "png", with_profile(new_image(), ADOBE))


def check_into_a_table_profile_image():
    return compare(pictures.encoded(pictures.colours(), "PNG"), "png", with_profile(new_image(), TABLE))


def check_into_a_grayscale_image():
    image = new_image(base=Gimp.ImageBaseType.GRAY)
    note = compare(pictures.encoded(pictures.colours("RGBA"), "PNG"), "png", image)
    assert all(layer.is_gray() for layer in image.get_layers())
    return note


def check_adobe_into_a_grayscale_image():
    return compare(pictures.encoded(pictures.colours(), "PNG", icc_profile=ADOBE), "png", new_image(base=Gimp.ImageBaseType.GRAY))


def check_gray_into_a_grayscale_image():
    return compare(pictures.encoded(pictures.colours("L"), "PNG"), "png", new_image(base=Gimp.ImageBaseType.GRAY))


def indexed_image():
    image = new_image()
    image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.WEB, 0, False, False, "")
    # All web colours, whatever is used: the palette must have something to choose from.
    assert image.get_base_type() == Gimp.ImageBaseType.INDEXED
    return image


def check_into_an_indexed_image():
    image = indexed_image()
    ours, theirs = generated_and_loaded(image, pictures.encoded(pictures.colours("RGBA"), "PNG"), "png")
    assert ours.is_indexed() and ours.has_alpha()
    assert pixels(ours, None) == pixels(theirs, None)
    colours = {tuple(pixels(ours)[index : index + 3]) for index in range(0, len(pixels(ours)), 4)}
    return f"{len(colours)} colours"


def check_into_an_indexed_image_with_a_profile():
    image = with_profile(indexed_image(), ADOBE)
    ours, theirs = generated_and_loaded(image, pictures.encoded(pictures.colours(), "PNG"), "png")
    assert pixels(ours, None) == pixels(theirs, None)


def check_into_every_precision():
    notes = []
    data = pictures.encoded(pictures.colours("RGBA"), "PNG")
    for precision in (
        Gimp.Precision.U8_LINEAR, Gimp.Precision.U8_PERCEPTUAL, Gimp.Precision.U16_NON_LINEAR, Gimp.Precision.U16_LINEAR,
        Gimp.Precision.U32_LINEAR, Gimp.Precision.HALF_LINEAR, Gimp.Precision.FLOAT_LINEAR, Gimp.Precision.FLOAT_NON_LINEAR,
        Gimp.Precision.DOUBLE_LINEAR,
    ):
        notes.append(f"{precision.value_nick}: {compare(data, 'png', new_image(precision=precision))}")
    return ", ".join(notes)


def check_adobe_into_a_float_image():
    return compare(pictures.encoded(pictures.colours(), "PNG", icc_profile=ADOBE), "png", new_image(precision=Gimp.Precision.FLOAT_LINEAR))


def check_alpha_as_in_the_picture():
    for mode, alpha in (("RGB", False), ("RGBA", True), ("L", False), ("LA", True)):
        assert generated(pictures.encoded(pictures.colours(mode), "PNG")).has_alpha() == alpha, mode


def check_a_picture_of_another_size_is_centred_by_its_own():
    sandbox.next(image_base64=pictures.base64_of(pictures.encoded(pictures.colours(), "PNG")))
    (layer,) = generate(new_image(400, 300))
    assert size(layer) == (40, 30) and offsets(layer) == (180, 135)


def created_and_opened(data, ending):
    sandbox.next(image_base64=pictures.base64_of(data))
    ours = create()
    path = FILES / ("created." + ending)
    path.write_bytes(data)
    return ours, Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(path)))


def check_create_image_equals_open():
    ours, theirs = created_and_opened(pictures.encoded(pictures.colours("RGBA"), "PNG"), "png")
    assert size(ours) == size(theirs)
    assert pixels(ours.get_layers()[0]) == pixels(theirs.get_layers()[0])


def check_create_image_keeps_the_profile():
    ours, theirs = created_and_opened(pictures.encoded(pictures.colours(), "PNG", icc_profile=ADOBE), "png")
    assert profile_bytes(ours.get_color_profile()) == ADOBE
    difference = largest_difference(pixels(ours.get_layers()[0], None), pixels(theirs.get_layers()[0], None))
    assert difference <= 1, difference


run(globals())
