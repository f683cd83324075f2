# SPDX-License-Identifier: MIT
"""Where the API key does not go; what the window does without a keyring of use; texts of the server that want to be more than text."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from accessible import Role, bus
from desktop import Desktop, stop
from dialog import Dialog
from gi.repository import Gio
from gimp_gui import Gimp
from sandbox.process import Sandbox
from waiting import wait_for


# --- where the key goes

@pytest.fixture
def browser(desktop: Desktop, tmp_path: Path) -> Iterator[Path]:
    """What opens web pages: it writes down what it was given, as NAME=VALUE and the command's words, each ended by NUL."""
    told = tmp_path / "told"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\ncat /proc/self/environ /proc/$$/cmdline > "{told}.part" && mv "{told}.part" "{told}"\n')
    program.chmod(0o755)
    applications = Path(os.environ["XDG_DATA_HOME"]) / "applications"
    applications.mkdir(exist_ok=True)
    entry = applications / "test-browser.desktop"
    entry.write_text(f"[Desktop Entry]\nType=Application\nName=Browser\nExec={program} %u\nMimeType=x-scheme-handler/https;\n")
    defaults = Path(os.environ["XDG_CONFIG_HOME"]) / "mimeapps.list"
    defaults.write_text("[Default Applications]\nx-scheme-handler/https=test-browser.desktop\n")
    yield told
    entry.unlink()
    defaults.unlink()


def test_the_browser_does_not_get_the_key(dialog: Dialog, sandbox: Sandbox, browser: Path) -> None:
    """It does not need it; nor does anything that it starts."""
    dialog.describe("a bridge")
    sandbox.next(status=402, json={"error": "Insufficient balance"})
    dialog.generate()
    dialog.wait_for_notice("The balance, or the limit of this key, is used up.")
    dialog.button("Add Credit…").press()
    wait_for(browser.exists, "the browser")
    told = browser.read_bytes().split(b"\0")
    assert b"https://venice.ai/settings/api" in told
    assert any(variable.startswith(b"DISPLAY=") for variable in told), "the environment is there"
    assert not any(variable.startswith(b"VENICE_API_KEY=") for variable in told)
    assert not any(sandbox.key.encode() in variable for variable in told)


# --- without a keyring

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""  # starts no service by itself


@contextmanager
def bus_with(behaviour: str | None, folder: Path) -> Iterator[dict[str, str]]:
    """A session bus on which the keyring is of no use (see secret_service.py), or missing; the windows are still seen."""
    configuration = folder / "bus.conf"
    configuration.write_text(BUS)
    daemon = subprocess.Popen(["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    service = None
    try:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().decode().strip()
        environment = {"DBUS_SESSION_BUS_ADDRESS": address, "AT_SPI_BUS_ADDRESS": accessibility_address()}
        if behaviour:
            script = Path(__file__).with_name("secret_service.py")
            service = subprocess.Popen([sys.executable, str(script), behaviour], env=os.environ | environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
            assert service.stdout is not None and service.stdout.readline() == b"ready\n"
        yield environment
    finally:
        if service:
            stop(service)
        stop(daemon)


def accessibility_address() -> str:
    bus()  # it is up
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    (address,) = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, 30_000).unpack()
    return str(address)


@contextmanager
def window_with(desktop: Desktop, sandbox: Sandbox, behaviour: str | None, folder: Path) -> Iterator[tuple[Gimp, Dialog]]:
    with bus_with(behaviour, folder) as environment, Gimp(desktop, base_url=sandbox.base_url, key=None, environment=environment) as gimp:
        gimp.open_picture()
        dialog = Dialog.open(gimp)
        dialog.wait_for_models()
        yield gimp, dialog
        dialog.close()


def enter_key(dialog: Dialog, key: str) -> None:
    dialog.button("Enter Key…").press()
    dialog.window.find(Role.PASSWORD_TEXT, "API Key").set_text(key)
    dialog.button("Save API Key").press()


def assert_it_works_until_closed(gimp: Gimp, dialog: Dialog) -> None:
    image = gimp.images()[0]
    dialog.describe("a bridge")
    wait_for(lambda: dialog.generate_button.is_sensitive, "the key can be used")
    dialog.generate()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")


def test_no_keyring_offers_the_file(desktop: Desktop, sandbox: Sandbox, tmp_path: Path) -> None:
    with window_with(desktop, sandbox, None, tmp_path) as (gimp, dialog):
        dialog.wait_for_notice("An API key is needed.")
        enter_key(dialog, sandbox.key)
        dialog.wait_for_notice("There is no system keyring. In a file, the key could be read by other programs of yours.")
        dialog.screenshot("no-keyring")
        file = gimp.folder / "profile" / "venice-gimp" / "api-key"
        assert not file.exists()  # not before the answer
        dialog.button("Use Until Closed").press()
        assert_it_works_until_closed(gimp, dialog)
        assert not file.exists()


def test_a_keyring_that_refuses(desktop: Desktop, sandbox: Sandbox, tmp_path: Path) -> None:
    with window_with(desktop, sandbox, "refuses", tmp_path) as (gimp, dialog):
        dialog.wait_for_notice("An API key is needed.")
        assert "may not use the keyring" in dialog.notice
        enter_key(dialog, sandbox.key)
        dialog.wait_for_notice("The system keyring could not be used. The key works until this window is closed.")
        dialog.screenshot("keyring-refuses")
        assert_it_works_until_closed(gimp, dialog)
        assert not (gimp.folder / "profile" / "venice-gimp" / "api-key").exists()


# --- texts of the server

def test_texts_of_the_server_stay_texts(dialog: Dialog, gimp, image, sandbox: Sandbox) -> None:
    dialog.describe("a bridge")
    sandbox.next(status=400, json={"error": "<b>no</b> &amp; \u202egnp.exe\u2066 \x1b[31m\a" + "very " * 5000})
    dialog.generate()
    dialog.wait_for_notice("<b>no</b> &amp; gnp.exe  [31m very very")
    said = dialog.window.tree()
    assert not any(character in said for character in "\u202e\u2066\x1b\a")
    assert len(dialog.notice) < 2000
    dialog.screenshot("hostile-error")


def test_names_of_models_and_styles_stay_texts(gimp, sandbox: Sandbox, image) -> None:
    hostile = "<b>Z</b> &amp; \u202emoc.live\u2069\n\x07" + "long " * 500
    name, style = hostile + " model", hostile + " style"
    model = {"id": "z-image-turbo", "type": "image", "model_spec": {
        "name": name, "traits": ["default"], "privacy": hostile, "offline": False, "constraints": {"promptCharacterLimit": 1500, "widthHeightDivisor": 8},
        "pricing": {"generation": {"usd": 0.01}}}}
    sandbox.next(path="/models", times=0, status=200, json={"object": "list", "type": "image", "data": [model]})
    sandbox.next(path="/image/styles", times=0, status=200, json={"object": "list", "data": [style]})
    Dialog.forget_everything(gimp)
    dialog = Dialog.open(gimp)
    try:
        dialog.wait_for_models()
        assert dialog.shown_in("Model").startswith("<b>Z</b> &amp; moc.live  long long")
        assert len(dialog.shown_in("Model")) < 300
        dialog.open_list("Style")
        names = [item.name for item in dialog.listed()]
        assert names[1].startswith("<b>Z</b> &amp; moc.live  long") and len(names[1]) < 150
        tree = dialog.window.tree()
        assert not any(character in tree for character in "\u202e\u2069\x07")
        dialog.screenshot("hostile-names")
    finally:
        dialog.close()
        Dialog.forget_everything(gimp)  # the lists are kept
