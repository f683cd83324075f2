# SPDX-License-Identifier: MIT
"""Waiting for something to become true, instead of sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

# Generous: a test machine may be busy. No test asserts how long something takes.
PATIENCE = 40.0
PAUSE = 0.05


class NeverHappened(AssertionError):
    pass


def wait_for(condition: Callable[[], Result], what: str, timeout: float = PATIENCE) -> Result:
    """Asks again and again until the answer is true, and returns it."""
    deadline = time.monotonic() + timeout
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise NeverHappened(f"waited {timeout:.0f} s in vain: {what}")
        time.sleep(PAUSE)
