# SPDX-License-Identifier: MIT
"""Small picture files of every kind that decoders meet, and colour profiles for them."""

from __future__ import annotations

import base64
import io
import math
import struct
import zlib

from PIL import Image

SIZE = (40, 30)


def colours(mode="RGB", size=SIZE):
    """A picture with many colours, and all degrees of transparency if the mode has them."""
    width, height = size
    red = Image.linear_gradient("L").resize(size)
    green = Image.linear_gradient("L").rotate(90).resize(size)
    blue = Image.radial_gradient("L").resize(size)
    alpha = Image.linear_gradient("L").rotate(180).resize(size)
    bands = {"RGB": (red, green, blue), "RGBA": (red, green, blue, alpha), "L": (red,), "LA": (red, alpha)}[mode]
    picture = Image.merge(mode, bands)
    picture.putpixel((0, 0), (255,) * len(bands))  # so that every turn and mirroring is seen
    picture.putpixel((width - 1, 0), (0,) * (len(bands) - 1) + (255,) if len(bands) > 1 else 0)
    return picture


def encoded(picture, format, **options):
    stream = io.BytesIO()
    picture.save(stream, format, **options)
    return stream.getvalue()


def sixteen_bit_png(size=SIZE):
    """RGB with 16 bits; Pillow cannot write one."""
    width, height = size
    rows = b"".join(
        b"\0" + b"".join(struct.pack(">HHH", x * 65535 // (width - 1), y * 65535 // (height - 1), (x * y * 997) % 65536) for x in range(width))
        for y in range(height)
    )

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def turned_jpeg(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(colours(), "JPEG", quality=95, exif=exif.tobytes())


# --- a profile with tables instead of a matrix, which babl cannot read ---------------------------------


def _tag_text(text):
    data = text.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(data)) + data + b"\0" * (4 + 4 + 2 + 1 + 67)


def _xyz(x, y, z):
    return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in (x, y, z))


def _lab_of(red, green, blue):
    """Lab (D50) of a plain mixture of three primaries, linear in the numbers: a made-up, but possible device."""
    primaries = ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
    white = (0.9642, 1.0, 0.8249)
    xyz = [sum(value * primary[axis] for value, primary in zip((red, green, blue), primaries)) for axis in range(3)]
    f = [math.pow(v / w, 1 / 3) if v / w > 0.008856 else 7.787 * v / w + 16 / 116 for v, w in zip(xyz, white)]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def table_profile(grid=9):
    """An RGB display profile whose only way to Lab is a table (mft2)."""
    nodes = []
    for red in range(grid):
        for green in range(grid):
            for blue in range(grid):
                lightness, a, b = _lab_of(red / (grid - 1), green / (grid - 1), blue / (grid - 1))
                nodes += [lightness * 652.80, (a + 128) * 256, (b + 128) * 256]
    table = b"mft2\0\0\0\0" + bytes((3, 3, grid, 0)) + b"".join(struct.pack(">i", v) for v in (65536, 0, 0, 0, 65536, 0, 0, 0, 65536))
    table += struct.pack(">HH", 2, 2) + struct.pack(">HH", 0, 65535) * 3
    table += b"".join(struct.pack(">H", min(65535, max(0, round(v)))) for v in nodes) + struct.pack(">HH", 0, 65535) * 3
    tags = [
        (b"desc", _tag_text("Table profile for tests")),
        (b"cprt", b"text\0\0\0\0No copyright\0"),
        (b"wtpt", _xyz(0.9642, 1.0, 0.8249)),
        (b"A2B0", table),
    ]
    offset = 128 + 4 + 12 * len(tags)
    directory, body = struct.pack(">I", len(tags)), b""
    for name, data in tags:
        data += b"\0" * (-len(data) % 4)
        directory += name + struct.pack(">II", offset + len(body), len(data))
        body += data
    size = 128 + len(directory) + len(body)
    header = struct.pack(">I4sI4s4s4s6H4sIIIIQI3i", size, b"lcms", 0x02100000, b"mntr", b"RGB ", b"Lab ", 2026, 1, 1, 0, 0, 0, b"acsp", 0, 0, 0, 0, 0, 0,
                         63190, 65536, 54061)
    return (header + b"\0" * (128 - len(header))) + directory + body


def base64_of(data):
    return base64.b64encode(data).decode("ascii")
