"""The keyring: seals the personal values of new events, and opens those of recorded ones.

A data key is for one (alliance, stream, subject, kind). It is made when the first value is sealed
and stored by the very append that records that value. Every append names the revision of the
streams it writes, so of two that make the same key one loses as a conflict; it abandons its key,
reads again and finds the other's. Therefore a key that was made here is trusted only after its
append was recorded, and nothing that lost stays in memory.

No record of a key means that none was ever made. A destroyed key leaves a record without key
bytes: it is never made again, and what it sealed shows as ``Erased``. A process that still has it
in memory can no longer record with it, because the log refuses that as ``KeyGone``.
"""

import hmac
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol
from uuid import UUID, uuid4

from msgspec import Struct

from enquiry.log.promise import Appended, SealedValue, WrappedKey
from enquiry.privacy.cache import CACHE_KEYS_MAX, KeyCache, Mark, Owner
from enquiry.privacy.sealing import (
    KEY_BYTES,
    Context,
    DataKey,
    Envelope,
    NotAuthentic,
    commitment,
    seal,
    unseal,
)
from enquiry.privacy.source import KeySource

At = tuple[int, int]
"""Position of an event and slot within it."""
Reason = Literal["erased", "key-absent", "not-authentic", "value-absent"]
"""Why a value cannot be opened."""


class KeyRecords(Protocol):
    """What is asked of the log."""

    async def find_key(self, stream: UUID, subject: UUID, kind: str) -> WrappedKey | None:
        """The key made for this, its ``wrapped`` empty if destroyed; ``None``: never made."""
        ...

    async def wrapped_key(self, key: UUID) -> WrappedKey | None:
        """The key with this id, its ``wrapped`` empty if destroyed; ``None``: unknown."""
        ...

    async def destroyed_among(self, keys: Sequence[UUID]) -> frozenset[UUID]:
        """Those of these keys that are destroyed."""
        ...


class Personal(NamedTuple):
    """A personal value that is to be recorded."""

    path: str
    subject: UUID
    kind: str
    text: str

    def __repr__(self) -> str:
        """Name the field, and never the text."""
        return f"Personal({self.path!r}, {self.subject}, {self.kind!r}, ...)"


class Erased(Struct, frozen=True, tag="erased", tag_field="placeholder"):
    """Stands where a value was whose key is destroyed. It will never be readable again."""

    kind: str
    subject: UUID
    key: UUID


class Withheld(Struct, frozen=True, tag="withheld", tag_field="placeholder"):
    """Stands where a value is that cannot be shown, although nobody destroyed its key."""

    kind: str
    subject: UUID
    key: UUID | None
    """``None``: neither a ciphertext nor a key is known."""
    reason: str
    """From here: ``key-absent`` or ``not-authentic``, which an operator must hear of, and
    ``value-absent``: this ciphertext alone was deleted."""


class KeyDestroyed(Exception):
    """Nothing can be recorded for this owner any more: the key was destroyed, and stays so."""

    def __init__(self, owner: Owner, key: UUID) -> None:
        """Name the owner and the key."""
        super().__init__(f"key {key} of subject {owner.subject} ({owner.kind}) is destroyed")
        self.owner = owner
        self.key = key


class SealedBatch:
    """Sealed values for one append, and the keys that it must store. End with one of two calls."""

    __slots__ = ("_cache", "_mark", "_new", "_used", "keys", "values")

    def __init__(
        self,
        cache: KeyCache,
        mark: Mark,
        held: Mapping[Owner, DataKey],
        new: Mapping[Owner, WrappedKey],
        values: tuple[tuple[SealedValue, ...], ...],
    ) -> None:
        """Made by ``Keyring.seal`` only."""
        self._cache = cache
        self._mark = mark
        self._new = {owner: held[owner] for owner in new}
        self._used = tuple(key.id for key in held.values())
        self.keys = tuple(new.values())
        """New keys, for ``Append.keys``."""
        self.values = values
        """For each event its ``NewEvent.sealed``, in the order given."""

    def commit(self, appended: Appended) -> None:
        """Tell that the log answered. New keys of a replay were not stored, and are dropped."""
        if appended.replayed:
            self.abandon()
            return
        for owner, key in self._new.items():
            self._cache.put(self._mark, owner, key)

    def abandon(self) -> None:
        """Tell that the append was refused, or that nobody knows.

        Forgets every key that was used, so that the next attempt asks the log and hears of a key
        that has been made or destroyed meanwhile.
        """
        self._cache.forget(self._used)


