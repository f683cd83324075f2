# SPDX-License-Identifier: MIT
"""Small requests, many of them: what libvenice adds to libcurl."""

from __future__ import annotations

from nginx import Nginx
from rows import Figure, Row
from setting import Setting, column, measured

REACH = 1.10


def many(setting: Setting, server: Nginx, what: str, count: int, in_flight: int) -> list[Row]:
    url = server.base_url("small")
    arguments = (url, str(count), str(in_flight))
    costs = setting.round_by_round({
        "libvenice": lambda: measured(setting.program("small-venice"), *arguments),
        "libvenice, each with another seed": lambda: measured(setting.program("small-venice"), *arguments, "seeds"),
        "libcurl": lambda: measured(setting.program("small-curl"), *arguments),
        "libcurl in a thread": lambda: measured(setting.program("small-curl-thread"), *arguments),
        "libcurl and cJSON with the same care": lambda: measured(setting.program("small-curl-careful"), *arguments),
    })

    def figure(name: str, key: str) -> Figure:
        return Figure(name, "µs", [value * 1e3 / count for value in column(costs[name], key)])

    return [
        Row(f"{what}: time for each, over libcurl's multi interface alone", figure("libvenice", "wall_ms"), figure("libcurl", "wall_ms"), REACH),
        Row("the same: processor time", figure("libvenice", "cpu_ms"), figure("libcurl", "cpu_ms"), REACH),
        # A text that has to be checked and written each time; and what it takes without libvenice.
        *(row for other in ("libvenice, each with another seed", "libcurl in a thread", "libcurl and cJSON with the same care") for row in (
            Row(f"for comparison, {other}: time", figure(other, "wall_ms"), figure("libcurl", "wall_ms"), None),
            Row("the same: processor time", figure(other, "cpu_ms"), figure("libcurl", "cpu_ms"), None))),
    ]


def rows(setting: Setting, server: Nginx) -> list[Row]:
    return many(setting, server, "1,000 small requests on one connection", 1000, 1) + many(setting, server, "5,000 small requests, 256 in flight", 5000, 256)
