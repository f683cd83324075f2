# SPDX-License-Identifier: MIT
"""Without a key the window asks for one, and keeps it in the system keyring: a throwaway one here."""

from __future__ import annotations

import subprocess

import pytest
from accessible import Role
from desktop import Desktop, press_keys
from dialog import Dialog
from waiting import wait_for


LIMITS = "/api_keys/rate_limits"


@pytest.fixture(scope="module")
def keyless_gimp(desktop: Desktop, sandbox_process):
    from gimp_gui import Gimp

    desktop.forget_key()
    with Gimp(desktop, base_url=sandbox_process.base_url, key=None) as running:
        yield running


def test_key_is_asked_for_used_and_kept(keyless_gimp, desktop, sandbox) -> None:
    image = keyless_gimp.open_picture()
    dialog = Dialog.open(keyless_gimp)
    dialog.wait_for_models()
    dialog.wait_for_notice("An API key is needed. It is kept in the system keyring.")
    desktop.take_pages()
    dialog.notice_button("Get a Key…").press()
    wait_for(lambda: desktop.take_pages() == ["https://venice.ai/settings/api"], "the page in the browser")
    dialog.describe("a first picture")
    assert not dialog.generate_button.is_sensitive
    assert dialog.generate_button.description == "An API key is needed."
    dialog.screenshot("no-key")

    dialog.button("Enter Key…").press()
    dialog.window.find(Role.PASSWORD_TEXT, "API Key").set_text(sandbox.key)
    dialog.screenshot("key-entry")
    dialog.button("Save API Key").press()
    wait_for(lambda: "model does not see the image" in dialog.notice, "the next notice")
    dialog.button("Understood").press()
    wait_for(lambda: not dialog.notice, "the notice is gone")
    dialog.generate()
    wait_for(lambda: len(keyless_gimp.layers(image)) == 2, "the layer")
    dialog.close()

    again = Dialog.open(keyless_gimp)
    again.wait_for_models()
    again.describe("a second picture")
    wait_for(lambda: again.generate_button.is_sensitive, "the key comes from the keyring")
    again.generate()
    wait_for(lambda: len(keyless_gimp.layers(image)) == 3, "the second layer")
    again.close()


def kept_key() -> str:
    """What the keyring has; empty if nothing."""
    command = ["secret-tool", "lookup", "service", "venice", "account", "default"]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False).stdout.strip()


def balances(dialog: Dialog) -> list[str]:
    return [text for text in dialog.window.texts() if text.startswith("Balance $")]


def test_key_is_changed_and_forgotten(keyless_gimp, desktop, sandbox) -> None:
    subprocess.run(["secret-tool", "store", "--label=Venice", "service", "venice", "account", "default"], input="an-old-key", text=True, check=True,
                   timeout=30)
    keyless_gimp.open_picture()
    dialog = Dialog.open(keyless_gimp)
    dialog.wait_for_models()
    dialog.describe("a third picture")
    wait_for(lambda: dialog.generate_button.is_sensitive, "the key comes from the keyring")
    dialog.menu("Account…")
    wait_for(lambda: "Venice did not accept the API key." in dialog.window.texts(), "it is tested at once")
    assert "The API key is kept in the system keyring." in dialog.window.texts()
    dialog.button("Enter Key…").press()
    dialog.window.find(Role.PASSWORD_TEXT, "API Key").set_text("two\nlines")
    dialog.button("Save API Key").press()
    dialog.wait_for_notice("This cannot be an API key.")
    dialog.window.find(Role.PASSWORD_TEXT, "API Key").set_text(f"  {sandbox.key}\n")
    dialog.button("Save API Key").press()
    wait_for(lambda: kept_key() == sandbox.key, "the new one is kept, without what was pasted around it")

    dialog.menu("Account…")
    wait_for(lambda: "The key works." in dialog.window.texts(), "the new one works")
    wait_for(lambda: len(balances(dialog)) == 2, "its balance, there and beside the button")
    answered = len(sandbox.requests(LIMITS))
    sandbox.next(path=LIMITS, method="GET", delay=3)
    dialog.button("Test Key").press()
    wait_for(lambda: "Asking Venice…" in dialog.window.texts(), "it is asked for once more")
    dialog.button("Forget Key").press()
    wait_for(lambda: "The key is forgotten." in dialog.window.texts(), "it says so")
    wait_for(lambda: not balances(dialog), "the balance was that key's")
    assert len(sandbox.requests(LIMITS, count=answered + 1, timeout=60)) > answered, "the answer for the key before"
    assert "The key is forgotten." in dialog.window.texts() and not balances(dialog), "it is none any more"
    assert "Balance" not in dialog.generate_button.name
    assert kept_key() == ""
    assert "There is no API key yet." in dialog.window.texts()
    dialog.screenshot("key-forgotten")
    assert not dialog.button("Test Key").is_sensitive and not dialog.button("Forget Key").is_sensitive
    dialog.button("Enter Key…").focus()
    press_keys("Escape")
    dialog.wait_for_notice("An API key is needed. It is kept in the system keyring.")
    assert not dialog.generate_button.is_sensitive
    assert sandbox.requests("/image/generate") == []
    dialog.close()
