"""A replay finds what is wrong with live rows, and which event last touched them."""

import asyncio

import pytest
from tests.log.examples import NOTED, notes
from tests.runtime.lists.shelves import SECONDS, all_of, built, projecting, tally, walks

from enquiry.log.memory import MemoryLog
from enquiry.runtime.lists import compare
from enquiry.runtime.lists.compare import Comparison
from enquiry.runtime.lists.contents import contents
from enquiry.runtime.lists.index import NAME, stream_index
from enquiry.runtime.lists.projection import Projection
from enquiry.runtime.lists.scratch import scratch
from enquiry.runtime.lists.shelf import Contradiction


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


async def replayed(log, shelf, make=tally, upto=None, **how):
    return await Comparison(log, shelf, make, **how).run(upto)


async def schemas(shelf) -> list[str]:
    rows = await shelf.pool.fetch(
        "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, $1)", f"{shelf.schema}-"
    )
    return [row[0] for row in rows]


async def test_where_nothing_is_wrong_every_row_is_equal_and_the_digests_are_one(log, shelf):
    await walks(log, 9)
    await built(shelf, log, tally(), batch=5)
    told: list[tuple[int, int]] = []
    found = await replayed(log, shelf, batch=7, progress=lambda *how: told.append(how))
    assert (found.equal, found.same, found.position) == (9, True, 27)
    assert found.live == found.rebuilt
    assert found.altered is None
    assert told == [(7, 27), (14, 27), (21, 27), (27, 27)]
    assert await schemas(shelf) == []


def buggy() -> Projection:
    """Counts an event of one sort twice: those at a position that can be divided by seven."""
    right = tally()

    async def apply(connection, events) -> None:
        await right.apply(connection, [e for e in events for _ in range(1 + (e.position % 7 == 0))])

    return Projection(name="tally", version=1, ddl=right.ddl, apply=apply)


@pytest.mark.parametrize("batch", [1, 4, 500])
async def test_a_bug_in_a_projection_is_found_with_the_event_that_last_touched_the_row(
    log, shelf, batch
):
    await walks(log, 5)
    await built(shelf, log, buggy())
    found = await replayed(log, shelf, batch=batch)
    events = await all_of(log)
    wrong = {event.stream for event in events if event.position % 7 == 0}
    assert (found.different, found.equal, found.missing, found.extra) == (2, 3, 0, 0)
    assert {one.key for one in found.differences} == {(str(stream),) for stream in wrong}
    for one in found.differences:
        last = [event for event in events if str(event.stream) == one.key[0]][-1]
        assert one.what == "different"
        assert (one.live, one.rebuilt) == ({"number": 4}, {"number": 3})
        assert (one.touched.position, one.touched.kind) == (last.position, NOTED)
        assert (one.touched.sequence, one.touched.revision) == (last.sequence, 3)
    assert found.live != found.rebuilt
    assert await schemas(shelf) == []


async def test_rows_that_are_missing_or_too_many_are_told_apart(log, shelf):
    streams = await walks(log, 4)
    await built(shelf, log, tally())
    tables = (await shelf.active("tally")).schema
    await shelf.pool.execute(f"DELETE FROM {tables}.tally WHERE stream = $1", streams[1])
    await shelf.pool.execute(f"INSERT INTO {tables}.tally VALUES (gen_random_uuid(), 8, 3)")
    found = await replayed(log, shelf)
    assert (found.equal, found.missing, found.extra, found.different) == (3, 1, 1, 0)
    told = {one.what: one for one in found.differences}
    assert told["missing"].key == (str(streams[1]),)
    assert told["missing"].rebuilt["number"] == 3
    assert told["missing"].live == {}
    assert told["missing"].touched.position == 10
    assert told["extra"].touched is None
    assert told["extra"].live["number"] == 8


async def test_a_projection_that_moves_on_meanwhile_is_compared_where_it_stands(log, shelf):
    await walks(log, 6)
    async with projecting(log, shelf, tally()):
        assert await shelf.reached("tally", 18, SECONDS)
        writer = asyncio.create_task(walks(log, 20))
        for _ in range(5):
            found = await replayed(log, shelf, batch=3)
            assert found.same
            assert found.live == found.rebuilt
        await writer
        assert await shelf.reached("tally", 78, SECONDS)
        found = await replayed(log, shelf)
    assert (found.position, found.equal) == (78, 26)


async def test_a_past_position_is_folded_and_compared_with_nothing(log, shelf):
    await walks(log, 3)
    await built(shelf, log, tally())
    then = await replayed(log, shelf)
    await log.append(notes((await all_of(log))[0].stream, 3))
    await built(shelf, log, tally())
    now, past = await replayed(log, shelf), await replayed(log, shelf, upto=9)
    assert past.live is None
    assert past.rebuilt == then.rebuilt != now.rebuilt


