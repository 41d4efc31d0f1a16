"""Live updates: notices that something a viewer can see has changed, authorised afresh for each."""

import hashlib
from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from uuid import UUID

import msgspec

from enquiry.log.promise import StoredEvent
from enquiry.method.rules import Reject
from enquiry.method.visible import visible
from enquiry.runtime.reading import Reader
from enquiry.runtime.tail import Tail
from enquiry.runtime.terms import Asker, Change, Representation, Reset

HEARTBEAT_SECONDS = 15.0
SEEN_MAX = 1000
"""Streams whose last look is remembered for one follower."""


class Changes:
    """What one viewer follows."""

    def __init__(self, tail: Tail, reader: Reader, clock: Callable[[], datetime]) -> None:
        """Events come from ``tail``; what may be seen is asked of ``reader`` at ``clock``."""
        self._tail = tail
        self._reader = reader
        self._clock = clock

    async def follow(
        self, asker: Asker, after: int | None
    ) -> AsyncGenerator[Change | Reset | None]:
        """Changes after a position, or from now on; ``None`` is a heartbeat."""
        async with self._tail.followed(after):
            async for change in self._follow(asker, after):
                yield change

    async def _follow(
        self, asker: Asker, after: int | None
    ) -> AsyncGenerator[Change | Reset | None]:
        position = self._tail.position if after is None else after
        if not self._tail.reaches_back_to(position) or position > await self._tail.head():
            position = self._tail.position
            yield Reset(position)
        looks: dict[UUID, bytes | None] = {}
        history = self._tail.history
        while not self._tail.ended:
            if history != self._tail.history or not self._tail.reaches_back_to(position):
                history, position = self._tail.history, self._tail.position
                yield Reset(position)
            events = self._tail.after(position)
            for event in events:
                change = await self._change(asker, event, looks)
                if change is not None:
                    yield change
            if events:
                position = events[-1].position
                continue
            yield None
            await self._tail.wait(position, HEARTBEAT_SECONDS)

    async def _change(
        self, asker: Asker, event: StoredEvent, looks: dict[UUID, bytes | None]
    ) -> Change | None:
        now = self._clock()
        before = looks.get(event.stream, b"")
        if before == b"":
            before = await self._look(asker, event.stream, now, event.position - 1)
        after = await self._look(asker, event.stream, now, None)
        if len(looks) >= SEEN_MAX:
            looks.clear()
        looks[event.stream] = after
        if after is None:
            return None
        if before == after and not await self._concerns(asker, event, now):
            return None
        seen = await self._reader.see(asker, event.stream, now)
        kind = seen.compiled.method.stream
        return Change(event.position, event.stream, kind, event.revision)

    async def _look(
        self, asker: Asker, stream: UUID, now: datetime, at: int | None
    ) -> bytes | None:
        """A digest of how the stream looks to this viewer; ``None``: it does not exist for them."""
        try:
            seen = await self._reader.see(asker, stream, now, at)
            return _digest(await self._reader.representation(seen))
        except Reject:
            return None

    async def _concerns(self, asker: Asker, event: StoredEvent, now: datetime) -> bool:
        """Whether the viewer sees the fact itself, or lost sight of something through it."""
        try:
            seen = await self._reader.see(asker, event.stream, now)
            recorded = seen.compiled.facts.recorded(event)
        except Reject:
            return False
        if recorded is None:
            return False
        if visible(seen.compiled, seen.scene.live, recorded, seen.viewer) is not None:
            return True
        return await self._reader.lost_sight(seen, event.position)


def _digest(shown: Representation) -> bytes:
    still = msgspec.structs.replace(
        shown, revision=0, position=0, updated_at=shown.opened_at, actions=()
    )
    return hashlib.sha256(msgspec.json.encode(still)).digest()
