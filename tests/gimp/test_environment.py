# SPDX-License-Identifier: MIT
"""Keys and servers that are missing or wrong: what a script is told by both procedures, and how soon."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def failures(gimp, sandbox, environment: dict[str, str]) -> list[str]:
    """The texts of the errors of both procedures."""
    path = gimp.files / "failures.json"
    path.unlink(missing_ok=True)
    variables = {"OUTCOMES": str(path), "SANDBOX_LOG": str(sandbox.log), **environment}
    gimp.python_file(HERE / "inside/one_failure.py", environment=variables).check()
    outcome = json.loads(path.read_text())
    assert None not in outcome["texts"]
    assert outcome["layers"] == 1
    assert outcome["seconds"] < 60
    return outcome["texts"]


def test_without_a_key(gimp, sandbox):
    sandbox.reset()
    for text in failures(gimp, sandbox, {"VENICE_API_KEY": ""}):
        assert "VENICE_API_KEY" in text and "Filters" in text, text
    assert sandbox.requests() == []


def test_with_a_wrong_key(gimp, sandbox):
    sandbox.reset()
    for text in failures(gimp, sandbox, {"VENICE_API_KEY": "another-key"}):
        assert "key" in text and "401" in text, text
        assert "another-key" not in text
    assert len(sandbox.requests("/image/generate")) == 2  # neither of them tried again


def test_with_a_key_that_cannot_be_one(gimp, sandbox):
    sandbox.reset()
    for text in failures(gimp, sandbox, {"VENICE_API_KEY": "a key with spaces"}):
        assert "a key with spaces" not in text
    assert sandbox.requests() == []


def test_server_down(gimp, sandbox):
    with socket.socket() as taken:  # bound but not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        for text in failures(gimp, sandbox, {"VENICE_BASE_URL": f"http://127.0.0.1:{taken.getsockname()[1]}/api/v1"}):
            assert "127.0.0.1" in text or "connect" in text.lower(), text


def test_a_server_address_that_is_not_allowed(gimp, sandbox):
    for text in failures(gimp, sandbox, {"VENICE_BASE_URL": "http://example.invalid/api/v1"}):
        assert "http" in text, text


@pytest.mark.parametrize("mode", ["interactive", "last"])
def test_interactive_runs_spend_nothing_without_a_display(gimp, sandbox, mode):
    sandbox.reset()
    for text in failures(gimp, sandbox, {"MODE": mode}):
        assert text
    assert sandbox.requests("/image/generate") == []


KEYRING = """
set -e
printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
printf '%s\\n' "$1" | secret-tool store --label=Venice service venice account default
shift
exec "$@"
"""


@pytest.mark.skipif(not shutil.which("gnome-keyring-daemon") or not shutil.which("secret-tool"), reason="there is no keyring to try with")
@pytest.mark.parametrize("key", ["sandbox-key", "another-key"])
def test_the_key_of_the_keyring(gimp, sandbox, key, tmp_path):
    """With the key only in the keyring: it is found, and it is this one that is sent."""
    import subprocess

    sandbox.reset()
    code = (
        "from gi.repository import Gimp; c = Gimp.get_pdb().lookup_procedure('plug-in-venice-create-image').create_config(); "
        "c.set_property('prompt', 'a red fox'); c.set_property('model', 'z-image-turbo'); c.set_property('width', 64); c.set_property('height', 48); "
        "r = Gimp.get_pdb().lookup_procedure('plug-in-venice-create-image').run(c); "
        "[image.delete() for image in Gimp.get_images()]"
    )
    variables = gimp.variables({"VENICE_API_KEY": "", "XDG_DATA_HOME": str(tmp_path)})
    command = ["dbus-run-session", "--", "bash", "-c", KEYRING, "bash", key,
               gimp.program, "-i", "--quit", "--batch-interpreter=python-fu-eval", "-b", code]
    finished = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=180, check=False)
    (entry,) = sandbox.requests("/image/generate")
    assert entry["status"] == (200 if key == "sandbox-key" else 401), finished.stdout + finished.stderr
