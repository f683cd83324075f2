# SPDX-License-Identifier: MIT
"""Reports the checks of inside/placement.py, which run together in one start of GIMP."""

import pytest

from conftest import Outcomes, checks_in


@pytest.fixture(scope="module")
def outcomes(gimp, sandbox):
    return Outcomes(gimp, sandbox, "placement.py")


@pytest.mark.parametrize("check", checks_in("placement.py"))
def test_placement(outcomes, check):
    outcomes.verify(check)
