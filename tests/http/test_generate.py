# SPDX-License-Identifier: MIT
"""What is sent, and what comes back when all is well."""

from __future__ import annotations

import gzip
import io
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from checks import error_of, small_request
from PIL import Image as Picture
from raw_server import Connection, RawServer
from sandbox.process import Sandbox
from venice import Client, Request, Status

GENERATE = "/image/generate"

# Every field but those that exclude each other, with a value that is no default.
ALL_FIELDS: dict[str, object] = {
    "model": "any",
    "prompt": "Ein Fuchs \u2013 \U0001f98a \"im\" Schnee\nund \\ Eis",
    "negative_prompt": "",
    "width": 1,
    "height": 1280,
    "aspect_ratio": "19.5:9",
    "resolution": "1k",
    "quality": "low",
    "steps": 7,
    "cfg_scale": 7.25,
    "seed": 0,
    "variants": 4,
    "style_preset": "3D Model",
    "lora_strength": 0,
    "safe_mode": False,
    "hide_watermark": True,
    "format": "jpeg",
    "return_binary": False,
    "embed_exif_metadata": True,
    "enable_web_search": True,
    "enhance_prompt": True,
    "disable_prompt_optimization_thinking": True,
    "style_references": [{"image": "https://example.org/a.png", "strength": 0.5}],
}

# An answer for the raw server: the head of a PNG is enough, nothing is decoded.
ANSWER = b'{"id":"raw","images":["iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAAElFTkSuQmCC"],"padding":"' + b"x" * 3000 + b'"}'


def decoded_size(data: bytes) -> tuple[str, tuple[int, int]]:
    picture = Picture.open(io.BytesIO(data))
    picture.load()
    return f"image/{(picture.format or '').lower()}", picture.size


def test_every_field_arrives_as_set(client: Client, sandbox: Sandbox) -> None:
    sandbox.next(status=400, json={"error": "seen"})
    error_of(lambda: client.generate(Request(**ALL_FIELDS)))
    [entry] = sandbox.requests(GENERATE)
    assert entry["json"] == ALL_FIELDS
    assert list(entry["json"]) == list(ALL_FIELDS)


@pytest.mark.parametrize("field", [name for name in ALL_FIELDS if name not in ("model", "prompt")])
def test_only_what_is_set_is_sent(client: Client, sandbox: Sandbox, field: str) -> None:
    sandbox.next(status=400, json={"error": "seen"})
    error_of(lambda: client.generate(Request(model="m", prompt="p", **{field: ALL_FIELDS[field]})))
    assert sandbox.requests(GENERATE)[0]["json"] == {"model": "m", "prompt": "p", field: ALL_FIELDS[field]}


def test_the_head_of_a_request(client: Client, sandbox: Sandbox) -> None:
    client["user_agent"] = "tester/1.0"
    client.generate(small_request())
    [entry] = sandbox.requests(GENERATE)
    headers = entry["headers"]
    assert entry["method"] == "POST"
    assert headers["authorization"] == "Bearer <known key>"
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"] == "tester/1.0"
    assert "gzip" in headers["accept-encoding"]
    assert "expect" not in headers and "transfer-encoding" not in headers


def test_nothing_of_a_request_is_in_the_next(client: Client, sandbox: Sandbox) -> None:
    client["user_agent"] = "tester/1.0"
    client.generate(small_request(prompt="long " * 1000))
    client.generate(small_request(prompt="a fox"))  # with all as it was, so that nothing is set up anew
    long, fox = sandbox.requests()
    assert fox["json"]["prompt"] == "a fox" and int(fox["headers"]["content-length"]) < 1000 < int(long["headers"]["content-length"])
    client.list_styles()
    client["user_agent"] = None
    client["api_key"] = None
    error_of(lambda: client.generate(small_request(prompt="short")))
    *_, styles, second = sandbox.requests()
    assert (styles["method"], styles["headers"]["user-agent"]) == ("GET", "tester/1.0")
    assert not {"authorization", "content-type", "content-length"} & set(styles["headers"])
    assert (second["method"], second["json"]["prompt"]) == ("POST", "short")
    assert second["headers"]["user-agent"].startswith("libvenice/") and "authorization" not in second["headers"]
    assert int(second["headers"]["content-length"]) < 1000


