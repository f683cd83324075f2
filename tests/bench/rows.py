# SPDX-License-Identifier: MIT
"""Figures and the rows of the table. Nothing here passes or fails: a row that is out of its reach says so."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path


@dataclass
class Figure:
    """What one program came to in one respect, round by round."""

    name: str  # of whom it is
    unit: str
    values: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        return f"{self.name} {readable(self.median)} {self.unit}"


def readable(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


@dataclass
class Row:
    """One line of the table. With a `peer`, the result is the median of ours / theirs, round by round, else ours itself."""

    what: str
    ours: Figure
    peer: Figure | None
    reach: float | None  # None: there for comparison only

    @property
    def results(self) -> list[float]:
        if self.peer is None:
            return self.ours.values
        return [ours / theirs for ours, theirs in zip(self.ours.values, self.peer.values, strict=True)]

    @property
    def median(self) -> float:
        return statistics.median(self.results)

    @property
    def reached(self) -> bool | None:
        return None if self.reach is None else self.median <= self.reach

    def cells(self) -> list[str]:
        unit = " ×" if self.peer else f" {self.ours.unit}"
        low, high = min(self.results), max(self.results)
        measured = ", ".join(str(figure) for figure in (self.ours, self.peer) if figure)
        return [
            self.what,
            measured,
            f"**{readable(self.median)}{unit}** ({readable(low)}–{readable(high)})",
            "–" if self.reach is None else f"{readable(self.reach)}{unit}",
            {None: "–", True: "yes", False: "**no**"}[self.reached],
        ]

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"results": self.results, "median": self.median, "reached": self.reached}


HEAD = ["what", "medians", "result (lowest–highest)", "aim: at most", "reached"]


def table(rows: Sequence[Row]) -> str:
    lines = [HEAD, ["---"] * len(HEAD), *(row.cells() for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    flags = {word for line in lines if line.startswith("flags") for word in line.split()}
    name = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    kind = "virtual machine" if "hypervisor" in flags else "machine"
    vectors = next((name for name in ("avx2", "ssse3") if name in flags), "none")
    return f"{kind} with {os.cpu_count()} processors ({name.replace('(R)', '')}, vectors: {vectors})"


def conditions(rounds: int) -> str:
    load = os.getloadavg()[0]
    return f"{date.today().isoformat()}, {processor()}, Linux {platform.release().split('-')[0]}, {rounds} rounds, load {load:.1f} before"


def write_json(path: Path, where: str, rows: Sequence[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"conditions": where, "rows": [row.as_json() for row in rows]}, indent=1, ensure_ascii=False) + "\n")
