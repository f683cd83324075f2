# SPDX-License-Identifier: MIT
"""Signals: they interrupt no call, none is handled on the client's thread, and a connection that breaks ends no process."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from checks import small_request
from raw_server import Connection, RawServer
from sandbox.fault_table import png
from sandbox.process import Sandbox
from venice import Client, Event

PNG = png(2, 3)


@pytest.fixture
def alarms() -> Iterator[list[int]]:
    """One each millisecond, and what has come of them."""
    seen: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, _: seen.append(number))
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    yield seen
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_signals_interrupt_no_call(client: Client, sandbox: Sandbox, alarms: list[int]) -> None:
    for _ in range(3):
        sandbox.next(delay=0.3, trickle=30_000)
        assert len(client.generate(small_request(return_binary=True))) == 1
        job = client.submit(small_request())
        job.wait(-1)
        event = None
        while event != Event.ENDED:
            taken = client.next_event(-1)
            assert taken is not None
            event = taken[0]
        start = time.monotonic()
        assert client.next_event(200) is None
        assert time.monotonic() - start >= 0.2, "it came back before its time"
    assert len(alarms) > 0


def blocked_signals(task: str) -> set[int]:
    line = next(line for line in Path(f"/proc/self/task/{task}/status").read_text().splitlines() if line.startswith("SigBlk:"))
    mask = int(line.split()[1], 16)
    return {number for number in range(1, 65) if mask >> (number - 1) & 1}


def test_the_clients_thread_takes_no_signal(client: Client) -> None:
    """So a handler of the program never runs on it. The C library keeps two for itself, and two cannot be blocked."""
    before = set(os.listdir("/proc/self/task"))
    client.list_styles()
    (task,) = set(os.listdir("/proc/self/task")) - before
    assert blocked_signals(task) >= set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}
    assert not blocked_signals(str(threading.main_thread().native_id))


BROKEN_CONNECTIONS = """
import signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from checks import small_request, wait_until
from sandbox.fault_table import png
from venice import Client, Status, VeniceError

signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # ends a process that writes to where nobody reads; Python switches it off
client = Client(base_url=sys.argv[2], api_key="k", ca_file=sys.argv[3] or None)
for round in range(5):
    request = small_request()
    request.add_style_reference(png(1, 1) + bytes(4_000_000))
    try:
        client.generate(request)
        sys.exit("the connection did not break")
    except VeniceError as error:
        assert error.status in (Status.NETWORK, Status.INCOMPLETE_RESPONSE), error
    len(client.generate(small_request())) == 1 or sys.exit(3)
print("done", flush=True)
sys.stdin.readline()
client.free() == Status.OK or sys.exit(4)
"""


def will_be_reset(sock: socket.socket) -> None:
    """When it is closed."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def read_head(sock: socket.socket) -> bytes:
    """Nothing when the connection is over, in whatever way."""
    head = b""
    with contextlib.suppress(OSError, ValueError):
        while not head.endswith(b"\r\n\r\n"):
            byte = sock.recv(1)
            if not byte:
                return b""
            head += byte
        return head
    return b""


@pytest.mark.usefixtures("without_proxies")
@pytest.mark.parametrize("encrypted", [False, True])
def test_writing_to_a_connection_that_broke_ends_no_process(certificate: Path, encrypted: bool) -> None:
    """Neither in the middle of a request, nor when the client says goodbye to a connection that the server has reset long ago."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    kept: list[socket.socket] = []

    def handle(connection: Connection, _: int) -> None:
        if encrypted:
            connection.sock = context.wrap_socket(connection.sock, server_side=True)
        kept.append(connection.sock)
        while head := read_head(connection.sock):
            length = int(re.search(rb"content-length: (\d+)", head.lower())[1])  # type: ignore[index]
            if length > 1_000_000:  # of which the server wants no more
                will_be_reset(connection.sock)
                break
            connection.sock.recv(length)
            connection.answer(PNG, content_type="image/png")
        connection.sock.close()  # an encrypted one is not RawServer's

    with RawServer(handle) as server:
        url = server.base_url.replace("http:", "https:") if encrypted else server.base_url
        command = [sys.executable, "-c", BROKEN_CONNECTIONS, str(Path(__file__).parent), url, str(certificate) if encrypted else ""]
        paths = os.pathsep.join(str(folder) for folder in (Path(__file__).parents[1], os.environ.get("PYTHONPATH")) if folder)
        environment = os.environ | {"PYTHONPATH": paths}
        process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        first = process.stdout.readline()
        with contextlib.suppress(OSError):
            will_be_reset(kept[-1])
            kept[-1].shutdown(socket.SHUT_RDWR)
        _, complaint = process.communicate("\n", timeout=60)
        assert (first, process.returncode, complaint) == ("done\n", 0, "")
