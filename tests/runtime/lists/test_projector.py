"""Projectors on a real PostgreSQL: exact, resumed, taking turns, and what may go wrong."""

import asyncio

import asyncpg
import msgspec
import pytest
from structlog.testing import capture_logs
from tests.log.examples import NOTED, notes
from tests.runtime.lists.shelves import (
    SECONDS,
    all_of,
    built,
    expected,
    projecting,
    shelf_in,
    tallied,
    tally,
    until,
    walks,
)

from enquiry.log.memory import MemoryLog
from enquiry.log.promise import Unavailable
from enquiry.runtime.lists.projection import Projection
from enquiry.runtime.lists.projector import reason_of
from enquiry.runtime.lists.scratch import rebuild


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


async def test_every_event_is_folded_once_and_in_order(log, shelf):
    await walks(log, 7)
    async with projecting(log, shelf, tally(), batch=4):
        assert await shelf.reached("tally", 21, SECONDS)
        await walks(log, 2)
        assert await shelf.reached("tally", 27, SECONDS)
    assert await tallied(shelf) == expected(await all_of(log))
    assert (await shelf.active("tally")).position == 27


async def test_an_empty_log_is_a_built_projection_of_nothing(log, shelf):
    async with projecting(log, shelf, tally()):
        await until(lambda: shelf.active("tally"))
        assert await shelf.reached("tally", 0, SECONDS)
    assert await tallied(shelf) == {}


async def test_a_crash_after_the_rows_and_before_the_commit_counts_nothing_twice(log, shelf):
    await walks(log, 10)
    crashes = iter([True, False, True, True, False])

    async def crash(connection, events) -> None:
        if next(crashes, False):
            raise ConnectionResetError("the machine is gone")

    await built(shelf, log, tally(after=crash), batch=7)
    assert await tallied(shelf) == expected(await all_of(log))
    assert await shelf.parked("tally", 1) == ()


async def test_a_session_that_postgresql_ends_costs_nothing(log, shelf, postgres_url):
    await walks(log, 10)
    killer = await asyncpg.connect(postgres_url)
    doomed = iter([False, True, False, True])

    async def kill(connection, events) -> None:
        if next(doomed, False):
            pid = connection.get_server_pid()
            await killer.execute("SELECT pg_terminate_backend($1)", pid)

    await built(shelf, log, tally(after=kill), batch=6)
    await killer.close()
    assert await tallied(shelf) == expected(await all_of(log))


async def test_a_process_that_ends_at_any_moment_is_resumed_by_the_next(log, postgres_url):
    await walks(log, 20)
    async with shelf_in(postgres_url) as shelf:
        for moment in range(12):
            async with projecting(log, shelf, tally(), batch=2):
                await asyncio.sleep(moment * 0.004)
        await built(shelf, log, tally(), batch=2)
        assert await tallied(shelf) == expected(await all_of(log))


async def test_of_two_processes_one_projects_and_the_other_takes_over(log, postgres_url):
    at_work: set[str] = set()
    together: list[set[str]] = []

    def observed(name: str) -> Projection:
        async def before(connection, events) -> None:
            at_work.add(name)
            together.append(set(at_work))
            await asyncio.sleep(0.002)

        async def after(connection, events) -> None:
            at_work.discard(name)

        return tally(before=before, after=after)

    async with shelf_in(postgres_url) as one, shelf_in(postgres_url, one.schema) as two:
        async with projecting(log, one, observed("one"), batch=3) as first:
            await walks(log, 10)
            assert await one.reached("tally", 30, SECONDS)
            async with projecting(log, two, observed("two"), batch=3):
                await walks(log, 10)
                assert await two.reached("tally", 60, SECONDS)
                assert {"two"} not in together
                first[0].cancel()
                await walks(log, 10)
                assert await two.reached("tally", 90, SECONDS)
        assert {"two"} in together
        assert {"one", "two"} not in together
        assert await tallied(one) == expected(await all_of(log))


async def test_a_cursor_that_somebody_moved_undoes_the_batch(log, shelf, postgres_url):
    """As where a session lost its lock without noticing."""
    await walks(log, 4)
    other = await asyncpg.connect(postgres_url)
    meddled = iter([True])

    async def meddle(connection, events) -> None:
        if next(meddled, False):
            await other.execute(f"UPDATE {shelf.schema}.versions SET position = 1")

    with capture_logs() as lines:
        await built(shelf, log, tally(before=meddle))
    await other.close()
    events = await all_of(log)
    assert await tallied(shelf) == expected(events[1:])
    assert [line["failure"].split()[0] for line in lines if "failure" in line] == ["Overtaken"]


