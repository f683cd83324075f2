# SPDX-License-Identifier: MIT
"""Reports the checks of inside/pixels.py, which run together in one start of GIMP."""

import pytest

from conftest import Outcomes, checks_in


@pytest.fixture(scope="module")
def outcomes(gimp, sandbox):
    return Outcomes(gimp, sandbox, "pixels.py")


@pytest.mark.parametrize("check", checks_in("pixels.py"))
def test_pixels(outcomes, check):
    outcomes.verify(check)
