# SPDX-License-Identifier: MIT
"""When files were made in a folder, by the clock: their own times are those of the system's last tick, which may be 4 ms before."""

from __future__ import annotations

import ctypes
import os
import select
import struct
import time
from collections.abc import Callable
from pathlib import Path

IN_CREATE, IN_MOVED_TO = 0x100, 0x80  # of <sys/inotify.h>
LONGEST = 120  # seconds
EVENT = struct.Struct("iIII")  # which watch, what, a cookie, length of the name that follows


class NewFiles:
    """Those that are made in `folder` from now on."""

    def __init__(self, folder: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._inotify = libc.inotify_init1(os.O_CLOEXEC)
        if self._inotify < 0 or libc.inotify_add_watch(self._inotify, os.fsencode(folder), IN_CREATE | IN_MOVED_TO) < 0:
            raise OSError(ctypes.get_errno(), f"{folder} cannot be watched")

    def wait_for(self, count: int, is_meant: Callable[[str], bool]) -> float:
        """When the last of so many was made, in seconds since 1970."""
        made: set[str] = set()
        try:
            while len(made) < count:
                if not select.select([self._inotify], [], [], LONGEST)[0]:
                    raise TimeoutError(f"{len(made)} of {count} files")
                events = os.read(self._inotify, 65536)
                now = time.time()
                made |= {name for name in names(events) if is_meant(name)}
            return now
        finally:
            os.close(self._inotify)


def names(events: bytes) -> list[str]:
    found = []
    while events:
        length = EVENT.unpack_from(events)[3]
        found.append(os.fsdecode(events[EVENT.size:EVENT.size + length].rstrip(b"\0")))
        events = events[EVENT.size + length:]
    return found
