"""Several processes that write at the same time, readers that follow, and one who is killed."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from tests.log.examples import notes, stream_of
from tests.log.writer import ALLIANCES

from enquiry.log.leaf import leaf

WRITER = Path(__file__).with_name("writer.py")
WRITERS, CALLERS, APPENDS, EVENTS = 3, 12, 150, 20
TOTAL = WRITERS * CALLERS * APPENDS * EVENTS
SECONDS_MAX = 110


@asynccontextmanager
async def writer(url, schema, name, *sizes) -> AsyncIterator[asyncio.subprocess.Process]:
    command = [sys.executable, str(WRITER), url, schema, name, *map(str, sizes)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def follow(log, page: int) -> list[tuple[int, object, int, bytes]]:
    """Everything, as a projection would read it that starts now and never looks back."""
    seen: list[tuple[int, object, int, bytes]] = []
    after = 0
    while after < TOTAL:
        events = await log.read_all(after, page)
        if not events:
            await log.wait(after, 1.0)
            continue
        seen += [(e.position, e.stream, e.revision, e.body) for e in events]
        after = events[-1].position
    return seen


@pytest.mark.slow
async def test_readers_who_follow_several_writers_miss_nothing_and_see_nothing_twice(
    postgres_url, schema, log
):
    assert TOTAL > 100_000
    sizes = (CALLERS, APPENDS, EVENTS)
    async with asyncio.timeout(SECONDS_MAX):
        async with asyncio.TaskGroup() as tasks:
            readers = [tasks.create_task(follow(log, page)) for page in (7_000, 500)]
            for n in range(WRITERS):
                tasks.create_task(run(postgres_url, schema, f"writer {n}", sizes))
    for seen in (reader.result() for reader in readers):
        assert [position for position, *_ in seen] == list(range(1, TOTAL + 1))
        assert len({body for *_, body in seen}) == TOTAL
        last: dict[object, int] = {}
        for _, stream, revision, _ in seen:
            assert revision == last.get(stream, 0) + 1
            last[stream] = revision
    for alliance in ALLIANCES:
        await check_alliance(log, alliance)


async def run(url, schema, name, sizes) -> None:
    async with writer(url, schema, name, *sizes) as process:
        told, _ = await process.communicate()
        assert told.splitlines()[-1] == b"end"
        assert process.returncode == 0


async def check_alliance(log, alliance) -> None:
    """Its sequence has no gaps and follows position; every leaf is the hash of what is stored."""
    since = position = 0
    while page := await log.read_alliance(alliance, since, 5_000):
        assert [e.sequence for e in page] == list(range(since, since + len(page)))
        assert all(a.position < b.position for a, b in pairwise(page))
        assert page[0].position > position
        assert all(e.leaf == leaf(e) for e in page)
        since, position = since + len(page), page[-1].position
    assert since == TOTAL / len(ALLIANCES)


async def test_a_writer_killed_in_full_flight_leaves_what_it_acknowledged_and_no_gap(
    postgres_url, schema, log
):
    walk = stream_of("walk")
    acknowledged: list[bytes] = []
    async with asyncio.timeout(SECONDS_MAX):
        async with writer(postgres_url, schema, "doomed", 16, 100_000, 2) as process:
            assert process.stdout is not None
            while len(acknowledged) < 500:
                acknowledged.append((await process.stdout.readline()).rstrip())
                if len(acknowledged) % 50 == 0:
                    await log.append(notes(walk, len(acknowledged) // 50 - 1))
            process.send_signal(signal.SIGKILL)
            rest = await process.stdout.read()
            # The last line may be cut off in the middle.
            acknowledged += [line for line in rest.split(b"\n")[:-1] if line]
        await log.append(notes(walk, 10))
        events = await log.read_all(0, 1_000_000)
    assert [e.position for e in events] == list(range(1, len(events) + 1))
    recorded = [e.body for e in events if e.kind == "test/noted"]
    assert len(set(recorded)) == len(recorded)
    assert {key + b" %d" % n for key in acknowledged for n in (0, 1)} <= set(recorded)
    assert len(recorded) % 2 == 0
    assert len(await log.read_stream(walk)) == 11
