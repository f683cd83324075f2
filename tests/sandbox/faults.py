# SPDX-License-Identifier: MIT
"""Behaviours that tests queue for the next requests: literal answers, delays, and faults.

A behaviour is one JSON object.  Its members are independent of each other and may be combined::

    {"path": "/image/generate", "method": "POST", "match": {"model": "x"}, "times": 1, ...}

``path`` (default /image/generate), ``method`` and ``match`` (members that the JSON body must have) say
which requests are meant; ``times`` how many of them, 0 for all until the next reset.

A new fault is a subclass of Fault with the decorator ``@named``; it overrides the one hook at which it
interferes, and nothing else in the server has to change.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import itertools
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Iterator

try:
    import brotli
except ImportError:  # optional, as in the server
    brotli = None


@dataclass
class Wire:
    """An answer that no HTTP library would send: where it stops, what becomes of the connection then, and how its length is told."""

    after: str = "all"  # nothing, status-line, headers (without the empty line that ends them), head, bytes (of the body), all
    bytes: int = 0
    then: str = "close"  # close, reset, silence
    framing: str = "length"  # length, longer, shorter, chunks, unended-chunks, bad-chunks, until-close

    AFTER = ("nothing", "status-line", "headers", "head", "bytes", "all")
    THEN = ("close", "reset", "silence")
    FRAMING = ("length", "longer", "shorter", "chunks", "unended-chunks", "bad-chunks", "until-close")

    def check(self) -> None:
        for name, value, known in (("after", self.after, self.AFTER), ("then", self.then, self.THEN), ("framing", self.framing, self.FRAMING)):
            if value not in known:
                raise ValueError(f"{name} is one of {', '.join(known)}, not {value!r}")

    def headers(self, size: int) -> dict[str, str]:
        """Those that tell the length, and that the connection is not for another request."""
        if self.framing == "until-close":
            return {"Connection": "close"}
        if "chunks" in self.framing:
            return {"Connection": "close", "Transfer-Encoding": "chunked"}
        return {"Connection": "close", "Content-Length": str(size + {"length": 0, "longer": 100, "shorter": -min(100, size)}[self.framing])}

    def body(self, body: bytes) -> bytes:
        """As it goes over the wire."""
        if "chunks" not in self.framing:
            return body
        half = len(body) // 2
        pieces = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (body[:half], body[half:]) if piece]
        end = {"chunks": b"0\r\n\r\n", "unended-chunks": b"", "bad-chunks": b"no number\r\n\r\n"}[self.framing]
        return b"".join(pieces) + end

    def cut(self, head: bytes, body: bytes) -> bytes:
        """`head` ends with its empty line."""
        first_line = head.index(b"\r\n") + 2
        return {
            "nothing": b"",
            "status-line": head[:first_line],
            "headers": head[:-2],
            "head": head,
            "bytes": head + body[: self.bytes],
            "all": head + body,
        }[self.after]


@dataclass
class Answer:
    """What is going to be sent.  Either body, or stream with its length."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    stream: Iterator[bytes] | None = None
    length: int | None = None
    pictures: list[int] = field(default_factory=list)  # CRC-32 of each in the answer, before a fault spoils it
    # How it is sent
    reset: bool = False  # no answer: the connection is reset
    silent: bool = False  # no answer, and the connection stays open
    cut_at: float | None = None  # close the connection after this share of the body
    trickle: float | None = None  # bytes per second
    chunked: bool = False  # without Content-Length
    wire: Wire | None = None

    @property
    def is_json(self) -> bool:
        return self.content_type.partition(";")[0].strip() == "application/json"

    @property
    def size(self) -> int:
        return len(self.body) if self.length is None else self.length


def json_answer(status: int, value: Any, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), headers=dict(headers or {}))


