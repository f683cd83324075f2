# SPDX-License-Identifier: MIT
"""Reports the checks of inside/window_layers.py, which run together in one start of GIMP."""

import pytest

from conftest import Outcomes, checks_in
from gimp_runner import GimpRunner, build_folder


@pytest.fixture(scope="module")
def outcomes(gimp, sandbox):
    with GimpRunner(environment=gimp.environment, more_plug_ins=[build_folder() / "tests/gimp/venice-layers-helper"]) as own:
        yield Outcomes(own, sandbox, "window_layers.py")


@pytest.mark.parametrize("check", checks_in("window_layers.py"))
def test_window_layers(outcomes, check):
    outcomes.verify(check)
