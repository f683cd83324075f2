# SPDX-License-Identifier: MIT
"""Rate limits: what is sent again and what never, how often, and what holds back the other jobs of a client."""

from __future__ import annotations

import base64
import threading
import time
from email.utils import formatdate

import pytest
from checks import PNG, error_of, small_request, wait_until
from raw_server import Connection, RawServer
from sandbox.process import Sandbox
from venice import Client, Event, Phase, State, Status

GENERATE = "/image/generate"


@pytest.fixture
def client(client: Client) -> Client:
    client["max_retry_wait_ms"] = 20  # where the server does not say how long
    return client


def statuses(sandbox: Sandbox, count: int) -> list[int]:
    return [entry["status"] for entry in sandbox.requests(GENERATE, count=count)]


@pytest.mark.parametrize("status", [429, 503])
def test_sent_again_until_it_works(client: Client, sandbox: Sandbox, status: int) -> None:
    sandbox.next(status=status, json={"error": "not now"}, times=3)
    result = client.generate(small_request(seed=5))
    assert result[0].seed == 5 and result[0].size == (64, 64)
    assert statuses(sandbox, 4) == [status] * 3 + [200]
    assert sandbox.state()["images"] == 1
    assert all(entry["json"] == sandbox.requests(GENERATE)[0]["json"] for entry in sandbox.requests(GENERATE))


@pytest.mark.parametrize(("retries", "status"), [(0, 429), (0, 503), (1, 429), (3, 503)])
def test_at_most_so_often(client: Client, sandbox: Sandbox, retries: int, status: int) -> None:
    client["max_retries"] = retries
    sandbox.next(status=status, json={"error": "not now"}, times=0)
    error = error_of(lambda: client.generate(small_request()))
    assert (error.status, error.http_status, error.may_be_charged) == (Status(status), status, False)
    assert "not now" in error.message
    assert statuses(sandbox, retries + 1) == [status] * (retries + 1)


def test_a_model_that_is_offline_is_not_asked_again(client: Client, sandbox: Sandbox) -> None:
    error = error_of(lambda: client.generate(small_request(model="sandbox-offline")))
    assert (error.status, error.server_code, error.may_be_charged) == (Status.UNAVAILABLE, "MODEL_OFFLINE", False)
    assert statuses(sandbox, 1) == [503]


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 415, 418, 422, 500, 502, 504, 524, 307])
def test_nothing_else_is_sent_again(client: Client, sandbox: Sandbox, status: int) -> None:
    sandbox.next(status=status, headers={"Retry-After": "0"}, json={"error": "no"}, times=0)
    assert error_of(lambda: client.generate(small_request())).http_status == status
    assert statuses(sandbox, 1) == [status]


@pytest.mark.parametrize("fault", ["reset", "truncated", "malformed", "empty", "bad-base64", "not-an-image"])
def test_a_lost_answer_is_not_asked_for_again(client: Client, sandbox: Sandbox, fault: str) -> None:
    sandbox.next(fault=fault, times=0)
    assert error_of(lambda: client.generate(small_request())).may_be_charged
    assert len(sandbox.requests(GENERATE, count=1)) == 1


def test_the_lists_too(client: Client, sandbox: Sandbox) -> None:
    sandbox.next(path="/models", status=503, json={"error": "not now"})
    assert len(client.list_models()) > 0
    assert [entry["status"] for entry in sandbox.requests("/models", count=2)] == [503, 200]


def test_the_wait_is_a_phase_and_can_be_cancelled(client: Client, sandbox: Sandbox) -> None:
    client["max_retry_wait_ms"] = 60_000
    sandbox.next(status=429, headers={"Retry-After": "50"}, json={"error": "slow down"}, times=0)
    job = client.submit(small_request())
    wait_until(lambda: job.phase == Phase.WAITING_TO_RETRY)
    assert job.state == State.RUNNING
    assert 40_000 < job.retry_in_ms <= 50_500
    assert job.received_bytes == 0
    job.cancel()
    assert (job.state, job.phase, job.retry_in_ms) == (State.CANCELLED, Phase.ENDED, -1)
    error = error_of(job.result)
    assert not error.may_be_charged and "Nothing was charged" in error.message
    wait_until(lambda: (client.next_event() or [None])[0] is Event.ENDED)
    assert statuses(sandbox, 1) == [429]


def test_freeing_the_client_ends_the_wait(sandbox: Sandbox) -> None:
    client = Client(base_url=sandbox.base_url, api_key=sandbox.key)
    sandbox.next(status=429, headers={"Retry-After": "50"}, json={"error": "slow down"}, times=0)
    jobs = [client.submit(small_request()) for _ in range(3)]
    wait_until(lambda: all(job.phase == Phase.WAITING_TO_RETRY for job in jobs))
    assert client.free() == Status.OK
    assert [job.state for job in jobs] == [State.CANCELLED] * 3


