"""The log in memory: the reference for the promise, and quick. Nothing outlives the process."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from msgspec.structs import replace

from enquiry.log.head import Head
from enquiry.log.leaf import leaf, seals
from enquiry.log.promise import (
    Append,
    Appended,
    Conflict,
    KeyGone,
    KeyRecord,
    KeyReused,
    Malformed,
    SealedValue,
    StoredEvent,
    WrappedKey,
)
from enquiry.log.shape import check


class MemoryLog:
    """A ``Log`` for one event loop: no other task runs between check and write."""

    def __init__(self) -> None:
        """Start empty."""
        self._id = uuid4()
        self._events: list[StoredEvent] = []
        self._streams: dict[UUID, list[StoredEvent]] = {}
        self._alliances: dict[UUID, list[StoredEvent]] = {}
        self._ids: set[UUID] = set()
        self._idempotency: dict[tuple[UUID, bytes], tuple[Appended, bytes]] = {}
        self._sealed: dict[tuple[int, int], SealedValue] = {}
        self._keys: dict[UUID, tuple[UUID, WrappedKey]] = {}
        self._head = Head()

    @property
    def id(self) -> UUID:
        """What names this log, and no other."""
        return self._id

    async def append(self, append: Append) -> Appended:
        """Record; see ``Log.append``."""
        check(append)
        if append.key is not None:
            known = self._idempotency.get((append.alliance, append.key))
            if known is not None:
                if known[1] != append.fingerprint:
                    raise KeyReused("the idempotency key stands for something else")
                return known[0]
        self._check_streams(append)
        self._check_keys(append)
        appended = self._write(append)
        self._head.rise(appended.last)
        return appended

    async def find(self, alliance: UUID, key: bytes) -> tuple[Appended, bytes] | None:
        """Where the append with this key went, and its fingerprint; ``None`` if there is none."""
        return self._idempotency.get((alliance, key))

    async def head(self) -> int:
        """Position of the newest event; 0 for an empty log."""
        return len(self._events)

    async def revisions(self, streams: Sequence[UUID]) -> Mapping[UUID, int]:
        """Present revision of each stream; 0 for one that does not exist."""
        return {stream: self._revision(stream) for stream in streams}

    async def read_stream(
        self, stream: UUID, after: int = 0, upto: int | None = None
    ) -> Sequence[StoredEvent]:
        """Events of one stream with ``after < revision <= upto``, in order."""
        return _part(self._streams.get(stream, []), after, upto)

    async def read_all(self, after: int = 0, limit: int = 1000) -> Sequence[StoredEvent]:
        """Up to ``limit`` events with ``position > after``, in order of position."""
        return _part(self._events, after, after + limit)

    async def read_at(
        self, positions: Sequence[int], alliance: UUID | None = None
    ) -> Sequence[StoredEvent]:
        """The events at these positions, in order; with an alliance, none but its own."""
        known = range(1, len(self._events) + 1)
        found = [self._events[at - 1] for at in sorted(set(positions)) if at in known]
        return [event for event in found if alliance in (None, event.alliance)]

    async def read_alliance(
        self, alliance: UUID, since: int = 0, limit: int = 1000
    ) -> Sequence[StoredEvent]:
        """Up to ``limit`` events of one alliance with ``sequence >= since``, in order."""
        return _part(self._alliances.get(alliance, []), since, since + limit)

    async def sealed(
        self, positions: Sequence[int], alliance: UUID | None = None
    ) -> Mapping[tuple[int, int], SealedValue]:
        """Ciphertexts that still exist beside these events; see ``Log.sealed``."""
        wanted = {event.position for event in await self.read_at(positions, alliance)}
        return {place: value for place, value in self._sealed.items() if place[0] in wanted}

    async def wrapped_key(self, key: UUID) -> WrappedKey | None:
        """A data key by id, its ``wrapped`` empty if destroyed; ``None``: unknown."""
        return self._keys[key][1] if key in self._keys else None

    async def find_key(self, stream: UUID, subject: UUID, kind: str) -> WrappedKey | None:
        """The data key made for these, its ``wrapped`` empty if destroyed; ``None``: never made."""
        for _, key in self._keys.values():
            if (key.stream, key.subject, key.kind) == (stream, subject, kind):
                return key
        return None

    async def living(self) -> Sequence[tuple[UUID, UUID, str]]:
        """Alliance, stream and kind of every data key that lives, each once, in order."""
        kept = self._keys.values()
        return sorted({(whose, key.stream, key.kind) for whose, key in kept if key.wrapped})

    async def living_in(self, stream: UUID, kind: str) -> Sequence[KeyRecord]:
        """See ``Log.living_in``."""
        return [k for k in self._living() if (k.stream, k.kind) == (stream, kind)]

    async def keys_of(self, alliance: UUID, subject: UUID) -> Sequence[KeyRecord]:
        """See ``Log.keys_of``."""
        return [k for k in self._records() if (k.alliance, k.subject) == (alliance, subject)]

    async def living_after(self, key: UUID, limit: int = 1000) -> Sequence[KeyRecord]:
        """See ``Log.living_after``."""
        return [k for k in self._living() if k.id > key][:limit]

    async def destroyed_among(self, keys: Sequence[UUID]) -> frozenset[UUID]:
        """See ``Log.destroyed_among``."""
        found = ((key, self._keys.get(key)) for key in keys)
        return frozenset(id_ for id_, key in found if key is not None and not key[1].wrapped)

    async def half_shredded(self) -> Sequence[UUID]:
        """See ``Log.half_shredded``."""
        return sorted(await self.destroyed_among([v.key for v in self._sealed.values()]))

    async def existing(self, events: Sequence[UUID]) -> frozenset[UUID]:
        """See ``Log.existing``."""
        return frozenset(self._ids.intersection(events))

    def _records(self) -> list[KeyRecord]:
        every = (
            KeyRecord(key.id, alliance, key.stream, key.subject, key.kind, bool(key.wrapped))
            for alliance, key in self._keys.values()
        )
        return sorted(every, key=lambda key: key.id)

    def _living(self) -> list[KeyRecord]:
        return [key for key in self._records() if key.living]

    async def shred(self, keys: Sequence[UUID]) -> int:
        """Destroy data keys and delete every ciphertext under them; see ``Log.shred``."""
        for id_ in self._keys.keys() & set(keys):
            alliance, key = self._keys[id_]
            self._keys[id_] = alliance, replace(key, wrapped=b"")
        gone = [place for place, value in self._sealed.items() if value.key in keys]
        for place in gone:
            del self._sealed[place]
        return len(gone)

    async def wait(self, after: int, seconds: float) -> int:
        """Return the head as soon as it is beyond ``after``, or after so many seconds."""
        return await self._head.beyond(after, seconds)

    async def close(self) -> None:
        """Do nothing; there is nothing to let go of."""

    def _revision(self, stream: UUID) -> int:
        return len(self._streams.get(stream, []))

    def _check_streams(self, append: Append) -> None:
        for stream, expected in append.expected.items():
            if self._revision(stream) != expected:
                raise Conflict(stream, expected, self._revision(stream))
        for event in append.events:
            known = self._streams.get(event.stream)
            if known and known[0].alliance != append.alliance:
                raise Malformed(f"stream {event.stream} belongs to another alliance")
        ids = [event.id for event in append.events]
        if len(set(ids)) < len(ids) or not self._ids.isdisjoint(ids):
            raise Malformed("an event id is taken")

    def _check_keys(self, append: Append) -> None:
        brought: set[UUID] = set()
        for key in append.keys:
            taken = (
                (known.stream, known.subject, known.kind) == (key.stream, key.subject, key.kind)
                for _, known in self._keys.values()
            )
            if key.id in self._keys or any(taken):
                raise KeyGone(key.id)
            brought.add(key.id)
        for event in append.events:
            for value in event.sealed:
                alliance, known = self._keys.get(value.key, (None, None))
                living = known is not None and known.wrapped and alliance == append.alliance
                if not living and value.key not in brought:
                    raise KeyGone(value.key)

    def _write(self, append: Append) -> Appended:
        log = self._alliances.setdefault(append.alliance, [])
        recorded_at = max(append.recorded_at, log[-1].recorded_at if log else 0)
        first = len(self._events) + 1
        for new in append.events:
            event = StoredEvent(
                len(self._events) + 1,
                append.alliance,
                len(log),
                new.stream,
                new.revision,
                new.id,
                new.kind,
                new.body,
                recorded_at,
                b"",
                seals(new.sealed),
            )
            event = replace(event, leaf=leaf(event))
            self._events.append(event)
            log.append(event)
            self._streams.setdefault(new.stream, []).append(event)
            self._ids.add(new.id)
            self._sealed.update({(event.position, value.slot): value for value in new.sealed})
        self._keys.update({key.id: (append.alliance, key) for key in append.keys})
        appended = Appended(first, len(self._events), recorded_at)
        if append.key is not None:
            remembered = replace(appended, replayed=True), append.fingerprint
            self._idempotency[append.alliance, append.key] = remembered
        return appended


def _part(events: Sequence[StoredEvent], start: int, stop: int | None) -> Sequence[StoredEvent]:
    """A slice whose bounds may lie outside, but never count from the end."""
    return events[max(start, 0) : None if stop is None else max(stop, 0)]
