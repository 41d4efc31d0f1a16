"""PostgreSQL killed while many write: nothing acknowledged is lost, nothing refused is there."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from uuid import uuid4

import asyncpg
import psutil
from tests.log.examples import HILLSIDE, notes
from tests.log.sessions import until_somebody_waits

from enquiry.engines import Engines, engines
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Appended, Conflict, StoredEvent, Unavailable

CALLERS, APPENDS = 16, 60
SECONDS_MAX = 90


class Teacher:
    """Writes notes into a stream of her own, and every so often one that must be refused."""

    def __init__(self, log: PostgresLog, acknowledged: list[bytes]) -> None:
        self.log = log
        self.walk = uuid4()
        self.acknowledged = acknowledged
        self.refused: list[bytes] = []
        self.unknown: list[bytes] = []

    def key(self, revision: int) -> bytes:
        return f"{self.walk} {revision}".encode()

    async def write(self) -> None:
        for revision in range(APPENDS):
            key = self.key(revision)
            append = notes(self.walk, revision, key=key, fingerprint=b"f")
            while not await self.offered(append):
                pass
            self.acknowledged.append(key)
            if revision % 5 == 4:
                await self.err(revision)

    async def offered(self, append) -> bool:
        """Whether it is recorded by now; who hears nothing tries again with the same key."""
        try:
            return isinstance(await self.log.append(append), Appended)
        except Unavailable:
            assert append.key is not None
            self.unknown.append(append.key)
            return False

    async def err(self, revision: int) -> None:
        """Offer a revision that is taken; it must never be there, answered or not."""
        append = notes(self.walk, revision, key=f"{self.walk} stale {revision}".encode())
        assert append.key is not None
        self.refused.append(append.key)
        with contextlib.suppress(Conflict):
            assert not await self.offered(append)


async def test_a_killed_postgresql_keeps_what_was_acknowledged_and_nothing_else(data):
    acknowledged: list[bytes] = []
    async with asyncio.timeout(SECONDS_MAX), engines(data, nats_url="nats://unused") as running:
        log = await PostgresLog.open(running.database_url)
        teachers = [Teacher(log, acknowledged) for _ in range(CALLERS)]
        writing = asyncio.gather(*(teacher.write() for teacher in teachers))
        await until_written(acknowledged, 150)
        await kill_with_a_batch_in_flight(running)
        for number in (400, 650):
            await until_written(acknowledged, number)
            kill(running)
        await writing
        events = await log.read_all(0, 100_000)
        for teacher in teachers:
            await check(log, teacher, events)
        await log.close()
    assert any(teacher.unknown for teacher in teachers)
    assert [e.position for e in events] == list(range(1, CALLERS * APPENDS + 1))


async def check(log: PostgresLog, teacher: Teacher, events: Sequence[StoredEvent]) -> None:
    """Everything she wrote is there once, under its key, and nothing that was refused."""
    told = [e.revision for e in events if e.stream == teacher.walk]
    assert told == list(range(1, APPENDS + 1))
    for revision in range(APPENDS):
        found = await log.find(HILLSIDE, teacher.key(revision))
        assert found is not None
        event = events[found[0].first - 1]
        assert (event.stream, event.revision) == (teacher.walk, revision + 1)
    assert len(teacher.refused) == APPENDS / 5
    for key in teacher.refused:
        assert await log.find(HILLSIDE, key) is None


async def until_written(acknowledged: list[bytes], number: int) -> None:
    while len(acknowledged) < number:  # noqa: ASYNC110
        await asyncio.sleep(0.001)


async def kill_with_a_batch_in_flight(running: Engines) -> None:
    connection = await asyncpg.connect(running.database_url, timeout=10)
    await connection.execute("BEGIN")
    await connection.execute("SELECT enquiry.lock_v1()")
    await until_somebody_waits(connection)
    # First the session that waits: when ours dies, it would have its turn.
    waiting = await connection.fetchval(
        "SELECT pid FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"
    )
    os.kill(waiting, signal.SIGKILL)
    kill(running)
    connection.terminate()


def kill(running: Engines) -> None:
    """All processes of PostgreSQL at once, as a power cut would."""
    postmaster = psutil.Process(running.pids["PostgreSQL"])
    for process in (postmaster, *postmaster.children()):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
