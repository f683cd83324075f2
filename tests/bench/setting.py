# SPDX-License-Identifier: MIT
"""What every module of the benchmark gets: the programs, a folder in memory, and how often to measure."""

from __future__ import annotations

import functools
import json
import random
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@dataclass
class Setting:
    build: Path  # where tests/bench was built
    folder: Path  # for the answers, in memory
    rounds: int
    stack: ExitStack  # what runs until the end

    @functools.cached_property
    def gimp(self) -> tuple[Any, Any, Any]:
        """For all modules the same: a process can look at one desktop only."""
        import gimp_setting

        running: tuple[Any, Any, Any] = self.stack.enter_context(gimp_setting.running(self))
        return running

    def program(self, name: str) -> Path:
        return self.build / "tests" / "bench" / name

    def round_by_round(self, subjects: dict[str, Callable[[], dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
        """Runs each once to warm up, then all of them round by round, so that what else the machine does meets all alike; in another order each time, for
        the memory and the caches that one leaves behind meet the next."""
        names = list(subjects)
        for name in names:
            subjects[name]()
        costs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        orders = random.Random(1)  # the same in each run of the benchmark
        for _ in range(self.rounds):
            for name in orders.sample(names, len(names)):
                costs[name].append(subjects[name]())
        return costs


def measured(*command: str | Path) -> dict[str, Any]:
    """What a program prints as JSON about itself."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=300)
    cost: dict[str, Any] = json.loads(done.stdout)
    return cost


def column(costs: list[dict[str, Any]], key: str) -> list[float]:
    return [float(cost[key]) for cost in costs]
