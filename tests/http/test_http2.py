# SPDX-License-Identifier: MIT
"""What servers with TLS speak if they can: several requests over one connection, and one that is closed between two of them."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from checks import PNG, small_request
from raw_server import Connection, RawServer
from venice import Client

# RFC 9113, 6
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS, GOAWAY = 0, 1, 4, 7
END_STREAM, ACK, END_HEADERS = 1, 1, 4

# RFC 7541: entry 8 of the table, ":status: 200"; and a value for the name of entry 31, "content-type".
ANSWER = b"\x88\x0f\x10" + bytes([len("image/png")]) + b"image/png"


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def receive(sock: ssl.SSLSocket, size: int) -> bytes:
    """Less only where the client hung up."""
    data = b""
    while len(data) < size:
        try:
            more = sock.recv(size - len(data))
        except OSError:
            break
        if not more:
            break
        data += more
    return data


def requests(sock: ssl.SSLSocket) -> Iterator[int]:
    """The stream of each request that came whole."""
    assert receive(sock, len(PREFACE)) in (PREFACE, b"")
    sock.sendall(frame(SETTINGS, 0, 0))
    while len(head := receive(sock, 9)) == 9:
        size, kind, flags, stream = int.from_bytes(head[:3], "big"), head[3], head[4], int.from_bytes(head[5:], "big")
        receive(sock, size)
        if kind == SETTINGS and not flags & ACK:
            sock.sendall(frame(SETTINGS, ACK, 0))
        if kind in (HEADERS, DATA) and flags & END_STREAM:
            yield stream


class Server:
    """Closes its first connection after the first answer, if it is told how."""

    def __init__(self, certificate: Path, farewell: bytes | None = None) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, certificate.with_name("key.pem"))
        self.context.set_alpn_protocols(["h2"])
        self.farewell = farewell
        self.closed = threading.Event()
        self.answered: list[int] = []  # the number of the connection

    def __call__(self, connection: Connection, number: int) -> None:
        connection.sock = self.context.wrap_socket(connection.sock, server_side=True)
        with connection.sock as sock:
            assert sock.selected_alpn_protocol() == "h2"
            for stream in requests(sock):
                self.answered.append(number)
                sock.sendall(frame(HEADERS, END_HEADERS, stream, ANSWER) + frame(DATA, END_STREAM, stream, PNG))
                if self.farewell is not None and number == 0:
                    sock.sendall(self.farewell)
                    sock.shutdown(socket.SHUT_WR)
                    self.closed.set()
                    connection.wait_until_closed()  # what is still to come would else destroy the answer on its way
                    break


@pytest.fixture
def trusting(client: Client, certificate: Path, without_proxies: None) -> Client:
    client["ca_file"] = str(certificate)
    return client


def test_requests_share_a_connection(trusting: Client, certificate: Path) -> None:
    serve = Server(certificate)
    with RawServer(serve) as server:
        trusting["base_url"] = f"https://127.0.0.1:{server.port}/api/v1"
        for _ in range(3):
            assert trusting.generate(small_request())[0].size == (2, 3)
        assert serve.answered == [0, 0, 0]


@pytest.mark.parametrize("farewell", [b"", frame(GOAWAY, 0, 0, struct.pack(">II", 1, 0))], ids=["closed", "GOAWAY and closed"])
def test_a_connection_that_was_closed_meanwhile_is_replaced(trusting: Client, certificate: Path, farewell: bytes) -> None:
    """Nothing was sent on it: so this costs nothing, and nobody notices."""
    serve = Server(certificate, farewell)
    with RawServer(serve) as server:
        trusting["base_url"] = f"https://127.0.0.1:{server.port}/api/v1"
        trusting.generate(small_request())
        assert serve.closed.wait(60)
        for _ in range(3):
            assert trusting.generate(small_request())[0].size == (2, 3)
        assert serve.answered == [0, 1, 1, 1]
