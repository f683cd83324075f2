# SPDX-License-Identifier: MIT
"""Makes what test_working_folder.py looks for afterwards: a reduced picture that is larger than GEGL's cache of tiles."""

from __future__ import annotations

import pictures
from harness import generate, new_image, pixels, run, sandbox, size

from PIL import Image

COLOR = (200, 40, 10)


def check_a_large_picture_is_reduced():
    large = Image.new("RGB", (3000, 3000), COLOR)
    sandbox.next(image_base64=pictures.base64_of(pictures.encoded(large, "PNG")))
    (layer,) = generate(new_image(), model="z-image-turbo", placement="cover")
    assert size(layer) == (400, 400)
    values = pixels(layer, "R'G'B' u8")
    assert set(zip(values[0::3], values[1::3], values[2::3])) == {COLOR}, "tiles beyond the cache were lost"


run(globals())
