"""The appender: what it groups, and what becomes of appends when a connection or the log ends."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from msgspec.structs import replace
from tests.log.examples import HILLSIDE, event, notes, outcomes, stream_of
from tests.log.sessions import until_somebody_waits

from enquiry.log import appender
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Appended, Malformed, Unavailable

WALK = stream_of("walk")


async def commits(connection: asyncpg.Connection) -> int:
    """How many transactions wrote the events that there are."""
    return await connection.fetchval("SELECT count(DISTINCT xmin::text) FROM stored_events")


async def test_what_is_offered_together_is_committed_together(log, connection):
    await outcomes(log, *(notes(uuid4()) for _ in range(300)))
    assert await commits(connection) == 1
    await log.append(notes(uuid4()))
    assert await commits(connection) == 2


async def test_a_batch_has_a_greatest_length(monkeypatch, log, connection):
    monkeypatch.setattr(appender, "APPENDS_MAX", 3)
    walk = uuid4()
    results = await outcomes(log, *(notes(walk, n) for n in range(10)))
    assert [result.first for result in results] == list(range(1, 11))
    assert await commits(connection) == 4


async def test_a_batch_has_a_greatest_size(monkeypatch, log, connection):
    monkeypatch.setattr(appender, "BYTES_MAX", 100)
    walk = uuid4()
    appends = [notes(walk, n) for n in range(6)]
    large = [
        replace(append, events=(replace(append.events[0], body=b"x" * 60),)) for append in appends
    ]
    results = await outcomes(log, *large)
    assert [result.first for result in results] == list(range(1, 7))
    assert await commits(connection) == 3


@pytest.mark.parametrize(
    "broken",
    [
        {"recorded_at": 1.5},
        {"recorded_at": 2**63},
        {"fingerprint": "text"},
        {"expected": {WALK: 0, uuid4(): "1"}},
        {"events": (replace(event(WALK, 1), body="text"),)},
        {"events": (replace(event(WALK, 1), body=None),)},
        {"events": (replace(event(WALK, 1), id="no id"),)},
        {"events": (replace(event(WALK, 1), kind="a\x00b"),)},
    ],
)
async def test_an_append_that_cannot_be_sent_fails_alone(log, broken):
    before, after = notes(uuid4()), notes(uuid4())
    results = await outcomes(log, before, replace(notes(WALK), **broken), after)
    assert isinstance(results[1], Malformed)
    assert [results[0].first, results[2].first] == [1, 2]


async def test_a_caller_who_is_cancelled_before_the_batch_is_sent_writes_nothing(log):
    walk = uuid4()
    cancelled = asyncio.create_task(log.append(notes(walk)))
    kept = asyncio.create_task(log.append(notes(walk)))
    await asyncio.sleep(0)
    cancelled.cancel()
    assert (await kept).first == 1
    assert await log.head() == 1


async def test_closing_writes_what_is_queued_and_takes_nothing_more(postgres_url, schema):
    log = await PostgresLog.open(postgres_url, schema=schema)
    queued = [asyncio.create_task(log.append(notes(uuid4()))) for _ in range(1_000)]
    await asyncio.sleep(0)
    await log.close()
    results = await asyncio.gather(*queued)
    assert [result.first for result in results] == list(range(1, 1_001))
    with pytest.raises(Unavailable):
        await log.append(notes(uuid4()))


async def test_closing_before_the_appender_has_begun_writes_what_is_queued(postgres_url, schema):
    log = await PostgresLog.open(postgres_url, schema=schema)
    queued = log._appender.submit(notes(uuid4()))
    await log.close()
    assert (await queued).first == 1


async def test_an_idle_connection_that_was_cut_is_made_anew(log, connection):
    await log.append(notes(uuid4()))
    await cut(connection)
    await asyncio.sleep(0.1)  # the loop hears of it
    assert (await log.append(notes(uuid4()))).first == 2
    assert len(await log.read_all()) == 2


async def test_an_append_whose_connection_was_cut_is_unknown_and_its_key_tells(log, connection):
    await log.append(notes(uuid4()))
    walk = uuid4()
    sent = [notes(walk, n, key=b"k%d" % n) for n in range(3)]
    async with connection.transaction():
        await connection.execute("SELECT lock_v1()")
        running = asyncio.create_task(outcomes(log, *sent))
        await until_somebody_waits(connection)
        await cut(connection)
        assert [type(result) for result in await running] == [Unavailable] * 3
    assert await log.find(HILLSIDE, b"k0") is None
    assert [result.first for result in await outcomes(log, *sent)] == [2, 3, 4]


async def test_what_queues_behind_a_lost_batch_is_written_all_the_same(log, connection):
    async with connection.transaction():
        await connection.execute("SELECT lock_v1()")
        lost = asyncio.create_task(log.append(notes(uuid4())))
        await until_somebody_waits(connection)
        queued = asyncio.create_task(log.append(notes(uuid4())))
        await asyncio.sleep(0)
        await cut(connection)
        with pytest.raises(Unavailable):
            await lost
    assert await queued == Appended(1, 1, (await log.read_all())[0].recorded_at)


async def test_a_server_that_stays_away_is_waited_for_and_then_named(postgres_url, schema):
    log = await PostgresLog.open(postgres_url, schema=schema, patience_seconds=0.3)
    log._appender._connect = nobody_there
    with pytest.raises(Unavailable, match="nobody there"):
        await log.append(notes(uuid4()))
    await log.close()


async def nobody_there() -> asyncpg.Connection:
    raise ConnectionRefusedError("nobody there")


async def test_a_turn_that_never_comes_is_not_waited_for_without_end(
    postgres_url, schema, connection
):
    async with await PostgresLog.open(postgres_url, schema=schema, patience_seconds=1.0) as log:
        async with connection.transaction():
            await connection.execute("SELECT lock_v1()")
            with pytest.raises(Unavailable, match="lock timeout"):
                await log.append(notes(uuid4()))
        assert (await log.append(notes(uuid4()))).first == 1


async def cut(connection: asyncpg.Connection) -> None:
    """End the session that appends, from outside."""
    cut_off = await connection.fetch(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE query LIKE '%append_v1%' AND pid <> pg_backend_pid()"
        " AND application_name = 'enquiry-log'"
    )
    assert [row[0] for row in cut_off] == [True]
