"""The composition root: the one module that knows which parts are real.

What the HTTP edge may call. Every method that takes an ``Asker`` shows only what that person may
see at the time of the call, and raises ``Reject("NOT_FOUND")`` for what they may not know exists.
"""

import time
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from msgspec import to_builtins

from enquiry.audit.proofs import Proofs
from enquiry.audit.signer import Signer
from enquiry.audit.store import TreeStore
from enquiry.kernel.alliance.state import Alliance, SchoolWord
from enquiry.log.promise import Log
from enquiry.method.registry import Registry
from enquiry.method.rules import Reject
from enquiry.privacy.keys import Keyring
from enquiry.privacy.source import KeySource
from enquiry.runtime.act import Writer
from enquiry.runtime.boxes import Boxes, MemoryBoxes
from enquiry.runtime.certificates import Certificates
from enquiry.runtime.changes import Changes
from enquiry.runtime.everywhere import Everywhere
from enquiry.runtime.evidence import Evidences
from enquiry.runtime.feed.relay import Relay
from enquiry.runtime.lag import lag
from enquiry.runtime.lists.listing import Listing
from enquiry.runtime.reading import At, Reader
from enquiry.runtime.recording import Recording
from enquiry.runtime.records import Records
from enquiry.runtime.streams import Streams
from enquiry.runtime.surroundings import ABSENT
from enquiry.runtime.tail import Tail
from enquiry.runtime.terms import (
    Asker,
    Behind,
    Change,
    Command,
    InboxItem,
    Outcome,
    Page,
    Representation,
    Reset,
)
from enquiry.runtime.texts import Opener, Rosters
from enquiry.runtime.timetable import Timetables

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The present instant, UTC. The only place where the time comes from."""
    return datetime.now(UTC)


class System:
    """Everything that runs, put together."""

    def __init__(
        self,
        log: Log,
        registry: Registry,
        source: KeySource,
        listing: Listing,
        clock: Clock = wall_clock,
        boxes: Boxes | None = None,
    ) -> None:
        """Stand on these parts.

        Args:
            log: real or in memory.
            registry: methods installed, the kernel's own among them.
            source: of the key-encryption key.
            listing: lists of streams: a projection, or a scan of the log in tests.
            clock: tells the time to whatever has no command that brings its own.
            boxes: keep what must not be recorded with an act; in memory, if not given.
        """
        self.log = log
        self.registry = registry
        self.clock = clock
        self.listing = listing
        self._streams = Streams(log, registry)
        self._keyring = Keyring(log, source, time.monotonic)
        opener = Opener(log, self._keyring)
        self._rosters = Rosters(opener)
        self._reader = Reader(self._streams, opener)
        recording = Recording(log, registry, self._streams, self._keyring)
        self._writer = Writer(
            log, registry, self._streams, recording, self._rosters, boxes or MemoryBoxes()
        )
        self.everywhere = Everywhere(log, self._streams, listing, recording)
        """Rights that somebody uses in every stream at once."""
        self.timetables = Timetables(log, listing, self._reader)
        """What each person is booked for."""
        self.certificates = Certificates(listing, self._streams, self._reader, opener)
        """Who took part in what."""
        self.records = Records(log, listing, self._streams, self._reader, opener)
        """What each person wrote."""
        self.evidence = Evidences(log, self._streams)
        """What a proof needs of the facts that somebody was shown."""
        self.tail = Tail(log, self._streams)
        self.relay: Relay | None = None
        """Publishes references; ``None`` where nobody listens."""
        self.trees: TreeStore | None = None
        """Tiles and checkpoints; ``None`` where nothing is signed (a log in memory)."""
        self.signer: Signer | None = None
        """Signs; ``None`` where another process does."""
        self._changes = Changes(self.tail, self._reader, clock)

    async def start(self) -> None:
        """Begin to follow the log."""
        await self.tail.start()

    async def stop(self) -> None:
        """End every stream of changes, then stop following."""
        await self.tail.stop()

    async def act(self, command: Command) -> Outcome:
        """Judge a command, record what it brings about, answer.

        Raises:
            Reject: with the code of the lowest unmet step.
            Preconditioned: a decision without ``if_match``.
            Unavailable: the log cannot be reached.
        """
        return await self._writer.act(command)

    async def read(
        self, asker: Asker, stream: UUID, now: datetime, at: At = None
    ) -> Representation:
        """A stream as this viewer may see it: state, actions with reasons, warnings, views."""
        return await self._reader.representation(await self._reader.see(asker, stream, now, at))

    async def view(
        self, asker: Asker, stream: UUID, name: str, now: datetime, at: At = None
    ) -> Any:
        """One read model, as plain JSON values with texts opened."""
        return await self._reader.view(await self._reader.see(asker, stream, now, at), name)

    async def history(
        self, asker: Asker, stream: UUID, cursor: str | None, limit: int, at: At = None
    ) -> Page:
        """Facts of a stream that this viewer may see, oldest first (items: ``HistoryItem``)."""
        seen = await self._reader.see(asker, stream, self.clock(), at)
        return await self._reader.history(seen, _revision(cursor), limit, at)

    async def streams(
        self,
        asker: Asker,
        stream: str,
        cursor: str | None,
        limit: int,
        alliance: UUID | None = None,
    ) -> Page:
        """Runs, enquiries or alliances this viewer may see, newest change first (``Summary``)."""
        found: list[Any] = []
        async for at, id_ in self.listing.newest(asker.person, stream, cursor, alliance):
            try:
                seen = await self._reader.see(asker, id_, self.clock())
            except Reject:
                continue
            if len(found) == limit:
                return Page(tuple(item for _, item in found), found[-1][0])
            found.append((at, await self._reader.summary(seen)))
        return Page(tuple(item for _, item in found), None)

    async def inbox(self, asker: Asker, now: datetime, cursor: str | None, limit: int) -> Page:
        """What this person can do now, over all their streams (items: ``InboxItem``)."""
        found: list[Any] = []
        async for at, id_ in self.listing.of_person(asker.person, cursor):
            try:
                seen = await self._reader.see(asker, id_, now)
            except Reject:
                continue
            shown = await self._reader.representation(seen)
            ready = tuple(action for action in shown.actions if action.allowed)
            if not ready and not shown.warnings:
                continue
            if len(found) == limit:
                return Page(tuple(item for _, item in found), found[-1][0])
            summary = await self._reader.summary(seen)
            found.append((at, InboxItem(run=summary, actions=ready, warnings=shown.warnings)))
        return Page(tuple(item for _, item in found), None)

    async def proofs(self, asker: Asker, alliance: UUID, now: datetime) -> Proofs | None:
        """What is proved of an alliance's history, for its members and whoever runs the platform.

        Digests only: they tell that something happened, never what, who or where. ``None``: nothing
        is signed here. Source: domain 4.1, the row of the audit log; 4.12.
        """
        if not asker.operator:
            seen = await self._reader.see(asker, alliance, now)
            if seen.then.alliance != alliance:
                raise Reject("NOT_FOUND", ABSENT)
        return Proofs(self.trees, alliance) if self.trees is not None else None

    def changes(self, asker: Asker, after: int | None) -> AsyncIterator[Change | Reset | None]:
        """Follow the log as this viewer may: ``None`` is a heartbeat (every 15 s at the latest)."""
        return self._changes.follow(asker, after)

    async def school_words(
        self, asker: Asker, alliance: UUID, now: datetime
    ) -> tuple[SchoolWord, ...]:
        """The words that this person's school uses in labels."""
        known = await self._streams.get(alliance)
        state = known.live.state if known is not None else None
        return state.words_for(asker.person, now) if isinstance(state, Alliance) else ()

    async def reached(self, position: int, seconds: float) -> None:
        """Wait until the views have reached this position.

        Raises:
            Behind: they have not, within this many seconds.
        """
        if not await self.listing.reached(position, seconds):
            raise Behind

    async def tick(self, now: datetime) -> int:
        """Run everything that is due; returns how many facts that recorded."""
        recorded = 0
        async for stream in self.listing.open_streams():
            recorded += await self._writer.tick(stream, now)
        return recorded

    def forget(self, keys: Iterable[UUID]) -> None:
        """Drop data keys and opened names from memory at once, because they are destroyed."""
        self._keyring.forget(keys)
        self._rosters.clear()

    async def heed(self) -> None:
        """Drop from memory what another process has destroyed."""
        if await self._keyring.heed():
            self._rosters.clear()

    async def health(self) -> dict[str, Any]:
        """Readiness: the log's head, how far the views are behind, methods in quarantine.

        ``unsigned``: of how many histories the signer refuses to sign more; ``None``: not here.
        ``wall``: ``up``, or why the second wall in the database is down.
        """
        head = await self.log.head()
        followers = {"views": await self.listing.position()}
        if self.relay is not None:
            followers["relayed"] = self.relay.position
        return {
            "head": head,
            **followers,
            "lag": {
                name: to_builtins(await lag(self.log, position, self.clock()))
                for name, position in followers.items()
            },
            "unsigned": len(self.signer.refused) if self.signer is not None else None,
            "wall": getattr(self.log, "wall_down", None) or "up",
            "quarantined": [
                one.name for one in self.registry.listed if one.status == "quarantined"
            ],
        }


def _revision(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 12:
        raise Reject("VALIDATION_FAILED", "This cursor is not one of ours.", pointer="/cursor")
    return int(cursor)


__all__ = ["At", "System", "wall_clock"]
