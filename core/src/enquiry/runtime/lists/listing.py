"""Lists of streams: what the index answers, and the reference that scans the log."""

from collections.abc import AsyncIterator
from typing import Protocol
from uuid import UUID

from enquiry.kernel.alliance.state import Alliance
from enquiry.log.promise import Log
from enquiry.runtime.streams import Loaded, Streams


class Listing(Protocol):
    """Which streams there are. It says nothing of who may see them."""

    def newest(
        self, person: UUID, kind: str, cursor: str | None, alliance: UUID | None
    ) -> AsyncIterator[tuple[str, UUID]]:
        """Streams of one kind in the alliances this person belongs to, newest change first.

        Yields (cursor after this one, stream).
        """
        ...

    def of_person(self, person: UUID, cursor: str | None) -> AsyncIterator[tuple[str, UUID]]:
        """Open runs and enquiries in which this person has a role, newest change first."""
        ...

    def taken_part(self, person: UUID) -> AsyncIterator[UUID]:
        """Runs and enquiries in which this person has a role, also from outside; closed ones too.

        Newest change first; one that changes meanwhile may come again.
        """
        ...

    def open_streams(self) -> AsyncIterator[UUID]:
        """Runs and enquiries that are not closed, for timers."""
        ...

    async def position(self) -> int:
        """Position up to which the lists are true."""
        ...

    async def reached(self, position: int, seconds: float) -> bool:
        """Whether the lists have reached this position, waiting for so long at most."""
        ...


def people_of(loaded: Loaded) -> frozenset[UUID]:
    """Everybody who has a role in a stream; everybody known to it, for an alliance."""
    if loaded.compiled is None:
        return frozenset()
    state = loaded.live.state
    cast = loaded.compiled.cast(state)
    found = {person for people in cast.values() for person in people}
    if isinstance(state, Alliance):
        found |= state.people.keys()
    return frozenset(found)


class Scan:
    """The reference: reads the whole log at each question. For tests and small tools."""

    def __init__(self, log: Log, streams: Streams) -> None:
        """Fold with ``streams``."""
        self._log = log
        self._streams = streams

    async def _all(self) -> list[Loaded]:
        last: dict[UUID, int] = {}
        position = 0
        while events := await self._log.read_all(position):
            for event in events:
                last[event.stream] = event.position
            position = events[-1].position
        found = [one for id_ in last if (one := await self._streams.renew(id_)) is not None]
        return sorted(found, key=lambda one: -one.live.position)

    async def newest(
        self, person: UUID, kind: str, cursor: str | None, alliance: UUID | None
    ) -> AsyncIterator[tuple[str, UUID]]:
        """See ``Listing``."""
        every = await self._all()
        mine = {
            one.live.alliance
            for one in every
            if isinstance(one.live.state, Alliance) and person in people_of(one)
        }
        for one in every:
            if one.compiled is None or one.compiled.method.stream != kind:
                continue
            if one.live.alliance not in mine or alliance not in (None, one.live.alliance):
                continue
            if cursor is None or one.live.position < int(cursor):
                yield str(one.live.position), one.live.stream

    async def of_person(self, person: UUID, cursor: str | None) -> AsyncIterator[tuple[str, UUID]]:
        """See ``Listing``."""
        for one in await self._all():
            if one.compiled is None or one.compiled.method.stream not in ("run", "enquiry"):
                continue
            if one.compiled.is_final(one.live.stage) or person not in people_of(one):
                continue
            if cursor is None or one.live.position < int(cursor):
                yield str(one.live.position), one.live.stream

    async def taken_part(self, person: UUID) -> AsyncIterator[UUID]:
        """See ``Listing``."""
        for one in await self._all():
            kind = one.compiled.method.stream if one.compiled is not None else None
            if kind in ("run", "enquiry") and person in people_of(one):
                yield one.live.stream

    async def open_streams(self) -> AsyncIterator[UUID]:
        """See ``Listing``."""
        for one in await self._all():
            if one.compiled is None or one.compiled.method.stream not in ("run", "enquiry"):
                continue
            if not one.compiled.is_final(one.live.stage):
                yield one.live.stream

    async def position(self) -> int:
        """See ``Listing``."""
        return await self._log.head()

    async def reached(self, position: int, seconds: float) -> bool:
        """See ``Listing``."""
        del seconds
        return position <= await self._log.head()
