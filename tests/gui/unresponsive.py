# SPDX-License-Identifier: MIT
"""Servers that make a moment last: a connection that is never made, and a request that is never taken in."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

SMALL = 2048  # bytes that a server takes in at most; the system makes it a bit more
SMALL_SEGMENT = 536  # so that the client's side does not buffer much either


class Unresponsive:
    """Listens at the address of a sandbox that was stopped."""

    def __init__(self, base_url: str) -> None:
        address = urlsplit(base_url)
        self._address = (address.hostname, address.port)
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> Self:
        listener = socket.socket()
        self._sockets.append(listener)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._limit(listener)
        listener.bind(self._address)
        self._listen(listener)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for opened in self._sockets:
            opened.close()

    def _limit(self, listener: socket.socket) -> None:
        pass

    def _listen(self, listener: socket.socket) -> None:
        raise NotImplementedError


class NeverConnects(Unresponsive):
    """The queue of those who wait to be let in is full: the system answers nobody any more."""

    def _listen(self, listener: socket.socket) -> None:
        listener.listen(0)
        for _ in range(3):  # more than the queue takes
            waiting = socket.socket()
            self._sockets.append(waiting)
            waiting.setblocking(False)
            waiting.connect_ex(self._address)


class NeverReads(Unresponsive):
    """Lets everybody in, and takes no byte: what is longer than the system's buffers (40 to 80 KB here) is never sent."""

    def _limit(self, listener: socket.socket) -> None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SMALL_SEGMENT)

    def _listen(self, listener: socket.socket) -> None:
        listener.listen()
