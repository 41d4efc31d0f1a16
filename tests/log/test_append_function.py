"""The function that appends, called as the appender calls it, and beside others who write."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from tests.log.examples import MONDAY, data_key, notes, outcomes, sealed_note
from tests.log.sessions import until_somebody_waits

from enquiry.log.batch import Batch
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Appended, Conflict
from enquiry.log.queries import query


async def offer(connection, *appends):
    batch = Batch(appends)
    return batch.outcomes(list(await connection.fetchrow(query("append"), *batch.arguments())))


async def test_one_call_judges_a_whole_batch_and_writes_only_the_winners(connection, log):
    walk, lost = uuid4(), uuid4()
    key, lost_key = data_key(walk), data_key(lost)
    results = await offer(
        connection,
        notes(walk),
        sealed_note(lost, 5, lost_key, b"lost", new=True),
        sealed_note(walk, 1, key, b"kept", new=True),
        notes(walk, 7),
    )
    assert [type(result) for result in results] == [Appended, Conflict, Appended, Conflict]
    assert [e.revision for e in await log.read_all()] == [1, 2]
    assert await log.wrapped_key(lost_key.id) is None
    assert await log.wrapped_key(key.id) == key


async def test_a_batch_of_losers_writes_nothing(connection, log):
    results = await offer(connection, notes(uuid4(), 1), notes(uuid4(), 2))
    assert [type(result) for result in results] == [Conflict, Conflict]
    assert await log.head() == 0


async def test_an_append_waits_for_a_neighbour_and_takes_its_place_when_that_rolls_back(
    connection, log
):
    walk = uuid4()
    transaction = connection.transaction()
    await transaction.start()
    assert await offer(connection, notes(walk, 0, 3)) == [Appended(1, 3, MONDAY)]
    ours = asyncio.create_task(log.append(notes(walk, 0, 2)))
    await until_somebody_waits(connection)
    await transaction.rollback()
    assert await ours == Appended(1, 2, MONDAY)
    assert [e.position for e in await log.read_all()] == [1, 2]


async def test_an_append_sees_what_a_neighbour_committed_while_it_waited(connection, log):
    walk, free = uuid4(), uuid4()
    transaction = connection.transaction()
    await transaction.start()
    await offer(connection, notes(walk, 0, 3))
    ours = asyncio.create_task(outcomes(log, notes(walk), notes(free), notes(walk, 3)))
    await until_somebody_waits(connection)
    await transaction.commit()
    lost, won, followed = await ours
    assert (lost.expected, lost.actual) == (0, 3)
    assert (won.first, followed.first) == (4, 5)


@pytest.mark.parametrize("committed", [True, False])
async def test_a_writer_who_takes_no_lock_costs_time_and_nothing_else(connection, log, committed):
    walk = uuid4()
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(
        "INSERT INTO stored_events SELECT gen_random_uuid(), 1, 'stray', '', 1,"
        " gen_random_uuid(), NULL, gen_random_uuid(), 0, 0, '', ''"
    )
    ours = asyncio.create_task(outcomes(log, *(notes(walk, n) for n in range(5))))
    await until_somebody_waits(connection)
    await (transaction.commit() if committed else transaction.rollback())
    first = 2 if committed else 1
    assert [r.first for r in await ours] == list(range(first, first + 5))


async def test_processes_that_race_for_one_stream_win_each_revision_once(log, other):
    walk = uuid4()
    for revision in range(20):
        ours, theirs = await asyncio.gather(
            outcomes(log, *(notes(walk, revision) for _ in range(4))),
            outcomes(other, *(notes(walk, revision) for _ in range(4))),
        )
        assert sum(isinstance(result, Appended) for result in ours + theirs) == 1
        assert sum(isinstance(result, Conflict) for result in ours + theirs) == 7
    assert [e.revision for e in await log.read_stream(walk)] == list(range(1, 21))


async def test_a_key_offered_to_two_processes_is_recorded_once(log, other):
    for n in range(10):
        append = notes(uuid4(), key=b"k%d" % n, fingerprint=b"f")
        results = await asyncio.gather(log.append(append), other.append(append))
        assert sorted(result.replayed for result in results) == [False, True]
    assert await log.head() == 10


async def test_an_event_is_on_disk_and_judged_afresh_whatever_the_database_prefers(database):
    settings = ("synchronous_commit = off", "default_transaction_isolation = 'repeatable read'")
    connection = await asyncpg.connect(database, timeout=10)
    for setting in settings:
        name = await connection.fetchval("SELECT current_database()")
        await connection.execute(f"ALTER DATABASE {name} SET {setting}")
    await connection.close()
    watcher = await asyncpg.connect(database, timeout=10)
    assert await watcher.fetchval("SHOW synchronous_commit") == "off"
    await watcher.execute(
        "CREATE SCHEMA witness; CREATE TABLE witness.seen (setting text);"
        "CREATE FUNCTION witness.look() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
        " INSERT INTO witness.seen VALUES (current_setting('synchronous_commit')),"
        " (current_setting('transaction_isolation')); RETURN NULL; END$$"
    )
    async with await PostgresLog.open(database) as log:
        await watcher.execute(
            "CREATE TRIGGER look AFTER INSERT ON enquiry.stored_events"
            " FOR EACH STATEMENT EXECUTE FUNCTION witness.look()"
        )
        await log.append(notes(uuid4()))
    seen = await watcher.fetch("SELECT setting FROM witness.seen")
    assert [row["setting"] for row in seen] == ["on", "read committed"]
    await watcher.close()
