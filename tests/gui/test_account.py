# SPDX-License-Identifier: MIT
"""☰ ▸ Account, with a key from the environment; test_key.py has the one in the keyring."""

from __future__ import annotations

import pytest
from accessible import Role
from desktop import press_keys
from dialog import Dialog
from waiting import wait_for

LIMITS = "/api_keys/rate_limits"


def limit(model: str, amount: int, kind: str = "RPM") -> dict[str, object]:
    return {"apiModelId": model, "rateLimits": [{"amount": amount, "type": kind}]}


def account(*limits: dict[str, object], permitted: bool = True) -> dict[str, object]:
    return {"data": {"accessPermitted": permitted, "apiTier": {"id": "paid", "isCharged": True}, "balances": {"USD": 12.5, "DIEM": 3},
                     "keyExpiration": None, "rateLimits": list(limits)}}


def wait_for_text(dialog: Dialog, text: str) -> None:
    try:
        wait_for(lambda: text in dialog.window.texts(), f"“{text}”")
    except AssertionError as error:
        raise AssertionError(f"{error}; there is {dialog.window.texts()}") from None


@pytest.mark.parametrize(("limits", "text"), [
    ([limit("z-image-turbo", 20), limit("nano-banana-pro", 20), limit("nano-banana-pro", 90000, "TPM"), limit("some-text-model", 500)],
     "Balance $12.50 · 3.00 DIEM · 20 requests per minute"),
    ([limit("z-image-turbo", 20), limit("nano-banana-pro", 5)], "Balance $12.50 · 3.00 DIEM · 5 to 20 requests per minute, by model"),
    ([], "Balance $12.50 · 3.00 DIEM"),
], ids=["the same for all models", "by model", "none told"])
def test_balance_and_limits(dialog: Dialog, sandbox, limits, text) -> None:
    wait_for(lambda: sandbox.requests(LIMITS), "the window asks for the balance by itself when it opens")
    sandbox.next(path=LIMITS, method="GET", status=200, json=account(*limits))
    dialog.menu("Account…")
    wait_for_text(dialog, "The key works.")
    wait_for_text(dialog, text)
    wait_for_text(dialog, "The API key comes from the environment variable VENICE_API_KEY.")
    forget = dialog.button("Forget Key")
    assert not forget.is_sensitive
    assert forget.description == "Only a key that is kept in the keyring or in a file can be forgotten."
    dialog.screenshot("account")
    assert dialog.window.starting_with(Role.LABEL, "Balance $12.50"), "beside the button, too"
    press_keys("Escape")


@pytest.mark.parametrize(("answer", "text"), [
    ({"status": 401, "json": {"error": "Authentication failed"}}, "Venice did not accept the API key."),
    ({"status": 200, "json": account(permitted=False)}, "The key is known, but may not generate: the balance or its limit is used up."),
    ({"status": 400, "json": {"error": "What is this?"}}, "Balance and limits could not be fetched.\nWhat is this?"),
], ids=["wrong", "used up", "anything else"])
def test_what_a_test_of_the_key_says(dialog: Dialog, sandbox, answer, text) -> None:
    before = len(wait_for(lambda: sandbox.requests(LIMITS), "the window asks for the balance by itself when it opens"))
    sandbox.next(path=LIMITS, method="GET", **answer)
    dialog.menu("Account…")
    wait_for_text(dialog, text)
    dialog.button("Test Key").press()
    wait_for_text(dialog, "The key works.")
    assert len(sandbox.requests(LIMITS, count=before + 2)) == before + 2
    assert sandbox.requests("/image/generate") == []
    press_keys("Escape")


def test_without_network_the_account_says_so_in_words(dialog: Dialog, sandbox) -> None:
    sandbox.stop()
    try:
        dialog.menu("Account…")
        wait_for_text(dialog, "Venice cannot be reached. Nothing was sent or charged.")
        dialog.screenshot("account-no-network")
    finally:
        sandbox.start()
    dialog.button("Test Key").press()
    wait_for_text(dialog, "The key works.")
    press_keys("Escape")


def test_link_to_get_a_key(dialog: Dialog, desktop) -> None:
    desktop.take_pages()
    dialog.menu("Account…")
    dialog.button("Get a Key or Add Credit…").press()
    wait_for(lambda: desktop.take_pages() == ["https://venice.ai/settings/api"], "the page in the browser")
    press_keys("Escape")
