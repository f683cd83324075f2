# SPDX-License-Identifier: MIT
"""POST /image/generate: from an accepted order to the answer."""

from __future__ import annotations

import asyncio
import base64
import random
import re
import time
import uuid
import zlib
from concurrent.futures import Executor
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from . import pictures
from .faults import Answer, Behaviour, json_answer
from .validation import SEED_LIMIT, Order

# Words in a prompt by which tests ask for the two kinds of moderation.
ADULT_WORD = re.compile(r"\bnude\b", re.IGNORECASE)
FORBIDDEN_WORD = "forbidden-content"

ENHANCEMENT = ", in soft directional light with layered depth and rich, harmonious colours \u2014 finely detailed"
# A rewrite of a very long prompt is shorter than the prompt; it has to fit into a header, after all.
REWRITTEN_PART = 1000


def violates_terms(order: Order) -> bool:
    """The answer to such a prompt is a black picture with status 200, and it costs nothing."""
    return FORBIDDEN_WORD in order.prompt.lower()


@dataclass
class Job:
    """An order that has been accepted and paid for."""

    order: Order
    headers: dict[str, str]  # the headers about balance and limits, as they were before this order
    behaviour: Behaviour
    delay: float


def _draw(order: Order, prompt: str, seed: int, blurred: bool, black: bool) -> bytes:
    image = pictures.picture(order, prompt, seed, blurred=blurred, black=black)
    exif = pictures.exif_for(order, prompt, seed) if order.embed_exif_metadata else None
    return pictures.encoded(image, order.model.own_format or order.format, exif)


async def carry_out(job: Job, executor: Executor) -> Answer:
    """Draws the pictures in threads, waits until the generation time is over, builds the answer."""
    order, behaviour = job.order, job.behaviour
    started = time.monotonic()
    prompt = order.prompt
    headers = dict(job.headers)
    if order.enhance_prompt:
        prompt = (order.prompt[:REWRITTEN_PART] + ENHANCEMENT)[: order.model.limit]
        headers["x-venice-enhanced-prompt"] = quote(prompt, safe="", errors="replace")
    black = violates_terms(order)
    blurred = not black and order.safe_mode and bool(ADULT_WORD.search(prompt))
    headers["x-venice-is-blurred"] = "true" if blurred else "false"
    headers["x-venice-is-content-violation"] = "true" if black else "false"
    if order.model.deprecation:
        gone = order.model.deprecation
        headers["x-venice-deprecated"] = "true"
        headers["x-venice-model-deprecation-date"] = gone.removes
        headers["x-venice-model-deprecation-warning"] = f"The model {order.model.id} will be removed on {gone.removes[:10]}."
        if gone.replacement:
            headers["x-venice-deprecated-replacement"] = gone.replacement

    # Only the first variant gets the seed of the request.  0 is a seed like any other.
    first = order.seed if order.seed is not None else random.randint(-SEED_LIMIT, SEED_LIMIT)
    seeds = [first] + [random.randint(-SEED_LIMIT, SEED_LIMIT) for _ in range(order.variants - 1)]
    loop = asyncio.get_running_loop()
    # What nobody gets would only take the processor from the client, which runs on this machine, too.
    drawing = [] if behaviour.replacement is not None else [loop.run_in_executor(executor, _draw, order, prompt, seed, blurred, black) for seed in seeds]
    enhancing = job.delay / 2 if order.enhance_prompt else 0.0
    *drawn, _ = await asyncio.gather(*drawing, asyncio.sleep(job.delay + enhancing))
    images = [behaviour.image(data) for data in drawn or [None] * len(seeds)]
    checksums = [zlib.crc32(data) for data in images]

    if order.return_binary:
        return Answer(200, images[0], pictures.content_type(images[0]), headers, pictures=checksums)

    def encode() -> list[str]:
        return [behaviour.fault.base64(base64.b64encode(data).decode("ascii")) for data in images]

    texts = await loop.run_in_executor(executor, encode)
    total = round((time.monotonic() - started) * 1000, 1)
    waiting = round(total * 0.05, 1)
    body = {
        "id": f"generate-image-{uuid.uuid4().hex[:16]}",
        "images": texts,
        "timing": {
            "inferenceDuration": round(total - 2 * waiting, 1),
            "inferencePreprocessingTime": waiting,
            "inferenceQueueTime": waiting,
            "total": total,
        },
        "request": {"success": True, "data": order.echo(first, prompt)} if order.model.echoes_request else None,
    }
    answer = await loop.run_in_executor(executor, json_answer, 200, body, headers)
    answer.pictures = checksums
    return answer


def balance_headers(usd: str) -> dict[str, str]:
    """State of the account; the sandbox's account holds no DIEM."""
    return {"x-venice-balance-usd": usd, "x-venice-balance-diem": str(Decimal(0))}