class Keyring:
    """Data keys by owner and by id. One for each process; not for several threads."""

    def __init__(
        self,
        records: KeyRecords,
        source: KeySource,
        monotonic: Callable[[], float],
        keys_max: int = CACHE_KEYS_MAX,
    ) -> None:
        """Ask ``records`` for wrapped keys and ``source`` to unwrap them.

        Args:
            records: The log.
            source: Holds the key-encryption key.
            monotonic: A clock in seconds that never goes back.
            keys_max: How many keys may be in memory, at least 1.
        """
        self._records = records
        self._source = source
        self._cache = KeyCache(monotonic, keys_max)
        self._destroyed: set[UUID] = set()

    def forget(self, keys: Iterable[UUID]) -> None:
        """Drop these keys from memory, and open and seal nothing with them any more.

        It is enough that the log says they are destroyed: their bytes may still be there.
        """
        doomed = tuple(keys)
        self._destroyed.update(doomed)
        self._cache.forget(doomed)

    async def heed(self) -> bool:
        """Drop whatever another process has destroyed; whether there was any."""
        gone = await self._records.destroyed_among(self._cache.ids())
        if gone:
            self.forget(gone)
        return bool(gone)

    def clear(self) -> None:
        """Drop all keys from memory at once."""
        self._cache.clear()

    async def seal(self, events: Sequence[tuple[Envelope, Sequence[Personal]]]) -> SealedBatch:
        """Seal all personal values of the events of one append; slots follow the order given.

        Raises:
            KeyDestroyed: a value belongs to somebody whose key was destroyed.
            NotText: a text holds a lone surrogate.
            NotAuthentic: a stored key was altered.
            KeySourceUnavailable: keys cannot be wrapped or unwrapped now.
        """
        mark = self._cache.mark()
        owners = dict.fromkeys(
            _owner(envelope, value) for envelope, values in events for value in values
        )
        held: dict[Owner, DataKey] = {}
        new: dict[Owner, WrappedKey] = {}
        for owner in owners:
            key = self._cache.of_owner(owner) or await self._find(owner, mark)
            if key is None:
                key, new[owner] = await self._make(owner)
            held[owner] = key
        sealed = tuple(_seal_event(envelope, values, held) for envelope, values in events)
        return SealedBatch(self._cache, mark, held, new, sealed)

    async def unseal(
        self, wanted: Mapping[At, Context], sealed: Mapping[At, SealedValue]
    ) -> dict[At, str | Erased | Withheld]:
        """Open many values at once. One that cannot be opened never hides the others.

        Args:
            wanted: What each value is about.
            sealed: The ciphertexts that still exist, as ``Log.sealed`` gives them.

        Raises:
            KeySourceUnavailable: keys cannot be unwrapped now.
        """
        mark = self._cache.mark()
        found: dict[UUID, DataKey | Reason] = {}
        missing: dict[Owner, Erased | Withheld] = {}
        opened: dict[At, str | Erased | Withheld] = {}
        for at, context in wanted.items():
            value = sealed.get(at)
            if value is None:
                owner = _owner(context.envelope, context)
                if owner not in missing:
                    missing[owner] = await self._missing(context)
                opened[at] = missing[owner]
                continue
            if value.key not in found:
                found[value.key] = await self._look_up(value.key, context, mark)
            opened[at] = _open(value, context, found[value.key])
        return opened

    async def _find(self, owner: Owner, mark: Mark) -> DataKey | None:
        """The living key of an owner, from the log; ``None`` if none was ever made."""
        record = await self._records.find_key(owner.stream, owner.subject, owner.kind)
        if record is None:
            return None
        if _destroyed(record) or record.id in self._destroyed:
            raise KeyDestroyed(owner, record.id)
        return await self._unwrapped(owner, record, mark)

    async def _look_up(self, key: UUID, context: Context, mark: Mark) -> DataKey | Reason:
        """The key with this id, or the reason why there is none."""
        if key in self._destroyed:
            return "erased"
        held = self._cache.of_id(key)
        if held is not None:
            return held
        record = await self._records.wrapped_key(key)
        if record is None:
            return "key-absent"
        if _destroyed(record):
            return "erased"
        owner = Owner(context.envelope.alliance, record.stream, record.subject, record.kind)
        try:
            return await self._unwrapped(owner, record, mark)
        except NotAuthentic:
            return "not-authentic"

    async def _missing(self, context: Context) -> Erased | Withheld:
        """What stands for a value whose ciphertext is deleted: its key tells why."""
        stream = context.envelope.stream
        record = await self._records.find_key(stream, context.subject, context.kind)
        if record is None:
            return Withheld(context.kind, context.subject, None, "key-absent")
        return _placeholder(context, record.id, "erased" if _destroyed(record) else "value-absent")

    async def _unwrapped(self, owner: Owner, record: WrappedKey, mark: Mark) -> DataKey:
        secret = await self._source.unwrap(record.wrapped, _wrapping(owner, record.id))
        if not hmac.compare_digest(commitment(secret, record.id), record.commitment):
            raise NotAuthentic
        key = DataKey(record.id, secret)
        self._cache.put(mark, owner, key)
        return key

    async def _make(self, owner: Owner) -> tuple[DataKey, WrappedKey]:
        key, secret = uuid4(), os.urandom(KEY_BYTES)
        wrapped = await self._source.wrap(secret, _wrapping(owner, key))
        record = WrappedKey(
            id=key,
            stream=owner.stream,
            subject=owner.subject,
            kind=owner.kind,
            wrapped=wrapped,
            commitment=commitment(secret, key),
        )
        return DataKey(key, secret), record


