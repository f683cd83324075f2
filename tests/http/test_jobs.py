# SPDX-License-Identifier: MIT
"""Jobs: waiting, cancelling, events, the callback, and what becomes of them when their client goes."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from checks import error_of, small_request, wait_until
from raw_server import RawServer
from sandbox.process import Sandbox
from venice import Client, Event, Job, Phase, State, Status

GENERATE = "/image/generate"


def readable(fd: int, timeout_ms: int = 0) -> bool:
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(timeout_ms))


def cancelled_error(job: Job) -> bool:
    """Checks that the job is cancelled, and tells whether it may be charged."""
    assert (job.state, job.phase) == (State.CANCELLED, Phase.ENDED)
    job.wait(0)
    error = error_of(job.result)
    assert error.status == Status.CANCELLED
    assert ("may still be charged" in error.message) == error.may_be_charged
    return error.may_be_charged


def all_events(client: Client, jobs: int) -> list[tuple[Event, int]]:
    events = []
    while sum(event is Event.ENDED for event, _ in events) < jobs:
        event = client.next_event(20_000)
        assert event is not None
        events.append(event)
    return events


def test_a_job_from_start_to_end(client: Client) -> None:
    job = client.submit(small_request())
    job.wait()
    assert (job.state, job.phase) == (State.SUCCEEDED, Phase.ENDED)
    assert job.received_bytes > 0
    assert job.result()[0].data == job.result()[0].data
    job.cancel()
    assert job.state == State.SUCCEEDED and len(job.result()) == 1


def test_the_request_is_copied(client: Client, sandbox: Sandbox) -> None:
    request = small_request(prompt="first")
    sandbox.next(delay=0.2)
    job = client.submit(request)
    request["prompt"] = "second"
    request.free()
    job.wait()
    assert sandbox.requests(GENERATE)[0]["json"]["prompt"] == "first"


def test_a_request_is_sent_as_it_was_when_it_was_submitted(client: Client, sandbox: Sandbox) -> None:
    """Again as it is, changed, and with something taken out."""
    request = small_request(seed=1)
    jobs = [client.submit(request), client.submit(request)]
    request["seed"] = 2
    jobs.append(client.submit(request))
    request["seed"] = None
    jobs.append(client.submit(request))
    for job in jobs:
        job.wait()
    assert sorted(entry["json"].get("seed", 0) for entry in sandbox.requests(GENERATE)) == [0, 1, 1, 2]


def test_jobs_of_one_request_share_its_text(client: Client, sandbox: Sandbox) -> None:
    """Many jobs wait, each with style references of several MB: they need the memory of one."""
    def memory() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    client["max_in_flight"] = 1
    sandbox.next(fault="silence")
    request = small_request(style_references=[{"image": "x" * 8_000_000}])
    jobs = [client.submit(request)]
    before = memory()
    jobs += [client.submit(request) for _ in range(30)]
    assert memory() - before < 30_000_000
    for job in jobs:
        job.cancel()


def test_a_change_of_options_holds_for_later_jobs(client: Client, sandbox: Sandbox) -> None:
    client["max_in_flight"] = 1
    sandbox.next(delay=0.2)
    first = client.submit(small_request())
    second = client.submit(small_request())
    client["api_key"] = "other-key"
    second.wait()
    assert (first.state, second.state) == (State.SUCCEEDED, State.SUCCEEDED)
    assert error_of(lambda: client.generate(small_request())).status == Status.UNAUTHORIZED


def test_waiting_has_a_limit(client: Client, sandbox: Sandbox) -> None:
    sandbox.next(fault="silence")
    job = client.submit(small_request())
    for limit in (0, 20):
        assert error_of(lambda: job.wait(limit)).status == Status.NOT_READY
    assert error_of(job.result).status == Status.NOT_READY
    job.cancel()
    job.wait(-1)


def test_the_end_of_a_job_is_told_while_the_next_one_goes_on(client: Client, sandbox: Sandbox) -> None:
    """With as many jobs in flight as are allowed: the place of the one is taken by the other, which never ends."""
    client["max_in_flight"] = 1
    sandbox.next(delay=0.2)
    sandbox.next(fault="silence")
    first, second = client.submit(small_request()), client.submit(small_request())
    first.wait(20_000)
    assert first.state == State.SUCCEEDED
    wait_until(lambda: second.phase == Phase.WAITING)
    second.cancel()
    second.wait(20_000)


def test_cancel_while_queued(client: Client, sandbox: Sandbox) -> None:
    client["max_in_flight"] = 1
    sandbox.next(fault="silence")
    first = client.submit(small_request())
    wait_until(lambda: first.phase == Phase.WAITING)
    second = client.submit(small_request(prompt="never sent"))
    assert (second.state, second.phase) == (State.QUEUED, Phase.QUEUED)
    second.cancel()
    assert not cancelled_error(second)
    first.cancel()
    assert cancelled_error(first)
    third = client.submit(small_request())
    third.wait()
    assert third.state == State.SUCCEEDED
    assert [entry["json"]["prompt"] for entry in sandbox.requests(GENERATE, count=2)] == ["a lake", "a lake"]


def test_cancel_while_connecting(client: Client) -> None:
    with RawServer(lambda connection, _: connection.wait_until_closed()) as server:
        client["base_url"] = f"https://127.0.0.1:{server.port}/api/v1"  # never begins with TLS
        job = client.submit(small_request())
        wait_until(lambda: server.connection_count == 1)
        assert (job.state, job.phase) == (State.RUNNING, Phase.CONNECTING)
        job.cancel()
        assert not cancelled_error(job)


def test_cancel_while_sending(client: Client) -> None:
    """The server takes nothing in, and the request is larger than what the system buffers."""
    with RawServer(lambda *_: release.wait(20)) as server:
        release = threading.Event()
        client["base_url"] = server.base_url
        job = client.submit(small_request(style_references=[{"image": "x" * 7_000_000}] * 3))
        wait_until(lambda: job.phase == Phase.SENDING)
        job.cancel()
        assert not cancelled_error(job)
        release.set()


def test_cancel_while_waiting(client: Client, sandbox: Sandbox) -> None:
    sandbox.next(fault="silence")
    job = client.submit(small_request())
    wait_until(lambda: job.phase == Phase.WAITING)
    job.cancel()
    assert cancelled_error(job)
    [entry] = sandbox.requests(GENERATE, count=1)
    assert entry["client_gone"] and entry["status"] is None


def test_cancel_while_receiving(client: Client, sandbox: Sandbox) -> None:
    sandbox.next(trickle=2000)
    job = client.submit(small_request(return_binary=True, width=256, height=256))
    wait_until(lambda: job.phase == Phase.RECEIVING and job.received_bytes > 0)
    assert job.state == State.RUNNING
    assert job.received_bytes < job.total_bytes
    job.cancel()
    assert cancelled_error(job)
    [entry] = sandbox.requests(GENERATE, count=1)
    assert entry["client_gone"] and not entry["complete"]


def test_what_a_large_answer_needed_goes_when_it_is_cancelled(client: Client, sandbox: Sandbox, tmp_path: Path) -> None:
    """A thread more while it arrives; none when the job has ended, though nobody has freed it."""
    def threads() -> int:
        return len(list(Path("/proc/self/task").iterdir()))

    large = tmp_path / "large.png"
    large.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(12_000_000))
    client.list_styles()
    before = threads()
    sandbox.next(image_file=str(large), trickle=8e6)
    job = client.submit(small_request(return_binary=True))
    wait_until(lambda: job.received_bytes > 6_000_000)
    assert threads() > before
    job.cancel()
    assert cancelled_error(job)
    wait_until(lambda: threads() == before)


def test_cancelling_twice_is_fine(client: Client, sandbox: Sandbox) -> None:
    sandbox.next(fault="silence")
    job = client.submit(small_request())
    threads = [threading.Thread(target=job.cancel) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cancelled_error(job)
    assert [event for event in all_events(client, 1) if event[0] is Event.ENDED] == [(Event.ENDED, job.id)]
    assert client.next_event(50) is None


def test_a_cancelled_job_that_reached_the_server_says_that_it_may_be_charged(client: Client, sandbox: Sandbox) -> None:
    """Cancelled at many moments around the sending: whoever says that nothing was charged must be right."""
    claimed = []
    for pause in range(24):
        sandbox.next(delay=30, match={"prompt": f"try {pause}"})
        job = client.submit(small_request(prompt=f"try {pause}"))
        threading.Event().wait(pause / 8000)
        job.cancel()
        if not cancelled_error(job):
            claimed.append(f"try {pause}")
    client.free()
    wait_until(lambda: not sandbox.state()["in_flight"])
    arrived = {entry["json"]["prompt"] for entry in sandbox.requests(GENERATE) if entry.get("json")}
    assert arrived.isdisjoint(claimed)


def test_every_job_ends_with_one_event_after_its_progress(client: Client, sandbox: Sandbox) -> None:
    sandbox.next(status=400, json={"error": "x"}, match={"prompt": "wrong"})
    jobs = [client.submit(small_request()), client.submit(small_request(prompt="wrong")), client.submit_styles()]
    cancelled = client.submit(small_request())
    cancelled.cancel()
    jobs.append(cancelled)
    events = all_events(client, len(jobs))
    assert client.next_event(50) is None
    for job in jobs:
        kinds = [kind for kind, job_id in events if job_id == job.id]
        assert kinds.count(Event.ENDED) == 1 and kinds[-1] is Event.ENDED
        assert job.phase == Phase.ENDED


def test_phases_come_in_order(client: Client, sandbox: Sandbox) -> None:
    sandbox.next(delay=0.2, trickle=20_000)
    job = client.submit(small_request(return_binary=True, width=128, height=128))
    phases = [job.phase]
    received = [job.received_bytes]
    while job.state < State.SUCCEEDED:
        client.next_event(1000)
        phases.append(job.phase)
        received.append(job.received_bytes)
    assert phases == sorted(phases) and received == sorted(received)
    assert {Phase.WAITING, Phase.RECEIVING, Phase.ENDED} <= set(phases)
    assert received[-1] == job.total_bytes == len(job.result()[0].data)


def test_progress_events_do_not_pile_up(client: Client, sandbox: Sandbox) -> None:
    sandbox.next(trickle=30_000)
    job = client.submit(small_request(return_binary=True, width=128, height=128))
    job.wait()
    assert [kind for kind, _ in all_events(client, 1)] == [Event.PROGRESS, Event.IMAGE, Event.ENDED]


def test_the_descriptor_is_readable_exactly_while_there_are_events(client: Client) -> None:
    fd = client.event_fd
    assert not readable(fd)
    for _ in range(2):
        job = client.submit(small_request())
        job.wait()
        ended = False
        while not ended:
            assert readable(fd, 10_000)
            assert readable(fd)
            event = client.next_event()
            assert event is not None
            ended = event[0] is Event.ENDED
        assert not readable(fd)
    assert client.event_fd == fd


def test_blocking_calls_make_no_events(client: Client) -> None:
    client.generate(small_request())
    assert not readable(client.event_fd)


def test_the_callback_wakes_from_another_thread(client: Client) -> None:
    threads = set()
    woken = threading.Event()

    def wake() -> None:
        threads.add(threading.get_ident())
        woken.set()

    client.set_notify(wake)
    job = client.submit(small_request())
    while job.state < State.SUCCEEDED:
        assert woken.wait(20)
        woken.clear()
    wait_until(lambda: client.next_event() == (Event.ENDED, job.id))
    assert len(threads) == 1 and threading.get_ident() not in threads
    client.set_notify(None)
    woken.clear()
    client.submit(small_request()).wait()
    wait_until(lambda: (client.next_event() or [None])[0] is Event.ENDED)
    assert not woken.is_set()


def test_inside_the_callback_nothing_blocks(client: Client) -> None:
    outcomes: list[object] = []
    jobs: list[Job] = []
    done = threading.Event()

    def misuse() -> None:
        if jobs and not done.is_set():
            outcomes.append(client.free())
            outcomes.append(error_of(lambda: jobs[0].wait(-1)).status)
            outcomes.append(error_of(lambda: client.next_event(-1)).status)
            outcomes.append(error_of(lambda: client.generate(small_request())).status)
            outcomes.append(error_of(lambda: jobs[0].wait(0)).status)
            jobs.append(client.submit(small_request()))
            done.set()

    client["max_in_flight"] = 1
    client.set_notify(misuse)
    first = client.submit(small_request())
    jobs.append(client.submit(small_request()))
    first.wait()
    assert done.wait(20)
    assert outcomes == [Status.BUSY, Status.BUSY, Status.BUSY, Status.BUSY, Status.NOT_READY]
    jobs[1].wait()
    assert jobs[1].state == State.SUCCEEDED


def test_cancelling_from_inside_the_callback(client: Client, sandbox: Sandbox) -> None:
    """In whichever phase each job is."""
    sandbox.next(fault="silence", times=0)
    jobs: list[Job] = []
    client.set_notify(lambda: [job.cancel() for job in jobs])
    for _ in range(12):
        jobs.append(client.submit(small_request()))
    with client.submit_styles() as last:  # its events call back once more, now that all are in the list
        last.wait()
        last_id = last.id
    for job in jobs:
        job.wait()
    assert {job.state for job in jobs} == {State.CANCELLED}
    ended = [job_id for kind, job_id in all_events(client, len(jobs) + 1) if kind is Event.ENDED]
    assert sorted(ended) == [job.id for job in jobs] + [last_id]


def test_handles_are_freed_in_any_order_from_any_thread(sandbox: Sandbox) -> None:
    """While the client's thread works on what they stand for."""
    for order in range(6):
        client = Client(base_url=sandbox.base_url, api_key=sandbox.key, max_in_flight=8)
        jobs = [client.submit(small_request(seed=seed, variants=2)) for seed in range(8)]
        jobs[order].wait()
        results = [jobs[order].result()]
        handles: list[Job | Client | object] = [*jobs, client, *results, *results[0], jobs[order].image(1), jobs[order].image_stream(0)]
        handles = handles[order * 2 :] + handles[: order * 2]
        threads = [threading.Thread(target=handle.free) for handle in handles]  # type: ignore[attr-defined]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def test_freeing_the_client_cancels_its_jobs(sandbox: Sandbox) -> None:
    client = Client(base_url=sandbox.base_url, api_key=sandbox.key, max_in_flight=2)
    done = client.submit(small_request())
    done.wait()
    sandbox.next(fault="silence", times=0)
    jobs = [client.submit(small_request()) for _ in range(4)]
    wait_until(lambda: [job.phase for job in jobs[:2]] == [Phase.WAITING] * 2)
    assert client.free() == Status.OK
    assert [cancelled_error(job) for job in jobs] == [True, True, False, False]
    assert len(done.result()) == 1
    assert all(entry["client_gone"] for entry in sandbox.requests(GENERATE, count=3)[1:])


