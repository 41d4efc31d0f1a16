"""Versions of a projection: switched unnoticed, waited for, measured, made only once."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import msgspec
import pytest
from tests.log.examples import MONDAY, notes
from tests.runtime.lists.shelves import (
    SECONDS,
    active_is,
    all_of,
    built,
    caught_up,
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
from enquiry.runtime.lag import Lag
from enquiry.runtime.lists.projector import project
from enquiry.runtime.lists.shelf import Contradiction, NotBuilt


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


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


@pytest.fixture
def tally_query(monkeypatch):
    """A named query over the tally, as an index has them."""
    from enquiry.runtime.lists import shelf as shelves

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


async def test_of_versions_that_become_ready_at_the_same_moment_the_newest_is_read(log, shelf):
    versions = (1, 2, 3, 4)
    for version in versions:
        await shelf.add(tally(version), log.id)
    for _ in range(50):
        await asyncio.gather(*(shelf.activate("tally", version) for version in versions))
        assert await active_is(shelf, 4)
        await shelf.pool.execute(f'DELETE FROM "{shelf.schema}".active')


async def test_a_version_that_is_behind_the_one_that_is_read_does_not_take_its_place(log, shelf):
    """What a reader has seen once is never missing again."""
    await walks(log, 1)
    await built(shelf, log, tally())
    await shelf.add(tally(2), log.id)
    assert not await shelf.activate("tally", 2)
    assert await active_is(shelf, 1)
    assert await shelf.activate("tally", 2, even_older=True)


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
