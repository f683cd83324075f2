# SPDX-License-Identifier: MIT
"""The log: one JSON object a line for each finished (or abandoned) request under /api/v1."""

from __future__ import annotations

import json
import time
from datetime import datetime, timezone
from typing import IO, Any

# Bodies above this size are logged by their size only.
LOGGED_BODY = 256 * 1024


class Journal:
    """Writes entries, each line flushed at once so that a test can read it after its answer."""

    def __init__(self, path: str | None) -> None:
        self._file: IO[str] | None = open(path, "a", encoding="utf-8") if path else None

    def write(self, entry: dict[str, Any]) -> None:
        if self._file:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()

    def close(self) -> None:
        if self._file:
            self._file.close()


class Entry:
    """What is noted about one request while it is served."""

    def __init__(self, number: int, method: str, path: str, query: dict[str, str], headers: dict[str, str], key_known: bool) -> None:
        self.started = time.monotonic()
        self.time = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        self.number, self.method, self.path, self.query, self.headers, self.key_known = number, method, path, query, headers, key_known
        self.body_size = 0
        self.json: Any = None
        self.status: int | None = None  # None: no status line was sent
        self.bytes_sent = 0  # bytes of the body that went to the network
        self.pictures: list[int] = []  # CRC-32 of each in the answer
        self.complete = False  # the whole answer went out
        self.client_gone = False  # the client went away before that

    def as_json(self) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "number": self.number,
            "time": self.time,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": self.headers,
            "key_known": self.key_known,
            "body_size": self.body_size,
            "status": self.status,
            "bytes_sent": self.bytes_sent,
            "pictures": self.pictures,
            "complete": self.complete,
            "client_gone": self.client_gone,
            "seconds": round(time.monotonic() - self.started, 3),
        }
        if self.json is not None and self.body_size <= LOGGED_BODY:
            entry["json"] = self.json
        return entry
