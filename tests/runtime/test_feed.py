"""The relay and the listener, with a real NATS that is late, lost, killed or behind."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import msgspec
import nats
import pytest
from nats.js.errors import NotFoundError
from structlog.testing import capture_logs
from tests.log.examples import HILLSIDE, MONDAY, NOTED, data_key, event, notes, sealed_note

from enquiry.engines.folder import open_data_folder
from enquiry.engines.nats import Nats
from enquiry.engines.progress import silence
from enquiry.log.memory import MemoryLog
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Append, NewEvent
from enquiry.runtime import feed, mirror, session
from enquiry.runtime.feed import Listener, Relay
from enquiry.runtime.mirror import name_of
from enquiry.runtime.reference import Reference, decoded, subject_of, subjects_of, token

SECONDS = 20.0
"""Longest that anything here may take."""
NOWHERE = "nats://127.0.0.1:9"


@pytest.fixture(autouse=True)
def brisk(monkeypatch):
    """What takes a moment in production takes less here."""
    monkeypatch.setattr(feed, "POLL_SECONDS", 0.1)
    monkeypatch.setattr(mirror, "ACK_SECONDS", 0.5)
    monkeypatch.setattr(session, "PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(session, "PAUSE_SECONDS_MAX", 0.1)


@asynccontextmanager
async def going(*runners) -> AsyncIterator[None]:
    """Let relays and listeners run meanwhile; none may end by itself."""
    tasks = [asyncio.create_task(runner.run()) for runner in runners]
    try:
        yield
        for task in tasks:
            assert not task.done(), task.exception()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(question, seconds: float = SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not question():  # noqa: ASYNC110 - a question rings no bell
            await asyncio.sleep(0.01)


@pytest.fixture
async def js(nats_url) -> AsyncIterator:
    client = await nats.connect(nats_url)
    yield client.jetstream()
    await client.close()


async def stream_name(js, log) -> str:
    return await js.find_stream_name_by_subject(subjects_of(log.id))


async def published(js, log) -> list[tuple[int, Reference]]:
    """Sequence and reference of every message, as the stream holds them."""
    return [(m.seq, decoded(m.data)) for m in await messages(js, log)]


async def messages(js, log) -> list:
    name = await stream_name(js, log)
    state = (await js.stream_info(name)).state
    wanted = range(state.first_seq, state.last_seq + 1) if state.messages else ()
    return [await js.get_msg(name, seq) for seq in wanted]


async def fill(log, number: int, at_once: int = 500):
    """A stream with so many notes."""
    walk = uuid4()
    for after in range(0, number, at_once):
        await log.append(notes(walk, after, min(at_once, number - after)))
    return walk


async def test_each_event_is_published_under_the_number_of_its_position(js, nats_url):
    log = MemoryLog()
    await fill(log, 5)
    relay = Relay(log, nats_url)
    async with going(relay):
        await until(lambda: relay.position == 5)
        await log.append(notes(uuid4(), 0, 2))
        await until(lambda: relay.position == 7)
    stored = await log.read_all()
    assert await published(js, log) == [
        (e.position, Reference(e.position, e.alliance, e.stream, e.revision, e.kind, e.id))
        for e in stored
    ]
    assert relay.lag == 0


async def test_the_subject_and_headers_say_where_an_event_belongs(js, nats_url):
    log = MemoryLog()
    walk = await fill(log, 1)
    relay = Relay(log, nats_url)
    async with going(relay):
        await until(lambda: relay.position == 1)
    (message,) = await messages(js, log)
    place = f"{log.id.hex}.{HILLSIDE.hex}.{walk.hex}"
    assert message.subject == f"enquiry.v1.{place}.learning-walk.note-recorded"
    assert message.headers["Nats-Msg-Id"] == f"{log.id}:1"
    assert message.headers["Nats-Expected-Last-Sequence"] == "0"


@pytest.mark.parametrize("name", ["", "a.b", "a*", ">", "a b", "é", "a_b", "a\r\nPUB x 0", "\x00"])
def test_a_name_is_one_token_whatever_it_contains(name):
    safe = token(name)
    assert safe
    assert set(safe) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def test_different_names_are_different_tokens():
    names = ["a.b", "a_b", "a-b", "ab", "a_2eb", "a b", ""]
    assert len({token(name) for name in names}) == len(names)


async def test_two_relays_that_race_over_a_backlog_neither_double_nor_miss_nor_swap(js, nats_url):
    log = MemoryLog()
    await fill(log, 5_000)
    one, two = Relay(log, nats_url), Relay(log, nats_url)
    heard: list[int] = []
    async with going(one, two):
        await until(lambda: one.position == two.position == 5_000)
        for _ in range(20):  # and when events come one at a time
            await log.append(notes(uuid4()))
            heard.append(await log.head())
            await until(lambda: one.position == two.position == heard[-1])
    state = (await js.stream_info(await stream_name(js, log))).state
    assert (state.first_seq, state.last_seq, state.messages) == (1, 5_020, 5_020)
    stored = {e.position: e.id for e in await log.read_all(0, 6_000)}
    read = await read_in_order(js, log, 5_020)
    assert read == [(position, position, stored[position]) for position in range(1, 5_021)]


async def read_in_order(js, log, number: int) -> list[tuple]:
    """(sequence, position, event) of everything that a consumer is given."""
    found: list[tuple] = []
    consumer = await js.subscribe(
        subjects_of(log.id), stream=await stream_name(js, log), ordered_consumer=True
    )
    while len(found) < number:
        message = await consumer.next_msg(SECONDS)
        reference = decoded(message.data)
        found.append((message.metadata.sequence.stream, reference.position, reference.event))
    await consumer.unsubscribe()
    return found


async def test_two_relays_publish_what_several_writers_record_in_postgresql(
    js, nats_url, postgres_url
):
    async with await PostgresLog.open(postgres_url, schema=f"log_{uuid4().hex}") as log:
        one, two = Relay(log, nats_url), Relay(log, nats_url)
        async with going(one, two):
            for _ in range(10):
                await asyncio.gather(*(log.append(notes(uuid4(), 0, 3)) for _ in range(20)))
            await until(lambda: one.position == two.position == 600)
        stored = [(e.position, e.id) for e in await log.read_all()]
        assert [(seq, ref.event) for seq, ref in await published(js, log)] == stored


async def test_without_nats_the_relay_starts_waits_and_says_how_far_behind_it_is():
    log = MemoryLog()
    relay = Relay(log, NOWHERE)
    listener = Listener(log.id, NOWHERE, lambda _: None)
    async with going(relay, listener):
        await fill(log, 3)
        await until(lambda: relay.lag == 3)


@asynccontextmanager
async def nats_server(data) -> AsyncIterator[SimpleNamespace]:
    """A server that can be stopped and started again, and is found where it was."""
    server = Nats(open_data_folder(data), silence)
    child = await server.start()
    await server.stop(child)
    running: list = []

    async def start() -> None:
        running.append(await server.start())

    async def stop() -> None:
        await server.stop(running.pop())

    def kill() -> None:
        os.kill(running[0].pid, signal.SIGKILL)

    try:
        yield SimpleNamespace(url=server.url, start=start, stop=stop, kill=kill)
    finally:
        while running:
            await stop()


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


async def until_rung(log, rung: list[int]) -> None:
    """Record until the listener, which hears nothing of what was before it, has heard one."""
    async with asyncio.timeout(SECONDS):
        while not rung:
            await log.append(notes(uuid4()))
            await asyncio.sleep(0.05)


async def until_there(js, log) -> None:
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                await stream_name(js, log)
            except NotFoundError:
                await asyncio.sleep(0.02)
            else:
                return


async def test_a_stream_deleted_while_events_pour_in_ends_without_a_gap(js, nats_url):
    log = MemoryLog()
    relay = Relay(log, nats_url)
    async with going(relay):
        for number in range(300):
            await log.append(notes(uuid4()))
            if number % 100 == 50:
                await until(lambda: relay.position > 0)
                await js.delete_stream(await stream_name(js, log))
            await asyncio.sleep(0.001)
        await until(lambda: relay.position == 300)
        await asyncio.sleep(0.3)
    stored = [(e.position, e.id) for e in await log.read_all()]
    assert [(seq, ref.event) for seq, ref in await published(js, log)] == stored


async def test_a_new_stream_begins_with_the_newest_events_only(js, nats_url):
    log = MemoryLog()
    await fill(log, 50)
    relay = Relay(log, nats_url, refill=10)
    async with going(relay):
        await until(lambda: relay.position == 50)
        await log.append(notes(uuid4()))
        await until(lambda: relay.position == 51)
    assert [seq for seq, _ in await published(js, log)] == list(range(41, 52))


async def test_a_stream_that_need_not_be_refilled_takes_the_next_event(js, nats_url):
    log = MemoryLog()
    await fill(log, 50)
    relay = Relay(log, nats_url, refill=0)
    async with going(relay):
        await until_there(js, log)
        await log.append(notes(uuid4()))
        await until(lambda: relay.position == 51)
    assert [seq for seq, _ in await published(js, log)] == [51]


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


@asynccontextmanager
async def restored_copy(database: str) -> AsyncIterator[tuple[str, list]]:
    """Take a copy of a database now; gives the address under which it can be put back later."""
    name = f"{urlsplit(database).path[1:]}_copy"
    source = urlsplit(database).path[1:]
    connection = await asyncpg.connect(urlunsplit(urlsplit(database)._replace(path="/postgres")))
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
    try:
        yield urlunsplit(urlsplit(database)._replace(path=f"/{name}"))
    finally:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()


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


class Rewound(MemoryLog):
    """A log whose database is restored underneath a running process."""

    def rewind(self, to: int) -> None:
        kept = self._events[:to]
        self.__dict__.update({**MemoryLog().__dict__, "_id": self.id, "_head": self._head})
        for stored in kept:
            self._events.append(stored)
            self._alliances.setdefault(stored.alliance, []).append(stored)
            self._streams.setdefault(stored.stream, []).append(stored)


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


async def test_two_logs_share_a_server_without_hearing_each_other(js, nats_url):
    ours, theirs = MemoryLog(), MemoryLog()
    rung: list[int] = []
    one, two = Relay(ours, nats_url), Relay(theirs, nats_url)
    async with going(one, two, Listener(ours.id, nats_url, rung.append)):
        await fill(theirs, 40)
        await until(lambda: two.position == 40)
        await until_rung(ours, rung)
    assert max(rung) <= await ours.head() < 40


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


async def test_what_is_no_reference_does_not_disturb_a_listener(nats_url):
    log = uuid4()
    rung: list[int] = []
    client = await nats.connect(nats_url)
    reference = Reference(7, uuid4(), uuid4(), 1, NOTED, uuid4())
    async with going(Listener(log, nats_url, rung.append)):
        for _ in range(200):
            for data in (b"", b"\xff", b"[]", b'{"position":"7"}', msgspec.json.encode(reference)):
                await client.publish(subject_of(log, reference), data)
            await asyncio.sleep(0.02)
            if rung:
                break
    await client.close()
    assert set(rung) == {7}


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


async def test_nothing_that_anybody_wrote_is_published_or_logged(js, nats_url):
    log, canary = MemoryLog(), "Canary-Kestrel-9271"
    walk, key = uuid4(), data_key(uuid4())
    key = msgspec.structs.replace(key, stream=walk)
    said = NewEvent(walk, 1, uuid4(), NOTED, b'{"data":{"text":"%s"}}' % canary.encode())
    await log.append(Append(HILLSIDE, (said,), {walk: 0}, MONDAY, canary.encode(), canary.encode()))
    await log.append(sealed_note(walk, 1, key, canary.encode(), new=True))
    relay = Relay(log, nats_url)
    with capture_logs() as lines:
        async with going(relay):
            await until(lambda: relay.position == 2)
            await js.delete_stream(await stream_name(js, log))
            await log.append(msgspec.structs.replace(notes(walk, 2), events=(event(walk, 3),)))
            await until(lambda: relay.position == 3)
    everything = [(m.subject, m.headers, m.data) for m in await messages(js, log)]
    assert len(everything) == 3
    assert canary in str(await log.read_all()), "the canary is where it belongs"
    assert canary not in str(everything)
    assert canary not in str(lines)
    assert nats_url.partition("://")[2].partition("@")[0] not in str(lines)


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
