# SPDX-License-Identifier: MIT
"""Images that are used before the answer they are part of is complete."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable

import pytest
from checks import PNG, error_of, small_request, wait_until
from raw_server import Connection, RawServer
from sandbox.process import Sandbox
from venice import Client, Event, Phase, State, Status

IMAGES = [PNG + bytes([number]) * 100_003 * (number + 1) for number in range(3)]
ANSWER = json.dumps({"id": "three", "images": [base64.b64encode(image).decode() for image in IMAGES], "request": {"data": {"seed": 7}}}, separators=(",", ":")).encode()


class Steps:
    """Sends an answer up to where the test says."""

    def __init__(self, answer: bytes, content_type: str = "application/json", *headers: str) -> None:
        self._head = "\r\n".join(["HTTP/1.1 200 OK", f"Content-Type: {content_type}", f"Content-Length: {len(answer)}", *headers, "", ""]).encode()
        self._answer = answer
        self._sent = 0
        self._connected = threading.Event()
        self._done = threading.Event()

    def handle(self, connection: Connection, _: int) -> None:
        connection.read_request()
        connection.send(self._head)
        self._connection = connection
        self._connected.set()
        self._done.wait(30)

    def send_until(self, end: int) -> None:
        assert self._connected.wait(20)
        self._connection.send(self._answer[self._sent : end])
        self._sent = end

    def finish(self) -> None:
        self._done.set()


def run(client: Client, steps: Steps, test: Callable[[], None]) -> None:
    with RawServer(steps.handle) as server:
        client["base_url"] = server.base_url
        try:
            test()
        finally:
            steps.finish()


def test_each_image_is_there_before_the_rest(client: Client) -> None:
    steps = Steps(ANSWER)

    def test() -> None:
        job = client.submit(small_request(variants=3, seed=7))
        assert error_of(lambda: job.image(0)).status == Status.NOT_READY
        assert error_of(lambda: job.image_stream(0)).status == Status.NOT_READY
        end = 0
        for number, expected in enumerate(IMAGES):
            text = base64.b64encode(expected)
            start = ANSWER.index(text, end)
            end = start + len(text)
            steps.send_until(start + len(text) // 2)
            wait_until(lambda: job.image_count == number and job.received_bytes == start + len(text) // 2)
            stream = job.image_stream(number)
            half = stream.data
            assert len(half) >= len(expected) // 2 - 3 and expected.startswith(half) and not stream.is_complete
            assert error_of(lambda: job.image(number)).status == Status.NOT_READY
            steps.send_until(end + 1)  # with its quote
            wait_until(lambda: job.image_count == number + 1)
            assert job.state == State.RUNNING
            image = job.image(number)
            assert image.data == expected == stream.data and stream.is_complete
            assert image.address == stream.address  # one copy, which has not moved
            assert (image.media_type, image.size) == ("image/png", (2, 3))
            assert image.seed == (7 if number == 0 else None)
        steps.send_until(len(ANSWER))
        job.wait()
        assert [image.data for image in job.result()] == IMAGES
        assert [image.address for image in job.result()] == [job.image(number).address for number in range(3)]
        assert error_of(lambda: job.image(3)).status == Status.OUT_OF_RANGE
        assert error_of(lambda: job.image_stream(3)).status == Status.OUT_OF_RANGE
        events = []
        while not events or events[-1][0] is not Event.ENDED:
            event = client.next_event(20_000)
            assert event is not None
            events.append((event[0], client.last_image_index))
        assert [index for kind, index in events if kind is Event.IMAGE] == [0, 1, 2]

    run(client, steps, test)


def test_the_bytes_of_a_binary_answer_can_be_read_while_they_arrive(client: Client) -> None:
    image = IMAGES[2]
    steps = Steps(image, "image/png")

    def test() -> None:
        job = client.submit(small_request(return_binary=True, seed=5))
        steps.send_until(100_000)
        wait_until(lambda: job.phase == Phase.RECEIVING and job.received_bytes == 100_000)
        stream = job.image_stream(0)
        assert stream.data == image[:100_000] and not stream.is_complete and job.image_count == 0
        steps.send_until(len(image))
        job.wait()
        assert stream.is_complete and stream.data == image
        result = job.result()[0]
        assert (result.address, result.seed, job.image(0).seed) == (stream.address, 5, 5)

    run(client, steps, test)


@pytest.mark.parametrize("end", ["cut off", "cancelled", "malformed"])
def test_complete_images_stay_when_the_rest_is_lost(client: Client, end: str) -> None:
    """They may have been charged."""
    start_of_second = ANSWER.index(b'","', ANSWER.index(b"[")) + 3
    answer = ANSWER[: start_of_second + 1000] + (b"*" if end == "malformed" else b"") + ANSWER[start_of_second + 1000 :]
    steps = Steps(answer)

    def test() -> None:
        job = client.submit(small_request(variants=3))
        steps.send_until(start_of_second + 1000)
        wait_until(lambda: job.image_count == 1 and job.received_bytes == start_of_second + 1000)
        stream = job.image_stream(1)
        if end == "cancelled":
            job.cancel()
        elif end == "cut off":
            steps.finish()
        else:
            steps.send_until(len(answer))
        job.wait()
        assert job.state in (State.FAILED, State.CANCELLED)
        assert error_of(job.result).may_be_charged
        assert job.image_count == 1 and job.image(0).data == IMAGES[0]
        arrived = stream.data
        job.free()
        assert not stream.is_complete and IMAGES[1].startswith(arrived) and stream.data == arrived

    run(client, steps, test)


def test_images_outlive_everything(client: Client, sandbox: Sandbox) -> None:
    own = Client(base_url=sandbox.base_url, api_key=sandbox.key)
    job = own.submit(small_request(variants=4))
    job.wait()
    expected = [image.data for image in job.result()]
    images, streams = [job.image(number) for number in range(4)], [job.image_stream(number) for number in range(4)]
    job.free()
    own.free()
    assert [image.data for image in images] == expected == [stream.data for stream in streams]


def test_a_refused_try_leaves_nothing_behind(client: Client, sandbox: Sandbox) -> None:
    client["max_retry_wait_ms"] = 20
    sandbox.next(status=429, json={"images": ["AAAA"]})
    job = client.submit(small_request())
    job.wait()
    assert job.image_count == 1 and job.image(0).size == (64, 64)


def test_other_jobs_have_no_images(client: Client) -> None:
    job = client.submit_styles()
    job.wait()
    assert job.image_count == 0
    assert error_of(lambda: job.image(0)).status == Status.OUT_OF_RANGE