async def test_a_stream_that_cannot_be_folded_is_parked_and_the_rest_flows(log, shelf):
    streams = await walks(log, 5)
    secret = "Canary-Kestrel-9271"

    async def choke(connection, events) -> None:
        for event in events:
            if event.stream == streams[2] and event.revision == 2:
                raise ValueError(f"cannot read {secret}")

    with capture_logs() as lines:
        await built(shelf, log, tally(after=choke), batch=100)
        await log.append(notes(streams[2], 3))
        await log.append(notes(streams[0], 3))
        await built(shelf, log, tally(after=choke))
    events = await all_of(log)
    bad = next(e for e in events if e.stream == streams[2] and e.revision == 2)
    good = [e for e in events if e.stream != streams[2] or e.revision < 2]
    assert await tallied(shelf) == expected(good)
    (parked,) = await shelf.parked("tally", 1)
    assert (parked.stream, parked.position, parked.kind) == (streams[2], bad.position, NOTED)
    assert parked.reason.startswith("ValueError test_projector.py:")
    assert [line["event"] for line in lines].count("stream parked") == 1
    assert secret not in str(lines) + parked.reason


async def test_a_stream_parked_by_one_code_is_folded_by_the_next_from_where_it_stopped(log, shelf):
    streams = await walks(log, 3)

    async def choke(connection, events) -> None:
        if any(event.stream == streams[1] and event.revision > 1 for event in events):
            raise KeyError

    await built(shelf, log, tally(after=choke))
    assert len(await shelf.parked("tally", 1)) == 1
    await log.append(notes(streams[1], 3))
    await built(shelf, log, tally(after=choke))
    assert len(await shelf.parked("tally", 1)) == 1
    await built(shelf, log, tally())

    async def nothing_parked() -> bool:
        return await shelf.parked("tally", 1) == ()

    async with projecting(log, shelf, tally()):
        await until(nothing_parked)
        await log.append(notes(streams[1], 4))
        assert await shelf.reached("tally", await log.head(), SECONDS)
    assert await tallied(shelf) == expected(await all_of(log))


async def test_a_row_that_postgresql_refuses_is_the_fault_of_its_stream(log, shelf):
    streams = await walks(log, 3, 1)

    async def overflow(connection, events) -> None:
        for event in events:
            if event.stream == streams[0]:
                await connection.execute("SELECT 1 / $1::int", 0)

    await built(shelf, log, tally(after=overflow))
    (parked,) = await shelf.parked("tally", 1)
    assert parked.stream == streams[0]
    assert parked.reason.startswith("DivisionByZeroError")


async def test_a_table_that_is_missing_is_nobodys_fault_and_is_tried_again(log, shelf):
    await walks(log, 3, 1)
    broken = iter([True, True])

    async def missing(connection, events) -> None:
        if next(broken, False):
            await connection.execute("SELECT * FROM not_there")

    with capture_logs() as lines:
        await built(shelf, log, tally(after=missing))
    assert await shelf.parked("tally", 1) == ()
    assert await tallied(shelf) == expected(await all_of(log))
    failures = [line["failure"].split()[0] for line in lines if "failure" in line]
    assert failures == ["UndefinedTableError"], "told once, not at every attempt"


def test_a_reason_says_where_in_a_document_and_nothing_of_what_stood_there():
    class Form(msgspec.Struct):
        number: int

    for body, path in ((b'{"number":"Canary"}', "$.number"), (b"Canary", "")):
        with pytest.raises(msgspec.DecodeError) as failed:
            msgspec.json.decode(body, type=Form)
        reason = reason_of(failed.value)
        assert path in reason
        assert "Canary" not in reason
        assert reason.startswith(type(failed.value).__name__)


async def test_a_rebuild_in_a_scratch_schema_is_the_same_row_by_row(log, shelf):
    await walks(log, 6)
    await built(shelf, log, tally(), batch=5)
    standing = await shelf.active("tally")
    await walks(log, 2)  # what came later is not compared
    scratch = f"{shelf.schema}_scratch"
    parked = await rebuild(log, shelf.pool, tally(), scratch, standing.position, batch=7)
    assert parked == ()
    assert await tallied(shelf, scratch) == await tallied(shelf) != {}
    with pytest.raises(asyncpg.DuplicateSchemaError):
        await rebuild(log, shelf.pool, tally(), scratch, 1)


async def test_a_rebuild_leaves_out_the_same_streams_that_are_parked(log, shelf):
    streams = await walks(log, 3)

    async def choke(connection, events) -> None:
        if any(event.stream == streams[1] and event.revision > 1 for event in events):
            raise KeyError

    await built(shelf, log, tally(after=choke), batch=100)
    scratch = f"{shelf.schema}_scratch"
    again = await rebuild(log, shelf.pool, tally(after=choke), scratch, 9, batch=2)
    (live,) = await shelf.parked("tally", 1)
    assert [(p.stream, p.position) for p in again] == [(live.stream, live.position)]
    assert await tallied(shelf, scratch) == await tallied(shelf)


async def test_a_log_that_is_away_interrupts_and_ends_nothing(log, shelf, monkeypatch):
    await walks(log, 3)
    real, away = log.read_all, iter([True, True])

    async def read_all(after: int = 0, limit: int = 1000):
        if next(away, False):
            raise Unavailable("no connection")
        return await real(after, limit)

    monkeypatch.setattr(log, "read_all", read_all)
    await built(shelf, log, tally())
    assert await tallied(shelf) == expected(await all_of(log))
