# SPDX-License-Identifier: MIT
"""The examples do the same in every language.

Each is taken from where it is installed, and built and started with the commands that stand at its head, literally.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from sandbox.process import Sandbox

from conftest import BUILD, KEY, PREFIX, commands_under

EXAMPLES = PREFIX / "share" / "doc" / "venice" / "examples"

PROMPT = "a red fox in the snow"
MODEL, NAME, PRICE = "z-image-turbo", "Z-Image Turbo", "0.0100"

LANGUAGES = {
    "C": ("generate.c", ["cc"]),
    "C++": ("generate.cpp", ["c++"]),
    "Go": ("generate.go", ["go", "cc"]),
    "LuaJIT": ("generate.lua", ["luajit"]),
    "Node": ("generate.mjs", ["node", "npm"]),
    "Python": ("generate.py", ["python3"]),
    "Rust": ("generate.rs", ["rustc"]),
}

NO_REGISTRY = re.compile(r"code (ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|\w*CERT\w*|E5\d\d)")

Run = Callable[..., subprocess.CompletedProcess[str]]


def commands_at_the_head(example: Path) -> list[str]:
    """The indented lines of the first comment."""
    head = re.split(r"^(?:#include|import|package|use|local)\b", example.read_text(encoding="utf-8"), maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"^(?: \*|//|--|)(?:    +|\t)(\S.*)$", head, flags=re.MULTILINE)


def bash(command: str, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", command], env=environment, cwd=folder, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def start(language: str, installed: dict[str, str]) -> Run:
    """Builds the example, and gives a function that runs it."""
    name, tools = LANGUAGES[language]
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"the example for {language}: there is no {' and no '.join(missing)}")
    folder = BUILD / "examples" / language
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(EXAMPLES / name, folder)
    *build, last = commands_at_the_head(EXAMPLES / name)
    for command in build:
        outcome = bash(command, installed, folder)
        if command.startswith("npm ") and NO_REGISTRY.search(outcome.stderr):
            pytest.skip(f"the example for {language}: npm cannot reach its registry for koffi")
        assert outcome.returncode == 0, f"{command}\n{outcome.stdout}{outcome.stderr}"

    def run(prompt: str, output: Path, sandbox: Sandbox) -> subprocess.CompletedProcess[str]:
        assert last.startswith("VENICE_API_KEY=… ") and last.endswith('"a red fox in the snow" FOLDER')
        command = last.removeprefix("VENICE_API_KEY=… ").replace('"a red fox in the snow" FOLDER', '"$PROMPT" "$FOLDER"')
        own = {"VENICE_API_KEY": KEY, "VENICE_BASE_URL": sandbox.base_url, "PROMPT": prompt, "FOLDER": str(output)}
        return bash(command, installed | own, folder)

    return run


def progress(stderr: str) -> list[str]:
    pattern = r"image ([123]): (?:queued|connecting|sending|waiting|receiving|decoding|ended), \d+ bytes"
    return [match[1] for line in stderr.splitlines() if (match := re.fullmatch(pattern, line))]


def not_progress(stderr: str) -> list[str]:
    return [line for line in stderr.splitlines() if not progress(line)]


def test_two_images_are_saved_and_the_third_is_never_sent(start: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    outcome = start(PROMPT, tmp_path, sandbox)

    assert (outcome.returncode, not_progress(outcome.stderr)) == (0, [])
    assert outcome.stdout.splitlines() == [
        f"{NAME}: ${PRICE} an image",
        f"image 1: {tmp_path}/image-1.png, image/png, 1024 x 1024, seed 1",
        f"image 2: {tmp_path}/image-2.png, image/png, 1024 x 1024, seed 2",
        "image 3: cancelled",
    ]
    assert {"1", "2"} <= set(progress(outcome.stderr))

    assert sorted(path.name for path in tmp_path.iterdir()) == ["image-1.png", "image-2.png"]
    pictures = []
    for path in sorted(tmp_path.iterdir()):
        with Image.open(path) as picture:
            assert (picture.format, picture.size) == ("PNG", (1024, 1024))
            pictures.append(picture.tobytes())
    assert pictures[0] != pictures[1]

    requests = sandbox.requests("/image/generate")
    assert [(entry["status"], entry["complete"], entry["key_known"]) for entry in requests] == [(200, True, True)] * 2
    assert sorted((entry["json"] for entry in requests), key=lambda body: int(body["seed"])) == [
        {"model": MODEL, "prompt": PROMPT, "seed": seed, "format": "png"} for seed in (1, 2)
    ]
    assert len(sandbox.requests()) == 3  # and the list of models
    assert sandbox.state()["images"] == 2


def test_an_error_is_shown_with_its_field_and_nothing_is_sent(start: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    outcome = start("", tmp_path, sandbox)
    assert (outcome.returncode, outcome.stdout) == (1, "")
    first, second = outcome.stderr.splitlines()
    assert first.startswith("error: out_of_range: ") and "prompt" in first
    assert second.startswith("  prompt: ") and len(second) > len("  prompt: ")
    assert sandbox.requests("/image/generate") == []
    assert list(tmp_path.iterdir()) == []


def test_one_failure_does_not_lose_the_other_image(start: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    issue = {"code": "too_big", "path": ["seed"], "message": "not this one"}
    # Not at once: the third waits for the first two, and must be cancelled before its turn.
    sandbox.next(match={"seed": 1}, delay=0.5, status=400, json={"error": "Invalid request parameters", "issues": [issue]})
    outcome = start(PROMPT, tmp_path, sandbox)
    assert outcome.returncode == 1
    assert outcome.stdout.splitlines()[1:] == [
        f"image 2: {tmp_path}/image-2.png, image/png, 1024 x 1024, seed 2",
        "image 3: cancelled",
    ]
    first, second = not_progress(outcome.stderr)
    assert first.startswith("image 1: bad_request: ")
    assert second == "  seed: not this one"
    assert [path.name for path in tmp_path.iterdir()] == ["image-2.png"]
    assert len(sandbox.requests("/image/generate")) == 2


def test_the_readme_can_be_followed_literally(language: str, start: Run, installed: dict[str, str], sandbox: Sandbox) -> None:
    folder = BUILD / "readme" / language
    folder.mkdir(parents=True, exist_ok=True)
    for picture in folder.glob("*.png"):
        picture.unlink()
    (commands,) = commands_under(language)
    outcome = subprocess.run(
        ["bash", "-euc", commands], cwd=folder, env=installed | {"VENICE_BASE_URL": sandbox.base_url}, capture_output=True, text=True, timeout=300
    )
    assert outcome.returncode == 0, outcome.stderr
    assert sorted(path.name for path in folder.glob("*.png")) == ["image-1.png", "image-2.png"]
    assert outcome.stdout.endswith("image 3: cancelled\n")