def test_the_default_user_agent_names_the_library(client: Client, sandbox: Sandbox) -> None:
    client.list_styles()
    assert sandbox.requests()[0]["headers"]["user-agent"].startswith("libvenice/")


def test_a_json_answer(client: Client, sandbox: Sandbox) -> None:
    result = client.generate(small_request(seed=7))
    assert len(result) == 1
    image = result[0]
    assert (image.media_type, image.size) == ("image/png", (64, 64)) == decoded_size(image.data)
    assert image.seed == 7
    assert result.id and result.id.startswith("generate-image-")
    assert result.request["seed"] == 7 and result.request["prompt"] == "a lake"
    assert result.timing_ms("total") >= result.timing_ms("inferenceDuration") >= 0
    assert result.timing_ms("inferenceQueueTime") >= 0 and result.timing_ms("inferencePreprocessingTime") >= 0
    assert result.timing_ms("lunch") == -1
    assert not result.is_blurred and not result.is_content_violation
    assert result.enhanced_prompt is None and result.deprecation_warning is None
    assert result.balance_usd == 10.0
    assert result.header("CF-ray") == result.header("cf-Ray") is not None
    assert result.header("no-such-header") is None
    assert error_of(lambda: result[1]).status == Status.OUT_OF_RANGE


def test_the_server_tells_the_seed_where_none_was_sent(client: Client) -> None:
    result = client.generate(small_request())
    assert result[0].seed == result.request["seed"]


def test_only_the_first_of_four_variants_has_a_seed(client: Client) -> None:
    result = client.generate(small_request(variants=4, seed=0))
    assert [image.seed for image in result] == [0, None, None, None]
    assert len({image.data for image in result}) == 4
    assert all(image.size == (64, 64) for image in result)


def test_a_binary_answer(client: Client) -> None:
    json_answer = client.generate(small_request(seed=7))
    result = client.generate(small_request(seed=7, return_binary=True))
    assert len(result) == 1
    assert result[0].data == json_answer[0].data
    assert result[0].seed == 7
    assert result.id is None and result.request is None and result.timing_ms("total") == -1
    assert result.header("content-type") == "image/png"
    assert result.balance_usd == 9.99
    assert client.generate(small_request(return_binary=True))[0].seed is None


@pytest.mark.parametrize("return_binary", [False, True])
@pytest.mark.parametrize("format_", ["png", "jpeg", "webp"])
def test_formats(client: Client, format_: str, return_binary: bool) -> None:
    image = client.generate(small_request(format=format_, width=72, height=40, return_binary=return_binary))[0]
    assert (image.media_type, image.size) == (f"image/{format_}", (72, 40)) == decoded_size(image.data)


def test_without_format_the_server_chooses(client: Client) -> None:
    request = Request(model="z-image-turbo", prompt="x", width=64, height=64)
    assert client.generate(request)[0].media_type == "image/webp"


@pytest.mark.parametrize("return_binary", [False, True])
def test_the_type_is_what_the_bytes_say(client: Client, return_binary: bool) -> None:
    image = client.generate(Request(model="sandbox-own-format", prompt="x", format="png", return_binary=return_binary))[0]
    assert image.media_type == decoded_size(image.data)[0] == "image/jpeg"
    assert image.size == decoded_size(image.data)[1]


def test_an_exif_block_does_not_hide_the_size(client: Client) -> None:
    for format_ in ("jpeg", "png", "webp"):
        image = client.generate(small_request(format=format_, embed_exif_metadata=True))[0]
        assert (image.media_type, image.size) == (f"image/{format_}", (64, 64))


def test_a_request_that_is_not_echoed(client: Client) -> None:
    result = client.generate(Request(model="sandbox-own-format", prompt="x", seed=5))
    assert result.request is None
    assert result[0].seed == 5


