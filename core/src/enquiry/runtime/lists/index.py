"""The index of streams: the projection behind every list, and the lists."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.log.promise import Log, StoredEvent
from enquiry.method.registry import Registry
from enquiry.method.rules import Reject
from enquiry.method.texts import MARK
from enquiry.runtime.lists.listing import people_of
from enquiry.runtime.lists.projection import Projection, Session
from enquiry.runtime.lists.queries import SQL, query
from enquiry.runtime.lists.shelf import Shelf
from enquiry.runtime.streams import Loaded, Streams

NAME = "stream_index"
VERSION = 1
PAGE = 100
"""Rows asked for at once."""
WORKING = ("run", "enquiry")
"""Kinds of stream in which people have something to do."""
_ENDLESS = 2**63 - 1
_DIGITS_MAX = 18


class Row(Struct, frozen=True, kw_only=True):
    """A stream, as the index has it."""

    stream: UUID
    alliance: UUID
    kind: str | None
    """run, enquiry, alliance or calendar; ``None`` while its method is not installed."""
    method: str
    version: int
    title: str | None
    """A reference to a sealed text; ``None`` where it has none, or one that is not sealed."""
    stage: str
    closed: bool
    revision: int
    position: int
    """Of its newest event."""
    opened_at: datetime
    updated_at: datetime
    people: tuple[UUID, ...]
    """Everybody in the cast, sorted; everybody known to it, for an alliance."""
    school: UUID | None
    enquiry: UUID | None


def row_of(loaded: Loaded) -> Row:
    """A stream as the index has it."""
    live, compiled = loaded.live, loaded.compiled
    state: Any = live.state
    return Row(
        stream=live.stream,
        alliance=live.alliance,
        kind=compiled.method.stream if compiled else None,
        method=live.method,
        version=live.version,
        title=_reference(getattr(state, "title", None)),
        stage=live.stage,
        closed=compiled is not None and compiled.is_final(live.stage),
        revision=live.revision,
        position=live.position,
        opened_at=live.opened_at,
        updated_at=live.updated_at,
        people=tuple(sorted(people_of(loaded))),
        school=getattr(state, "school", None),
        enquiry=getattr(state, "enquiry", None),
    )


def _reference(title: object) -> str | None:
    return title if isinstance(title, str) and title.startswith(MARK) else None


def stream_index(log: Log, registry: Registry) -> Projection:
    """The projection that keeps the index; what it remembers is for one projector.

    Args:
        log: from which a stream is read that is not in memory.
        registry: methods that fold the streams.
    """
    folding = _Folding(log, registry)
    return Projection(
        name=NAME,
        version=VERSION,
        ddl=(SQL / "stream_index.sql").read_text("utf-8"),
        apply=folding.apply,
        mend=folding.mend,
    )


class _Folding:
    """Folds each stream exactly up to its newest event of a batch, and writes one row for it."""

    def __init__(self, log: Log, registry: Registry) -> None:
        self._log = log
        self._registry = registry
        self._streams = Streams(log, registry)

    async def apply(self, session: Session, events: Sequence[StoredEvent]) -> None:
        by_stream: dict[UUID, list[StoredEvent]] = {}
        for event in events:
            by_stream.setdefault(event.stream, []).append(event)
        rows = [row_of(await self._folded(stream, its)) for stream, its in by_stream.items()]
        await _write(session, rows)

    async def _folded(self, stream: UUID, events: Sequence[StoredEvent]) -> Loaded:
        newest = events[-1]
        loaded = self._streams.move_on(stream, events)
        if loaded is None:  # not in memory: all that led here, to be kept from now on
            every = await self._streams.events(stream, newest.position)
            loaded = self._streams.move_on(stream, every)
        if loaded is None or loaded.live.revision != newest.revision:
            # In memory it is further on already: these events come again.
            loaded = await self._streams.at(stream, newest.position)
        if loaded is None:
            raise LookupError(f"stream {stream} cannot be read")
        return loaded

    async def mend(self, session: Session, position: int) -> None:
        """Fold again what was folded without its method, or with one that is gone by now."""
        self._streams = Streams(self._log, self._registry)
        installed = list(self._registry.methods)
        strange = await session.fetch(
            query("index_strange"), [id_ for id_, _ in installed], [v for _, v in installed]
        )
        rows: list[Row] = []
        for stream, at in strange:
            loaded = await self._streams.at(stream, min(at, position))
            if loaded is not None:
                rows.append(row_of(loaded))
        await _write(session, rows)


async def _write(session: Session, rows: Sequence[Row]) -> None:
    if rows:
        await session.execute(query("index_upsert"), msgspec.json.encode(rows).decode())


class Index:
    """The lists that the index answers; a ``Listing``. It says nothing of who may see a stream."""

    def __init__(self, shelf: Shelf) -> None:
        """Read what is active on this shelf."""
        self._shelf = shelf

    async def newest(
        self, person: UUID, kind: str, cursor: str | None, alliance: UUID | None
    ) -> AsyncIterator[tuple[str, UUID]]:
        """See ``Listing``."""

        async def page(before: int) -> list[Any]:
            arguments = (person, kind, before, alliance, PAGE)
            return await self._shelf.fetch(NAME, "index_newest", *arguments)

        async for found in _pages(page, cursor):
            yield found

    async def of_person(self, person: UUID, cursor: str | None) -> AsyncIterator[tuple[str, UUID]]:
        """See ``Listing``."""

        async def page(before: int) -> list[Any]:
            arguments = (person, WORKING, before, PAGE)
            return await self._shelf.fetch(NAME, "index_of_person", *arguments)

        async for found in _pages(page, cursor):
            yield found

    async def taken_part(self, person: UUID) -> AsyncIterator[UUID]:
        """See ``Listing``."""

        async def page(before: int) -> list[Any]:
            arguments = (person, WORKING, before, PAGE)
            return await self._shelf.fetch(NAME, "index_taken_part", *arguments)

        async for _, stream in _pages(page, None):
            yield stream

    async def of_alliance(
        self, alliance: UUID, kind: str, cursor: str | None
    ) -> AsyncIterator[tuple[str, UUID]]:
        """Streams of one kind, whoever asks, newest change first: (cursor after it, stream)."""

        async def page(before: int) -> list[Any]:
            return await self._shelf.fetch(NAME, "index_of_alliance", alliance, kind, before, PAGE)

        async for found in _pages(page, cursor):
            yield found

    async def open_streams(self) -> AsyncIterator[UUID]:
        """See ``Listing``."""
        after = UUID(int=0)
        while True:
            rows = await self._shelf.fetch(NAME, "index_open", WORKING, after, PAGE)
            for (stream,) in rows:
                yield stream
            if len(rows) < PAGE:
                return
            after = rows[-1][0]

    async def counts(self, alliance: UUID | None = None) -> Mapping[str, tuple[int, int]]:
        """How many streams there are of each kind, and how many of them are open."""
        rows = await self._shelf.fetch(NAME, "index_counts", alliance)
        return {kind: (every, still_open) for kind, every, still_open in rows}

    async def position(self) -> int:
        """See ``Listing``; 0 before the index has been built."""
        standing = await self._shelf.active(NAME)
        return standing.position if standing else 0

    async def reached(self, position: int, seconds: float) -> bool:
        """See ``Listing``."""
        return await self._shelf.reached(NAME, position, seconds)


async def _pages(
    page: Callable[[int], Awaitable[list[Any]]], cursor: str | None
) -> AsyncIterator[tuple[str, UUID]]:
    """Rows of one page after the other. A stream that changes meanwhile moves to the front."""
    before = _place(cursor)
    while True:
        rows = await page(before)
        for stream, position in rows:
            yield str(position), stream
        if len(rows) < PAGE:
            return
        before = rows[-1][1]


def _place(cursor: str | None) -> int:
    if cursor is None:
        return _ENDLESS
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > _DIGITS_MAX:
        raise Reject("VALIDATION_FAILED", "This cursor is not one of ours.", pointer="/cursor")
    return int(cursor)
