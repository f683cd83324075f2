# SPDX-License-Identifier: MIT
"""Answers that are errors, broken, or never come. For each of them the request is sent once, and the error says whether it may be charged."""

from __future__ import annotations

import json
import os
import threading
import time
from typing import Any

import pytest
from checks import PNG, error_of, small_request
from raw_server import Connection, RawServer
from sandbox.process import Sandbox
from venice import Client, Request, Status, VeniceError

GENERATE = "/image/generate"
SECRET = "sk-secret/Key_0123456789"


@pytest.fixture
def client(client: Client) -> Client:
    """One that never tries again; test_retries.py is about the others."""
    client["max_retries"] = 0
    return client


def fail(client: Client, sandbox: Sandbox, **fields: object) -> VeniceError:
    """The error of a request that reached the sandbox exactly once."""
    error = error_of(lambda: client.generate(small_request(**fields)))
    assert len(sandbox.requests(GENERATE)) == 1
    assert sandbox.state()["in_flight"] == []
    assert "\n" not in error.message
    return error


STATUSES = [
    (400, Status.BAD_REQUEST, False),
    (401, Status.UNAUTHORIZED, False),
    (402, Status.PAYMENT_REQUIRED, False),
    (403, Status.FORBIDDEN, False),
    (404, Status.NOT_FOUND, False),
    (413, Status.REQUEST_TOO_LARGE, False),
    (415, Status.UNSUPPORTED_MEDIA_TYPE, False),
    (418, Status.HTTP, False),
    (422, Status.CONTENT_REFUSED, False),
    (429, Status.RATE_LIMITED, False),
    (500, Status.SERVER, True),
    (502, Status.BAD_GATEWAY, True),
    (503, Status.UNAVAILABLE, False),
    (504, Status.GATEWAY_TIMEOUT, True),
    (524, Status.GATEWAY_TIMEOUT, True),
    (599, Status.HTTP, True),
]


@pytest.mark.parametrize(("http_status", "status", "charged"), STATUSES)
@pytest.mark.parametrize(
    "body",
    [
        {"json": {"error": "because of this"}},
        {"json": {"error": {"message": "because of this", "type": "t", "param": None, "code": "c"}}},
        {"text": "<html><body>gateway</body></html>", "content_type": "text/html"},
        {"text": ""},
    ],
    ids=["text", "object", "html", "empty"],
)
def test_every_status(client: Client, sandbox: Sandbox, http_status: int, status: Status, charged: bool, body: dict[str, Any]) -> None:
    sandbox.next(status=http_status, **body)
    error = fail(client, sandbox)
    assert (error.status, error.http_status, error.may_be_charged) == (status, http_status, charged)
    assert str(http_status) in error.message
    assert ("because of this" in error.message) == ("json" in body)
    assert error.server_message == ("because of this" if "json" in body else None)
    assert "<" not in error.message
    assert error.request_id  # CF-RAY


def test_field_problems(client: Client, sandbox: Sandbox) -> None:
    error = fail(client, sandbox, width=65)  # no multiple of the model's divisor, which the server checks
    assert (error.status, error.http_status) == (Status.BAD_REQUEST, 400)
    assert "width" in [field for field, _ in error.problems]
    assert "width" in error.message


def test_an_unknown_field(client: Client, sandbox: Sandbox) -> None:
    error = fail(client, sandbox, brand_new=None, brand_newer={"strength": 50})
    assert error.status == Status.BAD_REQUEST
    assert "brand_newer" in error.message


def test_wait_request_id_and_code(client: Client, sandbox: Sandbox) -> None:
    sandbox.next(status=429, headers={"Retry-After": "7"}, json={"error": "slow down", "code": "SLOW", "request_id": "id-1"})
    error = fail(client, sandbox)
    assert (error.retry_after_ms, error.server_code, error.request_id) == (7000, "SLOW", "id-1")


