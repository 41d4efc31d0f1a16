"""Shelves in a real PostgreSQL, and a projection that is easy to check by hand."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
from tests.log.examples import notes

from enquiry.runtime.lists.projection import Projection
from enquiry.runtime.lists.projector import project
from enquiry.runtime.lists.shelf import Shelf

SECONDS = 20.0
"""Longest that anything here may take."""

TALLY = "CREATE TABLE tally (stream uuid PRIMARY KEY, number int NOT NULL, last bigint NOT NULL)"
COUNTED = """
INSERT INTO tally AS t VALUES ($1, $3, $2)
ON CONFLICT (stream) DO UPDATE SET number = t.number + $3, last = excluded.last
"""


@asynccontextmanager
async def shelf_in(url: str, schema: str | None = None) -> AsyncIterator[Shelf]:
    """A shelf as one process has it; the same ``schema`` again is another process."""
    schema = schema or f"views_{uuid4().hex[:8]}"
    async with asyncpg.create_pool(url, min_size=0, max_size=6) as pool:
        shelf = Shelf(pool, schema)
        await shelf.prepare()
        yield shelf


def tally(
    version: int = 1,
    *,
    each: int = 1,
    before: Callable | None = None,
    after: Callable | None = None,
) -> Projection:
    """Counts the events of every stream; ``each`` is what an event counts for.

    ``before`` and ``after`` are called with the connection and the events of a batch.
    """

    async def apply(connection, events) -> None:
        if before is not None:
            await before(connection, events)
        for event in events:
            await connection.execute(COUNTED, event.stream, event.position, each)
        if after is not None:
            await after(connection, events)

    return Projection(name="tally", version=version, ddl=TALLY, apply=apply)


def expected(events, each: int = 1) -> dict:
    """What the tally of these events is: number and last position by stream."""
    last = {event.stream: event.position for event in events}
    counted = Counter(event.stream for event in events)
    return {stream: (each * counted[stream], last[stream]) for stream in last}


async def tallied(shelf: Shelf, schema: str | None = None) -> dict:
    """What the tables say."""
    schema = schema or (await shelf.active("tally")).schema
    rows = await shelf.pool.fetch(f'SELECT stream, number, last FROM "{schema}".tally')
    return {row[0]: (row[1], row[2]) for row in rows}


@asynccontextmanager
async def projecting(log, shelf: Shelf, *projections: Projection, **how) -> AsyncIterator[list]:
    """Let projectors run meanwhile; none may end by itself."""
    tasks = [asyncio.create_task(project(log, shelf, one, **how)) for one in projections]
    try:
        yield tasks
        for task in tasks:
            assert not task.done() or task.cancelled(), task.exception()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=SECONDS)


async def until(question: Callable, seconds: float = SECONDS) -> None:
    """Wait until an asynchronous question is answered with something true."""
    async with asyncio.timeout(seconds):
        while not await question():  # noqa: ASYNC110 - a question rings no bell
            await asyncio.sleep(0.01)


async def walks(log, number: int, each: int = 3) -> list[UUID]:
    """So many streams, whose events lie between each other."""
    streams = [uuid4() for _ in range(number)]
    for revision in range(each):
        for stream in streams:
            await log.append(notes(stream, revision))
    return streams


async def all_of(log):
    return await log.read_all(0, 100_000)


async def built(shelf, log, *projections, **how) -> None:
    """Project up to the present head, then stop."""
    async with projecting(log, shelf, *projections, **how):
        assert await shelf.reached("tally", await log.head(), SECONDS)


async def active_is(shelf: Shelf, version: int) -> bool:
    standing = await shelf.active("tally")
    return standing is not None and standing.version == version


async def caught_up(shelf: Shelf, version: int, position: int) -> bool:
    return any(s.version == version and s.position == position for s in await shelf.all())
