"""Copies of the embedded database, and coming back from them, with real engines."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest
from tests.log.examples import notes

from enquiry.engines import EngineError, engines
from enquiry.engines.backup import back_up, bases, copy_keys
from enquiry.engines.restore import restore
from enquiry.log.postgres import PostgresLog

NOWHERE = "nats://127.0.0.1:9"


async def written(url, count):
    async with await PostgresLog.open(url) as log:
        for _ in range(count):
            await log.append(notes(uuid4()))
        return await log.read_all()


async def held(data):
    async with (
        engines(data, nats_url=NOWHERE) as running,
        await PostgresLog.open(running.database_url) as log,
    ):
        return await log.read_all()


async def test_what_was_written_after_a_backup_comes_back_up_to_a_position_or_a_time(data, scratch):
    backups = scratch / "backups"
    async with engines(data, nats_url=NOWHERE) as running:
        await written(running.database_url, 3)
        base = await back_up(data, backups)
        await written(running.database_url, 2)
        between = datetime.now(UTC)
        await asyncio.sleep(0.05)
        every = await written(running.database_url, 2)
        await back_up(data, backups)
    assert (base.position, [one.position for one in bases(backups)]) == (3, [3, 7])

    told = await restore(backups, data, to=4)
    assert (told.position, told.base) == (4, base)
    assert told.aside is not None
    assert await held(data) == every[:4]

    told = await restore(backups, data, to=3)
    assert (told.position, await held(data)) == (3, every[:3])

    elsewhere = scratch / "elsewhere"
    told = await restore(backups, elsewhere, to=between)
    assert told.position == 5
    assert await held(elsewhere) == every[:5]

    told = await restore(backups, scratch / "whole")
    assert told.position == 7
    assert await held(scratch / "whole") == every


async def test_what_was_never_kept_cannot_be_restored(data, scratch):
    backups = scratch / "backups"
    with pytest.raises(EngineError, match="no base backup"):
        await restore(backups, scratch / "other")
    async with engines(data, nats_url=NOWHERE) as running:
        await written(running.database_url, 1)
    before = datetime.now(UTC)
    await back_up(data, backups)
    for to in (before, 9):
        with pytest.raises(EngineError, match=r"reaches back so far|ends at position 1"):
            await restore(backups, scratch / "other", to=to)
    assert not (scratch / "other" / "postgres").exists()


async def test_a_damaged_backup_is_not_restored(data, scratch):
    backups = scratch / "backups"
    base = await back_up(data, backups)
    path = backups / base.name / "global" / "pg_control"
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    with pytest.raises(EngineError, match=r"is damaged: .*pg_control"):
        await restore(backups, scratch / "other")


async def test_nothing_is_kept_before_the_first_backup(data):
    async with engines(data, nats_url=NOWHERE) as running:
        connection = await asyncpg.connect(running.database_url)
        assert await connection.fetchval("SHOW archive_mode") == "on"
        await connection.close()
    assert not (data / "archive-to").exists()


async def test_keys_are_copied_apart_and_never_into_one_place_with_the_database(data, scratch):
    (data / "keys").mkdir()
    (data / "keys" / "key-encryption-keys").write_text("secret")
    backups = scratch / "backups"
    for to in (backups, backups / "keys", data, scratch):
        with pytest.raises(EngineError, match="lies in"):
            copy_keys(data, to, backups)
    [copied] = copy_keys(data, scratch / "safe", backups)
    assert copied.read_text() == "secret"
    base = await back_up(data, backups)
    assert not list((backups / base.name).rglob("key-encryption-keys"))
