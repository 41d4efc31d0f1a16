"""Streams folded and kept: read once, then moved on by their own events."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.log.promise import Log, StoredEvent
from enquiry.method.compiled import Compiled
from enquiry.method.core_facts import Opened
from enquiry.method.entry import State
from enquiry.method.live import Facts, Live, envelope_of, evolve, instant, micros
from enquiry.method.method import Method
from enquiry.method.registry import Registry

KEPT_MAX = 4096
"""Streams kept in memory; beyond that the one unused for longest is dropped."""


class Loaded(Struct, frozen=True):
    """A stream as it stands, and the method that folds it; ``None``: the method is absent."""

    compiled: Compiled | None
    live: Live


_OPAQUE = Facts(
    Method(
        id="opaque",
        version=0,
        title="",
        state=State,
        roles=(),
        stages=(),
        moves=(),
        facts={},
        cast=lambda s: {},  # noqa: ARG005 - nobody takes part in what cannot be folded
    )
)
"""Folds what core itself records, for a stream whose method is not installed."""


class Streams:
    """The folded state of every stream that was used lately."""

    def __init__(self, log: Log, registry: Registry) -> None:
        """Read from ``log``; fold with the methods of ``registry``."""
        self._log = log
        self._registry = registry
        self._kept: OrderedDict[UUID, Loaded] = OrderedDict()

    def kept(self, stream: UUID) -> Loaded | None:
        """The stream as this process last saw it, perhaps behind; ``None`` if not in memory."""
        found = self._kept.get(stream)
        if found is not None:
            self._kept.move_to_end(stream)
        return found

    async def get(self, stream: UUID) -> Loaded | None:
        """The stream, from memory if it is there; ``None`` if it does not exist."""
        return self.kept(stream) or await self._load(stream)

    async def fresh(self, streams: Iterable[UUID]) -> dict[UUID, Loaded]:
        """The streams as they stand now, those that exist: one query finds out which have moved."""
        wanted = tuple(streams)
        revisions = await self._log.revisions(wanted)
        found: dict[UUID, Loaded] = {}
        for stream in wanted:
            if not revisions.get(stream, 0):
                continue
            loaded = self.kept(stream)
            if loaded is None or loaded.live.revision < revisions[stream]:
                loaded = await self.renew(stream)
            if loaded is not None:
                found[stream] = loaded
        return found

    async def renew(self, stream: UUID) -> Loaded | None:
        """Read what has been recorded since this process last looked."""
        loaded = self.kept(stream)
        if loaded is None:
            return await self._load(stream)
        news = await self._log.read_stream(stream, after=loaded.live.revision)
        return self.move_on(stream, news)

    def move_on(self, stream: UUID, events: Sequence[Any]) -> Loaded | None:
        """Fold these events in, if they follow on what is kept; otherwise forget the stream."""
        loaded = self._kept.get(stream)
        if loaded is None:
            return self._keep(stream, self._fold(events)) if _from_start(events) else None
        live = loaded.live
        facts = loaded.compiled.facts if loaded.compiled else _OPAQUE
        for event in events:
            if event.revision <= live.revision:
                continue
            if event.revision != live.revision + 1:
                del self._kept[stream]
                return None
            live = evolve(facts, live, event)
        return self._keep(stream, Loaded(loaded.compiled, live))

    async def at(
        self, stream: UUID, at: int | datetime, without: Collection[UUID] = ()
    ) -> Loaded | None:
        """The stream as it stood at a position or time, inclusive; ``None``: it did not exist.

        Facts whose ids are in ``without`` are passed over, as if they had never been: what was
        withdrawn since is not shown in the past either.
        """
        events = await self.events(stream, at)
        kept = [event for event in events if event.id not in without] if without else events
        return self._fold(kept) if kept else None

    async def events(self, stream: UUID, at: int | datetime | None = None) -> Sequence[StoredEvent]:
        """The stream's events up to a position or time, inclusive."""
        events = await self._log.read_stream(stream)
        if at is None:
            return events
        if isinstance(at, datetime):
            last = micros(at)
            return [event for event in events if event.recorded_at <= last]
        return [event for event in events if event.position <= at]

    def compiled(self, method: str, version: int) -> Compiled | None:
        """The method, if it is installed and sound."""
        return self._registry.methods.get((method, version))

    async def _load(self, stream: UUID) -> Loaded | None:
        events = await self._log.read_stream(stream)
        return self._keep(stream, self._fold(events)) if events else None

    def _fold(self, events: Sequence[Any]) -> Loaded:
        first = events[0]
        opened = _OPAQUE.decode(first, envelope_of(first.body))
        if not isinstance(opened, Opened):
            raise TypeError(f"stream {first.stream} does not begin with core/opened")
        compiled = self.compiled(opened.method, opened.method_version)
        if compiled is None:
            live = Live(first.stream, first.alliance, opened.method, opened.method_version, State())
        else:
            live = compiled.blank(first.stream, first.alliance)
        facts = compiled.facts if compiled else _OPAQUE
        for event in events:
            live = evolve(facts, live, event)
        return Loaded(compiled, live)

    def _keep(self, stream: UUID, loaded: Loaded) -> Loaded:
        self._kept[stream] = loaded
        self._kept.move_to_end(stream)
        if len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return loaded


def _from_start(events: Sequence[Any]) -> bool:
    return bool(events) and events[0].revision == 1


def states(loaded: Mapping[UUID, Loaded]) -> dict[UUID, Any]:
    """Just the states, for the surroundings of a decision."""
    return {stream: one.live.state for stream, one in loaded.items()}


__all__ = ["Loaded", "Streams", "instant", "states"]
