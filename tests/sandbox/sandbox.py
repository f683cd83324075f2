#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Command line of the sandbox: a loopback server that behaves like the image API.

It prints its base URL as the first line and runs until SIGTERM, SIGINT or the end of its parent.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import ipaddress
import os
import signal
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path

# As a script this file would hide the package of the same name: its folder's parent has to come first.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from aiohttp import web  # noqa: E402

from sandbox.keys import STATES  # noqa: E402
from sandbox.server import API, Sandbox, Settings  # noqa: E402

PR_SET_PDEATHSIG = 1


def amount(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"no amount: {text}") from None
    if not value.is_finite():
        raise argparse.ArgumentTypeError(f"no amount: {text}")
    return value


def loopback(text: str) -> str:
    address = ipaddress.IPv4Address(text)  # its error is a ValueError, which argparse tells
    if not address.is_loopback:
        raise argparse.ArgumentTypeError(f"not this machine alone: {text}")
    return str(address)


def command_line() -> Settings:
    parser = argparse.ArgumentParser(description="A loopback server that behaves like the Venice image API.")
    parser.add_argument("--host", type=loopback, default="127.0.0.1", help="another address of this machine: 127.x.y.z")
    parser.add_argument("--port", type=int, default=0, help="0 (default): any free port")
    parser.add_argument("--log", metavar="FILE", help="append one JSON line per request")
    parser.add_argument("--key", action="append", metavar="KEY", help="a known API key (repeatable; default: sandbox-key); "
                        f"KEY:STATE with STATE one of {', '.join(STATES)} makes it a key with that problem")
    parser.add_argument("--balance", type=amount, default=Decimal("10.00"), metavar="USD")
    parser.add_argument("--delay", type=float, default=0.2, metavar="SECONDS", help="generation time")
    parser.add_argument("--rate-limit", type=int, default=20, metavar="N", help="images a minute and key; 0: none")
    parser.add_argument("--failure-lock", type=int, default=20, metavar="N",
                        help="more failed requests than this in 30 s lock the key for 30 s; 0: never")
    parser.add_argument("--reset-milliseconds", action="store_true", help="x-ratelimit-reset-requests in milliseconds")
    parser.add_argument("--max-body", type=int, default=35 * 1024 * 1024, metavar="BYTES")
    parser.add_argument("--no-control", action="store_true", help="without the control interface")
    given = parser.parse_args()
    return Settings(
        host=given.host,
        port=given.port,
        log=given.log,
        keys=given.key or ["sandbox-key"],
        balance=given.balance,
        delay=given.delay,
        rate_limit=given.rate_limit,
        failure_lock=given.failure_lock,
        reset_in_milliseconds=given.reset_milliseconds,
        max_body=given.max_body,
        control=not given.no_control,
    )


def ask_for_parent_death_signal() -> None:
    """Linux sends SIGUSR1 when the *thread* that started us ends, so the signal is only a hint to look
    whether the parent itself is gone."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGUSR1, 0, 0, 0)
    except (OSError, AttributeError, TypeError):
        pass  # not Linux: the regular look at the parent's id has to do


async def run(settings: Settings, parent: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop_if_orphan() -> None:
        if os.getppid() != parent:
            stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGUSR1, stop_if_orphan)
    ask_for_parent_death_signal()

    sandbox = Sandbox(settings)
    runner = web.AppRunner(sandbox.application(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port)
    await site.start()
    try:
        print(f"http://{settings.host}:{runner.addresses[0][1]}{API}", flush=True)
    except BrokenPipeError:
        stop.set()

    while not stop.is_set():
        stop_if_orphan()
        try:
            await asyncio.wait_for(stop.wait(), 0.5)
        except asyncio.TimeoutError:
            continue
    await sandbox.close()
    try:
        await asyncio.wait_for(runner.cleanup(), 2)
    except asyncio.TimeoutError:
        pass


def main() -> None:
    parent = os.getppid()
    settings = command_line()
    asyncio.run(run(settings, parent))
    # Pictures that are still being drawn for nobody must not hold the process up.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
