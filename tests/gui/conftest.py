# SPDX-License-Identifier: MIT
"""One desktop and one GIMP for all tests; each test gets a picture and a window of its own."""

from __future__ import annotations

import os
import random
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from desktop import Desktop, screenshot  # noqa: E402
from sandbox.process import Sandbox  # noqa: E402


def own_address() -> str:
    """Nobody else's: the system remembers for an hour how well each address took large transfers, and buffers the more for the next one. After them
    127.0.0.1 would buffer a whole request that nobody reads."""
    return f"127.{random.randint(1, 254)}.{random.randint(0, 254)}.{random.randint(1, 254)}"


def free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def desktop() -> Iterator[Desktop]:
    with Desktop() as running:
        yield running


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[Sandbox]:
    # A port of its own, too, so that it can be stopped and started again at the same address.
    host = own_address()
    with Sandbox(balance="1000", delay=0.2, rate_limit=0, failure_lock=0, host=host, port=free_port(host)) as running:
        yield running


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Sandbox:
    sandbox_process.reset()
    return sandbox_process


@pytest.fixture(scope="session")
def gimp(desktop: Desktop, sandbox_process: Sandbox):
    from gimp_gui import Gimp

    with Gimp(desktop, base_url=sandbox_process.base_url, key=sandbox_process.key) as running:
        yield running


@pytest.fixture
def image(gimp) -> Iterator[int]:
    """A picture of 1200 × 800, open in GIMP."""
    opened = gimp.open_picture()
    yield opened
    gimp.close_image(opened)


@pytest.fixture
def dialog(gimp, sandbox, image):
    """The window, opened for the picture, with the models loaded."""
    from dialog import Dialog

    Dialog.forget_everything(gimp)
    opened = Dialog.open(gimp)
    opened.wait_for_models()
    opened.button("Understood").press()
    yield opened
    opened.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A picture of the screen, all that the plug-in's windows show, and what GIMP wrote, for each failure."""
    outcome = yield
    report = outcome.get_result()
    for running in ("gimp", "keyless_gimp"):
        if report.failed and running in item.funcargs and item.funcargs[running].log.exists():
            report.sections.append((running, item.funcargs[running].log.read_text(errors="replace")[-4000:]))
    if report.failed and os.environ.get("DISPLAY"):
        from accessible import applications_named
        from dialog import APPLICATION
        from gimp_gui import SCREENSHOTS

        try:
            report.sections.append(("screen", str(screenshot(SCREENSHOTS / "failed" / f"{item.name}.png"))))
            report.sections += (("windows", application.tree()) for application in applications_named(APPLICATION))
        except Exception as error:  # the failure itself is what matters
            report.sections.append(("screen", f"no more of it: {error}"))
