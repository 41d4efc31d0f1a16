"""Waiting for the log to grow: a bell rung by whoever appends, and a poll for when it is missed."""

import asyncio

import pytest
from tests.log.examples import notes, stream_of
from tests.log.sessions import drop

from enquiry.log import bell
from enquiry.log.head import Head
from enquiry.log.postgres import PostgresLog

WALK = stream_of("walk")
FOR_EVER = 3600.0


@pytest.fixture
async def listening(log, other):
    """The log at head 1, of which it heard from another process: so it listens by now."""
    async with asyncio.timeout(10):
        waiting = asyncio.create_task(log.wait(0, FOR_EVER))
        await asyncio.sleep(0.1)  # let it look at the head first, and find nothing
        await other.append(notes(WALK))
        assert await waiting == 1
    return log


@pytest.fixture
def seldom(monkeypatch):
    """Nobody polls."""
    monkeypatch.setattr(bell, "POLL_SECONDS", FOR_EVER)


@pytest.fixture
def often(monkeypatch):
    monkeypatch.setattr(bell, "POLL_SECONDS", 0.02)


@pytest.mark.usefixtures("seldom")
async def test_an_append_of_another_process_rings_at_once(listening, other):
    async with asyncio.timeout(10):
        waiting = asyncio.create_task(listening.wait(1, FOR_EVER))
        await asyncio.sleep(0.1)
        await other.append(notes(WALK, 1))
        assert await waiting == 2


@pytest.mark.usefixtures("seldom")
async def test_all_who_wait_are_woken_and_each_by_what_concerns_them(listening, other):
    async with asyncio.timeout(10):
        waiting = [asyncio.create_task(listening.wait(after, FOR_EVER)) for after in (1, 1, 3)]
        await asyncio.sleep(0.1)
        await other.append(notes(WALK, 1))
        assert [await waiting[0], await waiting[1]] == [2, 2]
        assert not waiting[2].done()
        await other.append(notes(WALK, 2, 2))
        assert await waiting[2] == 4


@pytest.mark.usefixtures("often")
async def test_a_ring_that_is_missed_is_made_up_for_by_polling(monkeypatch, log, other):
    monkeypatch.setattr(bell, "CHANNEL", "where_nobody_rings")
    async with asyncio.timeout(10):
        waiting = asyncio.create_task(log.wait(0, FOR_EVER))
        await asyncio.sleep(0.1)
        await other.append(notes(WALK))
        assert await waiting == 1


@pytest.mark.usefixtures("often")
async def test_a_listener_that_lost_its_connection_comes_back(listening, other, connection):
    async with asyncio.timeout(10):
        waiting = asyncio.create_task(listening.wait(1, FOR_EVER))
        await asyncio.sleep(0.1)
        killed = await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE '%max(notification_id)%' AND pid <> pg_backend_pid()"
        )
        assert killed
        await other.append(notes(WALK, 1))
        assert await waiting == 2


async def test_the_bell_of_another_log_is_not_ours(postgres_url, schema, listening):
    async with await PostgresLog.open(postgres_url, schema=f"{schema}_b") as stranger:
        await stranger.append(notes(WALK, 0, 5))
        assert await listening.wait(1, 0.3) == 1
    await drop(postgres_url, f"{schema}_b")


@pytest.mark.usefixtures("seldom")
async def test_after_a_restore_whoever_waits_hears_of_the_next_event_at_once(
    postgres_url, schema, listening
):
    await listening.append(notes(WALK, 1, 3))
    await drop(postgres_url, schema)
    async with await PostgresLog.open(postgres_url, schema=schema) as restored:
        await restored.append(notes(WALK))
        async with asyncio.timeout(10):
            assert await listening.wait(1, 0.1) == 1, "the head of the lost history is forgotten"
            waiting = asyncio.create_task(listening.wait(1, FOR_EVER))
            await asyncio.sleep(0.1)
            await restored.append(notes(WALK, 1))
            assert await waiting == 2


def test_an_answer_that_was_overtaken_lowers_nothing():
    head = Head()
    head.rise(5)
    asked_at = head.position
    head.rise(6)
    head.learn(5, asked_at)
    assert head.position == 6