def test_a_waiting_thread_learns_that_the_client_went(sandbox: Sandbox) -> None:
    sandbox.next(fault="silence")
    client = Client(base_url=sandbox.base_url, api_key=sandbox.key)
    job = client.submit(small_request())
    waiter = threading.Thread(target=job.wait, args=(-1,))
    waiter.start()
    client.free()
    waiter.join(60)
    assert not waiter.is_alive()
    cancelled_error(job)


def test_a_forgotten_job_goes_on(client: Client, sandbox: Sandbox) -> None:
    client.submit(small_request()).free()
    assert all_events(client, 1)[-1][0] is Event.ENDED
    assert sandbox.requests(GENERATE)[0]["complete"]


def test_at_most_so_many_are_in_flight(client: Client, sandbox: Sandbox) -> None:
    client["max_in_flight"] = 3
    sandbox.next(fault="silence", times=0)
    jobs = [client.submit(small_request()) for _ in range(5)]
    wait_until(lambda: len(sandbox.state()["in_flight"]) == 3)
    assert [job.state for job in jobs] == [State.RUNNING] * 3 + [State.QUEUED] * 2
    jobs[0].cancel()
    wait_until(lambda: jobs[3].phase == Phase.WAITING)
    assert jobs[4].state == State.QUEUED


