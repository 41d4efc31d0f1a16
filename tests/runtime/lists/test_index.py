"""The index of streams: always what a fresh fold says, and the same lists as a scan of the log."""

import asyncio
import itertools
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import msgspec
import pytest
from tests.runtime.conftest import system_over
from tests.runtime.lists.shelves import SECONDS, projecting, shelf_in, until

from enquiry.kernel.methods import KERNEL
from enquiry.log.memory import MemoryLog
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Append, NewEvent
from enquiry.method.live import Envelope
from enquiry.method.registry import load
from enquiry.method.rules import Reject
from enquiry.runtime import streams
from enquiry.runtime.lists import index as indexes
from enquiry.runtime.lists.index import NAME, Index, Row, row_of, stream_index
from enquiry.runtime.lists.listing import Scan
from enquiry.runtime.lists.scratch import rebuild
from enquiry.runtime.lists.shelf import NotBuilt
from enquiry.runtime.streams import Streams

TITLE = "Feedback in Year 6"


@pytest.fixture
async def log(request, postgres_url):
    """In memory, unless a test asks for both kinds."""
    if getattr(request, "param", "memory") == "memory":
        yield MemoryLog()
        return
    async with await PostgresLog.open(postgres_url, schema=f"log_{uuid4().hex}") as opened:
        yield opened


both_logs = pytest.mark.parametrize("log", ["memory", "postgres"], indirect=True)


async def tell(scene) -> list[UUID]:
    """A story with several streams that change in turns; one of the notebooks is closed."""
    one = await scene.notebook("Kelly", "Amina")
    two = await scene.notebook("Kelly")
    await scene.note("Kelly", "Amina", "What a good question", one)
    await scene.note("Petra", "Kelly", "Pupils ask each other", two)
    await scene.do("Amina", "withdraw", {}, one)
    await scene.do("Petra", "close-notebook", {}, two, if_match=99 and await at(scene, two))
    await scene.ally("Nasreen", "add-person", {"name": "Wilf Adler"})
    three = await scene.notebook()
    await scene.do("Petra", "add-guest", {"person": str(scene.people["Amina"])}, three)
    return [one, two, three]


async def at(scene, stream: UUID) -> int:
    return (await scene.system.read(scene.who("Petra"), stream, scene.now)).revision


async def rows_in(shelf, schema: str | None = None) -> dict[UUID, Row]:
    """What the table says, stream by stream."""
    schema = schema or (await shelf.active(NAME)).schema
    names = [field.name for field in msgspec.structs.fields(Row)]
    found = await shelf.pool.fetch(f'SELECT {", ".join(names)} FROM "{schema}".stream_index')
    rows = [Row(**{**dict(row), "people": tuple(row["people"])}) for row in found]
    return {row.stream: row for row in rows}


async def fresh(log, registry, upto: int) -> dict[UUID, Row]:
    """What a fold from nothing says, stream by stream, as of a position."""
    ids = {event.stream for event in await log.read_all(0, 10_000) if event.position <= upto}
    folded = [await Streams(log, registry).at(stream, upto) for stream in ids]
    return {loaded.live.stream: row_of(loaded) for loaded in folded}


@asynccontextmanager
async def indexing(log, registry, shelf, **how):
    """The index, kept up to date meanwhile."""
    async with projecting(log, shelf, stream_index(log, registry), **how):
        index = Index(shelf)
        assert await index.reached(await log.head(), SECONDS)
        yield index


@both_logs
@pytest.mark.parametrize("batch", [1, 3, 500])
async def test_every_row_is_what_a_fresh_fold_of_its_stream_says(
    scene, log, registry, shelf, batch
):
    await tell(scene)
    async with indexing(log, registry, shelf, batch=batch) as index:
        first = await log.head()
        assert await rows_in(shelf) == await fresh(log, registry, first)
        await tell(scene)  # and when it follows what happens
        assert await index.reached(await log.head(), SECONDS)
        rows = await rows_in(shelf)
    assert rows == await fresh(log, registry, await log.head())
    assert {row.kind for row in rows.values()} == {"alliance", "run"}
    assert sum(row.closed for row in rows.values()) == 2
    assert all(list(row.people) == sorted(row.people) for row in rows.values())


async def test_every_row_is_exact_at_every_position_on_the_way(scene, log, registry, shelf):
    await tell(scene)
    head = await log.head()
    for upto in range(1, head + 1, 4):
        scratch = f"{shelf.schema}_at_{upto}"
        assert (
            await rebuild(log, shelf.pool, stream_index(log, registry), scratch, upto, batch=3)
            == ()
        )
        assert await rows_in(shelf, scratch) == await fresh(log, registry, upto)


async def test_a_fold_that_has_to_forget_most_streams_is_as_exact(
    scene, log, registry, shelf, monkeypatch
):
    monkeypatch.setattr(streams, "KEPT_MAX", 2)
    await tell(scene)
    async with indexing(log, registry, shelf, batch=2):
        assert await rows_in(shelf) == await fresh(log, registry, await log.head())