def test_without_a_key(client: Client, sandbox: Sandbox) -> None:
    client["api_key"] = None
    error = fail(client, sandbox)
    assert error.status == Status.PAYMENT_REQUIRED
    assert "key" in error.message
    assert "authorization" not in sandbox.requests()[0]["headers"]


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("unknown-key", Status.UNAUTHORIZED),
        ("inactive-key", Status.UNAUTHORIZED),
        ("forbidden-key", Status.FORBIDDEN),
        ("spent-key", Status.PAYMENT_REQUIRED),
    ],
)
def test_keys_that_do_not_do(client: Client, sandbox: Sandbox, key: str, status: Status) -> None:
    client["api_key"] = key
    error = fail(client, sandbox)
    assert error.status == status and not error.may_be_charged
    assert key not in error.all_texts()


def test_models_that_do_not_do(client: Client, sandbox: Sandbox) -> None:
    error = fail(client, sandbox, model="flux-dev")
    assert error.status == Status.NOT_FOUND and "z-image-turbo" in error.message
    sandbox.reset()
    assert error_of(lambda: client.generate(Request(model="sandbox-offline", prompt="x"))).status == Status.UNAVAILABLE


def test_the_balance_is_used_up(client: Client, sandbox: Sandbox) -> None:
    sandbox.reset(balance="0.005")
    error = fail(client, sandbox)
    assert (error.status, error.server_code) == (Status.PAYMENT_REQUIRED, "INSUFFICIENT_BALANCE")


def test_redirects_are_not_followed(client: Client, sandbox: Sandbox) -> None:
    elsewhere_got: list[bytes | None] = []
    with RawServer(lambda connection, _: elsewhere_got.append(connection.read_request())) as elsewhere:
        for http_status in (301, 302, 303, 307, 308):
            sandbox.reset()
            sandbox.next(status=http_status, headers={"Location": f"{elsewhere.base_url}/image/generate"}, text="")
            error = fail(client, sandbox)
            assert (error.status, error.http_status, error.may_be_charged) == (Status.REDIRECT, http_status, False)
        assert elsewhere.connection_count == 0
    assert elsewhere_got == []


FAULTS = [
    ("truncated", Status.INCOMPLETE_RESPONSE, 200),
    ("malformed", Status.INCOMPLETE_RESPONSE, 200),
    ("empty", Status.INCOMPLETE_RESPONSE, 200),
    ("bad-base64", Status.MALFORMED_RESPONSE, 200),
    ("not-an-image", Status.MALFORMED_RESPONSE, 200),
    ("reset", Status.NETWORK, 0),
]


@pytest.mark.parametrize(("fault", "status", "http_status"), FAULTS)
def test_broken_json_answers(client: Client, sandbox: Sandbox, fault: str, status: Status, http_status: int) -> None:
    sandbox.next(fault=fault)
    error = fail(client, sandbox)
    assert (error.status, error.http_status, error.may_be_charged) == (status, http_status, True)
    assert "charged" in error.message and "othing was charged" not in error.message


@pytest.mark.parametrize(
    ("fault", "status", "http_status"),
    [
        ("truncated", Status.INCOMPLETE_RESPONSE, 200),
        ("empty", Status.INCOMPLETE_RESPONSE, 200),
        ("not-an-image", Status.MALFORMED_RESPONSE, 200),
        ("reset", Status.NETWORK, 0),
    ],
)
def test_broken_binary_answers(client: Client, sandbox: Sandbox, fault: str, status: Status, http_status: int) -> None:
    sandbox.next(fault=fault)
    error = fail(client, sandbox, return_binary=True)
    assert (error.status, error.http_status, error.may_be_charged) == (status, http_status, True)


@pytest.mark.parametrize("content_type", ["text/html", "application/json"])
def test_a_web_page_instead_of_an_answer(client: Client, sandbox: Sandbox, content_type: str) -> None:
    sandbox.next(status=200, text="<!DOCTYPE html><html>Log in to this network</html>", content_type=content_type)
    error = fail(client, sandbox)
    assert (error.status, error.http_status, error.may_be_charged) == (Status.MALFORMED_RESPONSE, 200, True)
    assert "HTML" in error.message and "<" not in error.message


@pytest.mark.parametrize("text", ["null", "[]", "{}", '{"images":[]}', '{"images":null}', '{"images":[7]}', '{"images":[""]}', "upstream error", '{"error":"x"}'])
def test_other_bodies_with_status_200(client: Client, sandbox: Sandbox, text: str) -> None:
    sandbox.next(status=200, text=text, content_type="application/json")
    error = fail(client, sandbox)
    assert (error.status, error.http_status, error.may_be_charged) == (Status.MALFORMED_RESPONSE, 200, True)


