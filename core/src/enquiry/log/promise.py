"""What the log promises. PostgreSQL keeps it in production, memory in tests; one suite judges both.

The promise in five lines:

* ``position`` numbers every event of the log 1, 2, 3 ... in commit order, without gaps. A reader
  that has seen ``N`` never misses anything at or below ``N``.
* ``sequence`` numbers the events of one alliance from 0, without gaps; ``revision`` those of one
  stream from 1, without gaps.
* An append is all or nothing, over as many streams of one alliance as it names. It happens only
  while every stream in ``expected`` (written or merely read) still has the revision named there.
* What was acknowledged is on disk. What was refused left nothing behind and burned no number.
* An idempotency key is stored in the same transaction as the events it stands for.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from msgspec import Struct


class SealedValue(Struct, frozen=True):
    """One personal value, encrypted; it lies beside the body so that it can be deleted alone."""

    slot: int
    """0, 1, 2 ... within the event; the body refers to the value by this number."""
    key: UUID
    """The data key that opens it."""
    ciphertext: bytes


class WrappedKey(Struct, frozen=True):
    """A data key, wrapped by the key-encryption key; stored with the first event that uses it.

    One for each stream, subject and kind. The append that brings it writes to that stream.
    """

    id: UUID
    stream: UUID
    subject: UUID
    kind: str
    wrapped: bytes
    """Empty once the key is destroyed."""
    commitment: bytes
    """32 bytes that bind the id to one key, so that no second key can be presented for it later."""


class KeyRecord(Struct, frozen=True):
    """What a data key is for, and whether it lives."""

    id: UUID
    alliance: UUID
    stream: UUID
    subject: UUID
    kind: str
    living: bool


class NewEvent(Struct, frozen=True):
    """An event that is to be recorded, as exact bytes."""

    stream: UUID
    revision: int
    """The number it is to have in its stream, from 1."""
    id: UUID
    kind: str
    """Its permanent name, such as ``learning-walk/note-recorded``."""
    body: bytes
    """Exactly what is stored, hashed and proved; never re-serialised."""
    sealed: tuple[SealedValue, ...] = ()


class Append(Struct, frozen=True):
    """Everything that is to happen at once."""

    alliance: UUID
    events: tuple[NewEvent, ...]
    expected: Mapping[UUID, int]
    """Revision of every stream that is written or was read to decide; 0: it does not exist yet."""
    recorded_at: int
    """Microseconds since 1970, UTC, from the injected clock. Never decreases within an alliance:
    the log stores the larger of this and the alliance's last."""
    key: bytes | None = None
    """Idempotency key, at most 64 bytes (a digest of actor, route and the client's key)."""
    fingerprint: bytes = b""
    """Digest of what was asked, so that a key used again for something else is noticed."""
    keys: tuple[WrappedKey, ...] = ()


class StoredEvent(Struct, frozen=True):
    """An event as the log holds it."""

    position: int
    alliance: UUID
    sequence: int
    stream: UUID
    revision: int
    id: UUID
    kind: str
    body: bytes
    recorded_at: int
    leaf: bytes
    """SHA-256 leaf hash over the fixed binary entry (see ``enquiry.log.leaf``)."""
    seals: bytes = b""
    """Slot, key and digest of each sealed value, 50 bytes each; stays when the value is erased."""


class Appended(Struct, frozen=True):
    """Where an append went. For a replay: where the original went."""

    first: int
    """Position of its first event."""
    last: int
    """Position of its last event."""
    recorded_at: int
    replayed: bool = False


class Conflict(Exception):
    """A stream has moved on: decide afresh. Nothing was recorded, no number was burned."""

    def __init__(self, stream: UUID, expected: int, actual: int) -> None:
        """Name the first stream found to differ, what was expected and what it is."""
        super().__init__(f"stream {stream} is at revision {actual}, not {expected}")
        self.stream = stream
        self.expected = expected
        self.actual = actual


class KeyReused(Exception):
    """The idempotency key stands for something else already."""


class KeyGone(Exception):
    """A data key does not live: destroyed meanwhile, or presented anew for a subject that has one.

    Nothing was recorded. Look the key up again: if it was destroyed, nothing can be sealed for its
    subject, kind and stream any more.
    """

    def __init__(self, key: UUID) -> None:
        """Name the data key."""
        super().__init__(f"data key {key} does not live")
        self.key = key