async def test_events_that_come_again_after_later_ones_give_the_rows_of_their_own_time(
    scene, log, registry, shelf
):
    """As where a transaction failed, and the next one brings less."""
    (one, *_) = await tell(scene)
    projection = stream_index(log, registry)
    scratch = f"{shelf.schema}_again"
    await rebuild(log, shelf.pool, projection, scratch, 0)
    events = await log.read_all(0, 10_000)
    its = [event for event in events if event.stream == one]
    async with shelf.pool.acquire() as connection:
        await connection.execute(f'SET search_path = "{scratch}"')
        await projection.apply(connection, events)
        for event in its[1:]:
            await projection.apply(connection, [event])
            row = (await rows_in(shelf, scratch))[one]
            assert row == (await fresh(log, registry, event.position))[one]


async def test_a_projector_that_crashes_midway_ends_with_exact_rows(scene, log, registry, shelf):
    await tell(scene)
    crashes = itertools.chain([False, True, True, False, True], itertools.repeat(False))
    sound = stream_index(log, registry)

    async def apply(connection, events) -> None:
        await sound.apply(connection, events)
        if next(crashes):
            raise ConnectionResetError("the machine is gone")

    fragile = msgspec.structs.replace(sound, apply=apply)
    async with projecting(log, shelf, fragile, batch=5):
        assert await Index(shelf).reached(await log.head(), SECONDS)
    assert await rows_in(shelf) == await fresh(log, registry, await log.head())


async def listed(listing, name: str, *arguments) -> list:
    return [found async for found in getattr(listing, name)(*arguments)]


@both_logs
async def test_the_lists_are_those_of_a_scan_of_the_log(scene, log, registry, shelf, monkeypatch):
    monkeypatch.setattr(indexes, "PAGE", 2)
    await tell(scene)
    scan = Scan(log, Streams(log, registry))
    people = [*scene.people.values(), uuid4()]
    compared = 0
    async with indexing(log, registry, shelf) as index:
        cursors = [None, *(str(place) for place in range(1, await log.head() + 2, 7))]
        alliances = (None, scene.alliance, uuid4())
        kinds = ("run", "enquiry", "alliance", "calendar", "nonsense")
        for asked in itertools.product(people, kinds, cursors[:3], alliances):
            mine = await listed(index, "newest", *asked)
            assert mine == await listed(scan, "newest", *asked), asked
            compared += len(mine)
        for asked in itertools.product(people, cursors):
            mine = await listed(index, "of_person", *asked)
            assert mine == await listed(scan, "of_person", *asked), asked
            compared += len(mine)
        for asked in people:
            mine = await listed(index, "taken_part", asked)
            assert mine == await listed(scan, "taken_part", asked), asked
            compared += len(mine)
        open_ones = await listed(index, "open_streams")
        assert sorted(open_ones) == sorted(await listed(scan, "open_streams"))
    assert compared > 30, "there was something to compare"
    assert len(open_ones) == 2


@both_logs
async def test_whoever_wrote_reads_what_they_wrote(log, registry, key_source, shelf, scene):
    async with indexing(log, registry, shelf) as index:
        scene.system.listing = index
        opened = await scene.do("Petra", "open-notebook", scene.titled(TITLE))
        await scene.system.reached(opened.position, SECONDS)
        page = await scene.system.streams(scene.who("Petra"), "run", None, 10)
        assert [item.id for item in page.items] == [opened.stream]
        assert page.items[0].title == TITLE
        inbox = await scene.system.inbox(scene.who("Petra"), scene.now, None, 10)
        assert [item.run.id for item in inbox.items] == [opened.stream]


async def test_pages_follow_on_each_other_by_their_cursors(scene, log, registry, shelf):
    made = [await scene.notebook() for _ in range(5)]
    async with indexing(log, registry, shelf) as index:
        petra, seen, cursor = scene.people["Petra"], [], None
        while found := (await listed(index, "of_person", petra, cursor))[:2]:
            seen += [stream for _, stream in found]
            cursor = found[-1][0]
    assert seen == made[::-1]


async def test_an_alliance_is_listed_and_counted_by_kind(scene, log, registry, shelf):
    made = await tell(scene)
    async with indexing(log, registry, shelf) as index:
        newest = [
            stream for _, stream in await listed(index, "of_alliance", scene.alliance, "run", None)
        ]
        assert sorted(newest) == sorted(made)
        assert await index.counts(scene.alliance) == {"run": (3, 2), "alliance": (1, 1)}
        assert await index.counts() == await index.counts(scene.alliance)
        assert await index.counts(uuid4()) == {}


@pytest.mark.parametrize("cursor", ["", "-1", "1.5", "٣", "x", "9" * 19, "1; DROP TABLE"])
async def test_a_cursor_that_is_not_ours_is_refused(scene, log, registry, shelf, cursor):
    async with indexing(log, registry, shelf) as index:
        for name, asked in (("of_person", ()), ("newest", ("run",)), ("of_alliance", ("run",))):
            rest = (None,) if name == "newest" else ()
            with pytest.raises(Reject) as refusal:
                await listed(index, name, scene.people["Petra"], *asked, cursor, *rest)
            assert refusal.value.code == "VALIDATION_FAILED"


