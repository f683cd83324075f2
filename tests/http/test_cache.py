# SPDX-License-Identifier: MIT
"""The lists on disk: served young, fetched when old, served old without a network, and never damaged."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from checks import error_of
from sandbox.catalog import MODELS, STYLES
from sandbox.process import Sandbox
from venice import Client, Event, Models, State, Status, Styles, VeniceError

# An address of this machine where nobody listens: no network, as far as the library can tell.
AWAY = "http://127.0.0.1:9/api/v1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "venice"


@pytest.fixture
def caching(client: Client, folder: Path) -> Iterator[Client]:
    client["cache_dir"] = str(folder)
    yield client


def asked(sandbox: Sandbox) -> list[str]:
    return [entry["path"] for entry in sandbox.requests()]


def age(folder: Path, milliseconds: int, **changes: object) -> None:
    """Makes the files of the folder look older."""
    files = list(folder.iterdir())
    assert files
    for file in files:
        head, body = file.read_bytes().split(b"\n", 1)
        header = json.loads(head)
        header["fetched_ms"] -= milliseconds
        file.write_bytes(json.dumps(header | changes).encode() + b"\n" + body)


def go_away(folder: Path, client: Client) -> None:
    """From now on the server cannot be reached; the lists are still its own."""
    client["base_url"] = AWAY
    age(folder, 0, source=f"{AWAY}/models?type=image")


def test_without_the_option_nothing_is_kept(client: Client, sandbox: Sandbox) -> None:
    client.list_models()
    client.list_models()
    assert asked(sandbox) == ["/models", "/models"]
    assert error_of(client.cached_models).status == Status.NOT_READY


@pytest.mark.parametrize("fetch", [Client.list_models, Client.list_styles])
def test_a_young_list_needs_no_network(caching: Client, sandbox: Sandbox, fetch: Callable[[Client], Models | Styles]) -> None:
    before = int(time.time() * 1000)
    first = fetch(caching)
    second = fetch(caching)
    assert len(asked(sandbox)) == 1
    assert before <= first.fetched_ms <= int(time.time() * 1000)
    assert second.fetched_ms == first.fetched_ms
    assert not first.is_stale and not second.is_stale
    if isinstance(second, Models):
        assert [model.json for model in second] == [model.as_json() for model in MODELS.values()]
    else:
        assert list(second) == list(STYLES)


def test_a_job_that_needs_no_network_ends_like_any_other(caching: Client, sandbox: Sandbox) -> None:
    caching.list_models()
    job = caching.submit_models()
    job.wait()
    assert job.state == State.SUCCEEDED and len(job.models()) == len(MODELS)
    events = []
    while not events or events[-1][0] != Event.ENDED:
        event = caching.next_event(10_000)
        assert event is not None
        events.append(event)
    assert events[-1] == (Event.ENDED, job.id)
    assert asked(sandbox) == ["/models"]


def test_an_old_list_is_fetched_again_and_replaced(caching: Client, sandbox: Sandbox, folder: Path) -> None:
    caching.list_models()
    age(folder, 3_600_000)
    assert caching.cached_models().is_stale
    sandbox.next(path="/models", method="GET", json={"data": [{"id": "new"}]})
    models = caching.list_models()
    assert [model.id for model in models] == ["new"] and not models.is_stale
    assert [model.id for model in caching.cached_models()] == ["new"]
    assert not caching.cached_models().is_stale
    assert len(list(folder.iterdir())) == 1


def test_the_age_can_be_set(caching: Client, sandbox: Sandbox, folder: Path) -> None:
    caching.list_models()
    age(folder, 3_600_000)
    caching["cache_max_age_ms"] = 3_700_000
    caching.list_models()
    assert len(asked(sandbox)) == 1
    caching["cache_max_age_ms"] = 0
    caching.list_models()
    assert len(asked(sandbox)) == 2
    for wrong in (-1, 31_536_000_001):
        assert error_of(lambda: caching.__setitem__("cache_max_age_ms", wrong)).status == Status.OUT_OF_RANGE


def test_without_a_network_the_old_list_is_served_with_a_flag(caching: Client, folder: Path) -> None:
    fetched = caching.list_models().fetched_ms
    go_away(folder, caching)
    age(folder, 7_200_000)
    models = caching.list_models()
    assert models.is_stale and models.fetched_ms == fetched - 7_200_000 and len(models) == len(MODELS)
    job = caching.submit_models()
    job.wait()
    assert job.state == State.SUCCEEDED and job.models().is_stale


def test_without_network_and_list_the_error_stays(caching: Client) -> None:
    caching["base_url"] = AWAY
    assert error_of(caching.list_models).status == Status.CONNECT


@pytest.mark.parametrize(
    "answer",
    [{"status": 502, "text": "<html>", "content_type": "text/html"}, {"status": 200, "text": "<html>a hotel's page</html>", "content_type": "text/html"}, {"fault": "truncated"}],
    ids=["gateway", "portal", "cut"],
)
def test_a_wrong_answer_does_not_replace_the_list(caching: Client, sandbox: Sandbox, folder: Path, answer: dict[str, object]) -> None:
    caching.list_models()
    age(folder, 3_600_000)
    kept = next(folder.iterdir()).read_bytes()
    sandbox.next(path="/models", method="GET", times=0, **answer)
    models = caching.list_models()
    assert models.is_stale and len(models) == len(MODELS)
    assert next(folder.iterdir()).read_bytes() == kept


@pytest.mark.parametrize("damage", [lambda old: b"", lambda old: old[: len(old) // 2], lambda old: b"\0" * 5000, lambda old: b'{"data": []}\n', lambda old: old.replace(b"z-image", b"x-image")])
def test_a_damaged_file_is_fetched_again(caching: Client, sandbox: Sandbox, folder: Path, damage: Callable[[bytes], bytes]) -> None:
    caching.list_models()
    file = next(folder.iterdir())
    file.write_bytes(damage(file.read_bytes()))
    assert error_of(caching.cached_models).status == Status.NOT_READY
    assert [model.id for model in caching.list_models()] == list(MODELS)
    assert len(asked(sandbox)) == 2
    assert [model.id for model in caching.cached_models()] == list(MODELS)


def test_the_list_of_another_server_is_not_taken(caching: Client, sandbox: Sandbox) -> None:
    caching.list_models()
    caching["base_url"] = AWAY
    assert error_of(caching.cached_models).status == Status.NOT_READY
    assert error_of(caching.list_models).status == Status.CONNECT


def test_what_is_cached_opens_without_the_network(caching: Client, sandbox: Sandbox) -> None:
    caching.list_models()
    caching.list_styles()
    with Client(base_url=sandbox.base_url, cache_dir=None) as other:
        assert error_of(other.cached_styles).status == Status.NOT_READY
    assert [model.id for model in caching.cached_models()] == list(MODELS)
    assert list(caching.cached_styles()) == list(STYLES)
    assert len(asked(sandbox)) == 2


def test_the_key_is_in_no_file(caching: Client, sandbox: Sandbox, folder: Path) -> None:
    caching.list_models()
    caching.list_styles()
    caching.get_account()
    files = list(folder.iterdir())
    assert sorted(file.name for file in files) == ["venice-models.cache", "venice-styles.cache"]
    assert all(sandbox.key.encode() not in file.read_bytes() for file in files)


def test_a_folder_that_cannot_be_written_is_no_failure(client: Client, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    client["cache_dir"] = str(tmp_path / "file")
    assert len(client.list_models()) == len(MODELS)


FETCH_AGAIN_AND_AGAIN = """
import sys
sys.path.insert(0, sys.argv[1])
from venice import Client, Status, VeniceError
with Client(base_url=sys.argv[2], cache_dir=sys.argv[3], cache_max_age_ms=0) as client:
    for _ in range(40):
        assert len(client.list_models()) == int(sys.argv[4])
        assert len(client.cached_models()) == int(sys.argv[4])
