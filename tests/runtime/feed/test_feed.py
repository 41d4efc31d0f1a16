"""What the relay publishes and the listener hears, with a real NATS."""

import asyncio
from uuid import uuid4

import msgspec
import nats
import pytest
from structlog.testing import capture_logs
from tests.log.examples import HILLSIDE, MONDAY, NOTED, data_key, event, notes, sealed_note
from tests.runtime.feed.relays import (
    fill,
    going,
    messages,
    published,
    read_in_order,
    stream_name,
    until,
    until_rung,
    until_there,
)

from enquiry.log.memory import MemoryLog
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Append, NewEvent
from enquiry.runtime.feed.reference import Reference, subject_of, token
from enquiry.runtime.feed.relay import Listener, Relay


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


async def test_two_logs_share_a_server_without_hearing_each_other(js, nats_url):
    ours, theirs = MemoryLog(), MemoryLog()
    rung: list[int] = []
    one, two = Relay(ours, nats_url), Relay(theirs, nats_url)
    async with going(one, two, Listener(ours.id, nats_url, rung.append)):
        await fill(theirs, 40)
        await until(lambda: two.position == 40)
        await until_rung(ours, rung)
    assert max(rung) <= await ours.head() < 40


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