class Malformed(ValueError):
    """The append contradicts itself or the log and can never succeed: a defect of the caller."""


class Unavailable(Exception):
    """The log cannot be reached. Whether a running append happened is unknown: ask by its key."""


class Log(Protocol):
    """The append-only log."""

    @property
    def id(self) -> UUID:
        """What names this log, and no other."""
        ...

    async def append(self, append: Append) -> Appended:
        """Record, and return once it is on disk.

        Raises:
            Conflict: a stream in ``expected`` has another revision.
            KeyReused: ``key`` is known with another fingerprint.
            KeyGone: a value is sealed under a data key that does not live.
            Malformed: it contradicts itself, or writes to a stream of another alliance.
            Unavailable: the log could not be reached.
        """
        ...

    async def find(self, alliance: UUID, key: bytes) -> tuple[Appended, bytes] | None:
        """Where the append with this key went, and its fingerprint; ``None`` if there is none."""
        ...

    async def head(self) -> int:
        """Position of the newest event; 0 for an empty log."""
        ...

    async def revisions(self, streams: Sequence[UUID]) -> Mapping[UUID, int]:
        """Present revision of each stream; 0 for one that does not exist."""
        ...

    async def read_stream(
        self, stream: UUID, after: int = 0, upto: int | None = None
    ) -> Sequence[StoredEvent]:
        """Events of one stream with ``after < revision <= upto``, in order."""
        ...

    async def read_all(self, after: int = 0, limit: int = 1000) -> Sequence[StoredEvent]:
        """Up to ``limit`` events with ``position > after``, in order of position."""
        ...

    async def read_at(
        self, positions: Sequence[int], alliance: UUID | None = None
    ) -> Sequence[StoredEvent]:
        """The events at these positions, in order; positions that do not exist are passed over.

        With an alliance (whoever opens texts for somebody names it), those of others, too.
        """
        ...

    async def read_alliance(
        self, alliance: UUID, since: int = 0, limit: int = 1000
    ) -> Sequence[StoredEvent]:
        """Up to ``limit`` events of one alliance with ``sequence >= since``, in order."""
        ...

    async def sealed(
        self, positions: Sequence[int], alliance: UUID | None = None
    ) -> Mapping[tuple[int, int], SealedValue]:
        """Ciphertexts that still exist beside these events, by (position, slot).

        With an alliance (whoever opens texts for somebody names it), none but its own.
        """
        ...

    async def wrapped_key(self, key: UUID) -> WrappedKey | None:
        """A data key by id, its ``wrapped`` empty if destroyed; ``None``: unknown."""
        ...

    async def find_key(self, stream: UUID, subject: UUID, kind: str) -> WrappedKey | None:
        """The data key made for these, its ``wrapped`` empty if destroyed; ``None``: never made."""
        ...

    async def living(self) -> Sequence[tuple[UUID, UUID, str]]:
        """Alliance, stream and kind of every data key that lives, each once, in order."""
        ...

    async def living_in(self, stream: UUID, kind: str) -> Sequence[KeyRecord]:
        """The data keys of one kind that live in a stream, whosever, in order of their ids."""
        ...

    async def keys_of(self, alliance: UUID, subject: UUID) -> Sequence[KeyRecord]:
        """The data keys of one person in an alliance, destroyed ones, too, in order of ids."""
        ...

    async def living_after(self, key: UUID, limit: int = 1000) -> Sequence[KeyRecord]:
        """Up to ``limit`` data keys that live, with ids above this one, in order."""
        ...

    async def destroyed_among(self, keys: Sequence[UUID]) -> frozenset[UUID]:
        """Those of these data keys that are destroyed."""
        ...

    async def half_shredded(self) -> Sequence[UUID]:
        """Data keys that are destroyed although something still lies sealed under them."""
        ...

    async def existing(self, events: Sequence[UUID]) -> frozenset[UUID]:
        """Those of these event ids that are in the log."""
        ...

    async def shred(self, keys: Sequence[UUID]) -> int:
        """Destroy data keys and delete every ciphertext under them; may be repeated.

        Events, their seals and leaves stay as they are. Record the destruction as an event first.

        Returns:
            How many ciphertexts were deleted.
        """
        ...

    async def wait(self, after: int, seconds: float) -> int:
        """Return the head as soon as it is beyond ``after``, or after so many seconds.

        A bell that also polls.
        """
        ...
