# SPDX-License-Identifier: MIT
"""How the server is reached: proxies and certificates."""

from __future__ import annotations

import base64
import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from checks import PNG, error_of, small_request
from raw_server import Connection, RawServer
from sandbox.process import Sandbox
from venice import Client, Status

pytestmark = pytest.mark.usefixtures("without_proxies")


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[RawServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))

    def answer(connection: Connection, _: int) -> None:
        try:
            connection.sock = context.wrap_socket(connection.sock, server_side=True)
        except OSError:
            return  # the client did not like the certificate
        while connection.read_request():
            connection.answer(PNG, content_type="image/png")

    with RawServer(answer) as server:
        yield server


def test_a_certificate_of_ones_own(client: Client, tls_server: RawServer, certificate: Path) -> None:
    client["base_url"] = f"https://127.0.0.1:{tls_server.port}/api/v1"
    error = error_of(lambda: client.generate(small_request()))
    assert (error.status, error.may_be_charged) == (Status.TLS, False)
    client["ca_file"] = str(certificate)
    assert client.generate(small_request())[0].size == (2, 3)
    client["ca_file"] = None
    client["max_in_flight"] = 1
    assert len(Client(base_url=f"https://127.0.0.1:{tls_server.port}/api/v1", api_key="k", ca_file=str(certificate)).generate(small_request())) == 1


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_file_without_certificates(client: Client, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    error = error_of(lambda: client.__setitem__("ca_file", str(path)))
    assert error.status == Status.FILE and str(path) in error.message


def test_a_proxy_of_ones_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes | None] = []

    def refuse(connection: Connection, _: int) -> None:
        seen.append(connection.read_request())
        connection.answer(b"no", status="403 Forbidden", content_type="text/plain")

    with RawServer(refuse) as proxy, RawServer(refuse) as other:
        monkeypatch.setenv("https_proxy", other.base_url)
        client["proxy"] = f"http://user:secret-word@127.0.0.1:{proxy.port}"
        client["base_url"] = "https://name.invalid/api/v1"
        error = error_of(lambda: client.generate(small_request()))
        assert (error.status, error.may_be_charged) == (Status.PROXY, False)
        assert seen[0] is not None and seen[0].startswith(b"CONNECT name.invalid:443")
        assert base64.b64encode(b"user:secret-word") in seen[0] and b"sandbox-key" not in seen[0]
        assert "secret-word" not in error.all_texts()
        assert other.connection_count == 0
        client["proxy"] = ""
        assert error_of(lambda: client.generate(small_request())).status == Status.RESOLVE
        assert (proxy.connection_count, other.connection_count) == (1, 0)
        client["proxy"] = None
        assert error_of(lambda: client.generate(small_request())).status == Status.PROXY
        assert other.connection_count == 1


def test_no_proxy_gets_what_goes_to_this_machine(client: Client, sandbox: Sandbox) -> None:
    with RawServer(lambda connection, _: connection.wait_until_closed()) as proxy:
        client["proxy"] = f"http://127.0.0.1:{proxy.port}"
        assert len(client.generate(small_request())) == 1
        assert proxy.connection_count == 0


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://host", "http://", "no url", "file:///etc/passwd", "http://host:port", "http://a b"])
def test_what_is_no_proxy(client: Client, url: str) -> None:
    error = error_of(lambda: client.__setitem__("proxy", url))
    assert error.status == Status.OUT_OF_RANGE and "proxy" in error.message


def test_headers_without_end(client: Client) -> None:
    def answer(connection: Connection, _: int) -> None:
        connection.read_request()
        connection.send(b"HTTP/1.1 200 OK\r\n")
        for number in range(1000):
            connection.send(f"X-More-{number}: ".encode() + b"x" * 10_000 + b"\r\n")

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        error = error_of(lambda: client.generate(small_request()))
    assert error.status in (Status.RESPONSE_TOO_LARGE, Status.NETWORK) and error.may_be_charged


def test_interim_answers_without_end(client: Client) -> None:
    def answer(connection: Connection, _: int) -> None:
        connection.read_request()
        for _number in range(20_000):
            connection.send(b"HTTP/1.1 102 Processing\r\nX-Still: working\r\n\r\n")
        connection.wait_until_closed()

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        error = error_of(lambda: client.generate(small_request()))
    assert error.status in (Status.RESPONSE_TOO_LARGE, Status.NETWORK) and error.may_be_charged  # newer versions of curl count them, too


def test_trailers_change_nothing(client: Client) -> None:
    def answer(connection: Connection, _: int) -> None:
        connection.read_request()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\nTrailer: X-Venice-Is-Blurred\r\n\r\n"
        connection.send(head + b"%x\r\n" % len(PNG) + PNG + b"\r\n0\r\nX-Venice-Is-Blurred: true\r\n\r\n")

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        result = client.generate(small_request())
    assert result[0].data == PNG and not result.is_blurred


@pytest.mark.parametrize("status", ["204 No Content", "200 OK", "205 Reset Content"])
def test_answers_without_a_body(client: Client, status: str) -> None:
    def answer(connection: Connection, _: int) -> None:
        connection.read_request()
        connection.answer(b"", status=status)

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        error = error_of(lambda: client.generate(small_request()))
    assert error.status == Status.INCOMPLETE_RESPONSE and error.may_be_charged


def test_connections_are_used_again(client: Client) -> None:
    def answer(connection: Connection, _: int) -> None:
        while connection.read_request():
            connection.answer(PNG, content_type="image/png")

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        for _ in range(20):
            client.generate(small_request())
        assert server.connection_count == 1
    assert os.environ.get("https_proxy") is None


def test_all_that_the_headers_tell(client: Client) -> None:
    sent = [
        ("X-Venice-Balance-USD", "4.25"),
        ("X-Venice-Balance-DIEM", "0.5"),
        ("X-RateLimit-Limit-Requests", "20"),
        ("X-RateLimit-Remaining-Requests", "19"),
        ("X-RateLimit-Reset-Requests", "4102444800"),
        ("X-Venice-Deprecated", "true"),
        ("X-Venice-Model-Deprecation-Date", "2030-01-01T00:00:00.000Z"),
        ("X-Venice-Deprecated-Replacement", "z-image-turbo"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    ]

    def answer(connection: Connection, number: int) -> None:
        while connection.read_request():
            if number == 0:
                connection.answer(PNG, *[f"{name}: {value}" for name, value in sent], "Connection: close", content_type="image/png")
                return
            connection.answer(PNG, content_type="image/png")

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        result, bare = client.generate(small_request()), client.generate(small_request())
    assert (result.balance_usd, result.balance_diem, result.rate_limit) == (4.25, 0.5, (20, 19, 4_102_444_800_000))
    assert result.deprecation == (True, "2030-01-01T00:00:00.000Z", "z-image-turbo")
    assert [field for field in result.headers if field in sent] == sent
    assert result.header("set-cookie") == "b=2"
    assert (bare.balance_usd, bare.balance_diem, bare.rate_limit, bare.deprecation) == (-1, -1, (-1, -1, -1), (False, None, None))
    assert bare.headers == [("Content-Type", "image/png"), ("Content-Length", str(len(PNG)))]
