# SPDX-License-Identifier: MIT
"""What several of these tests need."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest

from venice import Request, VeniceError

# Of 2 × 3 pixels.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAAElFTkSuQmCC")


def small_request(**fields: object) -> Request:
    """A small image of the default model."""
    return Request(**({"model": "z-image-turbo", "prompt": "a lake", "width": 64, "height": 64, "format": "png"} | fields))


def error_of(action: Callable[[], object]) -> VeniceError:
    with pytest.raises(VeniceError) as caught:
        action()
    return caught.value


def wait_until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.005)
