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
from enquiry.method.live import Live, envelope_of, evolve, instant, micros
from enquiry.method.registry import Registry
from enquiry.runtime.dormant import OPAQUE, blank

KEPT_MAX = 4096
"""Streams kept in memory; beyond that the one unused for longest is dropped."""

PAST_MAX = 64
"""Streams of which past states are kept in memory."""
PAST_EACH_MAX = 4
"""Past states of one stream that are kept."""
PART = 2000
"""Events of one stream that are read at once on the way to a past state."""


class Loaded(Struct, frozen=True):
    """A stream as it stands, and the method that folds it; ``None``: the method is absent."""

    compiled: Compiled | None
    live: Live


class Streams:
    """The folded state of every stream that was used lately."""

    def __init__(self, log: Log, registry: Registry) -> None:
        """Read from ``log``; fold with the methods of ``registry``."""
        self._log = log
        self._registry = registry
        self._kept: OrderedDict[UUID, Loaded] = OrderedDict()
        self._past: OrderedDict[tuple[UUID, frozenset[UUID]], tuple[Loaded, ...]] = OrderedDict()
        """Past states that were asked for lately, by stream and what they pass over."""

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
        facts = loaded.compiled.facts if loaded.compiled else OPAQUE
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
        passed_over = frozenset(without)
        known = self._before(stream, at, passed_over)
        events = await self._since(stream, at, known.live.revision if known else 0)
        kept = [event for event in events if event.id not in passed_over]
        if known is None:
            found = self._fold(kept) if kept else None
        else:
            facts = known.compiled.facts if known.compiled else OPAQUE
            live = known.live
            for event in kept:
                live = evolve(facts, live, event)
            found = Loaded(known.compiled, live)
        if found is not None:
            self._remember(stream, passed_over, found)
        return found

    async def events(self, stream: UUID, at: int | datetime | None = None) -> Sequence[StoredEvent]:
        """The stream's events up to a position or time, inclusive."""
        return await self._log.read_stream(stream) if at is None else await self._since(stream, at)

    async def _since(
        self, stream: UUID, at: int | datetime, after: int = 0
    ) -> Sequence[StoredEvent]:
        """Events behind a revision, up to a position or time; reads little beyond that."""
        found: list[StoredEvent] = []
        while True:
            part = await self._log.read_stream(stream, after, after + PART)
            its = [event for event in part if _is_by(event.position, event.recorded_at, at)]
            found += its
            if len(its) < PART:
                return found
            after = part[-1].revision

    def _before(self, stream: UUID, at: int | datetime, without: frozenset[UUID]) -> Loaded | None:
        """The latest state in memory that is not beyond this moment."""
        known = [one for one in self._past.get((stream, without), ()) if _is_then(one, at)]
        present = self._kept.get(stream)
        if present is not None and not without and _is_then(present, at):
            known.append(present)
        return max(known, key=lambda one: one.live.revision, default=None)

    def _remember(self, stream: UUID, without: frozenset[UUID], found: Loaded) -> None:
        """Keep a past state, from which a later one is quickly reached: it never changes."""
        key = (stream, without)
        others = [
            one for one in self._past.pop(key, ()) if one.live.revision != found.live.revision
        ]
        self._past[key] = (*others[1 - PAST_EACH_MAX :], found)
        if len(self._past) > PAST_MAX:
            self._past.popitem(last=False)

    def compiled(self, method: str, version: int) -> Compiled | None:
        """The method, if it is installed and sound."""
        return self._registry.methods.get((method, version))

    async def _load(self, stream: UUID) -> Loaded | None:
        events = await self._log.read_stream(stream)
        return self._keep(stream, self._fold(events)) if events else None

    def _fold(self, events: Sequence[Any]) -> Loaded:
        first = events[0]
        opened = OPAQUE.decode(first, envelope_of(first.body))
        if not isinstance(opened, Opened):
            raise TypeError(f"stream {first.stream} does not begin with core/opened")
        compiled = self.compiled(opened.method, opened.method_version)
        if compiled is None:
            live = Live(first.stream, first.alliance, opened.method, opened.method_version, blank())
        else:
            live = compiled.blank(first.stream, first.alliance)
        facts = compiled.facts if compiled else OPAQUE
        for event in events:
            live = evolve(facts, live, event)
        return Loaded(compiled, live)

    def _keep(self, stream: UUID, loaded: Loaded) -> Loaded:
        self._kept[stream] = loaded
        self._kept.move_to_end(stream)
        if len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return loaded


def _is_by(position: int, recorded_at: int, at: int | datetime) -> bool:
    """Whether something had been recorded at a position or time."""
    return recorded_at <= micros(at) if isinstance(at, datetime) else position <= at


def _is_then(one: Loaded, at: int | datetime) -> bool:
    return _is_by(one.live.position, micros(one.live.updated_at), at)


def _from_start(events: Sequence[Any]) -> bool:
    return bool(events) and events[0].revision == 1


def states(loaded: Mapping[UUID, Loaded]) -> dict[UUID, Any]:
    """Just the states, for the surroundings of a decision."""
    return {stream: one.live.state for stream, one in loaded.items()}


__all__ = ["Loaded", "Streams", "instant", "states"]
