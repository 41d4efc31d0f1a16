"""Projections on a real PostgreSQL: exact, resumed, switched, shared, and what may go wrong."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest
from structlog.testing import capture_logs
from tests.log.examples import MONDAY, NOTED, notes
from tests.runtime.shelves import (
    SECONDS,
    expected,
    projecting,
    shelf_in,
    tallied,
    tally,
    until,
)

from enquiry.log.memory import MemoryLog
from enquiry.log.promise import Unavailable
from enquiry.runtime import projector
from enquiry.runtime.projection import Projection
from enquiry.runtime.projector import project, reason_of, rebuild
from enquiry.runtime.shelf import Contradiction, Lag, NotBuilt, Shelf


@pytest.fixture(autouse=True)
def brisk(monkeypatch):
    monkeypatch.setattr(projector, "POLL_SECONDS", 0.1)


@pytest.fixture
async def shelf(postgres_url):
    async with shelf_in(postgres_url) as shelf:
        yield shelf


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


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


async def test_a_new_version_takes_over_only_when_it_has_caught_up(log, shelf):
    await walks(log, 10)
    await built(shelf, log, tally())
    halfway, go_on = asyncio.Event(), asyncio.Event()

    async def dawdle(connection, events) -> None:
        if events[-1].position > 15:
            halfway.set()
            await go_on.wait()

    async with projecting(log, shelf, tally(), tally(2, each=10, before=dawdle), batch=5):
        await asyncio.wait_for(halfway.wait(), SECONDS)
        await walks(log, 2)  # what is read goes on being true meanwhile
        assert await shelf.reached("tally", await log.head(), SECONDS)
        assert (await shelf.active("tally")).version == 1
        assert await tallied(shelf) == expected(await all_of(log))
        go_on.set()
        await until(lambda: active_is(shelf, 2))
    assert await tallied(shelf) == expected(await all_of(log), each=10)
    assert [(s.version, s.active) for s in await shelf.all()] == [(1, False), (2, True)]


async def active_is(shelf: Shelf, version: int) -> bool:
    standing = await shelf.active("tally")
    return standing is not None and standing.version == version


@pytest.fixture
def tally_query(monkeypatch):
    """A named query over the tally, as an index has them."""
    from enquiry.runtime import shelf as shelves

    real = shelves.query

    def known(name: str, **schemas: str) -> str:
        if name != "tally_total":
            return real(name, **schemas)
        return f"SELECT coalesce(sum(number), 0)::int FROM {schemas['tables']}.tally"

    monkeypatch.setattr(shelves, "query", known)
    return "tally_total"


async def test_readers_notice_nothing_of_a_switch_nor_of_the_old_tables_going(
    log, shelf, postgres_url, tally_query
):
    await walks(log, 10)
    await built(shelf, log, tally())
    seen: list[int] = []
    done = asyncio.Event()

    async def read() -> None:
        async with shelf_in(postgres_url, shelf.schema) as reading:
            while not done.is_set():
                ((total,),) = await reading.fetch("tally", tally_query)
                seen.append(total)

    readers = [asyncio.create_task(read()) for _ in range(3)]
    async with projecting(log, shelf, tally(2, each=10)):
        await until(lambda: active_is(shelf, 2))
        assert await shelf.retire("tally") == (1,)
        await asyncio.sleep(0.2)
    done.set()
    await asyncio.wait_for(asyncio.gather(*readers), SECONDS)
    assert set(seen) == {30, 300}, "whole, of the one version or the other"
    with pytest.raises(asyncpg.UndefinedTableError):
        await tallied(shelf, f"{shelf.schema}_tally_v1")


async def test_an_old_version_is_not_dropped_while_older_code_still_keeps_it(log, shelf):
    await walks(log, 3)
    async with projecting(log, shelf, tally(), tally(2)):
        assert await shelf.reached("tally", 9, SECONDS)
        await until(lambda: active_is(shelf, 2))
        assert await shelf.retire("tally") == ()
    assert await shelf.retire("tally") == (1,)
    assert [s.version for s in await shelf.all()] == [2]


async def test_older_code_does_not_take_back_what_is_read_but_a_person_may(log, shelf):
    await walks(log, 3)
    await built(shelf, log, tally(2))
    async with projecting(log, shelf, tally()):
        await until(lambda: caught_up(shelf, 1, 9))
        assert await active_is(shelf, 2)
        assert not await shelf.activate("tally", 1)
        assert await shelf.activate("tally", 1, even_older=True)
        assert await active_is(shelf, 1)


async def test_a_version_that_is_behind_the_one_that_is_read_does_not_take_its_place(log, shelf):
    """What a reader has seen once is never missing again."""
    await walks(log, 1)
    await built(shelf, log, tally())
    await shelf.add(tally(2), log.id)
    assert not await shelf.activate("tally", 2)
    assert await active_is(shelf, 1)
    assert await shelf.activate("tally", 2, even_older=True)


async def caught_up(shelf: Shelf, version: int, position: int) -> bool:
    return any(s.version == version and s.position == position for s in await shelf.all())


async def test_before_anything_is_built_there_is_nothing_to_read(log, shelf, tally_query):
    with pytest.raises(NotBuilt):
        await shelf.fetch("tally", tally_query)
    with pytest.raises(NotBuilt):
        await shelf.lag(log, "tally", datetime.now(UTC))
    assert not await shelf.reached("tally", 0, 0)


async def test_lag_counts_the_events_to_be_folded_and_the_age_of_the_oldest(log, shelf):
    stream = (await walks(log, 1, 2))[0]
    await built(shelf, log, tally())
    monday = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=MONDAY)
    assert await shelf.lag(log, "tally", monday + timedelta(hours=1)) == Lag(0, 0.0)
    await log.append(notes(stream, 2, at=MONDAY + 2_000_000))
    await log.append(notes(stream, 3, 3, at=MONDAY + 5_000_000))
    assert await shelf.lag(log, "tally", monday + timedelta(seconds=12)) == Lag(4, 10.0)
    # A clock that is behind the one that wrote is no reason for a negative age.
    assert await shelf.lag(log, "tally", monday) == Lag(4, 0.0)


async def test_whoever_asks_for_a_position_waits_for_it_and_no_longer_than_said(log, shelf):
    stream = (await walks(log, 1))[0]
    async with projecting(log, shelf, tally()):
        assert await shelf.reached("tally", 3, SECONDS)
        assert not await shelf.reached("tally", 4, 0.05)
        waiting = asyncio.create_task(shelf.reached("tally", 4, SECONDS))
        await log.append(notes(stream, 3))
        assert await waiting


async def test_another_process_that_waits_for_a_position_hears_of_it_too(log, postgres_url):
    async with (
        shelf_in(postgres_url) as one,
        shelf_in(postgres_url, one.schema) as two,
        projecting(log, one, tally()),
    ):
        waiting = asyncio.create_task(two.reached("tally", 1, SECONDS))
        await log.append(notes(uuid4()))
        assert await waiting


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


async def test_tables_that_were_made_otherwise_are_not_written_to(log, shelf):
    await built(shelf, log, tally())
    changed = msgspec.structs.replace(tally(), ddl="CREATE TABLE tally (stream uuid)")
    for other, source in ((changed, log), (tally(), MemoryLog())):
        with pytest.raises(Contradiction, match="tally_v1"):
            await asyncio.wait_for(project(source, shelf, other), SECONDS)


async def test_tables_that_know_more_than_the_log_are_not_written_to(log, shelf, postgres_url):
    await walks(log, 3)
    await built(shelf, log, tally())
    shorter = MemoryLog()
    shorter._id = log.id
    with pytest.raises(Contradiction, match="does not hold"):
        await asyncio.wait_for(project(shorter, shelf, tally()), SECONDS)


async def test_several_processes_may_prepare_and_add_at_once(log, postgres_url):
    schema = f"views_{uuid4().hex[:8]}"

    async def start() -> None:
        async with shelf_in(postgres_url, schema) as shelf:
            await shelf.add(tally(), log.id)

    await asyncio.gather(*(start() for _ in range(5)))
    async with shelf_in(postgres_url, schema) as shelf:
        assert [(s.name, s.position, s.active) for s in await shelf.all()] == [("tally", 0, False)]


async def test_a_reader_is_told_that_the_database_is_away(postgres_url):
    async with shelf_in(postgres_url) as shelf:
        pool = shelf.pool
    assert pool.is_closing()
    with pytest.raises(Unavailable):
        await shelf.active("tally")


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
