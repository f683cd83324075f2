# SPDX-License-Identifier: MIT
"""Without a key the window asks for one, and keeps it in the system keyring: a throwaway one here."""

from __future__ import annotations

import pytest
from accessible import Role
from desktop import Desktop
from dialog import Dialog
from waiting import wait_for


@pytest.fixture(scope="module")
def keyless_gimp(desktop: Desktop, sandbox_process):
    from gimp_gui import Gimp

    desktop.forget_key()
    with Gimp(desktop, base_url=sandbox_process.base_url, key=None) as running:
        yield running


def test_key_is_asked_for_used_and_kept(keyless_gimp, sandbox) -> None:
    image = keyless_gimp.open_picture()
    dialog = Dialog.open(keyless_gimp)
    dialog.wait_for_models()
    dialog.wait_for_notice("An API key is needed. It is kept in the system keyring.")
    assert dialog.button("Get a Key…").is_sensitive
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
