# SPDX-License-Identifier: MIT
"""Reports the checks of inside/meanwhile.py, which run together in one start of GIMP."""

import pytest

from conftest import HERE, Outcomes, checks_in
from gimp_runner import GimpRunner


@pytest.fixture(scope="module")
def outcomes(gimp, sandbox):
    with GimpRunner(environment=gimp.environment, more_plug_ins=[HERE / "helper/venice-test-helper"]) as own:
        own.environment["MEANWHILE"] = str(own.files / "meanwhile.order")
        yield Outcomes(own, sandbox, "meanwhile.py")


@pytest.mark.parametrize("check", checks_in("meanwhile.py"))
def test_meanwhile(outcomes, check):
    outcomes.verify(check)


def test_a_resized_canvas_is_told(outcomes):
    assert outcomes.output.count("The image was resized meanwhile: the new layers are placed on the whole canvas.") == 3
