# SPDX-License-Identifier: MIT
"""How long the window's main loop was away, measured from outside: by asking the window over the accessibility bus again and again. What is
measured is the main loop's gap and the way there and back."""

from __future__ import annotations

import threading
import time

from dialog import Dialog


class Heartbeat:
    """Asks in a thread of its own, about every millisecond."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._end = threading.Event()
        self.seconds: list[float] = []
        self._thread = threading.Thread(target=self._beat)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._end.is_set():
            start = time.monotonic()
            assert self._dialog.window.name == self._dialog.title
            self.seconds.append(time.monotonic() - start)
            time.sleep(0.001)

    def report(self) -> str:
        ordered = sorted(self.seconds)
        return (f"longest {ordered[-1] * 1000:.0f} ms, 99 % within {ordered[len(ordered) * 99 // 100] * 1000:.0f} ms, "
                f"median {ordered[len(ordered) // 2] * 1000:.1f} ms, {len(ordered)} questions")