def test_thirty_jobs_at_once(client: Client, sandbox: Sandbox) -> None:
    client["max_in_flight"] = 30
    jobs = [client.submit(small_request(seed=seed, return_binary=True)) for seed in range(30)]
    events = all_events(client, 30)
    assert sorted(job_id for kind, job_id in events if kind is Event.ENDED) == sorted(job.id for job in jobs)
    assert [job.result()[0].seed for job in jobs] == list(range(30))
    assert len({job.result()[0].data for job in jobs}) == 30
    assert sandbox.state()["images"] == 30


def test_many_threads_share_a_client(client: Client) -> None:
    seeds: list[int | None] = []

    def work(seed: int) -> None:
        seeds.append(client.generate(small_request(seed=seed, return_binary=True))[0].seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seed for seed in seeds if seed is not None) == list(range(8))


def test_wrong_kinds_of_results(client: Client) -> None:
    job = client.submit_models()
    for state in ("running", "ended"):
        assert error_of(job.result).status == Status.INVALID_ARGUMENT, state
        assert error_of(job.styles).status == Status.INVALID_ARGUMENT, state
        job.wait()
    assert len(job.models()) > 0


CHILD = """
import os, sys
sys.path.insert(0, sys.argv[1])
from venice import Client, Request, Status, VeniceError

client = Client(base_url=sys.argv[2], api_key=sys.argv[3])
request = Request(model="z-image-turbo", prompt="x", width=64, height=64)
running = client.submit(request)  # its thread is at work while the process forks
child = os.fork()
if child == 0:
    for call in (lambda: client.generate(request), lambda: running.wait(-1), running.cancel, running.result, lambda: client.next_event(-1)):
        try:
            call()
            os._exit(3)
        except VeniceError as error:
            if error.status != Status.FORKED:
                os._exit(4)
    own = Client(base_url=sys.argv[2], api_key=sys.argv[3])
    len(own.generate(request)) == 1 or os._exit(5)
    own.free()
    os._exit(0 if client.free() == Status.FORKED else 6)  # at once: what it has of its parent cannot be freed
_, status = os.waitpid(child, 0)
running.wait()
len(running.result()) == 1 or sys.exit(7)
client.free()
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.parametrize("delay", [0, 0.3])
def test_fork_while_a_job_runs(sandbox: Sandbox, delay: float) -> None:
    sandbox.next(delay=delay)
    # Python warns of what is being tried here.
    arguments = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", CHILD, str(Path(__file__).parent), sandbox.base_url, sandbox.key]
    done = subprocess.run(arguments, env=os.environ, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
