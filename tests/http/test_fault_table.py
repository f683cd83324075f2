# SPDX-License-Identifier: MIT
"""Every fault of sandbox/fault_table.py, through the blocking call and through a job: what it comes to, that nothing is sent twice, and that the
same client works afterwards."""

from __future__ import annotations

import pytest
from checks import small_request
from sandbox.fault_table import BINARY, TABLE, Row
from sandbox.process import Sandbox
from venice import Client, Request, Result, State, Status, VeniceError

CASES = [pytest.param(row, answer, id=f"{row.name}, {answer}") for row in TABLE for answer in row.answers]


@pytest.fixture
def client(client: Client) -> Client:
    client["max_retry_wait_ms"] = 2000
    return client


def generate(client: Client, request: Request) -> Result | VeniceError:
    try:
        return client.generate(request)
    except VeniceError as error:
        return error


def submit(client: Client, request: Request) -> Result | VeniceError:
    with client.submit(request) as job:
        job.wait(60_000)
        try:
            result = job.result()
            assert job.state == State.SUCCEEDED
            return result
        except VeniceError as error:
            assert job.state == State.FAILED
            return error


@pytest.mark.parametrize("call", [generate, submit])
@pytest.mark.parametrize(("row", "answer"), CASES)
def test_a_fault(client: Client, sandbox: Sandbox, row: Row, answer: str, call) -> None:
    if row.silent:
        client["idle_timeout_ms"] = 1000
    sandbox.next(**row.behaviour)
    outcome = call(client, small_request(return_binary=answer == BINARY))
    check(outcome, row)
    assert sandbox.state()["requests"] == row.requests

    client["idle_timeout_ms"] = 60_000
    assert client.generate(small_request())[0].size == (64, 64)
    assert sandbox.state()["requests"] == row.requests + 1


def check(outcome: Result | VeniceError, row: Row) -> None:
    if not row.status:
        assert isinstance(outcome, Result), outcome
        assert outcome[0].data
        return
    assert isinstance(outcome, VeniceError), "the fault was not noticed"
    assert outcome.status in [Status[name] for name in row.status], outcome.message
    assert outcome.may_be_charged == row.charged, outcome.message
    assert ("charged" in outcome.message and "othing was charged" not in outcome.message) == row.charged, outcome.message
    assert outcome.message.endswith(".") and "<" not in outcome.message
