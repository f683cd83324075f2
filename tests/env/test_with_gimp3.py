# SPDX-License-Identifier: MIT
"""What a user of with-gimp3 sees where everything is there already: inside its own
system, or on a system that has GIMP 3. What needs the outside is in try-from-outside."""

import os
import pathlib
import subprocess
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
WITH_GIMP3 = HERE / "with-gimp3"
INSIDE = pathlib.Path("/etc/venice-gimp3-root")


def run(*arguments, **options):
    return subprocess.run([WITH_GIMP3, *arguments], capture_output=True, text=True, timeout=60, **options)


@pytest.fixture
def unknown_system(tmp_path):
    """An environment in which the system says that it is one nobody has heard of."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text('ID=plan9\nPRETTY_NAME="Plan 9"\n')
    return {**os.environ, "VENICE_GIMP3_SYSTEM": str(tmp_path)}


@pytest.mark.parametrize("status", [0, 1, 7, 125])
def test_exit_status_is_the_commands(status):
    assert run("sh", "-c", f"exit {status}").returncode == status


def test_command_that_does_not_exist():
    result = run("no-such-command-anywhere")
    assert result.returncode == 127
    assert "no-such-command-anywhere" in result.stderr


def test_arguments_pass_unharmed():
    arguments = ["two words", "", "*", "$HOME", "it's", 'a "quote"', "--help", "ä\nb", "back\\slash"]
    result = run("printf", "<%s>", *arguments)
    assert result.stdout == "".join(f"<{a}>" for a in arguments)


def test_standard_input_and_output_pass(tmp_path):
    result = run("cat", input="one\ntwo")
    assert (result.stdout, result.stderr) == ("one\ntwo", "")


def test_errors_go_to_standard_error():
    result = run("sh", "-c", "echo out; echo err >&2")
    assert (result.stdout, result.stderr) == ("out\n", "err\n")


def test_working_directory_stays(tmp_path):
    directory = tmp_path / "a folder"
    directory.mkdir()
    assert run("pwd", cwd=directory).stdout.strip() == str(directory)


def test_file_in_the_tree_belongs_to_the_caller():
    path = HERE / f"written-by-test-{os.getpid()}"
    try:
        assert run("touch", str(path)).returncode == 0
        assert path.stat().st_uid == os.getuid()
    finally:
        path.unlink(missing_ok=True)


def test_help_says_how_to_use_it():
    result = run("--help")
    assert result.returncode == 0
    assert result.stdout.startswith("Usage: tests/env/with-gimp3")
    assert "--release" in result.stdout and "--bind" in result.stdout
    assert "set -euo" not in result.stdout


@pytest.mark.parametrize("arguments", [[], ["--nonsense", "true"], ["--release", "sarge", "true"], ["--bind"]])
def test_wrong_usage_is_refused(arguments):
    result = run(*arguments)
    assert result.returncode == 125
    assert result.stderr


@pytest.mark.skipif(not INSIDE.exists(), reason="on a system that has GIMP 3 there is no inside")
class TestInside:
    def test_nested_call_is_cheap(self):
        """Bash's start, twice, is all that it should cost; the best of five, for busy machines."""
        times = []
        for _ in range(5):
            start = time.monotonic()
            run("true")
            times.append(time.monotonic() - start)
        assert min(times) < 0.2

    def test_another_release_is_refused(self):
        other = "forky" if INSIDE.read_text().strip() == "trixie" else "trixie"
        result = run("--release", other, "true")
        assert result.returncode == 125
        assert "inside" in result.stderr

    def test_same_release_is_fine(self):
        assert run("--release", INSIDE.read_text().strip(), "true").returncode == 0

    def test_packages_for_tests_are_there(self):
        """These tests run with them; for an environment without them see try-from-outside."""
        assert run("--for-tests", "true").returncode == 0

    def test_folder_that_would_be_lost_is_refused(self):
        result = run("--bind", "/srv/results", "true")
        assert result.returncode == 125
        assert "/srv/results" in result.stderr and "--bind" in result.stderr

    def test_folder_in_the_tree_is_fine(self):
        assert run("--bind", str(HERE), "true").returncode == 0

    def test_nothing_of_the_outside_leaks_in(self):
        assert pathlib.Path(os.environ["HOME"]).is_dir()
        assert os.environ["LANG"] == "C.UTF-8"
        assert "DBUS_SESSION_BUS_ADDRESS" not in os.environ or os.environ["XDG_RUNTIME_DIR"].startswith(("/run/user", "/tmp"))


def test_everything_in_the_list_is_seen_here(unknown_system):
    """On an unknown system that has all of it, the command is simply run."""
    result = run("echo", "ran", env=unknown_system)
    assert (result.stdout, result.stderr) == ("ran\n", "")


def test_unknown_system_gets_the_list_by_name(unknown_system, tmp_path):
    """The same without pkg-config, so that no library can be seen."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "dirname", "sed", "awk"):
        (tools / name).symlink_to(f"/usr/bin/{name}")
    result = run("echo", "ran", env={**unknown_system, "PATH": str(tools)})
    assert result.returncode == 125
    assert result.stdout == ""
    assert "Plan 9" in result.stderr
    lines = [line.strip() for line in result.stderr.splitlines()]
    assert any(line.startswith("libgimp-3.0-dev ") and "GIMP 3's libraries" in line for line in lines)
    assert any(line.startswith("xvfb ") and "X server" in line for line in lines)
    assert not any(line.startswith("adwaita-icon-theme ") for line in lines), "what is here must not be asked for"


@pytest.mark.parametrize("name", ["packages", "packages-for-tests"])
def test_every_line_of_the_lists_is_complete(name):
    for line in (HERE / name).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            assert len(line.split(None, 2)) == 3, line