@pytest.mark.parametrize("as_date", [False, True])
def test_a_wait_longer_than_allowed_fails_at_once(client: Client, as_date: bool) -> None:
    client["max_retry_wait_ms"] = 60_000
    requests: list[bytes] = []

    def answer(connection: Connection, _: int) -> None:
        while request := connection.read_request():
            requests.append(request)
            server_time = 1_000_000_000  # its clock is wrong by many years, and that does not matter
            retry = formatdate(server_time + 100, usegmt=True) if as_date else "100"
            connection.answer(b"{}", f"Retry-After: {retry}", f"Date: {formatdate(server_time, usegmt=True)}", status="429 Too Many Requests")

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        error = error_of(lambda: client.generate(small_request()))
        assert (error.status, error.retry_after_ms) == (Status.RATE_LIMITED, 100_000)
        error_of(lambda: client.generate(small_request()))  # nor do the others wait
        assert len(requests) == 2


def test_the_time_limit_holds_for_all_tries(client: Client, sandbox: Sandbox) -> None:
    client["max_retry_wait_ms"] = 60_000
    client["total_timeout_ms"] = 30_000
    sandbox.next(status=503, headers={"Retry-After": "40"}, json={"error": "not now"}, times=0)
    error = error_of(lambda: client.generate(small_request()))
    assert (error.status, error.retry_after_ms) == (Status.UNAVAILABLE, 40_000)
    assert statuses(sandbox, 1) == [503]


def test_the_time_limit_holds_when_another_answer_makes_the_wait_longer(client: Client, sandbox: Sandbox) -> None:
    client["max_retry_wait_ms"] = 60_000
    client["total_timeout_ms"] = 6_000
    sandbox.next(status=503, headers={"Retry-After": "2"}, json={"error": "not now"})
    waiting = client.submit(small_request())
    wait_until(lambda: waiting.phase == Phase.WAITING_TO_RETRY)
    sandbox.next(status=429, headers={"Retry-After": "50"}, json={"error": "slow down"})
    assert error_of(lambda: client.generate(small_request())).status == Status.RATE_LIMITED
    waiting.wait()
    error = error_of(waiting.result)
    assert (error.status, error.may_be_charged) == (Status.TIMEOUT, False)
    assert 30_000 < error.retry_after_ms <= 50_500
    assert "total_timeout_ms" in error.message and "Nothing was charged" in error.message
    assert statuses(sandbox, 2) == [503, 429]


def test_the_time_limit_holds_while_a_retry_waits_for_its_turn(client: Client, sandbox: Sandbox) -> None:
    client["max_in_flight"] = 1
    client["max_retry_wait_ms"] = 1_000
    client["total_timeout_ms"] = 2_000
    sandbox.next(status=503, headers={"Retry-After": "1"}, json={"error": "not now"})
    waiting = client.submit(small_request())
    wait_until(lambda: waiting.phase == Phase.WAITING_TO_RETRY)
    client["total_timeout_ms"] = 0
    sandbox.next(delay=60)
    blocking = client.submit(small_request())
    wait_until(lambda: blocking.phase == Phase.WAITING)
    waiting.wait()
    error = error_of(waiting.result)
    assert (error.status, error.may_be_charged) == (Status.TIMEOUT, False)
    assert blocking.state == State.RUNNING
    blocking.cancel()


def test_one_refusal_holds_back_the_others(client: Client, sandbox: Sandbox) -> None:
    client["max_retry_wait_ms"] = 60_000
    client["max_in_flight"] = 1
    sandbox.next(status=429, headers={"Retry-After": "50"}, json={"error": "slow down"})
    jobs = [client.submit(small_request(seed=seed)) for seed in range(5)]
    wait_until(lambda: all(job.phase == Phase.WAITING_TO_RETRY for job in jobs))
    assert [job.state for job in jobs] == [State.RUNNING] + [State.QUEUED] * 4
    assert all(job.retry_in_ms > 40_000 for job in jobs)
    styles = client.submit_styles()  # goes without the key, and so has no limit in common
    styles.wait()
    assert styles.state == State.SUCCEEDED
    client["api_key"] = "unknown-key"
    assert error_of(lambda: client.generate(small_request())).status == Status.UNAUTHORIZED
    assert len(sandbox.requests(GENERATE, count=2)) == 2


def test_who_never_retries_is_not_held_back(client: Client, sandbox: Sandbox) -> None:
    client["max_retry_wait_ms"] = 60_000
    sandbox.next(status=429, headers={"Retry-After": "50"}, json={"error": "slow down"})
    waiting = client.submit(small_request())
    wait_until(lambda: waiting.phase == Phase.WAITING_TO_RETRY)
    client["max_retries"] = 0
    assert len(client.generate(small_request())) == 1


