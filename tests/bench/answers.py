# SPDX-License-Identifier: MIT
"""The answers that the server of the benchmark gives."""

from __future__ import annotations

import json
import random
import struct
import zlib
from base64 import b64encode
from pathlib import Path

MIB = 1 << 20


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_start(side: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))


def like_png(size: int, seed: int) -> bytes:
    """Looks like a PNG file of that size from outside: libvenice, which does not decode images, does not look further in."""
    start = png_start(4096)
    return start + random.Random(seed).randbytes(size - len(start))


def small_png() -> bytes:
    return png_start(1) + chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + chunk(b"IEND", b"")


def json_answer(images: list[bytes]) -> bytes:
    return json.dumps({"id": "bench", "images": [b64encode(image).decode() for image in images], "request": None, "timing": {"total": 4100}}).encode()


def model_list(count: int) -> bytes:
    """As many models as the service has, of all kinds; a little larger than its own list."""
    from sandbox.catalog import MODELS  # tests/ is on the path

    known = [model.as_json() for model in MODELS.values()]
    models = [json.loads(json.dumps(known[i % len(known)])) for i in range(count)]
    for number, model in enumerate(models):
        model["id"] += f"-{number}" if number >= len(known) else ""
        model["model_spec"]["description"] = "A model that makes pictures from what is written, in any style, with fine detail and legible text. " * 2
    return json.dumps({"object": "list", "type": "image", "data": models}).encode()


def write(folder: Path) -> dict[str, tuple[Path, str]]:
    """Writes all answers; by name, the file and its media type. Beside each stands NAME.expected, the images without any wrapping."""
    four = [like_png(12 * MIB, seed) for seed in range(4)]
    binary = like_png(30_000_000, 4)
    answers = {
        "four": (json_answer(four), b"".join(four), "application/json"),
        "binary": (binary, binary, "image/png"),
        "small": (small_png(), small_png(), "image/png"),
        "models": (model_list(40), b"", "application/json"),
    }
    for name, (body, expected, _) in answers.items():
        (folder / name).write_bytes(body)
        (folder / f"{name}.expected").write_bytes(expected)
    return {name: (folder / name, media_type) for name, (_, _, media_type) in answers.items()}