class Fault:
    """Hooks along the way of a request; the default is to change nothing."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options

    def instead(self) -> Answer | None:
        """An answer without any processing of the request: it is not checked and not charged."""
        return None

    def image(self, data: bytes) -> bytes:
        """Each finished picture."""
        return data

    def base64(self, text: str) -> str:
        """Each picture as it stands in a JSON answer."""
        return text

    def answer(self, answer: Answer) -> Answer:
        """The finished answer before compression, be it a success or an error."""
        return answer

    def sending(self, answer: Answer) -> None:
        """The answer after compression: how to send it."""


FAULTS: dict[str, type[Fault]] = {}


def named(name: str) -> Callable[[type[Fault]], type[Fault]]:
    def register(fault: type[Fault]) -> type[Fault]:
        FAULTS[name] = fault
        return fault

    return register


@named("silence")
class Silence(Fault):
    """Never answers.  With "charge" the request is carried out and paid for first."""

    def instead(self) -> Answer | None:
        return None if self.options.get("charge") else Answer(200, silent=True)

    def sending(self, answer: Answer) -> None:
        answer.silent = True


@named("reset")
class Reset(Fault):
    """Resets the connection.  With "charge" the request is carried out and paid for first."""

    def instead(self) -> Answer | None:
        return None if self.options.get("charge") else Answer(200, reset=True)

    def sending(self, answer: Answer) -> None:
        answer.reset = True


@named("truncated")
class Truncated(Fault):
    """A correct Content-Length, but the connection ends half-way ("at": another share of the body)."""

    def sending(self, answer: Answer) -> None:
        answer.cut_at = float(self.options.get("at", 0.5))


@named("malformed")
class Malformed(Fault):
    """The text of the answer ends half-way; as a transfer it is complete."""

    def answer(self, answer: Answer) -> Answer:
        answer.body = answer.body[: len(answer.body) // 2]
        return answer


@named("empty")
class Empty(Fault):
    """Status 200 without a single byte."""

    def answer(self, answer: Answer) -> Answer:
        answer.status = 200
        answer.body = b""
        return answer


@named("bad-base64")
class BadBase64(Fault):
    """Characters that base64 does not have, at several places, so that no length check finds them."""

    def base64(self, text: str) -> str:
        third = max(4, len(text) // 3 // 4 * 4)
        return "".join("#*!~" + text[i + 4 : i + third] for i in range(0, len(text), third))


@named("not-an-image")
class NotAnImage(Fault):
    """Correct base64 of something else; in a binary answer the type still says image/png."""

    def image(self, data: bytes) -> bytes:
        return b"This text is not an image. " * 40

    def answer(self, answer: Answer) -> Answer:
        if not answer.is_json:
            answer.content_type = "image/png"
        return answer


@named("broken-image")
class BrokenImage(Fault):
    """A real picture without its second half, in a complete transfer."""

    def image(self, data: bytes) -> bytes:
        return data[: len(data) // 2]


@named("huge")
class Huge(Fault):
    """An answer of about "bytes" bytes: a JSON answer with one endless picture, or a picture with an
    endless tail.  It is produced while it is sent, so it may be larger than the memory."""

    def answer(self, answer: Answer) -> Answer:
        wanted = int(self.options.get("bytes", 1 << 30))
        if answer.is_json:
            head = b'{"id":"generate-image-huge","images":["'
            tail = b'"],"timing":{"inferenceDuration":1,"inferencePreprocessingTime":1,"inferenceQueueTime":1,"total":3},"request":null}'
            filler = b"A"
        else:
            head, tail, filler = answer.body, b"", b"\0"
        middle = max(0, wanted - len(head) - len(tail)) // 4 * 4
        piece = 1 << 18
        pieces = itertools.chain(
            [head], (filler * min(piece, middle - start) for start in range(0, middle, piece)), [tail]
        )
        answer.stream = iter(pieces)
        answer.length = len(head) + middle + len(tail)
        answer.body = b""
        return answer


@named("wire")
class OnTheWire(Fault):
    """Sent byte by byte as "after" ("bytes"), "then" and "framing" say: see Wire."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(options)
        chosen = {name: options[name] for name in ("after", "then", "framing") if name in options}
        self.wire = Wire(bytes=int(options.get("bytes", 0)), **chosen)
        self.wire.check()

    def sending(self, answer: Answer) -> None:
        answer.wire = self.wire


@named("encoding")
class Encoding(Fault):
    """Content-Encoding says "encoding" (gzip, br, or anything), which the body is not, or with "at" only its first share."""

    def sending(self, answer: Answer) -> None:
        encoding = str(self.options.get("encoding", "gzip"))
        if "at" in self.options and answer.headers.get("Content-Encoding") != encoding:
            answer.body = brotli.compress(answer.body) if encoding == "br" and brotli else gzip.compress(answer.body)
        answer.headers["Content-Encoding"] = encoding
        if "at" in self.options:
            answer.body = answer.body[: int(len(answer.body) * float(self.options["at"]))]
        else:
            answer.body = b"This is neither gzip nor brotli. " * 20


