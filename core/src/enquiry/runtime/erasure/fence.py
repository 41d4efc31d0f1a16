"""The one way in which data keys are destroyed: said in the log first, then done.

1. ``core/key-destroyed`` is recorded in the stream whose key it is. From here on it is destroyed,
   whatever happens: this process opens nothing more with it.
2. The ledger, which lies outside of the database, remembers the key.
3. The key becomes a tombstone and every ciphertext under it is deleted, in one transaction.

Each step may be repeated. Whoever dies after the first finds it again at the next start
(`enquiry.runtime.erasure.honour`). Other processes drop the key as soon as they see the tombstone.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID, uuid5

from enquiry.log.promise import Append, Conflict, KeyRecord, Log, NewEvent
from enquiry.method import core_facts as core
from enquiry.method.ctx import Ctx
from enquiry.method.decide import Planned
from enquiry.method.entry import Entry
from enquiry.method.live import micros
from enquiry.method.record import body_of, separated
from enquiry.privacy.ledger import Ledger
from enquiry.runtime.sealing import SALT_BYTES
from enquiry.runtime.surroundings import PLATFORM

FACT = f"core/{core.KeyDestroyed.__records__}"
ATTEMPTS_MAX = 16
KEYS_AT_ONCE = 200
"""Facts in one append, at most."""


def fact_id(key: UUID) -> UUID:
    """The id of the fact that a key was destroyed: there is never a second one."""
    return uuid5(key, FACT)


class Fence:
    """Destroys data keys, so that none of them comes back."""

    def __init__(
        self, log: Log, ledger: Ledger, forget: Callable[[Iterable[UUID]], None] | None = None
    ) -> None:
        """Say and destroy in ``log``; ``forget`` hears which keys this process must drop."""
        self._log = log
        self._ledger = ledger
        self._forget = forget

    async def destroy(
        self,
        keys: Sequence[KeyRecord],
        why: core.Destroying,
        now: datetime,
        unmoved: Mapping[UUID, int] | None = None,
    ) -> int:
        """Destroy these keys; returns how many ciphertexts went.

        Args:
            keys: of one alliance or of several; those that are destroyed are passed over.
            why: what the facts say.
            now: the injected time.
            unmoved: revisions of streams that the decision rests on (the alliance, with its holds).

        Raises:
            Conflict: one of ``unmoved`` has moved. What was destroyed until then stays so.
            OSError: the ledger cannot be written: nothing was destroyed.
            Unavailable: the log cannot be reached.
        """
        gone = 0
        ordered = sorted((key for key in keys if key.living), key=_own_stream_last)
        for _, some in groupby(ordered, key=lambda key: key.stream):
            mine = list(some)
            for at in range(0, len(mine), KEYS_AT_ONCE):
                gone += await self._destroy(mine[at : at + KEYS_AT_ONCE], why, now, unmoved or {})
        return gone

    async def _destroy(
        self,
        keys: Sequence[KeyRecord],
        why: core.Destroying,
        now: datetime,
        unmoved: Mapping[UUID, int],
    ) -> int:
        ids = [key.id for key in keys]
        await self._say(keys, why, now, unmoved)
        if self._forget is not None:
            self._forget(ids)
        self._ledger.add(ids)
        return await self._log.shred(ids)

    async def _say(
        self,
        keys: Sequence[KeyRecord],
        why: core.Destroying,
        now: datetime,
        unmoved: Mapping[UUID, int],
    ) -> None:
        """Record a fact for each key of one stream, unless it is on record."""
        stream, alliance = keys[0].stream, keys[0].alliance
        for _ in range(ATTEMPTS_MAX):
            known = await self._log.existing([fact_id(key.id) for key in keys])
            news = [key for key in keys if fact_id(key.id) not in known]
            if not news:
                return
            revision = (await self._log.revisions([stream]))[stream]
            events = tuple(
                by_platform(
                    alliance,
                    stream,
                    revision + number,
                    fact_id(key.id),
                    FACT,
                    core.KeyDestroyed(key=key.id, what=key.kind, why=why),
                    now,
                )
                for number, key in enumerate(news, start=1)
            )
            expected = {stream: revision} | {
                other: at for other, at in unmoved.items() if other != stream or not known
            }
            try:
                await self._log.append(Append(alliance, events, expected, micros(now)))
            except Conflict as conflict:
                if conflict.stream in unmoved:
                    raise
                continue
            return
        raise Conflict(stream, 0, 0)


def by_platform(
    alliance: UUID,
    stream: UUID,
    revision: int,
    id_: UUID,
    kind: str,
    entry: Entry,
    now: datetime,
) -> NewEvent:
    """An event that nobody's act brought about. It must hold no text of anybody."""
    ctx = Ctx(actor=PLATFORM, now=now, id=id_, stream=stream, alliance=alliance)
    planned = Planned(id_, stream, kind, entry)
    data, _ = separated(entry, PLATFORM)
    body = body_of(planned, data, ctx, revision=revision, salt=os.urandom(SALT_BYTES))
    return NewEvent(stream, revision, id_, kind, body)


def _own_stream_last(key: KeyRecord) -> tuple[bool, UUID, UUID]:
    """The alliance's own stream comes last: facts there move what the decision rests on."""
    return key.stream == key.alliance, key.stream, key.id
