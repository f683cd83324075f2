# SPDX-License-Identifier: MIT
"""The server dies and comes back, and the client goes, while many jobs are under way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from checks import error_of, small_request, wait_until
from sandbox.process import Sandbox
from venice import Client, Job, Phase, State, Status

GENERATE = "/image/generate"
LOST = (Status.NETWORK, Status.INCOMPLETE_RESPONSE)


@pytest.fixture
def own_sandbox() -> Iterator[Sandbox]:
    """One that may be killed."""
    with Sandbox(delay=0, rate_limit=0, failure_lock=0) as sandbox:
        yield sandbox


def kill(sandbox: Sandbox) -> None:
    assert sandbox.pid is not None
    os.kill(sandbox.pid, signal.SIGKILL)
    sandbox.stop()


def again(sandbox: Sandbox) -> Sandbox:
    """Another one at the same address."""
    port = int(sandbox.base_url.removesuffix("/api/v1").rpartition(":")[2])
    return Sandbox(port=port, delay=0, rate_limit=0, failure_lock=0)


def held() -> tuple[int, int]:
    """Open descriptors and threads of this process."""
    return len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task"))


def phases(jobs: list[Job]) -> list[Phase]:
    return [job.phase for job in jobs]


def test_freeing_a_client_with_a_hundred_jobs(sandbox: Sandbox) -> None:
    """In all phases: answers that arrive, silence, and those that wait for their turn."""
    before = held()
    client = Client(base_url=sandbox.base_url, api_key=sandbox.key, max_in_flight=40)
    done = client.submit(small_request())
    done.wait()
    sandbox.next(trickle=1000, times=20)
    sandbox.next(fault="silence", times=0)
    jobs = [client.submit(small_request(seed=seed, return_binary=True)) for seed in range(100)]
    wait_until(lambda: phases(jobs).count(Phase.RECEIVING) == 20 and phases(jobs).count(Phase.WAITING) == 20)
    assert client.free() == Status.OK
    assert {job.state for job in jobs} == {State.CANCELLED}
    errors = [error_of(job.result) for job in jobs]
    assert {error.status for error in errors} == {Status.CANCELLED}
    assert [error.may_be_charged for error in errors] == [True] * 40 + [False] * 60
    assert len(done.result()) == 1
    assert len(sandbox.requests(GENERATE, count=41)) == 41
    wait_until(lambda: held() == before)  # a thread that was joined may be seen for a moment longer


def test_the_server_dies_and_comes_back(own_sandbox: Sandbox) -> None:
    with Client(base_url=own_sandbox.base_url, api_key=own_sandbox.key, max_in_flight=8) as client:
        client.generate(small_request())  # a connection stays open
        own_sandbox.next(trickle=1000, times=4)
        own_sandbox.next(fault="silence", times=0)
        jobs = [client.submit(small_request(seed=seed, return_binary=True)) for seed in range(12)]
        wait_until(lambda: phases(jobs[:8]) == [Phase.RECEIVING] * 4 + [Phase.WAITING] * 4)
        kill(own_sandbox)
        for job in jobs:
            job.wait()
        errors = [error_of(job.result) for job in jobs]
        assert {error.status for error in errors[:8]} <= set(LOST)
        # What had been sent may have been made; what could not be sent was not. The system may still have taken a request for the dead.
        assert all(error.may_be_charged for error in errors[:8])
        assert all(error.status == Status.CONNECT and not error.may_be_charged or error.status in LOST for error in errors[8:])
        assert error_of(client.list_models).status == Status.CONNECT

        with again(own_sandbox) as other:
            assert client.generate(small_request(seed=5))[0].seed == 5
            assert [entry["json"]["seed"] for entry in other.requests(GENERATE)] == [5]


def test_the_server_is_another_one_between_two_requests(own_sandbox: Sandbox) -> None:
    """All connections that the client keeps are dead, and it does not know yet."""
    with Client(base_url=own_sandbox.base_url, api_key=own_sandbox.key, max_in_flight=8) as client:
        own_sandbox.next(delay=0.3, times=8)
        for job in [client.submit(small_request()) for _ in range(8)]:
            job.wait()
        kill(own_sandbox)
        with again(own_sandbox) as other:
            jobs = [client.submit(small_request(seed=seed)) for seed in range(8)]
            for job in jobs:
                job.wait()
            assert [job.result()[0].seed for job in jobs] == list(range(8))
            assert sorted(entry["json"]["seed"] for entry in other.requests(GENERATE)) == list(range(8))


def test_a_stopped_server_costs_only_its_time_limit(own_sandbox: Sandbox) -> None:
    """It takes connections, and then nothing: as a machine that hangs."""
    assert own_sandbox.pid is not None
    with Client(base_url=own_sandbox.base_url, api_key=own_sandbox.key, idle_timeout_ms=1000) as client:
        os.kill(own_sandbox.pid, signal.SIGSTOP)
        try:
            error = error_of(lambda: client.generate(small_request()))
        finally:
            os.kill(own_sandbox.pid, signal.SIGCONT)
        assert (error.status, error.may_be_charged) == (Status.TIMEOUT, True)
        client["idle_timeout_ms"] = 60_000
        assert len(client.generate(small_request())) == 1
