# SPDX-License-Identifier: MIT
"""A thousand orders from eight threads on one client (load.cpp), while the server spoils every third answer in some way: what the client says of each
order is held against what the server really sent."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sandbox.fault_table import JSON, TABLE, Row  # noqa: E402
from sandbox.process import Sandbox  # noqa: E402

BUILD_DIR = Path(os.environ.get("VENICE_BUILD_DIR") or Path(__file__).resolve().parents[2] / "build" / "gcc")
ORDERS = 1000
WARM_UP = 200
SUCCEEDED, FAILED, CANCELLED = 2, 3, 4
REFUSALS = (429, 503)

GOOD = Row("a good answer", {})
SLOW = Row("an answer that takes its time", {"delay": 0.05, "trickle": 50_000})
# Each silence lasts until the client's time limit, and a wait of a second would hold back all.
FAULTS = [row for row in TABLE if not row.silent and row.behaviour.get("headers", {}).get("Retry-After") != "1"]
SILENT = [row for row in TABLE if row.silent]


@dataclass
class Order:
    row: Row
    answer: str
    variants: int

    @property
    def line(self) -> str:
        return f"{self.answer} {self.variants}\t{self.row.name}\n"


def plan(chance: random.Random, count: int) -> list[Order]:
    rows = [GOOD] * (count * 6 // 10) + [SLOW] * (count // 20)
    rows += [FAULTS[i % len(FAULTS)] for i in range(count - len(rows) - count // 100)]
    chance.shuffle(rows)
    for row in SILENT[: count // 100]:  # early, so that nothing but these is waited for at the end
        rows.insert(chance.randrange(count // 4), row)
    orders = [Order(row, chance.choice(row.answers), 1) for row in rows]
    for order in orders:
        if order.answer == JSON:
            order.variants = chance.choice([1, 1, 1, 2, 3])
    return orders


def run_load(sandbox: Sandbox, seed: int, orders: list[Order]) -> list[dict[str, Any]]:
    for name, times in Counter(order.row.name for order in orders).items():
        row = next(order.row for order in orders if order.row.name == name)
        if row.behaviour:
            # What the server refuses is sent again: as many refusals as there are such orders, whomever they hit. All else each time.
            sandbox.next(**row.behaviour, match={"prompt": name}, times=times if row.requests > 1 else 0)
    program = [BUILD_DIR / "tests" / "load" / "load", sandbox.base_url, sandbox.key, str(seed), str(WARM_UP)]
    done = subprocess.run(program, input="".join(order.line for order in orders), capture_output=True, text=True, timeout=580)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def sandbox() -> Any:
    with Sandbox(delay=0, rate_limit=0, failure_lock=0, balance="1000") as sandbox:
        yield sandbox
        assert sandbox.errors() == ""


def test_a_thousand_orders_come_to_one_end_each(sandbox: Sandbox) -> None:
    seed = int(os.environ.get("VENICE_LOAD_SEED") or random.SystemRandom().randrange(1, 2**31))
    print(f"to repeat this: VENICE_LOAD_SEED={seed}")
    chance = random.Random(seed)
    orders = plan(chance, WARM_UP) + plan(chance, ORDERS)
    lines = run_load(sandbox, seed, orders)
    outcomes = {line["seed"]: line for line in lines if "seed" in line}
    requests: dict[int, list[dict[str, Any]]] = {number: [] for number in outcomes}
    for entry in sandbox.requests("/image/generate"):
        if entry["json"] is not None:  # else it was cancelled before its body was there
            requests[entry["json"]["seed"]].append(entry)

    assert sorted(outcomes) == list(range(1, len(orders) + 1))
    problems = [
        f"order {number}, {orders[number - 1]}: {problem}; the client says {outcome}, the server {[short(entry) for entry in requests[number]]}"
        for number, outcome in outcomes.items()
        for problem in problems_of(orders[number - 1], outcome, requests[number])
    ]
    assert not problems, "\n".join(problems)

    states = Counter("freed" if outcome["freed"] else outcome["state"] for number, outcome in outcomes.items() if number > WARM_UP)
    took = next(line["milliseconds"] for line in lines if "milliseconds" in line)
    held = {line["held"]: line for line in lines if "held" in line}
    print(f"{ORDERS} orders in {took / 1000:.1f} s: {states[SUCCEEDED]} succeeded, {states[FAILED]} failed, {states[CANCELLED]} cancelled, "
          f"{states['freed']} freed early; {sum(len(outcome['images']) for outcome in outcomes.values())} images; {held}")
    assert min(states[kind] for kind in (SUCCEEDED, FAILED, CANCELLED, "freed")) > 0, "the test has become too tame"
    check_nothing_is_kept(held["before"], held["after"])


def short(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in ("status", "pictures", "bytes_sent", "complete", "client_gone")}


def problems_of(order: Order, outcome: dict[str, Any], requests: list[dict[str, Any]]) -> list[str]:
    row, images, freed, cancelled = order.row, outcome["images"], outcome["freed"], outcome["cancelled"]
    sent = [entry for entry in requests if entry["status"] not in REFUSALS]
    refused_at_last = not sent and bool(requests)
    whole = bool(sent) and not row.status and sent[0]["complete"]
    pictures = sent[0]["pictures"] if sent else []
    is_literal = "status" in row.behaviour  # a picture that the server did not draw
    # What came is what the server said it would be, but it had spoiled it on its way.
    is_spoiled = is_literal or (row.layer is False and row.behaviour.get("fault") in ("wire", "encoding"))

    ended_once = outcome["ends"] == (0 if outcome["blocking"] else 1) and (freed or outcome["state"] in (SUCCEEDED, FAILED, CANCELLED))
    announced_once = outcome["blocking"] or outcome["image_events"] == (len(pictures) if whole and not is_literal else len(images))
    rules = {
        "it did not end exactly once": ended_once,
        "the server was asked again though it had not refused": len(sent) <= 1,
        "nothing was asked of the server": bool(requests) or cancelled,
        "an image was announced too often, or not at all": announced_once or freed or outcome["state"] != SUCCEEDED,
        "more images were announced than there are": outcome["image_events"] <= (1000 if is_literal else len(pictures)),
    }
    if not freed:
        state, may_be_charged = outcome["state"], outcome["may_be_charged"]
        rules |= {
            "a paid answer that was sent whole was not delivered": not whole or state == SUCCEEDED or (cancelled and may_be_charged),
            "it succeeded without an answer": state != SUCCEEDED or whole,
            "these are not the images that were sent": state != SUCCEEDED or is_spoiled or images == pictures,
            "there are images though it did not succeed": state == SUCCEEDED or not images,
            "it was cancelled by nobody": state != CANCELLED or cancelled,
            "cancelled without saying that it may be charged": state != CANCELLED or may_be_charged or not sent,
            "it failed in another way": state != FAILED or refused_at_last or outcome["status"].upper() in row.status,
            "it says the wrong thing of what is charged": state != FAILED or refused_at_last or may_be_charged == row.charged,
        }
    elif whole and not cancelled and not is_literal:
        rules["its images were not announced, though it goes on when its handle is freed"] = outcome["image_events"] == len(pictures)
    return [problem for problem, holds in rules.items() if not holds]


def check_nothing_is_kept(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Five times the orders of the first client leave nothing more behind than those did."""
    assert after["descriptors"] == before["descriptors"]
    assert after["threads"] == before["threads"]  # ThreadSanitizer has one of its own
    assert after["heap"] <= before["heap"] + 128 * 1024
