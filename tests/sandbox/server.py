# SPDX-License-Identifier: MIT
"""The HTTP server: routes, the order in which a request is checked, and the sending of answers."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import secrets
import socket
import struct
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any, Awaitable, Callable, Iterator, TypeVar

from aiohttp import web

try:
    import brotli
except ImportError:  # optional; answers are then compressed with gzip at best
    brotli = None

from . import errors, generation
from .catalog import MODEL_TYPES, MODELS, STYLES
from .faults import FAULTS, Answer, BadBehaviour, Behaviour, Queue, json_answer
from .journal import Entry, Journal
from .keys import Key, Keys
from .pricing import Account, as_text, price_of_order
from .validation import order_from, parse_json

API = "/api/v1"
VERSION = "20260821.193530-sandbox"
PIECE = 64 * 1024

Result = TypeVar("Result")


@dataclass
class Settings:
    """The command line."""

    host: str = "127.0.0.1"
    port: int = 0
    log: str | None = None
    keys: list[str] = field(default_factory=lambda: ["sandbox-key"])
    balance: Decimal = Decimal("10.00")
    delay: float = 0.2
    rate_limit: int = 20
    failure_lock: int = 20
    reset_in_milliseconds: bool = False
    max_body: int = 35 * 1024 * 1024
    control: bool = True


class ClientGone(Exception):
    """The client closed the connection before it had its answer."""


def is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


async def unless_gone(request: web.Request, work: Awaitable[Result]) -> Result:
    """Waits for the work, but not longer than the client does.  (Whether a handler is cancelled when
    its client goes away differs between versions of aiohttp, so this looks for itself.)"""
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=0.05)
            if not task.done() and is_gone(request):
                raise ClientGone
        return task.result()
    finally:
        task.cancel()


def accepted_encodings(header: str) -> set[str]:
    """Names in Accept-Encoding, without those of quality 0."""
    names = set()
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        quality = parameters.replace(" ", "").removeprefix("q=")
        try:
            if not quality or float(quality) > 0:
                names.add(name.strip())
        except ValueError:
            continue
    return names


class Sandbox:
    """State of one server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.keys = Keys(settings.keys, settings.rate_limit, settings.failure_lock, settings.reset_in_milliseconds)
        self.account = Account(settings.balance)
        self.queue = Queue()
        self.journal = Journal(settings.log)
        self.executor = ThreadPoolExecutor(max_workers=max(2, min(8, os.cpu_count() or 2)))
        self.requests = 0
        self.running: dict[asyncio.Task[Any], Entry] = {}
        # path -> method -> handler
        self.routes: dict[str, dict[str, Callable[..., Awaitable[Answer]]]] = {
            "/image/generate": {"POST": self.generate},
            "/image/styles": {"GET": self.styles},
            "/models": {"GET": self.models},
            "/api_keys/rate_limits": {"GET": self.rate_limits},
            "/billing/balance": {"GET": self.billing},
        }

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", API + "{path:/.*}", self.serve)
        if self.settings.control:
            app.router.add_post("/control/next", self.control_next)
            app.router.add_get("/control/state", self.control_state)
            app.router.add_post("/control/reset", self.control_reset)
        return app

    async def close(self) -> None:
        """Ends what is still running (a silent answer would otherwise hold the server up)."""
        tasks = list(self.running)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=2)
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.journal.close()

    # --- one request ---------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Every request under /api/v1 passes here."""
        self.requests += 1
        entry = self._entry(request)
        task = asyncio.current_task()
        assert task is not None
        self.running[task] = entry
        try:
            answer = await self._answer(request, entry)
            return await self._send(request, answer, entry)
        except (ClientGone, ConnectionError):
            entry.client_gone = True
            # The connection is dead; aiohttp notices that itself when it tries to send this.
            return web.Response(status=499)
        except asyncio.CancelledError:
            entry.client_gone = is_gone(request)
            raise
        finally:
            del self.running[task]
            self.journal.write(entry.as_json())

    def _entry(self, request: web.Request) -> Entry:
        headers: dict[str, str] = {}
        for name, value in request.headers.items():
            name = name.lower()
            if name == "authorization":
                value = self.keys.masked(value)
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        known = headers.get("authorization", "").endswith("<known key>")
        return Entry(self.requests, request.method, request.match_info["path"], dict(request.query), headers, known)

    async def _answer(self, request: web.Request, entry: Entry) -> Answer:
        """Reads the body, takes the queued behaviour, and builds the answer that is to be sent."""
        body, oversized = await self._read(request)
        entry.body_size = (request.content_length or 0) if oversized else len(body)
        try:
            entry.json = json.loads(body) if body else None
        except (ValueError, RecursionError):
            entry.json = None
        behaviour = self.queue.take(entry.path, request.method, entry.json)
        if behaviour.delay:
            await unless_gone(request, asyncio.sleep(behaviour.delay))
        answer = behaviour.instead()
        if answer is None:
            try:
                if oversized:
                    raise errors.too_large(self.settings.max_body)
                answer = await self._process(request, entry.path, body, behaviour)
            except errors.ApiError as error:
                answer = json_answer(error.status, error.body, error.headers)
            except (ClientGone, ConnectionError):
                raise
            except Exception:  # a mistake in the sandbox: to be seen on stderr, and answered as the API would
                traceback.print_exc()
                failure = errors.inference_failed()
                answer = json_answer(failure.status, failure.body, failure.headers)
        entry.pictures = answer.pictures
        key = self._known_key(request)
        if key and entry.path == "/image/generate":
            if answer.status >= 400:
                self.keys.note_failure(key)
            for name, value in self.keys.headers(key).items():
                answer.headers.setdefault(name, value)
        answer = behaviour.fault.answer(answer)
        await self._compress(request, answer)
        behaviour.sending(answer)
        return answer

    async def _read(self, request: web.Request) -> tuple[bytes, bool]:
        """The body, up to the limit."""
        limit = self.settings.max_body
        if (request.content_length or 0) > limit:
            return b"", True
        pieces: list[bytes] = []
        size = 0
        async for piece in request.content.iter_any():
            size += len(piece)
            if size > limit:
                return b"", True
            pieces.append(piece)
        return b"".join(pieces), False

    async def _process(self, request: web.Request, path: str, body: bytes, behaviour: Behaviour) -> Answer:
        methods = self.routes.get(path)
        if methods is None:
            raise errors.unknown_route()
        handler = methods.get(request.method)
        if handler is None:
            raise errors.wrong_method(", ".join(methods))
        return await handler(request, body, behaviour)

    def _known_key(self, request: web.Request) -> Key | None:
        try:
            return self.keys.find(request.headers.get("Authorization"))
        except errors.ApiError:
            return None

    # --- the API -------------------------------------------------------------------------------

    async def generate(self, request: web.Request, body: bytes, behaviour: Behaviour) -> Answer:
        key = self.keys.find(request.headers.get("Authorization"))
        if key is None:
            raise errors.no_key(str(request.url.with_query(None)))
        self.keys.refuse_if_locked(key)
        if request.content_type != "application/json" or "Content-Type" not in request.headers:
            raise errors.wrong_content_type()
        order = order_from(parse_json(body))
        self.keys.may_use(key, order.model.id)
        price = Decimal(0) if generation.violates_terms(order) else price_of_order(order)
        if not self.account.covers(price):
            raise errors.balance_too_low()
        self.keys.count(key, order.variants)
        headers = generation.balance_headers(as_text(self.account.balance))
        self.account.charge(price)
        self.account.images += order.variants
        job = generation.Job(order, headers, behaviour, self.settings.delay)
        return await unless_gone(request, generation.carry_out(job, self.executor))

    async def models(self, request: web.Request, body: bytes, behaviour: Behaviour) -> Answer:
        """The list.  It needs no key, and does not look at one."""
        wanted = request.query.get("type", "text")
        if wanted not in MODEL_TYPES:
            message = f"Invalid enum value. Expected one of {', '.join(MODEL_TYPES)}, received '{wanted}'"
            raise errors.invalid_fields([errors.issue("invalid_enum_value", ["type"], message, received=wanted, options=list(MODEL_TYPES))])
        data = [model.as_json() for model in MODELS.values()] if wanted in ("image", "all") else []
        return json_answer(200, {"object": "list", "type": wanted, "data": data})

    async def styles(self, request: web.Request, body: bytes, behaviour: Behaviour) -> Answer:
        """Needs no key; the contract lists 401 for this route, so a wrong one is refused."""
        self.keys.find(request.headers.get("Authorization"))
        return json_answer(200, {"object": "list", "data": list(STYLES)})

    async def rate_limits(self, request: web.Request, body: bytes, behaviour: Behaviour) -> Answer:
        if self.keys.find(request.headers.get("Authorization")) is None:
            raise errors.unknown_key()  # the contract knows no payment by wallet for this route
        limit = self.settings.rate_limit
        midnight = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        data = {
            "accessPermitted": self.account.balance > 0,
            "apiTier": {"id": "paid", "isCharged": True},
            "balances": {"USD": float(self.account.balance), "DIEM": 0},
            "keyExpiration": None,
            "nextEpochBegins": midnight.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "rateLimits": [
                {"apiModelId": name, "rateLimits": [{"amount": limit, "type": "RPM"}] if limit else []} for name in MODELS
            ],
        }
        return json_answer(200, {"data": data})

    async def billing(self, request: web.Request, body: bytes, behaviour: Behaviour) -> Answer:
        self.keys.find(request.headers.get("Authorization"))
        raise errors.needs_admin_key()

    # --- sending -------------------------------------------------------------------------------

    async def _compress(self, request: web.Request, answer: Answer) -> None:
        """Only JSON is compressed; pictures are as small as they get."""
        if not answer.is_json or not answer.body or answer.stream is not None:
            return
        accepted = accepted_encodings(request.headers.get("Accept-Encoding", ""))
        loop = asyncio.get_running_loop()
        if "br" in accepted and brotli:
            answer.body = await loop.run_in_executor(self.executor, lambda: brotli.compress(answer.body, quality=1))
            answer.headers["Content-Encoding"] = "br"
        elif "gzip" in accepted:
            answer.body = await loop.run_in_executor(self.executor, lambda: gzip.compress(answer.body, 1))
            answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Vary"] = "Accept-Encoding"

    async def _send(self, request: web.Request, answer: Answer, entry: Entry) -> web.StreamResponse:
        if answer.silent:
            await unless_gone(request, asyncio.Event().wait())
        if is_gone(request):
            raise ClientGone
        if answer.reset:
            self._reset(request)
            return web.Response(status=499)  # never sent
        assert request.transport is not None
        # Without a buffer in between, what write() has taken is really with the operating system.
        request.transport.set_write_buffer_limits(high=0)
        if answer.wire is not None:
            return await self._send_on_the_wire(request, answer, entry)
        response = web.StreamResponse(status=answer.status, headers=self._headers(answer))
        if answer.chunked:
            response.enable_chunked_encoding()
        else:
            response.content_length = answer.size
        entry.status = answer.status
        await response.prepare(request)
        stop = answer.size if answer.cut_at is None else int(answer.size * answer.cut_at)
        piece = PIECE if answer.trickle is None else max(1, min(int(answer.trickle / 20), PIECE))
        for data in self._pieces(answer, piece):
            data = data[: stop - entry.bytes_sent]
            if data and request.method != "HEAD":
                await response.write(data)
                entry.bytes_sent += len(data)
            if answer.trickle is not None:
                await unless_gone(request, asyncio.sleep(len(data) / answer.trickle))
            if entry.bytes_sent >= stop:
                break
        if answer.cut_at is not None:
            request.transport.close()
            return response
        await response.write_eof()
        entry.complete = True
        return response

    @staticmethod
    def _headers(answer: Answer) -> dict[str, str]:
        defaults = {"Server": "venice-sandbox", "x-venice-version": VERSION, "CF-RAY": f"{secrets.token_hex(8)}-SBX"}
        return {**defaults, **answer.headers, "Content-Type": answer.content_type}

    async def _send_on_the_wire(self, request: web.Request, answer: Answer, entry: Entry) -> web.StreamResponse:
        """Past aiohttp, which would not send what is wrong."""
        assert request.transport is not None and answer.wire is not None
        wire = answer.wire
        headers = {**self._headers(answer), **wire.headers(len(answer.body))}
        head = "\r\n".join([f"HTTP/1.1 {answer.status} Sandbox", *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode("utf-8")
        data = wire.cut(head, wire.body(answer.body))
        entry.status = answer.status if len(data) >= len(head) else None
        entry.bytes_sent = max(0, len(data) - len(head))
        entry.complete = wire.after == "all"
        request.transport.write(data)
        if wire.then == "silence":
            await unless_gone(request, asyncio.Event().wait())
        elif wire.then == "reset":
            await asyncio.sleep(0.1)  # a reset may overtake what was sent before it
            if not is_gone(request):
                self._reset(request)
        else:
            request.transport.close()
        return web.Response(status=499)  # never sent

    @staticmethod
    def _pieces(answer: Answer, size: int) -> Iterator[bytes]:
        for block in answer.stream if answer.stream is not None else [answer.body]:
            for start in range(0, len(block), size):
                yield block[start : start + size]

    @staticmethod
    def _reset(request: web.Request) -> None:
        """Ends the connection with RST instead of FIN."""
        transport = request.transport
        assert transport is not None
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()

    # --- control -------------------------------------------------------------------------------

    async def control_next(self, request: web.Request) -> web.Response:
        try:
            options = json.loads(await request.read())
            for single in options if isinstance(options, list) else [options]:
                self.queue.add(single)
        except BadBehaviour as error:
            return web.json_response({"error": str(error)}, status=400)
        except ValueError as error:
            return web.json_response({"error": f"no JSON: {error}"}, status=400)
        return web.json_response({"pending": self.queue.as_json()})

    async def control_state(self, request: web.Request) -> web.Response:
        return web.json_response(self._state())

    async def control_reset(self, request: web.Request) -> web.Response:
        """Back to the beginning, except for the log.  {"balance": "0.05"} begins with another balance."""
        balance = None
        body = await request.read()
        try:
            options = json.loads(body) if body.strip() else {}
            if "balance" in options:
                balance = Decimal(str(options["balance"]))
        except (ValueError, TypeError, InvalidOperation) as error:
            return web.json_response({"error": f"reset not understood: {error}"}, status=400)
        self.account.reset(balance)
        self.keys.reset()
        self.queue.pending.clear()
        self.requests = 0
        return web.json_response(self._state())

    def _state(self) -> dict[str, Any]:
        return {
            "balance": as_text(self.account.balance),
            "images": self.account.images,
            "requests": self.requests,
            "in_flight": [entry.path for entry in self.running.values()],
            "pending": self.queue.as_json(),
            "known_faults": sorted(FAULTS),
        }