async def test_before_the_index_is_built_a_list_says_that_it_is_behind(shelf):
    index = Index(shelf)
    assert await index.position() == 0
    assert not await index.reached(0, 0)
    with pytest.raises(NotBuilt):
        await listed(index, "of_person", uuid4(), None)


async def test_what_people_wrote_is_in_no_row(scene, log, registry, shelf):
    await tell(scene)
    async with indexing(log, registry, shelf):
        rows = await rows_in(shelf)
    everything = str(rows)
    assert sum(row.title is not None for row in rows.values()) == 3, "references, not texts"
    for text in (TITLE, "Calder", "Petra", "Nasreen", "Wilf", "What a good question"):
        assert text not in everything


def junk(alliance: UUID, stream: UUID, revision: int, kind: str, body: bytes) -> Append:
    event = NewEvent(stream, revision, uuid4(), kind, body)
    return Append(alliance, (event,), {stream: revision - 1}, 1)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("notebook/guest-added", b'{"person":"Canary-Kestrel-9271"}'),
        ("notebook/guest-added", b"[]"),
        ("core/stage-entered", b'{"stage":7}'),
    ],
)
async def test_an_event_that_cannot_be_read_parks_its_stream_and_no_other(
    scene, log, registry, shelf, kind, data
):
    one, two, three = await tell(scene)
    before = (await fresh(log, registry, await log.head()))[one]
    envelope = Envelope(by=uuid4(), data=msgspec.Raw(data), act=uuid4())
    body = msgspec.json.encode(envelope)
    await log.append(junk(scene.alliance, one, before.revision + 1, kind, body))
    async with indexing(log, registry, shelf) as index:
        opened = await scene.do("Petra", "open-notebook", scene.titled(TITLE))
        assert await index.reached(opened.position, SECONDS)
        rows = await rows_in(shelf)
        (parked,) = await shelf.parked(NAME, 1)
    assert rows[one] == before, "as of its last good event"
    assert set(rows) == {scene.alliance, one, two, three, opened.stream}
    assert (parked.stream, parked.kind) == (one, kind)
    assert parked.reason.startswith("ValidationError ")
    assert "Canary" not in parked.reason


async def test_bytes_that_are_no_event_at_all_stop_nobody(registry, shelf):
    log, alliance = MemoryLog(), uuid4()
    for body in (b"", b"\xff\x00", b"null", b"[" * 10_000):
        await log.append(junk(alliance, uuid4(), 1, "core/opened", body))
    async with indexing(log, registry, shelf):
        assert await rows_in(shelf) == {}
        assert len(await shelf.parked(NAME, 1)) == 4


async def test_streams_of_a_method_that_is_absent_wait_until_it_is_back(
    scene, log, registry, shelf
):
    made = await tell(scene)
    without = load(builtins=KERNEL, points=())
    async with indexing(log, without, shelf) as index:
        rows = await rows_in(shelf)
        assert {rows[stream].kind for stream in made} == {None}
        assert [rows[stream].method for stream in made] == ["notebook"] * 3
        assert await listed(index, "open_streams") == []
        assert await listed(index, "of_person", scene.people["Petra"], None) == []
    for present in (registry, without, registry):
        upto = await log.head()
        async with indexing(log, present, shelf):
            await until(lambda now=present, to=upto: same(shelf, log, now, to))
    assert {row.kind for row in (await rows_in(shelf)).values()} == {"alliance", "run"}


async def same(shelf, log, registry, upto: int) -> bool:
    return await rows_in(shelf) == await fresh(log, registry, upto)


async def test_lists_stay_whole_while_the_index_is_built_anew(
    scene, log, registry, shelf, postgres_url
):
    made = await tell(scene)
    petra = scene.people["Petra"]
    seen: set[tuple] = set()
    done = asyncio.Event()

    async def read() -> None:
        async with shelf_in(postgres_url, shelf.schema) as reading:
            while not done.is_set():
                seen.add(tuple(await listed(Index(reading), "of_person", petra, None)))

    async with indexing(log, registry, shelf) as index:
        expected = tuple(await listed(index, "of_person", petra, None))
        reader = asyncio.create_task(read())
        second = msgspec.structs.replace(stream_index(log, registry), version=2)
        async with projecting(log, shelf, second, batch=2):
            await until(lambda: active_version(shelf, 2))
        done.set()
        await asyncio.wait_for(reader, SECONDS)
    assert seen == {expected}
    assert {stream for _, stream in expected} < set(made)


async def active_version(shelf, version: int) -> bool:
    return (await shelf.active(NAME)).version == version


async def test_two_systems_over_one_log_see_one_index(scene, log, registry, key_source, shelf):
    """One process writes and projects, the other only reads."""
    other = system_over(log, registry, key_source)
    async with indexing(log, registry, shelf):
        other.listing = Index(shelf)
        opened = await scene.do("Petra", "open-notebook", scene.titled(TITLE))
        await other.reached(opened.position, SECONDS)
        page = await other.streams(scene.who("Petra"), "run", None, 10)
        assert [item.id for item in page.items] == [opened.stream]