async def test_live_rows_are_only_read(log, shelf):
    await walks(log, 3)
    await built(shelf, log, buggy())
    tables = (await shelf.active("tally")).schema
    before = await shelf.pool.fetch(f"SELECT *, xmin FROM {tables}.tally ORDER BY 1")
    assert not (await replayed(log, shelf)).same
    assert await shelf.pool.fetch(f"SELECT *, xmin FROM {tables}.tally ORDER BY 1") == before
    assert (await shelf.active("tally")).position == 9


async def test_what_a_killed_replay_left_is_dropped_by_the_next_and_a_running_one_is_not(
    log, shelf, postgres_url
):
    await walks(log, 3)
    await built(shelf, log, tally())
    left = f"{shelf.schema}-replay-killed"
    await shelf.pool.execute(f'CREATE SCHEMA "{left}"; CREATE TABLE "{left}".tally (n int)')
    async with scratch(log, shelf, tally()) as running:
        async with shelf.pool.acquire() as connection:
            await running.make(connection)
        assert await schemas(shelf) == [running.schema]
        assert (await replayed(log, shelf)).same
        assert await schemas(shelf) == [running.schema]
    assert await schemas(shelf) == []


async def test_streams_that_are_parked_are_told(log, shelf):
    streams = await walks(log, 3)

    async def choke(connection, events) -> None:
        if any(event.stream == streams[1] and event.revision > 1 for event in events):
            raise KeyError

    await built(shelf, log, tally(after=choke))
    found = await replayed(log, shelf)
    assert [one.stream for one in found.parked_live] == [streams[1]]
    assert found.parked_rebuilt == ()
    assert [one.key for one in found.differences] == [(str(streams[1]),)]
    again = await replayed(log, shelf, lambda: tally(after=choke))
    assert again.same
    assert [one.stream for one in again.parked_rebuilt] == [streams[1]]


async def test_an_event_that_was_altered_is_named(log, shelf, monkeypatch):
    await walks(log, 3)
    await built(shelf, log, tally())
    real = log.read_all

    async def read_all(after: int = 0, limit: int = 1000):
        return [
            type(e)(**{n: getattr(e, n) for n in e.__struct_fields__} | {"body": e.body + b" "})
            if e.position in (4, 7)
            else e
            for e in await real(after, limit)
        ]

    monkeypatch.setattr(log, "read_all", read_all)
    assert (await replayed(log, shelf)).altered == 4


async def test_only_so_many_differences_are_shown_and_all_are_counted(log, shelf, monkeypatch):
    monkeypatch.setattr(compare, "SHOWN_MAX", 2)
    monkeypatch.setattr(compare, "PAGE", 3)
    await walks(log, 8)
    await built(shelf, log, tally())
    await shelf.pool.execute(f"UPDATE {(await shelf.active('tally')).schema}.tally SET number = 0")
    found = await replayed(log, shelf)
    assert (found.different, len(found.differences)) == (8, 2)


async def test_what_is_not_live_is_not_compared(log, shelf):
    with pytest.raises(Contradiction, match="not live"):
        await replayed(log, shelf)


async def test_a_table_whose_rows_cannot_be_told_apart_is_refused(log, shelf):
    def bare() -> Projection:
        async def apply(connection, events) -> None:
            return

        return Projection(name="tally", version=1, ddl="CREATE TABLE tally (n int)", apply=apply)

    await built(shelf, log, bare())
    with pytest.raises(Contradiction, match="no primary key"):
        await replayed(log, shelf, bare)
    assert await schemas(shelf) == []


async def test_erasing_changes_the_content_digest_and_never_the_structural_one(
    scene, log, registry, shelf
):
    def make() -> Projection:
        return stream_index(log, registry)

    async def told():
        texts = contents(log, registry, scene.system._keyring)
        return await Comparison(log, shelf, make, contents=texts).run()

    run = await scene.notebook("Kelly")
    async with projecting(log, shelf, make()):
        assert await shelf.reached(NAME, await log.head(), SECONDS)
    before = await told()
    values = await log.sealed([event.position for event in await log.read_stream(run)])
    await log.shred(sorted({value.key for value in values.values()}))
    scene.system._keyring.clear()
    after = await told()
    assert (before.same, after.same) == (True, True)
    assert before.live == before.rebuilt
    assert after.live == after.rebuilt
    assert after.live.structural == before.live.structural
    assert after.live.content != before.live.content
    assert before.live.content != before.live.structural
