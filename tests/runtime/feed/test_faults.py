"""The relay and the listener, with a NATS that is late, lost, killed, behind or somebody else's."""

import asyncio
import contextlib
import json
from uuid import uuid4

import nats
import pytest
from nats.js.errors import NotFoundError
from structlog.testing import capture_logs
from tests.log.examples import notes
from tests.runtime.feed.relays import (
    NOWHERE,
    SECONDS,
    Rewound,
    fill,
    going,
    nats_server,
    published,
    restored_copy,
    stream_name,
    until,
    until_rung,
    until_there,
)

from enquiry.log.memory import MemoryLog
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Unavailable
from enquiry.runtime.feed import session
from enquiry.runtime.feed.mirror import NAMES, Mirror, name_of
from enquiry.runtime.feed.reference import subjects_of
from enquiry.runtime.feed.relay import Listener, Relay


async def test_without_nats_the_relay_starts_waits_and_says_how_far_behind_it_is():
    log = MemoryLog()
    relay = Relay(log, NOWHERE)
    listener = Listener(log.id, NOWHERE, lambda _: None)
    async with going(relay, listener):
        await fill(log, 3)
        await until(lambda: relay.lag == 3)


async def test_a_relay_and_a_listener_that_start_before_nats_work_once_it_is_there(data):
    log = MemoryLog()
    rung: list[int] = []
    await fill(log, 3)
    async with nats_server(data) as server:
        relay, listener = Relay(log, server.url), Listener(log.id, server.url, rung.append)
        async with going(relay, listener):
            await until(lambda: relay.lag == 3)
            await server.start()
            await until(lambda: relay.position == 3)
            await until_rung(log, rung)


async def test_a_nats_that_is_stopped_or_killed_at_any_time_costs_nothing(data):
    log = MemoryLog()
    async with nats_server(data) as server:
        relay = Relay(log, server.url)
        async with going(relay):
            for end in (server.stop, server.kill, server.kill):
                await server.start()
                for number in range(100):
                    await log.append(notes(uuid4()))
                    if number == 50:
                        await until(lambda: relay.position > 0)
                        if end is server.kill:
                            server.kill()
                        await server.stop()
                    await asyncio.sleep(0)
            await server.start()
            await until(lambda: relay.position == 300)
        client = await nats.connect(server.url)
        found = await published(client.jetstream(), log)
        await client.close()
    assert [(seq, ref.event) for seq, ref in found] == [
        (e.position, e.id) for e in await log.read_all()
    ]


async def test_a_stream_that_is_deleted_is_made_again_and_filled_from_the_log(js, nats_url):
    log = MemoryLog()
    await fill(log, 10)
    relay = Relay(log, nats_url)
    async with going(relay):
        await until(lambda: relay.position == 10)
        await js.delete_stream(await stream_name(js, log))
        await until_there(js, log)  # without any event that would have to wait for it
        await log.append(notes(uuid4()))
        await until(lambda: relay.position == 11)
    stored = [(e.position, e.id) for e in await log.read_all()]
    assert [(seq, ref.event) for seq, ref in await published(js, log)] == stored


async def test_a_stream_deleted_while_events_pour_in_ends_without_a_gap(js, nats_url):
    log = MemoryLog()
    relay = Relay(log, nats_url)
    async with going(relay):
        for number in range(300):
            await log.append(notes(uuid4()))
            if number % 100 == 50:
                await until_there(js, log)  # again, where it was deleted before
                await js.delete_stream(await stream_name(js, log))
            await asyncio.sleep(0.001)
        await until(lambda: relay.position == 300)
        await asyncio.sleep(0.3)
    stored = [(e.position, e.id) for e in await log.read_all()]
    assert [(seq, ref.event) for seq, ref in await published(js, log)] == stored


async def test_a_stream_whose_messages_were_purged_goes_on_where_it_was(js, nats_url):
    log = MemoryLog()
    await fill(log, 20)
    relay = Relay(log, nats_url)
    async with going(relay):
        await until(lambda: relay.position == 20)
    await js.purge_stream(await stream_name(js, log))
    again = Relay(log, nats_url)
    async with going(again):
        await log.append(notes(uuid4()))
        await until(lambda: again.position == 21)
    assert [seq for seq, _ in await published(js, log)] == [21]
    assert again.epoch == relay.epoch


@pytest.mark.parametrize("grown", [0, 30])
async def test_a_restored_database_is_published_as_a_new_history(js, nats_url, database, grown):
    """Even when it has grown past what had been published before anybody looked."""
    async with await PostgresLog.open(database) as log:
        await fill(log, 10)
    async with restored_copy(database) as copy:
        async with await PostgresLog.open(database) as log:
            await fill(log, 10)
            relay = Relay(log, nats_url)
            async with going(relay):
                await until(lambda: relay.position == 20)
        old = relay.epoch
        resets: list[int] = []
        async with await PostgresLog.open(copy) as restored:
            assert restored.id == log.id
            await fill(restored, grown or 1)
            if not grown:
                assert await restored.head() < 20
            head = await restored.head()
            relay = Relay(restored, nats_url, on_reset=resets.append)
            async with going(relay):
                await until(lambda: relay.epoch not in ("", old) and relay.position == head)
                await restored.append(notes(uuid4()))
                await until(lambda: relay.position == head + 1)
            stored = [(e.position, e.id) for e in await restored.read_all()]
            assert [(seq, ref.event) for seq, ref in await published(js, restored)] == stored
            assert resets == [head]
            with pytest.raises(NotFoundError):
                await js.stream_info(name_of(log.id, old))


