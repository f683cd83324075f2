# SPDX-License-Identifier: MIT
"""Runs a sandbox server for tests.  Standard library only.

Any test may put the folder ``tests`` on ``sys.path`` and write::

    from sandbox.process import Sandbox

    with Sandbox(balance="0.05", delay=0, rate_limit=0) as sandbox:
        sandbox.next(status=429, headers={"Retry-After": "7"}, json={"error": "slow down"})
        ...  # the client under test, with sandbox.base_url and sandbox.key
        assert sandbox.requests()[-1]["json"]["seed"] == 7

The server needs aiohttp and Pillow.  If the running interpreter lacks them, the one that the
environment variable SANDBOX_PYTHON names is used, or the distribution's /usr/bin/python3.
"""

from __future__ import annotations

import importlib.util
import json as json_module
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Sequence

SCRIPT = Path(__file__).resolve().parent / "sandbox.py"
SYSTEM_PYTHON = "/usr/bin/python3"


def server_python() -> str:
    """An interpreter that can run the server."""
    chosen = os.environ.get("SANDBOX_PYTHON")
    if chosen:
        return chosen
    if importlib.util.find_spec("aiohttp") and importlib.util.find_spec("PIL"):
        return sys.executable
    return SYSTEM_PYTHON if os.path.exists(SYSTEM_PYTHON) else sys.executable


class Sandbox:
    """A running server.  Arguments that are None leave the server's own default (which for rate_limit
    is the true 20 images a minute: give 0 for tests that make many)."""

    def __init__(
        self,
        *,
        log: str | os.PathLike[str] | None = None,
        key: str | Sequence[str] = "sandbox-key",
        balance: str | float | None = None,
        delay: float | None = None,
        rate_limit: int | None = None,
        failure_lock: int | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        options: Sequence[str] = (),
        start_timeout: float = 30.0,
    ) -> None:
        keys = [key] if isinstance(key, str) else list(key)
        self.key = keys[0]
        self.base_url = ""
        self._start_timeout = start_timeout
        self._own_log = log is None
        if log is None:
            handle, name = tempfile.mkstemp(prefix="sandbox-", suffix=".jsonl")
            os.close(handle)
            log = name
        self.log = Path(log)
        self._command = [server_python(), str(SCRIPT), "--host", host, "--port", str(port), "--log", str(self.log)]
        for single in keys:
            self._command += ["--key", single]
        for name, value in (("--balance", balance), ("--delay", delay), ("--rate-limit", rate_limit), ("--failure-lock", failure_lock)):
            if value is not None:
                self._command += [name, str(value)]
        self._command += list(options)
        self._process: subprocess.Popen[str] | None = None
        self._errors: Any = None
        self._skipped = 0
        self._control_works = "--no-control" not in options

    # --- life ----------------------------------------------------------------------------------

    def start(self) -> "Sandbox":
        self._errors = tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace")
        self._skipped = len(self._lines())
        # A sanitizer or a clock that is preloaded is for the client.
        environment = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "PYTHONMALLOC")}
        self._process = subprocess.Popen(
            self._command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )
        first: queue.Queue[str] = queue.Queue()
        output = self._process.stdout
        assert output is not None
        threading.Thread(target=lambda stream: first.put(stream.readline()), args=(output,), daemon=True).start()
        try:
            self.base_url = first.get(timeout=self._start_timeout).strip()
        except queue.Empty:
            self.base_url = ""
        if not self.base_url.startswith("http://"):
            self._process.kill()
            self._process.wait()
            self._errors.seek(0)
            message = f"the sandbox did not start: {self._errors.read()}"
            self.stop()
            raise RuntimeError(message)
        return self

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()
        if self._errors is not None:
            self._errors.close()
            self._errors = None
        if self._own_log:
            self.log.unlink(missing_ok=True)

    def __enter__(self) -> "Sandbox":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def errors(self) -> str:
        """What the server has written to stderr; empty unless something in it is broken."""
        self._errors.seek(0)
        return str(self._errors.read())

    # --- control -------------------------------------------------------------------------------

    def _control(self, name: str, body: Any = None, *, post: bool = False) -> Any:
        root = self.base_url.removesuffix("/api/v1")
        data = json_module.dumps(body).encode() if post else None
        request = urllib.request.Request(f"{root}/control/{name}", data=data, headers={"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy
        try:
            with opener.open(request, timeout=10) as answer:
                return json_module.load(answer)
        except urllib.error.HTTPError as error:
            raise ValueError(error.read().decode(errors="replace")) from None

    def next(self, **behaviour: Any) -> None:
        """Queues a behaviour for the next matching request (see faults.py and README.md)."""
        self._control("next", behaviour, post=True)

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._control("state")
        return state

    def reset(self, balance: str | float | None = None) -> None:
        """Back to the state after the start; requests() begins anew, too."""
        self._control("reset", {} if balance is None else {"balance": str(balance)}, post=True)
        self._skipped = len(self._lines())

    # --- the log -------------------------------------------------------------------------------

    def _lines(self) -> list[str]:
        try:
            # Only "\n" ends a line; str.splitlines() knows further separators.
            return self.log.read_text(encoding="utf-8").split("\n")[:-1]
        except FileNotFoundError:
            return []

    def requests(self, path: str | None = None, *, count: int = 0, timeout: float = 5.0) -> list[dict[str, Any]]:
        """The finished requests since the start or the last reset, oldest first; only those of one path
        ("/image/generate") if it is given.  Waits until there are at least count."""
        deadline = time.monotonic() + timeout
        if self._process is not None and self._control_works:
            self.state()  # answered after every line of an answer that a client has fully received
        while True:
            entries = [json_module.loads(line) for line in self._lines()[self._skipped :]]
            if path is not None:
                entries = [entry for entry in entries if entry["path"] == path]
            if len(entries) >= count or time.monotonic() > deadline:
                return entries
            time.sleep(0.02)