@pytest.mark.parametrize("unit", [1, 1000])
def test_nothing_is_sent_while_nothing_is_left(client: Client, sandbox: Sandbox, unit: int) -> None:
    client["max_retry_wait_ms"] = 60_000
    limits = {"x-ratelimit-limit-requests": "20", "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": str((int(time.time()) + 50) * unit)}
    sandbox.next(status=200, headers=limits, body_base64=base64.b64encode(PNG).decode(), content_type="image/png")
    result = client.generate(small_request(return_binary=True))
    assert result.rate_limit == (20, 0, int(limits["x-ratelimit-reset-requests"]) * 1000 // unit)
    job = client.submit(small_request())
    wait_until(lambda: job.phase == Phase.WAITING_TO_RETRY)
    assert job.state == State.QUEUED and 40_000 < job.retry_in_ms <= 51_000
    assert statuses(sandbox, 1) == [200]


@pytest.mark.parametrize("reset", [str(int(time.time()) + 10**8), "0", "-1", "tomorrow", "nan", "9" * 30])
def test_a_senseless_limit_stops_nobody(client: Client, sandbox: Sandbox, reset: str) -> None:
    client["max_retry_wait_ms"] = 60_000
    limits = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": reset}
    sandbox.next(status=200, headers=limits, body_base64=base64.b64encode(PNG).decode(), content_type="image/png")
    client.generate(small_request(return_binary=True))
    assert len(client.generate(small_request())) == 1


def test_what_is_held_back_starts_by_itself(client: Client, sandbox: Sandbox) -> None:
    client["max_retry_wait_ms"] = 60_000
    sandbox.next(status=429, headers={"Retry-After": "0.3"}, json={"error": "slow down"})
    jobs = [client.submit(small_request(seed=seed)) for seed in range(6)]
    for job in jobs:
        job.wait()
    assert [job.state for job in jobs] == [State.SUCCEEDED] * 6
    assert sorted(statuses(sandbox, 7)) == [200] * 6 + [429]


def test_the_client_slows_down_before_the_key_is_locked(client: Client, sandbox: Sandbox) -> None:
    client["max_retry_wait_ms"] = 60_000
    client["max_in_flight"] = 8
    sandbox.next(status=400, json={"error": "wrong"}, times=0)
    jobs = [client.submit(small_request(seed=seed)) for seed in range(40)]
    wait_until(lambda: [job.state for job in jobs].count(State.FAILED) == 20 and all(job.phase == Phase.WAITING_TO_RETRY for job in jobs[20:]))
    assert all(20_000 < job.retry_in_ms <= 30_000 for job in jobs[20:])
    assert len(sandbox.requests(GENERATE, count=20)) == 20


def test_the_sandbox_locks_nobody_who_uses_the_library(sandbox: Sandbox) -> None:
    with Sandbox(delay=0, rate_limit=0, failure_lock=20) as strict:
        client = Client(base_url=strict.base_url, api_key=strict.key, max_in_flight=4)
        jobs = [client.submit(small_request(width=65, seed=seed)) for seed in range(30)]
        wait_until(lambda: [job.state for job in jobs].count(State.FAILED) == 20)
        for job in jobs[20:]:
            job.cancel()
        wait_until(lambda: not strict.state()["in_flight"])
        client["max_retries"] = 0  # looks at once
        assert len(client.generate(small_request())) == 1
        client.free()


def test_nothing_runs_while_it_waits(client: Client, sandbox: Sandbox) -> None:
    """A thread that waits for its time, or for an answer, uses none of the processor's."""
    client["max_retry_wait_ms"] = 60_000
    client["max_in_flight"] = 2
    sandbox.next(fault="silence")
    silent = client.submit(small_request())
    wait_until(lambda: silent.phase == Phase.WAITING)
    sandbox.next(status=429, headers={"Retry-After": "50"}, json={"error": "slow down"})
    jobs = [client.submit(small_request()) for _ in range(1000)]
    wait_until(lambda: all(job.phase == Phase.WAITING_TO_RETRY for job in jobs))
    before = time.process_time_ns()
    threading.Event().wait(1)
    assert time.process_time_ns() - before < 100_000_000
    for job in jobs:
        job.cancel()
    ended: list[int] = []
    while len(ended) < len(jobs):
        event = client.next_event(20_000)
        assert event is not None
        ended += [event[1]] if event[0] is Event.ENDED else []
    assert sorted(ended) == [job.id for job in jobs], "each exactly once; the order is that in which the client's thread meets them"


def test_an_answer_that_was_cut_off_is_a_refusal_too(client: Client) -> None:
    requests: list[bytes] = []

    def answer(connection: Connection, _: int) -> None:
        while request := connection.read_request():
            requests.append(request)
            if len(requests) == 1:
                connection.send(b'HTTP/1.1 429 Too Many Requests\r\nContent-Length: 500\r\n\r\n{"err')
                return
            connection.answer(PNG, content_type="image/png")

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        assert client.generate(small_request())[0].size == (2, 3)
    assert len(requests) == 2 and requests[0] == requests[1]