@pytest.mark.parametrize("return_binary", [False, True])
def test_an_answer_that_is_too_large(client: Client, sandbox: Sandbox, return_binary: bool) -> None:
    client["max_response_bytes"] = 1024
    error = fail(client, sandbox, width=256, height=256, return_binary=return_binary)
    assert (error.status, error.http_status, error.may_be_charged) == (Status.RESPONSE_TOO_LARGE, 200, True)
    assert "max_response_bytes" in error.message and "1024" in error.message


def test_the_limit_holds_without_content_length(client: Client, sandbox: Sandbox) -> None:
    client["max_response_bytes"] = 100_000
    sandbox.next(fault="huge", bytes=50_000_000, chunked=True)
    error = error_of(lambda: client.generate(small_request()))
    assert error.status == Status.RESPONSE_TOO_LARGE
    [entry] = sandbox.requests(GENERATE, count=1)
    assert entry["client_gone"] and entry["bytes_sent"] < 50_000_000


def test_the_limit_holds_for_what_is_unpacked(client: Client) -> None:
    import gzip

    client["max_response_bytes"] = 100_000
    bomb = gzip.compress(b'{"padding":"' + b"x" * 10_000_000)
    assert len(bomb) < 100_000

    def answer(connection: Connection, _: int) -> None:
        connection.read_request()
        connection.answer(bomb, "Content-Encoding: gzip")

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        assert error_of(lambda: client.generate(small_request())).status == Status.RESPONSE_TOO_LARGE


def test_an_answer_as_large_as_the_limit_is_fine(client: Client, sandbox: Sandbox) -> None:
    size = len(client.generate(small_request(return_binary=True, seed=1))[0].data)
    assert size > 1024
    client["max_response_bytes"] = size
    client.generate(small_request(return_binary=True, seed=1))
    client["max_response_bytes"] = size - 1
    assert error_of(lambda: client.generate(small_request(return_binary=True, seed=1))).status == Status.RESPONSE_TOO_LARGE


@pytest.mark.parametrize("option", ["total_timeout_ms", "idle_timeout_ms"])
def test_timeouts(client: Client, sandbox: Sandbox, option: str) -> None:
    client[option] = 500
    sandbox.next(fault="silence")
    error = error_of(lambda: client.generate(small_request()))
    assert (error.status, error.http_status, error.may_be_charged) == (Status.TIMEOUT, 0, True)
    assert option in error.message
    [entry] = sandbox.requests(GENERATE, count=1)
    assert entry["client_gone"] and entry["status"] is None


def test_a_slow_answer_is_not_idle(client: Client, sandbox: Sandbox) -> None:
    client["idle_timeout_ms"] = 700
    sandbox.next(trickle=1500)  # a piece every twentieth of a second; longer than the limit in all
    assert client.generate(small_request(return_binary=True, width=32, height=32))[0].size == (32, 32)
    client["idle_timeout_ms"] = 0
    sandbox.next(delay=0.5)
    client.generate(small_request())