"""


def test_two_processes_at_once(sandbox: Sandbox, folder: Path) -> None:
    """Each replaces the file again and again; neither ever sees half of it."""
    command = [sys.executable, "-c", FETCH_AGAIN_AND_AGAIN, str(Path(__file__).parent), sandbox.base_url, str(folder), str(len(MODELS))]
    programs = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for program in programs:
        _, complaint = program.communicate(timeout=60)
        assert program.returncode == 0, complaint
    assert [file.name for file in folder.iterdir()] == ["venice-models.cache"]


def test_the_folder_is_this_users_alone(caching: Client, sandbox: Sandbox, folder: Path) -> None:
    before = os.umask(0)
    try:
        caching.list_models()
        caching.list_styles()
    finally:
        os.umask(before)
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, folder.parent)] == ["0o700", "0o700"]
    assert {oct(file.stat().st_mode & 0o777) for file in folder.iterdir()} == {"0o600"}


def test_no_url_is_a_path(caching: Client, sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    caching["base_url"] = f"{sandbox.base_url}/../..%2f..%2fetc/../api/v1/"
    with contextlib.suppress(VeniceError):
        caching.list_models()
    caching["base_url"] = sandbox.base_url
    caching.list_models()
    caching.list_styles()
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()) == [
        "cache/venice/venice-models.cache", "cache/venice/venice-styles.cache"]
