# SPDX-License-Identifier: MIT
"""Balances and limits of a key."""

from __future__ import annotations

import pytest
from checks import error_of, small_request
from sandbox.process import Sandbox
from venice import Client, State, Status

RATE_LIMITS = "/api_keys/rate_limits"


def test_the_account_is_the_servers(client: Client, sandbox: Sandbox) -> None:
    data = {
        "accessPermitted": True,
        "apiTier": {"id": "paid", "isCharged": True},
        "balances": {"USD": 50.23, "DIEM": 100.023},
        "keyExpiration": "2027-06-01T00:00:00Z",
        "nextEpochBegins": "2026-05-07T00:00:00.000Z",
        "rateLimits": [
            {"apiModelId": "z-image-turbo", "rateLimits": [{"amount": 20, "type": "RPM"}, {"amount": 500, "type": "RPD"}]},
            {"apiModelId": "qwen-image", "rateLimits": []},
            {"rateLimits": [{"amount": 7, "type": "SOMETHING NEW"}]},
        ],
        "futureMember": {"x": [1]},
    }
    sandbox.next(path=RATE_LIMITS, method="GET", json={"data": data})
    account = client.get_account()
    assert (account.balance("usd"), account.balance("diem")) == (50.23, 100.023)
    assert account.tier == ("paid", True) and account.is_access_permitted == 1
    assert account.key_expiration == "2027-06-01T00:00:00Z" and account.next_epoch == "2026-05-07T00:00:00.000Z"
    assert account.limits == [("z-image-turbo", "RPM", 20), ("z-image-turbo", "RPD", 500), ("", "SOMETHING NEW", 7)]
    assert account.json == data
    [entry] = sandbox.requests()
    assert (entry["method"], entry["path"], entry["headers"]["authorization"]) == ("GET", RATE_LIMITS, "Bearer <known key>")


def test_the_balance_after_an_image(client: Client, sandbox: Sandbox) -> None:
    sandbox.reset(balance="0.02")
    client.generate(small_request())
    account = client.get_account()
    assert account.balance("usd") == pytest.approx(0.01) and account.is_access_permitted == 1
    assert account.key_expiration is None
    client.generate(small_request())
    account = client.get_account()
    assert account.balance("usd") == 0 and account.is_access_permitted == 0


def test_what_is_missing_is_unknown(client: Client, sandbox: Sandbox) -> None:
    sandbox.next(path=RATE_LIMITS, method="GET", json={"data": {"balances": {"USD": -1.5, "DIEM": None}}})
    account = client.get_account()
    assert account.balance("usd") == -1.5 and account.balance("diem") is None
    assert account.is_access_permitted == -1 and account.tier == ("", False) and account.limits == []


def test_as_a_job(client: Client) -> None:
    job = client.submit_account()
    job.wait()
    assert job.state == State.SUCCEEDED and job.account().balance("usd") is not None
    assert error_of(job.models).status == Status.INVALID_ARGUMENT
    models = client.submit_models()
    models.wait()
    assert error_of(models.account).status == Status.INVALID_ARGUMENT


def test_only_a_wrong_key_is_called_wrong(client: Client, sandbox: Sandbox) -> None:
    client.get_account()
    assert [entry["path"] for entry in sandbox.requests()] == [RATE_LIMITS]  # never /billing/balance, whose 401 says nothing about the key
    client["api_key"] = "unknown-key"
    error = error_of(client.get_account)
    assert error.status == Status.UNAUTHORIZED and "unknown-key" not in error.all_texts()
    assert not error.may_be_charged