def _destroyed(record: WrappedKey) -> bool:
    return not record.wrapped


def _owner(envelope: Envelope, value: Personal | Context) -> Owner:
    return Owner(envelope.alliance, envelope.stream, value.subject, value.kind)


def _wrapping(owner: Owner, key: UUID) -> bytes:
    """What a wrapped key is bound to: its id and its owner."""
    ids = (owner.alliance, owner.stream, owner.subject, key)
    return b"".join((b"EQK1", *(part.bytes for part in ids), owner.kind.encode()))


def _seal_event(
    envelope: Envelope, values: Sequence[Personal], held: Mapping[Owner, DataKey]
) -> tuple[SealedValue, ...]:
    sealed: list[SealedValue] = []
    for slot, value in enumerate(values):
        key = held[_owner(envelope, value)]
        context = Context(envelope, slot, value.path, value.subject, value.kind)
        sealed.append(SealedValue(slot, key.id, seal(key, value.text, context)))
    return tuple(sealed)


def _open(value: SealedValue, context: Context, key: DataKey | Reason) -> str | Erased | Withheld:
    if not isinstance(key, DataKey):
        return _placeholder(context, value.key, key)
    try:
        return unseal(key, value.ciphertext, context)
    except NotAuthentic:
        return _placeholder(context, value.key, "not-authentic")


def _placeholder(context: Context, key: UUID, reason: Reason) -> Erased | Withheld:
    if reason == "erased":
        return Erased(context.kind, context.subject, key)
    return Withheld(context.kind, context.subject, key, reason)
