# SPDX-License-Identifier: MIT
"""A server for answers that no HTTP library would send: each connection is handed to a function."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable


class Connection:
    """A connection from the client, and what came over it."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.sock.settimeout(20)
        self._buffer = b""

    def read_request(self) -> bytes | None:
        """Head and body of the next request; None if the client hangs up instead."""
        while b"\r\n\r\n" not in self._buffer:
            if not self._receive():
                return None
        head, _, _ = self._buffer.partition(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        size = len(head) + 4 + length
        while len(self._buffer) < size:
            if not self._receive():
                return None
        request, self._buffer = self._buffer[:size], self._buffer[size:]
        return request

    @property
    def rest(self) -> bytes:
        """What came that was no whole request."""
        return self._buffer

    def _receive(self) -> bool:
        try:
            data = self.sock.recv(65536)
        except OSError:
            return False
        self._buffer += data
        return bool(data)

    def send(self, data: bytes) -> None:
        try:
            self.sock.sendall(data)
        except OSError:
            pass  # the client has gone, which is for the test to judge

    def answer(self, body: bytes, *headers: str, status: str = "200 OK", content_type: str = "application/json") -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers, "", ""]
        self.send("\r\n".join(lines).encode("latin-1") + body)

    def wait_until_closed(self) -> None:
        while self._receive():
            pass


class RawServer:
    """Serves each connection in a thread of its own: handle(connection, its number from 0). What fails there fails the test."""

    def __init__(self, handle: Callable[[Connection, int], None]) -> None:
        self._handle = handle
        self._failures: list[BaseException] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._connections: list[Connection] = []
        self._acceptor = threading.Thread(target=self._accept, daemon=True)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"

    @property
    def connection_count(self) -> int:
        return len(self._connections)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            connection = Connection(sock)
            number = len(self._connections)
            self._connections.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection, number), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: Connection, number: int) -> None:
        with connection.sock:
            try:
                self._handle(connection, number)
            except BaseException as failure:
                self._failures.append(failure)

    def __enter__(self) -> RawServer:
        self._acceptor.start()
        return self

    def __exit__(self, exception_type: type[BaseException] | None, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join(timeout=5)
        for connection in self._connections:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self._threads:
            thread.join(timeout=5)
        if self._failures and exception_type is None:
            raise self._failures[0]
