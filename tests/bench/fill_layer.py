# SPDX-License-Identifier: MIT
"""Run inside GIMP's Python: fills a layer of SIDE × SIDE pixels, which it has all, as the plug-in does it; `seconds` is how long GIMP takes for them."""

import os
import time

from gi.repository import Gegl, Gimp

SIDE = 4096
WIDTH, HEIGHT = 1024, 128  # a row of GIMP's tiles at a time

Gegl.init(None)
image = Gimp.Image.new(SIDE, SIDE, Gimp.ImageBaseType.RGB)
try:
    layer = Gimp.Layer.new(image, "filled", SIDE, SIDE, Gimp.ImageType.RGB_IMAGE, 100, Gimp.LayerMode.NORMAL)
    buffer = layer.get_buffer()
    pixels = os.urandom(WIDTH * HEIGHT * 3)
    start = time.monotonic()
    for y in range(0, SIDE, HEIGHT):
        for x in range(0, SIDE, WIDTH):
            buffer.set(Gegl.Rectangle.new(x, y, WIDTH, HEIGHT), "R'G'B' u8", pixels)
            buffer.flush()
    seconds = time.monotonic() - start
finally:
    image.delete()