class BadBehaviour(ValueError):
    """A behaviour that the control interface does not understand."""


_MATCHING = {"path", "method", "match", "times"}
_LITERAL = {"status", "headers", "json", "text", "content_type", "body_base64"}
_MODIFIERS = {"fault", "at", "bytes", "after", "then", "framing", "encoding", "charge", "delay", "trickle", "chunked", "image_base64", "image_file"}


class Behaviour:
    """One queued behaviour, checked."""

    def __init__(self, options: Any) -> None:
        if not isinstance(options, dict):
            raise BadBehaviour("a behaviour is a JSON object")
        unknown = set(options) - _MATCHING - _LITERAL - _MODIFIERS
        if unknown:
            known = ", ".join(sorted(_MATCHING | _LITERAL | _MODIFIERS))
            raise BadBehaviour(f"unknown member(s) {', '.join(sorted(unknown))}; known: {known}")
        name = options.get("fault")
        if name is not None and name not in FAULTS:
            raise BadBehaviour(f"unknown fault {name!r}; known: {', '.join(sorted(FAULTS))}")
        try:
            self.options = options
            self.path = str(options.get("path", "/image/generate"))
            self.method = options.get("method")
            self.match = dict(options.get("match", {}))
            self.times = int(options.get("times", 1))
            self.delay = float(options.get("delay", 0))
            self.trickle = float(options["trickle"]) if "trickle" in options else None
            self.chunked = bool(options.get("chunked", False))
            self.fault = FAULTS[name](options) if name else Fault(options)
            self.replacement = self._replacement(options)
            self.literal = self._literal(options)
        except (TypeError, ValueError, OSError, binascii.Error) as error:
            raise BadBehaviour(str(error)) from None

    @staticmethod
    def _replacement(options: dict[str, Any]) -> bytes | None:
        if "image_file" in options:
            return Path(options["image_file"]).read_bytes()
        return base64.b64decode(options["image_base64"], validate=True) if "image_base64" in options else None

    @staticmethod
    def _literal(options: dict[str, Any]) -> Callable[[], Answer] | None:
        if not _LITERAL & set(options):
            return None
        if "json" in options:
            body, kind = json.dumps(options["json"]).encode(), "application/json"
        elif "text" in options:
            body, kind = str(options["text"]).encode(), "text/plain; charset=utf-8"
        else:
            body, kind = base64.b64decode(options.get("body_base64", ""), validate=True), "application/octet-stream"
        kind = str(options.get("content_type", kind))
        headers = {str(name): str(value) for name, value in dict(options.get("headers", {})).items()}
        return lambda: Answer(int(options.get("status", 200)), body, kind, dict(headers))

    def fits(self, path: str, method: str, body: Any) -> bool:
        if path != self.path or (self.method and method != self.method):
            return False
        return not self.match or (isinstance(body, dict) and all(name in body and body[name] == value for name, value in self.match.items()))

    def instead(self) -> Answer | None:
        """The literal or missing answer, if the request is not to be processed at all."""
        return self.literal() if self.literal else self.fault.instead()

    def image(self, drawn: bytes | None) -> bytes:
        """What is sent of it; it need not be drawn where there is a replacement."""
        return self.fault.image(self.replacement if self.replacement is not None else drawn or b"")

    def sending(self, answer: Answer) -> None:
        answer.trickle = self.trickle
        answer.chunked = self.chunked
        self.fault.sending(answer)


NORMAL = Behaviour({})


class Queue:
    """Behaviours in the order in which they were announced; the first that fits a request is taken."""

    def __init__(self) -> None:
        self.pending: list[Behaviour] = []

    def add(self, options: Any) -> None:
        self.pending.append(Behaviour(options))

    def take(self, path: str, method: str, body: Any) -> Behaviour:
        for behaviour in self.pending:
            if behaviour.fits(path, method, body):
                if behaviour.times > 0:
                    behaviour.times -= 1
                    if behaviour.times == 0:
                        self.pending.remove(behaviour)
                return behaviour
        return NORMAL

    def as_json(self) -> list[dict[str, Any]]:
        return [{**behaviour.options, "times": behaviour.times} for behaviour in self.pending]