def test_flags(client: Client) -> None:
    assert client.generate(small_request(prompt="nude")).is_blurred
    assert not client.generate(small_request(prompt="nude", safe_mode=False)).is_blurred
    violation = client.generate(small_request(prompt="forbidden-content"))
    assert violation.is_content_violation and not violation.is_blurred


def test_an_enhanced_prompt_comes_decoded(client: Client) -> None:
    result = client.generate(small_request(prompt="Fuchs \u2013 100 %", enhance_prompt=True))
    assert result.enhanced_prompt is not None
    assert result.enhanced_prompt.startswith("Fuchs \u2013 100 %, ")
    assert result.header("x-venice-enhanced-prompt") == quote(result.enhanced_prompt, safe="")


def test_a_deprecation_warning(client: Client) -> None:
    warning = client.generate(Request(model="sandbox-deprecated", prompt="x", width=64, height=64)).deprecation_warning
    assert warning is not None and "sandbox-deprecated" in warning


def test_results_outlive_their_parents(sandbox: Sandbox) -> None:
    client = Client(base_url=sandbox.base_url, api_key=sandbox.key)
    result = client.generate(small_request())
    image = result[0]
    expected = image.data
    assert client.free() == Status.OK
    assert result.id
    result.free()
    assert image.data == expected and image.size == (64, 64)


def test_the_bytes_received_are_all_told_even_if_the_last_unpack_to_nothing(client: Client) -> None:
    packed = gzip.compress(ANSWER)

    def answer_in_two(connection: Connection, _: int) -> None:
        connection.read_request()
        connection.send(f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode())
        connection.send(packed[:-8])
        time.sleep(0.3)
        connection.send(packed[-8:])  # the checksum and the length
        connection.wait_until_closed()

    with RawServer(answer_in_two) as server:
        client["base_url"] = server.base_url
        with client.submit(small_request()) as job:
            job.wait()
            assert job.received_bytes == job.total_bytes == len(packed)


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_compressed_json(client: Client, encoding: str) -> None:
    if encoding == "br":
        pytest.importorskip("brotli")

    def answer(connection: Connection, _: int) -> None:
        request = connection.read_request()
        assert request is not None
        assert request.lower().count(b"accept-encoding:") == 1
        accepted = request.decode().lower().partition("accept-encoding:")[2].partition("\r\n")[0]
        assert encoding in accepted
        if encoding == "br":
            import brotli

            connection.answer(brotli.compress(ANSWER), "Content-Encoding: br")
        else:
            connection.answer(gzip.compress(ANSWER), "Content-Encoding: gzip")

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        with client.submit(small_request()) as job:
            job.wait()
            assert job.result().id == "raw"
            # Both counts are of what went over the wire.
            assert 0 < job.total_bytes == job.received_bytes != len(ANSWER)


def test_the_sandbox_compresses_for_us(client: Client, sandbox: Sandbox) -> None:
    assert client.generate(small_request()).header("content-encoding") in ("br", "gzip")


def test_a_connection_is_used_again(client: Client) -> None:
    def answer_all(connection: Connection, _: int) -> None:
        while connection.read_request():
            connection.answer(ANSWER)

    with RawServer(answer_all) as server:
        client["base_url"] = server.base_url
        for _ in range(3):
            client.generate(small_request())
        assert server.connection_count == 1


def test_saving(client: Client, tmp_path: Path) -> None:
    image = client.generate(small_request())[0]
    image.save(tmp_path / "b\u00fcld.png")
    image.save(tmp_path / "b\u00fcld.png")
    assert (tmp_path / "b\u00fcld.png").read_bytes() == image.data
    assert len(list(tmp_path.iterdir())) == 1
    assert error_of(lambda: image.save(tmp_path / "missing" / "a.png")).status == Status.FILE
    assert error_of(lambda: image.save(tmp_path)).status == Status.FILE
    assert len(list(tmp_path.iterdir())) == 1


def test_a_base_url_may_end_in_slashes(client: Client, sandbox: Sandbox) -> None:
    client["base_url"] = sandbox.base_url + "//"
    assert len(client.generate(small_request())) == 1