async def test_every_relay_and_listener_hears_that_the_history_is_another(js, nats_url):
    log = Rewound()
    await fill(log, 10)
    resets: dict[str, list[int]] = {"one": [], "two": [], "listener": []}
    one = Relay(log, nats_url, on_reset=resets["one"].append)
    two = Relay(log, nats_url, on_reset=resets["two"].append)
    rung: list[int] = []
    listener = Listener(log.id, nats_url, rung.append, on_reset=resets["listener"].append)
    async with going(one, two, listener):
        await until(lambda: one.position == two.position == 10)
        await until_rung(log, rung)
        old = one.epoch
        log.rewind(4)
        await until(lambda: one.epoch == two.epoch != old)
        await log.append(notes(uuid4()))
        await until(lambda: one.position == two.position == 5)
        await until(lambda: resets["listener"])
        await asyncio.sleep(0.3)
    assert len(resets["one"]) == len(resets["two"]) == len(resets["listener"]) == 1
    assert [seq for seq, _ in await published(js, log)] == [1, 2, 3, 4, 5]


async def test_of_streams_that_are_made_at_the_same_moment_all_relays_keep_one(js, nats_url):
    """The server takes several, whose subjects are the same, where it is asked at once."""
    clients = [await nats.connect(nats_url) for _ in range(6)]
    try:
        for _ in range(10):
            log = MemoryLog()
            mirrors = [Mirror(client, log.id) for client in clients]
            await asyncio.gather(*(mirror.begin(1) for mirror in mirrors))
            found = await asyncio.gather(*(mirror.find() for mirror in mirrors))
            assert len({one.epoch for one in found}) == 1
            asked = json.dumps({"subject": subjects_of(log.id)}).encode()
            answer = await clients[0].request(NAMES, asked)
            assert json.loads(answer.data)["streams"] == [name_of(log.id, found[0].epoch)]
            await mirrors[0].end(found[0].epoch)
    finally:
        for client in clients:
            await client.close()


class AwayOnce(Rewound):
    """A log that cannot be reached when it is asked for one event, the first time."""

    failures = 1

    async def read_all(self, after=0, limit=1000):
        if limit == 1 and self.failures:
            self.failures -= 1
            raise Unavailable("away")
        return await super().read_all(after, limit)


async def test_a_reset_is_told_also_where_the_log_was_away_when_it_was_noticed(nats_url):
    log = AwayOnce()
    await fill(log, 10)
    resets: list[int] = []
    relay = Relay(log, nats_url, on_reset=resets.append)
    async with going(relay):
        await until(lambda: relay.position == 10)
        old = relay.epoch
        log.rewind(4)
        await until(lambda: relay.epoch != old)
    assert (resets, log.failures) == ([4], 0)


async def test_something_foreign_in_the_stream_is_noticed_and_thrown_away(js, nats_url):
    log = MemoryLog()
    await fill(log, 5)
    relay = Relay(log, nats_url)
    async with going(relay):
        await until(lambda: relay.position == 5)
    await js.publish(f"enquiry.v1.{log.id.hex}.x", b"something else")
    await log.append(notes(uuid4()))
    again = Relay(log, nats_url)
    async with going(again):
        await until(lambda: again.position == 6 and again.epoch != relay.epoch)
    assert [ref.position for _, ref in await published(js, log)] == [1, 2, 3, 4, 5, 6]


async def test_a_listener_is_woken_by_what_is_published_and_comes_back_after_a_kill(data):
    log = MemoryLog()
    rung: list[int] = []
    async with nats_server(data) as server:
        relay = Relay(log, server.url)
        async with going(relay, Listener(log.id, server.url, rung.append)):
            for _ in range(2):
                await server.start()
                rung.clear()
                await until_rung(log, rung)
                server.kill()
                await server.stop()


async def test_a_server_that_forbids_the_stream_stops_nobody_from_recording(nats_url, js):
    """Here somebody's own stream covers our subjects."""
    log = MemoryLog()
    await js.add_stream(name=f"THEIRS_{log.id.hex}", subjects=[subjects_of(log.id)])
    relay = Relay(log, nats_url)
    with capture_logs() as lines:
        async with going(relay):
            await fill(log, 3)
            await until(lambda: relay.lag == 3)
            await until(lambda: any("Taken" in str(line) for line in lines))
        await js.delete_stream(f"THEIRS_{log.id.hex}")
    failures = [line for line in lines if "Taken" in str(line)]
    assert len(failures) == 1, "once, and not at every attempt"
    async with going(again := Relay(log, nats_url)):
        await until(lambda: again.position == 3)


async def test_a_relay_ends_at_whatever_moment_it_is_told_to(nats_url):
    log = MemoryLog()
    await fill(log, 2_000)
    for moment in range(30):
        relay = Relay(log, nats_url)
        task = asyncio.create_task(relay.run())
        await asyncio.sleep(moment * 0.004)
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=SECONDS)
        assert done
        assert task.cancelled()
        if relay.position == 2_000:
            await fill(log, 2_000)


async def test_a_cancellation_that_the_client_swallows_ends_the_task_all_the_same(nats_url):
    connected = asyncio.Event()

    async def swallows(client, lost) -> None:
        connected.set()
        with contextlib.suppress(asyncio.CancelledError):
            await lost.wait()

    task = asyncio.create_task(session.for_ever(nats_url, "test", swallows))
    await asyncio.wait_for(connected.wait(), SECONDS)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=SECONDS)
    assert done
