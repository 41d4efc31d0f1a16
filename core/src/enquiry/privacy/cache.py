"""Data keys in memory: few, not for long, and gone at once when told so."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import NamedTuple
from uuid import UUID

from enquiry.privacy.sealing import DataKey

CACHE_SECONDS = 60.0
"""A key is used for less than this after the log was asked for it. An erasure waits as long."""
CACHE_KEYS_MAX = 10_000


class Owner(NamedTuple):
    """What one data key is for."""

    alliance: UUID
    stream: UUID
    subject: UUID
    kind: str


class Mark(NamedTuple):
    """The moment before the log is asked for keys."""

    forgotten: int
    until: float


class _Held(NamedTuple):
    owner: Owner
    key: DataKey
    until: float


class KeyCache:
    """The least recently used key goes first; an old one is never used, and dropped in passing."""

    def __init__(self, monotonic: Callable[[], float], keys_max: int = CACHE_KEYS_MAX) -> None:
        """Hold at most ``keys_max`` keys by a clock in seconds that never goes back."""
        self._monotonic = monotonic
        self._keys_max = keys_max
        self._held: OrderedDict[UUID, _Held] = OrderedDict()
        self._ids: dict[Owner, UUID] = {}
        self._forgotten = 0
        self._sweep_at = monotonic() + CACHE_SECONDS

    def __len__(self) -> int:
        """Count the keys in memory."""
        return len(self._held)

    def mark(self) -> Mark:
        """Take the moment before asking the log, for ``put``."""
        return Mark(self._forgotten, self._monotonic() + CACHE_SECONDS)

    def put(self, mark: Mark, owner: Owner, key: DataKey) -> None:
        """Hold a key, unless anything was forgotten since the mark: it may be this very one."""
        if mark.forgotten != self._forgotten:
            return
        self._sweep()
        self._drop(self._ids.get(owner))
        self._held[key.id] = _Held(owner, key, mark.until)
        self._ids[owner] = key.id
        if len(self._held) > self._keys_max:
            self._drop(next(iter(self._held)))

    def of_owner(self, owner: Owner) -> DataKey | None:
        """The key for this owner, if held and young enough."""
        key = self._ids.get(owner)
        return None if key is None else self.of_id(key)

    def of_id(self, key: UUID) -> DataKey | None:
        """The key with this id, if held and young enough."""
        held = self._held.get(key)
        if held is None:
            return None
        if self._monotonic() >= held.until:
            self._drop(key)
            return None
        self._held.move_to_end(key)
        return held.key

    def ids(self) -> tuple[UUID, ...]:
        """Ids of the keys in memory."""
        return tuple(self._held)

    def forget(self, keys: Iterable[UUID]) -> None:
        """Drop these keys, and keep those that are being looked up right now from coming in."""
        self._forgotten += 1
        for key in keys:
            self._drop(key)

    def clear(self) -> None:
        """Drop all keys."""
        self.forget(tuple(self._held))

    def _drop(self, key: UUID | None) -> None:
        held = self._held.pop(key, None) if key is not None else None
        if held is not None:
            self._ids.pop(held.owner, None)

    def _sweep(self) -> None:
        now = self._monotonic()
        if now >= self._sweep_at:
            self._sweep_at = now + CACHE_SECONDS
            for key in [key for key, held in self._held.items() if now >= held.until]:
                self._drop(key)
