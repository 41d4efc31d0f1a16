"""What the tables refuse, whoever asks: also their owner, with plain SQL."""

from uuid import uuid4

import asyncpg
import pytest
from tests.log.examples import data_key, notes, sealed_note


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET state = 'nicer'",
        "UPDATE stored_events SET state = 'nicer' WHERE false",
        "DELETE FROM stored_events",
        "TRUNCATE stored_events",
        "UPDATE idempotency SET first = 2",
        "DELETE FROM idempotency",
        "TRUNCATE idempotency",
        "UPDATE sealed SET ciphertext = 'other'",
        "TRUNCATE sealed",
        "DELETE FROM subject_keys",
        "TRUNCATE subject_keys",
        "UPDATE subject_keys SET subject = gen_random_uuid()",
        "UPDATE subject_keys SET commitment = 'other'",
        "UPDATE subject_keys SET id = gen_random_uuid()",
    ],
)
async def test_what_was_recorded_cannot_be_changed(log, connection, statement):
    walk = uuid4()
    await log.append(notes(walk, key=b"k"))
    await log.append(sealed_note(walk, 1, data_key(walk), b"text", new=True))
    before = await contents(connection)
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute(statement)
    assert await contents(connection) == before


async def test_a_ciphertext_may_be_deleted(log, connection):
    walk = uuid4()
    await log.append(sealed_note(walk, 0, data_key(walk), b"text", new=True))
    assert await connection.execute("DELETE FROM sealed") == "DELETE 1"


async def test_a_living_key_may_be_wrapped_anew(log, connection):
    walk = uuid4()
    key = data_key(walk)
    await log.append(sealed_note(walk, 0, key, b"text", new=True))
    await connection.execute("UPDATE subject_keys SET wrapped = 'anew'")
    rewrapped = await log.wrapped_key(key.id)
    assert rewrapped is not None
    assert rewrapped.wrapped == b"anew"


@pytest.mark.parametrize(
    "revival", ["SET state = 'living', wrapped = 'back'", "SET wrapped = 'back'"]
)
async def test_a_destroyed_key_stays_destroyed(log, connection, revival):
    walk = uuid4()
    key = data_key(walk)
    await log.append(sealed_note(walk, 0, key, b"text", new=True))
    await log.shred([key.id])
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute(f"UPDATE subject_keys {revival}")


async def contents(connection):
    tables = ("stored_events", "idempotency", "sealed", "subject_keys")
    return [await connection.fetch(f"SELECT * FROM {table}") for table in tables]
