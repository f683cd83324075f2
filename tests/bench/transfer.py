# SPDX-License-Identifier: MIT
"""Large answers: 64 MB of JSON with four images, and an image of 30 MB as it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from nginx import Nginx
from rows import Figure, Row
from setting import HERE, Setting, column, measured

MIB = 1 << 20
# In MiB beyond what the answer decodes to.
MEMORY_REACH = 12 * 1e6 / MIB


def curl(url: str, output: Path) -> dict[str, Any]:
    """The time from the request to the last byte, as curl itself tells it: without loading the program."""
    command = ["curl", "--silent", "--fail", "--output", output, "--write-out", '{"wall_ms": %{time_total}}', "--json", "{}", f"{url}/image/generate"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return {"wall_ms": json.loads(done.stdout)["wall_ms"] * 1e3}


def over_decoded(costs: list[dict[str, Any]]) -> list[float]:
    return [cost["peak_kib"] / 1024 - cost["decoded_bytes"] / MIB for cost in costs]


def large_json(setting: Setting, server: Nginx) -> list[Row]:
    url, expected = server.base_url("four"), setting.folder / "four.expected"
    program = setting.program("transfer-venice")
    costs = setting.round_by_round({
        "libvenice": lambda: measured(program, url, "blocking", expected),
        "events": lambda: measured(program, url, "events", expected),
        "curl": lambda: curl(url, Path(os.devnull)),
        "kept": lambda: measured(setting.program("transfer-curl"), url),
        "urllib": lambda: measured(sys.executable, HERE / "transfer_urllib.py", url, expected),
        "requests": lambda: measured(sys.executable, HERE / "transfer_requests.py", url, expected),
        "empty": lambda: measured(setting.program("small-curl"), server.base_url("small"), "1", "1"),
        "node": lambda: measured("node", HERE / "transfer_node.mjs", url, expected),
    })

    def figure(name: str, who: str, key: str) -> Figure:
        return Figure(who, "ms", column(costs[name], key))

    def most_mib(name: str) -> int:
        return max(cost["peak_kib"] for cost in costs[name]) // 1024

    cpu = figure("libvenice", "libvenice", "cpu_ms")
    events = costs["events"]
    return [
        Row("64 MB of JSON, four images decoded: time, over `curl -o /dev/null`", figure("libvenice", "libvenice", "wall_ms"), figure("curl", "curl", "wall_ms"), 1.5),
        Row("the same: time, over libcurl that decodes nothing, but writes as many bytes to new memory", figure("libvenice", "libvenice", "wall_ms"),
            figure("kept", "libcurl", "wall_ms"), None),
        Row("the same: processor time, over Python with urllib", cpu, figure("urllib", "Python", "cpu_ms"), 0.1),
        Row("the same: processor time, over Python with requests", cpu, figure("requests", "Python", "cpu_ms"), 0.1),
        Row("the same: processor time, over Node with fetch", cpu, figure("node", "Node", "cpu_ms"), 0.1),
        Row(f"the same: peak memory beyond the decoded 48 MiB (in all: Python {most_mib('urllib')} MiB, Node {most_mib('node')} MiB)",
            Figure("libvenice", "MiB", over_decoded(costs["libvenice"])), None, MEMORY_REACH),
        Row("the same: that memory, over all of a program with libcurl that fetched 69 bytes", Figure("libvenice", "MiB", over_decoded(costs["libvenice"])),
            Figure("libcurl", "MiB", [cost["peak_kib"] / 1024 for cost in costs["empty"]]), 1.1),
        Row("the same: first of the four images, over the whole answer", Figure("first", "ms", column(events, "first_image_ms")),
            Figure("all", "ms", column(events, "wall_ms")), 0.3),
        Row("the processor time of that libcurl which only writes, over Python with urllib", figure("kept", "libcurl", "cpu_ms"), figure("urllib", "Python", "cpu_ms"), None),
        Row("the first quarter of the bytes of that libcurl, over all of them", figure("kept", "first", "first_quarter_ms"), figure("kept", "all", "wall_ms"), None),
    ]


def large_binary(setting: Setting, server: Nginx) -> list[Row]:
    url, expected = server.base_url("binary"), setting.folder / "binary.expected"
    costs = setting.round_by_round({
        "libvenice": lambda: measured(setting.program("transfer-venice"), url, "blocking", expected),
        "curl": lambda: curl(url, setting.folder / "output"),
    })
    return [
        Row("an image of 30 MB as it is: time, over `curl -o` to a file in memory", Figure("libvenice", "ms", column(costs["libvenice"], "wall_ms")),
            Figure("curl", "ms", column(costs["curl"], "wall_ms")), 1.2),
        Row("the same: peak memory beyond the 30 MB", Figure("libvenice", "MiB", over_decoded(costs["libvenice"])), None, MEMORY_REACH),
    ]


def rows(setting: Setting, server: Nginx) -> list[Row]:
    return large_json(setting, server) + large_binary(setting, server)
