# SPDX-License-Identifier: MIT
"""What can go wrong with an answer, and what a client is to make of it: for tests of the library and of the plug-in.  Standard library only.

Whatever happens, the request is sent once (unless the server said that it did nothing), the failure says whether it may be charged, and the
next request works.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from dataclasses import dataclass
from typing import Any

JSON, BINARY = "json", "binary"


@dataclass(frozen=True)
class Row:
    name: str
    behaviour: dict[str, Any]  # for the sandbox
    status: tuple[str, ...] = ()  # names of libvenice's statuses, one of which it is; none: the image comes
    charged: bool = True  # whether the failure says that the image may be charged
    answers: tuple[str, ...] = (JSON, BINARY)  # what the client asked for
    requests: int = 1
    silent: bool = False  # only a time limit ends it
    layer: bool | None = None  # whether the plug-in makes a layer of it; None: as `status` says

    @property
    def makes_a_layer(self) -> bool:
        return not self.status if self.layer is None else self.layer


def png(width: int, height: int, *, bits: int = 8) -> bytes:
    """Black, gray."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = bytes(1 + (width * bits + 7) // 8)
    compressor = zlib.compressobj(9)
    pixels = b"".join(compressor.compress(row) for _ in range(height)) + compressor.flush()
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def text_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


PICTURE = text_of(png(4, 4))


def literal(text: str | bytes, **more: Any) -> dict[str, Any]:
    """Status 200 with this instead of the answer."""
    data = text.encode() if isinstance(text, str) else text
    return {"status": 200, "content_type": "application/json", "body_base64": text_of(data), **more}


def images(value: Any) -> dict[str, Any]:
    return literal(json.dumps({"id": "generate-image-1", "images": value, "timing": {"total": 1}}))


def picture(data: bytes) -> dict[str, Any]:
    return {"image_base64": text_of(data)}


WIRE_ENDS = ("close", "reset", "silence")
LOST = ("NETWORK", "INCOMPLETE_RESPONSE")
BROKEN = ("MALFORMED_RESPONSE", "INCOMPLETE_RESPONSE")


def wire(after: str, then: str = "close", **more: Any) -> dict[str, Any]:
    return {"fault": "wire", "charge": True, "after": after, "then": then, **more}


def on_the_wire() -> list[Row]:
    """The connection ends, or falls silent, at each point of the answer."""
    places = [("nothing", {}), ("status-line", {}), ("headers", {}), ("head", {}), ("bytes", {"bytes": 1}), ("bytes", {"bytes": 300})]
    rows = []
    for after, more in places:
        place = f"{after} {more['bytes']}" if more else after
        rows.append(Row(f"closed after {place}", wire(after, "close", **more), LOST))
        rows.append(Row(f"reset after {place}", wire(after, "reset", **more), LOST))
        rows.append(Row(f"silent after {place}", wire(after, "silence", **more), ("TIMEOUT",), silent=True))
    # All is there: what the connection does then is nobody's concern.
    rows += [Row(f"{then} after all", wire("all", then)) for then in WIRE_ENDS]
    return rows

FRAMING = [
    Row("a length that is too long", wire("all", framing="longer"), ("INCOMPLETE_RESPONSE",)),
    Row("a length that is too short, for JSON", wire("all", framing="shorter"), BROKEN, answers=(JSON,)),
    # The library does not decode pictures: what it got is what was promised.
    Row("a length that is too short, for a picture", wire("all", framing="shorter"), answers=(BINARY,), layer=False),
    Row("chunks", wire("all", framing="chunks")),
    Row("chunks without an end", wire("all", framing="unended-chunks"), LOST),
    Row("chunks that are none", wire("all", framing="bad-chunks"), LOST + BROKEN),
    Row("no length at all", wire("all", framing="until-close")),
    Row("no length at all, and cut off", wire("bytes", framing="until-close", bytes=300), BROKEN, answers=(JSON,)),
    Row("a byte at a time", {"trickle": 4000}, answers=(JSON,)),
]

ENCODING = [
    Row("gzip that is none", {"fault": "encoding", "encoding": "gzip"}, LOST + BROKEN),
    Row("brotli that is none", {"fault": "encoding", "encoding": "br"}, LOST + BROKEN),
    Row("an encoding that nobody knows", {"fault": "encoding", "encoding": "x-unheard-of"}, LOST + BROKEN),
    Row("gzip cut in half", {"fault": "encoding", "encoding": "gzip", "at": 0.5}, LOST + BROKEN, answers=(JSON,)),
    Row("brotli cut in half", {"fault": "encoding", "encoding": "br", "at": 0.5}, LOST + BROKEN, answers=(JSON,)),
    # libcurl is content with what could be unpacked.
    Row("a picture whose gzip is cut in half", {"fault": "encoding", "encoding": "gzip", "at": 0.5}, answers=(BINARY,), layer=False),
]


