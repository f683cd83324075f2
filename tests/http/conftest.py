# SPDX-License-Identifier: MIT
"""One sandbox for all tests, reset before each of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sandbox.process import Sandbox  # noqa: E402

from checks import wait_until  # noqa: E402
from venice import Client  # noqa: E402

KEYS = ["sandbox-key", "inactive-key:inactive", "no-plan-key:no-plan", "forbidden-key:forbidden", "spent-key:spent"]


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    with Sandbox(key=KEYS, delay=0, rate_limit=0, failure_lock=0) as sandbox:
        yield sandbox
        assert sandbox.errors() == ""


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    # What an earlier test has left behind is noted when the server sees that its client went: not among the requests of this one.
    wait_until(lambda: not running_sandbox.state()["in_flight"])
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    with Client(base_url=sandbox.base_url, api_key=sandbox.key) as client:
        yield client


@pytest.fixture
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of those that the environment of the tests names."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that no system knows, and its key in key.pem beside it."""
    folder = tmp_path_factory.mktemp("certificate")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=test"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "certificate.pem"
