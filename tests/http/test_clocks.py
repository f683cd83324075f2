# SPDX-License-Identifier: MIT
"""Somebody sets the system's clock while jobs run: time limits and waits go by the monotonic clock, the age of the lists by the new time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sandbox.process import Sandbox
from venice import BUILD_DIR

MOVED_CLOCK = BUILD_DIR / "tests" / "http" / "moved-clock.so"

BEGIN = """
import ctypes, sys, time
sys.path.insert(0, sys.argv[1])
from checks import error_of, small_request, wait_until
from venice import Client, Phase, State, Status

YEAR = 365 * 24 * 3600
real = time.time()

def move_clock(seconds):
    ctypes.CDLL(None).move_clock(ctypes.c_longlong(seconds))
    assert abs(time.time() - real - seconds) < 600

client = Client(base_url=sys.argv[2], api_key=sys.argv[3])
"""


def run(sandbox: Sandbox, program: str, *arguments: str) -> None:
    """In a process whose clock can be set."""
    command = [sys.executable, "-c", BEGIN + program, str(Path(__file__).parent), sandbox.base_url, sandbox.key, *arguments]
    preload = f"{os.environ.get('LD_PRELOAD', '')} {MOVED_CLOCK}"
    done = subprocess.run(command, env=os.environ | {"LD_PRELOAD": preload}, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


JUMPS = [pytest.param("YEAR", id="forward"), pytest.param("-YEAR", id="back")]


@pytest.mark.parametrize("jump", JUMPS)
def test_a_job_that_runs_is_not_hurt(sandbox: Sandbox, jump: str) -> None:
    sandbox.next(delay=0.5, trickle=20_000)
    run(sandbox, f"""
for name in ("total_timeout_ms", "idle_timeout_ms", "connect_timeout_ms"):
    client[name] = 60_000
job = client.submit(small_request(return_binary=True))
wait_until(lambda: job.phase == Phase.WAITING)
move_clock({jump})
wait_until(lambda: job.phase == Phase.RECEIVING)
move_clock(-2 * {jump})
job.wait(60_000)
assert len(job.result()) == 1
""")


@pytest.mark.parametrize("limit", ["idle_timeout_ms", "total_timeout_ms"])
@pytest.mark.parametrize("jump", JUMPS)
def test_time_limits_hold(sandbox: Sandbox, limit: str, jump: str) -> None:
    sandbox.next(fault="silence")
    run(sandbox, f"""
client["{limit}"] = 1500
job = client.submit(small_request())
wait_until(lambda: job.phase == Phase.WAITING)
move_clock({jump})
assert error_of(lambda: job.wait(100)).status == Status.NOT_READY
job.wait(60_000)
assert error_of(job.result).status == Status.TIMEOUT
""")


@pytest.mark.parametrize("jump", JUMPS)
def test_a_wait_that_the_server_asked_for_takes_its_time(sandbox: Sandbox, jump: str) -> None:
    sandbox.next(status=429, headers={"Retry-After": "2"}, json={"error": "slow down"})
    run(sandbox, f"""
job = client.submit(small_request())
wait_until(lambda: job.phase == Phase.WAITING_TO_RETRY)
start = time.monotonic()
move_clock({jump})
assert 0 < job.retry_in_ms <= 2400
job.wait(60_000)
assert len(job.result()) == 1
assert time.monotonic() - start > 1, "it was sent again too early"
""")


def test_lists_have_the_age_that_the_clock_says(sandbox: Sandbox, tmp_path: Path) -> None:
    run(sandbox, """
client["cache_dir"] = sys.argv[4]
ages = [
    (0, False),         # fetched now
    (YEAR, True),       # the clock is set forward: as old as that
    (0, True),          # it is set back again: a list from the future is not trusted
    (-YEAR, True),
]
for seconds, is_fetched_again in ages:
    move_clock(seconds)
    if is_fetched_again:
        assert client.cached_models().is_stale
    models = client.list_models()
    assert not models.is_stale and abs(models.fetched_ms / 1000 - time.time()) < 600
    client.list_models()  # young now: from the folder
""", str(tmp_path / "cache"))
    assert [entry["path"] for entry in sandbox.requests()] == ["/models"] * 4