def error(status: int, name: str, charged: bool, **more: Any) -> list[Row]:
    bodies = {
        "text": {"json": {"error": "the reason"}},
        "object": {"json": {"error": {"message": "the reason", "type": "t", "code": "c"}}},
        "issues": {"json": {"error": "the reason", "issues": [{"path": ["prompt"], "message": "is wrong", "code": "custom"}]}},
        "details": {"json": {"error": "the reason", "details": {"_errors": [], "prompt": {"_errors": ["is wrong"]}}}},
        "html": {"text": "<html><body>gateway</body></html>", "content_type": "text/html"},
        "nothing": {"text": ""},
    }
    kinds = bodies if status in (400, 500) else ("text", "html")
    return [Row(f"{status} with {kind}", {"status": status, **bodies[kind], **more}, (name,), charged, answers=(BINARY,)) for kind in kinds]


ERRORS = [
    *error(400, "BAD_REQUEST", False),
    *error(401, "UNAUTHORIZED", False),
    *error(402, "PAYMENT_REQUIRED", False),
    *error(403, "FORBIDDEN", False),
    *error(404, "NOT_FOUND", False),
    *error(413, "REQUEST_TOO_LARGE", False),
    *error(415, "UNSUPPORTED_MEDIA_TYPE", False),
    *error(422, "CONTENT_REFUSED", False),
    *error(500, "SERVER", True),
    *error(502, "BAD_GATEWAY", True),
    *error(504, "GATEWAY_TIMEOUT", True),
    Row("a redirect to another host", {"status": 307, "headers": {"Location": "http://localhost:1/image/generate"}, "text": ""}, ("REDIRECT",), False),
    Row("too many requests, and then it works", {"status": 429, "headers": {"Retry-After": "0"}, "json": {"error": "slow down"}}, requests=2, answers=(BINARY,)),
    Row("too many requests, with a wait of a second", {"status": 429, "headers": {"Retry-After": "1"}, "json": {}}, requests=2, answers=(BINARY,)),
    Row("too many requests, with a wait of a day", {"status": 429, "headers": {"Retry-After": "86400"}, "json": {}}, ("RATE_LIMITED",), False),
    Row("no capacity, and then it works", {"status": 503, "json": {"error": "at capacity"}}, requests=2, answers=(BINARY,)),
]

BODIES = [
    Row("nothing", literal(""), BROKEN),
    Row("deep JSON", literal("[" * 200_000), BROKEN),
    Row("deep JSON beside the images", literal('{"x":' + "[" * 200_000 + "]" * 200_000 + ',"images":["' + PICTURE + '"]}'), BROKEN, answers=(JSON,)),
    Row("a long number", literal('{"x":' + "9" * 200_000 + ',"images":["' + PICTURE + '"]}'), answers=(JSON,)),
    Row("NUL", literal('{"images":["' + PICTURE + '"],"id":"a\0b"}'), BROKEN, answers=(JSON,)),
    Row("NUL as an escape", literal('{"images":["' + PICTURE + '"],"id":"a\\u0000b"}'), answers=(JSON,)),
    Row("text that is no UTF-8", literal(b'{"images":["' + PICTURE.encode() + b'"],"id":"\xff\xfe"}'), answers=(JSON,)),
    Row("a member twice", literal('{"id":"a","id":"b","images":["' + PICTURE + '"]}'), answers=(JSON,)),
    Row("more after the end", literal('{"images":["' + PICTURE + '"]} {"more":1}'), BROKEN, answers=(JSON,)),
    Row("images that are numbers", images([1, 2]), BROKEN),
    Row("images that are a text", images(PICTURE), BROKEN),
    Row("images that are objects", images([{"b64_json": PICTURE}]), BROKEN),
    Row("no images", images([]), BROKEN),
    Row("an empty image", images([""]), BROKEN),
    Row("an image that is not base64", images(["#*!~" + PICTURE]), BROKEN),
    Row("an image with half a base64 group", images([PICTURE[:-3]]), BROKEN),
    Row("a thousand images", images([PICTURE] * 1000), BROKEN),
    Row("a text in place of an answer", literal("upstream error", content_type="text/plain"), BROKEN),
]

PICTURES = [
    Row("something that is no image", {"fault": "not-an-image"}, BROKEN),
    Row("half an image", {"fault": "broken-image"}, layer=False),
    Row("one pixel", picture(png(1, 1))),
    Row("20,000 x 20,000 pixels in 50 KB", picture(png(20_000, 20_000, bits=1)), layer=False),
    Row("sides of which no one has heard", picture(png(1, 1).replace(struct.pack(">II", 1, 1), struct.pack(">II", 2**31 - 1, 2**31 - 1))), layer=False),
    Row("a media type that lies", {"status": 200, "content_type": "text/html", "body_base64": PICTURE}),
]

TABLE = [*on_the_wire(), *FRAMING, *ENCODING, *ERRORS, *BODIES, *PICTURES]
