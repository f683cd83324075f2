# SPDX-License-Identifier: MIT
"""Reports the checks of inside/errors.py, which run together in one start of GIMP."""

import pytest

from conftest import Outcomes, checks_in


@pytest.fixture(scope="module")
def outcomes(gimp, sandbox):
    return Outcomes(gimp, sandbox, "errors.py")


@pytest.mark.parametrize("check", checks_in("errors.py"))
def test_errors(outcomes, check):
    outcomes.verify(check)


def test_what_else_is_to_be_told_is_a_message(outcomes):
    """A run that worked in part, or with a remark, says so to the user."""
    assert "1 of 3 images is missing:" in outcomes.output
    assert "Safe mode blurred an image." in outcomes.output
