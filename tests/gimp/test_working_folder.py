# SPDX-License-Identifier: MIT
"""Pictures that are scaled are larger than what GEGL keeps in memory by itself: none of it is to be left on the user's disk."""

from __future__ import annotations

from conftest import Outcomes


def test_a_scaled_insertion_leaves_nothing_behind(gimp, sandbox):
    Outcomes(gimp, sandbox, "working_folder.py").verify("check_a_large_picture_is_reduced")
    assert sorted(path.name for path in gimp.working_folder.iterdir()) == []
    assert list(gimp.folder.rglob("gegl-swap-*")) == []
