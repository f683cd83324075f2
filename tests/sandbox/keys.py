# SPDX-License-Identifier: MIT
"""API keys: which ones are known, what they may do, and how many images a minute they may ask for."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from . import errors

# A key on the command line may end in one of these, as in "second-key:inactive"; the client sends only
# what stands before the colon.
STATES = ("inactive", "no-plan", "forbidden", "spent")

WINDOW = 60.0  # seconds; the limits are requests per minute
FAILURE_WINDOW = 30.0
LOCK_TIME = 30.0


@dataclass
class Key:
    """A key with the state of its limits."""

    secret: str
    state: str | None = None
    window_start: float = 0.0
    used: int = 0
    failures: list[float] = field(default_factory=list)
    locked_until: float = 0.0

    def forget(self) -> None:
        self.window_start, self.used, self.locked_until = 0.0, 0, 0.0
        self.failures.clear()


class Keys:
    """All keys of a sandbox, and the limits that hold for each of them."""

    def __init__(self, given: list[str], rate_limit: int, failure_lock: int, reset_in_milliseconds: bool) -> None:
        self.known: dict[str, Key] = {}
        for text in given:
            secret, colon, state = text.rpartition(":")
            if not colon or state not in STATES:
                secret, state = text, ""
            self.known[secret] = Key(secret, state or None)
        self.rate_limit = rate_limit
        self.failure_lock = failure_lock
        self.reset_in_milliseconds = reset_in_milliseconds

    def reset(self) -> None:
        for key in self.known.values():
            key.forget()

    def find(self, authorization: str | None) -> Key | None:
        """The key of an Authorization header.  None without a header; an unknown key raises 401."""
        if authorization is None:
            return None
        scheme, _, secret = authorization.partition(" ")
        key = self.known.get(secret.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            raise errors.unknown_key()
        if key.state == "inactive":
            raise errors.inactive_key()
        return key

    def masked(self, authorization: str) -> str:
        """The header's value for the log: everything but the secret."""
        scheme, _, secret = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return "<other>"
        return f"{scheme} <{'known' if secret.strip() in self.known else 'unknown'} key>"

    def may_use(self, key: Key, model: str) -> None:
        """Raises what stands against this key, whatever the request says."""
        if key.state == "no-plan":
            raise errors.needs_plan(model)
        if key.state == "forbidden":
            raise errors.forbidden(model)
        if key.state == "spent":
            raise errors.spending_limit()

    def _window(self, key: Key, now: float) -> None:
        if now >= key.window_start + WINDOW:
            key.window_start, key.used = now, 0

    def count(self, key: Key, images: int) -> None:
        """Counts accepted images: each variant is one.  Raises 429 when the minute is used up."""
        now = time.time()
        self._window(key, now)
        if self.rate_limit and key.used + images > self.rate_limit:
            raise errors.rate_limited(max(1, math.ceil(key.window_start + WINDOW - now)))
        key.used += images

    def refuse_if_locked(self, key: Key) -> None:
        now = time.time()
        if now < key.locked_until:
            raise errors.key_locked(max(1, math.ceil(key.locked_until - now)))

    def note_failure(self, key: Key) -> None:
        """Remembers an answer of 400 and above; too many of them within 30 seconds lock the key."""
        now = time.time()
        if not self.failure_lock or now < key.locked_until:
            return
        key.failures = [moment for moment in key.failures if moment > now - FAILURE_WINDOW] + [now]
        if len(key.failures) > self.failure_lock:
            key.locked_until = now + LOCK_TIME
            key.failures.clear()

    def headers(self, key: Key) -> dict[str, str]:
        """The x-ratelimit headers.  The vendor's pages disagree about the unit of the reset moment, so
        both exist here; clients have to tell them apart by their size."""
        if not self.rate_limit:
            return {}
        now = time.time()
        self._window(key, now)
        reset = key.window_start + WINDOW
        return {
            "x-ratelimit-limit-requests": str(self.rate_limit),
            "x-ratelimit-remaining-requests": str(max(0, self.rate_limit - key.used)),
            "x-ratelimit-reset-requests": str(int(reset * 1000) if self.reset_in_milliseconds else math.ceil(reset)),
        }
