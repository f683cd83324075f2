# SPDX-License-Identifier: MIT
"""What the Python programs share that are measured beside libvenice."""

import json
import sys
import time
from pathlib import Path

BODY = json.dumps({"model": "sandbox-model", "prompt": "a red fox in the snow", "format": "png", "seed": 42}).encode()
HEADERS = {"Content-Type": "application/json", "Authorization": "Bearer bench-key"}


def peak_kib() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def report(start: float, cpu: float, images: list[bytes]) -> None:
    """Call it at once when the images are there."""
    cost = {"wall_ms": (time.perf_counter() - start) * 1e3, "cpu_ms": (time.process_time() - cpu) * 1e3, "peak_kib": peak_kib()}
    if b"".join(images) != Path(sys.argv[2]).read_bytes():
        sys.exit("the images are not those of the server")
    print(json.dumps(cost | {"decoded_bytes": sum(map(len, images))}))
