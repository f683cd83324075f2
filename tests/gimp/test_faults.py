# SPDX-License-Identifier: MIT
"""Reports the checks of inside/faults.py, which run together in one start of GIMP."""

import pytest

from conftest import Outcomes, checks_in


@pytest.fixture(scope="module")
def outcomes(gimp, sandbox):
    return Outcomes(gimp, sandbox, "faults.py")


@pytest.mark.parametrize("check", checks_in("faults.py"))
def test_faults(outcomes, check):
    outcomes.verify(check)