def test_an_answer_of_which_nothing_can_be_unpacked_for_long_is_not_idle(client: Client, sandbox: Sandbox) -> None:
    import gzip

    client["idle_timeout_ms"] = 700
    whole = client.generate(small_request(return_binary=True, seed=1))
    packed = bytearray(gzip.compress(whole[0].data))
    packed[3] |= 8  # a file name follows the ten bytes of the header
    packed[10:10] = b"a-picture.png\0"

    def answer_slowly(connection: Connection, _: int) -> None:
        connection.read_request()
        connection.send(f"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode())
        for byte in packed[:24]:
            time.sleep(0.1)
            connection.send(bytes([byte]))
        connection.send(bytes(packed[24:]))
        connection.wait_until_closed()

    with RawServer(answer_slowly) as server:
        client["base_url"] = server.base_url
        assert client.generate(small_request(return_binary=True))[0].data == whole[0].data


def test_a_connection_that_is_never_set_up(client: Client) -> None:
    client["connect_timeout_ms"] = 300
    with RawServer(lambda connection, _: connection.wait_until_closed()) as server:
        client["base_url"] = f"https://127.0.0.1:{server.port}/api/v1"  # it listens, but never begins with TLS
        error = error_of(lambda: client.generate(small_request()))
    assert (error.status, error.may_be_charged) == (Status.TIMEOUT, False)
    assert "Nothing was charged" in error.message


def test_a_server_without_tls(client: Client) -> None:
    def answer_plain(connection: Connection, _: int) -> None:
        connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.wait_until_closed()

    with RawServer(answer_plain) as server:
        client["base_url"] = f"https://127.0.0.1:{server.port}/api/v1"
        error = error_of(lambda: client.generate(small_request()))
    assert (error.status, error.may_be_charged) == (Status.TLS, False)


@pytest.mark.usefixtures("without_proxies")
def test_an_unknown_host(client: Client) -> None:
    client["base_url"] = "https://name.invalid/api/v1"
    error = error_of(lambda: client.generate(small_request()))
    assert (error.status, error.may_be_charged) == (Status.RESOLVE, False)
    assert "name.invalid" in error.message


@pytest.mark.parametrize("status_line", ["403 Forbidden", "407 Proxy Authentication Required", "502 Bad Gateway"])
@pytest.mark.usefixtures("without_proxies")
def test_a_proxy_that_refuses(client: Client, monkeypatch: pytest.MonkeyPatch, status_line: str) -> None:
    seen: list[bytes | None] = []

    def refuse(connection: Connection, _: int) -> None:
        seen.append(connection.read_request())
        connection.answer(b"no", status=status_line, content_type="text/plain")

    with RawServer(refuse) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        client["base_url"] = "https://name.invalid/api/v1"
        error = error_of(lambda: client.generate(small_request()))
    assert (error.status, error.may_be_charged, error.http_status) == (Status.PROXY, False, 0)
    assert seen[0] is not None and seen[0].startswith(b"CONNECT name.invalid:443")
    assert b"sandbox-key" not in b"".join(request or b"" for request in seen)


@pytest.mark.usefixtures("without_proxies")
def test_no_proxy_sees_what_goes_to_this_machine(client: Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(lambda connection, _: connection.wait_until_closed()) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        client.generate(small_request())
        assert proxy.connection_count == 0
    assert os.environ["http_proxy"]


@pytest.mark.parametrize("garbage", [b"SSH-2.0-OpenSSH_9.2\r\n", b"hello\n", b"HTTP/9.9 what\r\n\r\n", b"\x00\x01\x02\x03\r\n\r\n"])
def test_a_server_that_speaks_something_else(client: Client, garbage: bytes) -> None:
    def answer(connection: Connection, _: int) -> None:
        connection.read_request()
        connection.send(garbage)

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        error = error_of(lambda: client.generate(small_request()))
    assert error.status == Status.MALFORMED_RESPONSE
    assert error.may_be_charged


def test_a_refusal_counts_even_if_its_text_is_cut_off(client: Client) -> None:
    def answer(connection: Connection, _: int) -> None:
        connection.read_request()
        connection.send(b'HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"error":"Authen')

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        error = error_of(lambda: client.generate(small_request()))
    assert (error.status, error.http_status, error.may_be_charged) == (Status.UNAUTHORIZED, 401, False)


def test_an_interim_answer_is_not_the_answer(client: Client) -> None:
    def answer(connection: Connection, _: int) -> None:
        connection.read_request()
        connection.send(b"HTTP/1.1 103 Early Hints\r\nX-Venice-Is-Blurred: true\r\n\r\n")
        connection.answer(PNG, content_type="image/png")

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        result = client.generate(small_request())
    assert result[0].size == (2, 3) and not result.is_blurred


def test_a_lost_request_is_not_sent_again(client: Client) -> None:
    """The server reads the second request on a kept-open connection, and hangs up. libcurl would send it again by itself."""
    requests: list[int] = []

    def answer_once(connection: Connection, number: int) -> None:
        while connection.read_request():
            requests.append(number)
            if len(requests) > 1:
                return
            connection.answer(PNG, content_type="image/png")
        assert connection.rest == b""  # curl may open another connection, but sends nothing there

    with RawServer(answer_once) as server:
        client["base_url"] = server.base_url
        client.generate(small_request())
        error = error_of(lambda: client.generate(small_request()))
    assert requests == [0, 0]
    assert error.status == Status.NETWORK
    assert error.may_be_charged
    assert "may still be charged" in error.message and "hung up" in error.message


def test_any_number_of_kept_connections_may_die(client: Client) -> None:
    """libcurl asks anew then, over another connection, and counts how often one of its handles did."""
    def once(connection: Connection, number: int) -> None:
        connection.read_request()
        connection.answer(b'{"data": [], "object": "list"}')
        connection.read_request()  # and no answer

    with RawServer(once) as server:
        client["base_url"] = server.base_url
        for _ in range(9):
            client.list_styles()
        assert server.connection_count == 9


def test_a_connection_that_was_closed_meanwhile_is_replaced(client: Client) -> None:
    """Nothing was sent on it: so this costs nothing, and nobody notices."""
    closed = threading.Event()

    def answer_and_close(connection: Connection, number: int) -> None:
        if connection.read_request():
            connection.answer(PNG, content_type="image/png")
        if number == 0:
            connection.sock.close()
            closed.set()

    with RawServer(answer_and_close) as server:
        client["base_url"] = server.base_url
        client.generate(small_request())
        assert closed.wait(60)
        assert client.generate(small_request())[0].size == (2, 3)
        assert server.connection_count == 2


@pytest.mark.parametrize(
    "body",
    [
        {"error": f"wrong key {SECRET}"},
        {"error": {"message": f"{SECRET} is wrong", "type": "t", "param": SECRET, "code": SECRET}},
        {"error": "x", "code": SECRET, "request_id": SECRET},
        {"error": "x", "issues": [{"path": [SECRET], "message": f"{SECRET}{SECRET}"}]},
        {"error": "x", "details": {SECRET: {"_errors": [SECRET]}}},
        {"error": "x", "details": SECRET},
        {"error": "x" * 990 + SECRET},
    ],
)
def test_the_key_is_in_no_error(client: Client, sandbox: Sandbox, body: dict[str, Any]) -> None:
    client["api_key"] = SECRET
    sandbox.next(status=401, text=json.dumps(body), headers={"CF-RAY": f"ray-{SECRET}"}, content_type="application/json")
    error = fail(client, sandbox)
    texts = error.all_texts()
    assert "***" in texts
    for length in range(8, len(SECRET) + 1):
        assert SECRET[:length] not in texts


def test_headers_that_are_not_utf8(client: Client) -> None:
    def answer(connection: Connection, _: int) -> None:
        connection.read_request()
        connection.answer(PNG, "X-Venice-Model-Deprecation-Warning: caf\xe9", "X-Venice-Balance-USD: much", content_type="image/png")

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        result = client.generate(small_request())
    assert result.deprecation_warning is not None and result.deprecation_warning.startswith("caf")
    assert result.balance_usd == -1


def test_errors_of_the_lists(client: Client, sandbox: Sandbox) -> None:
    for path, action in (("/models", client.list_models), ("/image/styles", client.list_styles)):
        sandbox.next(path=path, method="GET", status=503, json={"error": "at capacity"})
        error = error_of(action)
        assert (error.status, error.http_status, error.may_be_charged) == (Status.UNAVAILABLE, 503, False)
        sandbox.next(path=path, method="GET", status=500, json={"error": "oops"})
        assert not error_of(action).may_be_charged
        sandbox.next(path=path, method="GET", status=200, text="<html>", content_type="text/html")
        error = error_of(action)
        assert (error.status, error.http_status, error.may_be_charged) == (Status.MALFORMED_RESPONSE, 200, False)
        sandbox.next(path=path, method="GET", fault="truncated")
        error = error_of(action)
        assert (error.status, error.http_status, error.may_be_charged) == (Status.INCOMPLETE_RESPONSE, 200, False)
        assert "charged" not in error.message
    assert len(sandbox.requests("/models")) == len(sandbox.requests("/image/styles")) == 4
