# SPDX-License-Identifier: MIT
"""Fixtures for tests of the plug-in in a GIMP without a window."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from gimp_runner import GimpRunner  # noqa: E402
from sandbox.process import Sandbox  # noqa: E402


def checks_in(name: str) -> list[str]:
    """The names of the checks in a file of the folder inside/, without running it."""
    tree = ast.parse((HERE / "inside" / name).read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("check_")]


class Outcomes:
    """What became of the checks of one file, which all ran in one start of GIMP."""

    def __init__(self, gimp: GimpRunner, sandbox: Sandbox, name: str) -> None:
        path = gimp.files / (name + ".json")
        variables = {"OUTCOMES": str(path), "SANDBOX_LOG": str(sandbox.log), "FILES": str(gimp.files)}
        self._finished = gimp.python_file(HERE / "inside" / name, environment=variables, timeout=600)
        self._outcomes = json.loads(path.read_text()) if path.is_file() else {}

    @property
    def output(self) -> str:
        """What GIMP wrote to the terminal."""
        return self._finished.output

    def verify(self, check: str) -> None:
        outcome = self._outcomes.get(check)
        if outcome is None:
            pytest.fail(f"{check} did not run. GIMP wrote:\n{self.output}", pytrace=False)
        if not outcome["ok"]:
            pytest.fail(f"{outcome['note']}\nGIMP wrote:\n{self.output}", pytrace=False)
        print(f"{outcome['seconds']} s; {outcome['note'] or ''}")


@pytest.fixture(scope="session")
def sandbox():
    with Sandbox(balance="1000", delay=0, rate_limit=0, failure_lock=0) as running:
        yield running


@pytest.fixture(scope="session")
def gimp(sandbox):
    with GimpRunner(environment={"VENICE_API_KEY": sandbox.key, "VENICE_BASE_URL": sandbox.base_url}) as runner:
        yield runner
