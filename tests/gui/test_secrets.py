# SPDX-License-Identifier: MIT
"""Where the API key is, and where it is not; what the window does without a keyring of use; texts of the server that want to be more than text."""

from __future__ import annotations

import base64
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
from results_strip import activate
from sandbox.fault_table import png
from sandbox.process import Sandbox
from waiting import wait_for

KEY = "vn-Key/of_this+test-and~nowhere.else-4711"
FORMS = {KEY.encode(), base64.b64encode(KEY.encode()), KEY.encode("utf-16-le")}


# --- where the key is

def children_of(process: int) -> list[int]:
    """With all that they started, those that have another parent by now too if they are of the same session."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            if int(fields[3]) == process:  # its session: GIMP leads one of its own
                found.append(int(entry.name))
    return found


def has_key(content: bytes) -> bool:
    return any(form in content for form in FORMS)


def assert_no_process_shows_the_key(process: int) -> None:
    processes = children_of(process)
    assert len(processes) > 1
    for each in processes:
        for name in ("cmdline", "environ"):
            try:
                content = Path(f"/proc/{each}/{name}").read_bytes()
            except OSError:
                continue
            assert not has_key(content), f"{name} of {content[:100]!r}"


def files_with_key(*folders: Path) -> list[Path]:
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                try:
                    found += [path] if has_key(path.read_bytes()) else []
                except OSError:
                    continue
    return found


def stored_key() -> str:
    return subprocess.run(["secret-tool", "lookup", "service", "venice", "account", "default"], capture_output=True, text=True, timeout=60).stdout.strip()


def assert_private(folder: Path) -> None:
    files = list(folder.rglob("*"))
    assert len(files) > 5
    for path in [folder, *files]:
        assert oct(path.stat().st_mode & 0o777) == ("0o700" if path.is_dir() else "0o600"), path


def generate_once(dialog: Dialog) -> None:
    """To its end, be it good or bad, whatever a notice of the run before says."""
    before = dialog.run_count
    wait_for(lambda: dialog.generate_button.is_sensitive, "the button can be pressed")
    dialog.generate_button.press()
    wait_for(lambda: dialog.run_count > before, "the run")
    dialog.wait_until_done()


def everything_said(dialog: Dialog) -> str:
    return dialog.window.tree() + "".join(widget.description for widget in dialog.window.descendants())


def test_the_key_is_in_the_keyring_and_nowhere_else(desktop: Desktop) -> None:
    desktop.forget_key()
    before = os.umask(0)  # for GIMP and all that it starts
    try:
        with (Sandbox(key=KEY, balance="1000", rate_limit=0, failure_lock=0) as sandbox,
              Gimp(desktop, base_url=sandbox.base_url, key=None, environment={"G_MESSAGES_DEBUG": "all"}) as gimp):
            os.umask(before)
            image = gimp.open_picture()
            dialog = Dialog.open(gimp)
            dialog.wait_for_models()
            dialog.button("Enter Key…").press()
            dialog.window.find(Role.PASSWORD_TEXT, "API Key").set_text(f"  {KEY}\n")
            dialog.button("Save API Key").press()
            wait_for(lambda: "model does not see the image" in dialog.notice, "the next notice")
            dialog.button("Understood").press()
            dialog.describe("a bridge")
            dialog.generate()
            wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
            wait_for(lambda: stored_key() == KEY, "the key in the keyring")
            dialog.wait_until_done()

            for status, body in ((500, {"error": f"cannot use {KEY}"}), (401, {"error": {"message": f"{KEY} is wrong", "code": KEY}}), (400, {"error": "x", "details": {KEY: {"_errors": [KEY]}}})):
                sandbox.next(status=status, json=body, headers={"X-Echo": KEY, "CF-RAY": KEY})
                generate_once(dialog)
                wait_for(lambda: dialog.notice, "the notice")
                assert not has_key(everything_said(dialog).encode())
            sandbox.next(status=200, body_base64=base64.b64encode(png(64, 64)).decode(), content_type="image/png",
                         headers={"X-Echo": f"Bearer {KEY}", "Set-Cookie": f"key={KEY}"})  # of a success, which the history keeps
            activate(dialog.title)  # what another window has the focus for would wait
            generate_once(dialog)
            wait_for(lambda: len(gimp.layers(image)) == 3, "the second layer")

            assert gimp._process is not None
            assert_no_process_shows_the_key(gimp._process.pid)
            saved = gimp.folder / "saved.xcf"
            gimp.ask(f"Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, Gimp.Image.get_by_id({image}), Gio.File.new_for_path({str(saved)!r}), None)")
            assert saved.stat().st_size > 1000
            parasites = gimp.ask(f"[bytes(layer.get_parasite(name).get_data()).decode('utf-8', 'replace') for layer in Gimp.Image.get_by_id({image}).get_layers()"
                                 " for name in layer.get_parasite_list()]")
            assert len(parasites) == 2 and not has_key("".join(parasites).encode())
            dialog.close()
            assert_private(gimp.profile / "venice-gimp")
            log = gimp.log.read_bytes()
            assert b"GLib-GIO-DEBUG" in log or b"DEBUG" in log, "the debug output was on"
            # The profile with cache, spool, history and settings, the XCF, GIMP's log, those of the desktop's other programs, the homes.
            assert files_with_key(desktop.folder) == []
            gimp.close_image(image)
        assert files_with_key(desktop.folder) == []
        assert stored_key() == KEY
    finally:
        os.umask(before)
        desktop.forget_key()


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
        file = gimp.profile / "venice-gimp" / "api-key"
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
        assert not (gimp.profile / "venice-gimp" / "api-key").exists()


def test_a_keyring_that_never_answers_holds_nothing_up(desktop: Desktop, sandbox: Sandbox, tmp_path: Path) -> None:
    with window_with(desktop, sandbox, "silent", tmp_path) as (gimp, dialog):
        dialog.describe("while it waits")
        # On a machine that is slow enough the bus gives up meanwhile, after 25 s for each question.
        assert dialog.generate_button.description in ("The keyring is being asked for the API key.", "An API key is needed.")
        dialog.screenshot("keyring-silent")
        dialog.menu("Account…")
        dialog.button("Enter Key…").press()
        dialog.window.find(Role.PASSWORD_TEXT, "API Key").set_text(sandbox.key)
        dialog.button("Save API Key").press()
        assert_it_works_until_closed(gimp, dialog)


def test_a_locked_keyring_whose_password_is_not_given(desktop: Desktop, sandbox: Sandbox, tmp_path: Path) -> None:
    with window_with(desktop, sandbox, "locked", tmp_path) as (gimp, dialog):
        dialog.wait_for_notice("An API key is needed.")
        dialog.wait_for_notice("The keyring is locked.")
        enter_key(dialog, sandbox.key)
        dialog.wait_for_notice("The system keyring could not be used. The key works until this window is closed. The keyring is locked.")
        dialog.screenshot("keyring-locked")
        assert_it_works_until_closed(gimp, dialog)
        assert not (gimp.profile / "venice-gimp" / "api-key").exists()


def test_a_locked_keyring_whose_question_stays_unanswered_holds_nothing_up(desktop: Desktop, sandbox: Sandbox, tmp_path: Path) -> None:
    with window_with(desktop, sandbox, "asks", tmp_path) as (gimp, dialog):
        dialog.describe("while it asks")
        assert dialog.generate_button.description == "The keyring is being asked for the API key."
        dialog.menu("Account…")
        dialog.button("Enter Key…").press()
        dialog.window.find(Role.PASSWORD_TEXT, "API Key").set_text(sandbox.key)
        dialog.button("Save API Key").press()
        assert_it_works_until_closed(gimp, dialog)


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
