# SPDX-License-Identifier: MIT
"""Reports the checks of inside/layers.py, which run together in one start of GIMP."""

import pytest

from conftest import Outcomes, checks_in


@pytest.fixture(scope="module")
def outcomes(gimp, sandbox):
    return Outcomes(gimp, sandbox, "layers.py")


@pytest.mark.parametrize("check", checks_in("layers.py"))
def test_layers(outcomes, check):
    outcomes.verify(check)
