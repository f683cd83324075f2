# SPDX-License-Identifier: MIT
"""What needs no network: building a request, and the catalogue that is kept on disk."""

from __future__ import annotations

from nginx import Nginx
from rows import Figure, Row
from setting import Setting, column, measured


def rows(setting: Setting, server: Nginx) -> list[Row]:
    cache = setting.folder / "cache"
    costs = setting.round_by_round({"libvenice": lambda: measured(setting.program("local-venice"), server.base_url("models"), cache)})["libvenice"]

    def figure(key: str) -> Figure:
        return Figure("libvenice", "µs", column(costs, key))

    return [
        Row("building and checking a request", figure("build_us"), None, 20),
        Row("the same, checked against its model", figure("build_for_model_us"), None, 20),
        Row("opening the cached catalogue of 40 models", figure("open_catalogue_us"), None, 1000),
    ]
