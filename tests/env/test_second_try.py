# SPDX-License-Identifier: MIT
"""What tests/run makes of a test that fails: tried once more, counted, and never hidden."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import run  # noqa: E402

JUNIT = """<testsuites><testsuite>
<testcase classname="tests.gui.test_key" name="test_a[x-1]"><failure message="no"/></testcase>
<testcase classname="tests.gui.test_key" name="test_b"/>
<testcase classname="tests.gui.test_key" name="test_c"><skipped/></testcase>
<testcase classname="tests.gui.test_window" name="test_d"><error message="no"/></testcase>
</testsuite></testsuites>"""


def junit(folder: Path) -> Path:
    report = folder / "report.xml"
    report.write_text(JUNIT)
    return report


def test_names_of_failed_cases_are_those_that_pytest_takes(tmp_path: Path) -> None:
    assert run.failed_cases(junit(tmp_path)) == ["tests/gui/test_key.py::test_a[x-1]", "tests/gui/test_window.py::test_d"]


def test_names_of_failed_programs_are_those_that_meson_takes(tmp_path: Path) -> None:
    (tmp_path / "meson-logs").mkdir()
    results = {"venice-gimp:abi / abi client": "FAIL", "store faults": "TIMEOUT", "venice-gimp:unit / libvenice json": "OK"}
    (tmp_path / "meson-logs" / "testlog.json").write_text("".join(json.dumps({"name": name, "result": result}) + "\n" for name, result in results.items()))
    assert run.failed_programs(tmp_path) == ["abi client", "store faults"]


def test_what_fails_twice_has_failed(tmp_path: Path) -> None:
    first = run.read_junit(junit(tmp_path), all_was_well=False, runner="pytest")
    assert str(run.tried_again(first, ["a", "d"], lambda names: False)) == "1 passed, 2 failed, 1 skipped"


def test_what_passes_at_the_second_try_is_told(tmp_path: Path) -> None:
    first = run.read_junit(junit(tmp_path), all_was_well=False, runner="pytest")
    tried: list[str] = []
    second = run.tried_again(first, ["a", "d"], lambda names: tried.extend(names) or True)
    assert tried == ["a", "d"]
    assert str(second) == "3 passed, 0 failed, 1 skipped, 2 of the passed at the second try only"


def test_many_failures_and_failures_without_a_name_are_not_tried_again(tmp_path: Path) -> None:
    first = run.read_junit(junit(tmp_path), all_was_well=False, runner="pytest")
    for names in (["a", "b", "c", "d"], []):
        assert len(run.tried_again(first, names, lambda names: True).failures) == 2


def test_what_failed_is_named_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    report = junit(tmp_path)
    monkeypatch.setattr(run, "PARTS", {"cases": lambda: run.read_junit(report, False, "pytest"), "nothing": lambda: run.read_junit(tmp_path / "none", False, "a runner")})
    assert run.main([]) == 1
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "failed: cases: tests.gui.test_key: test_a[x-1]", "failed: cases: tests.gui.test_window: test_d", "failed: nothing: a runner", "1 passed, 3 failed, 1 skipped",
    ]


def test_all_being_well_nothing_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(run, "PARTS", {"cases": lambda: run.of_cases(["a", "b"], [True, True])})
    assert run.main([]) == 0
    assert capsys.readouterr().out.endswith("2 passed, 0 failed\n") and run.of_cases(["a", "b"], [True, False]).failures == ["b"]
