"""Carrying out what was granted: every key of the person, in every stream, and then saying so."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import structlog
from msgspec import Struct

from enquiry.kernel.alliance.erasing import SubjectErased
from enquiry.kernel.alliance.erasures import Erasure, Stand
from enquiry.kernel.alliance.state import Alliance
from enquiry.log.leaf import SEAL_BYTES
from enquiry.log.promise import Append, Conflict, KeyRecord, Log
from enquiry.method import core_facts as core
from enquiry.method.live import micros
from enquiry.method.registry import Registry
from enquiry.privacy.ledger import Ledger
from enquiry.runtime.erasure.fence import Fence, by_platform
from enquiry.runtime.erasure.holds import free
from enquiry.runtime.streams import Streams

COPIES_DAYS = 35
"""How long backups of the database may be kept. Whoever operates it sees to that."""
ATTEMPTS_MAX = 16
FACT = f"alliance/{SubjectErased.__records__}"

_log = structlog.get_logger()


class Erased(Struct, frozen=True):
    """What one round carried out."""

    alliance: UUID
    request: UUID
    done: bool
    """``False``: something is held, and waits."""


class Erasures:
    """Looks for erasures that were granted, and carries them out."""

    def __init__(
        self,
        log: Log,
        registry: Registry,
        ledger: Ledger,
        forget: Callable[[Iterable[UUID]], None] | None = None,
    ) -> None:
        """Read and destroy in ``log``; ``forget`` hears which keys this process must drop."""
        self._log = log
        self._streams = Streams(log, registry)
        self._fence = Fence(log, ledger, forget)

    async def round(self, now: datetime) -> list[Erased]:
        """Carry out everything that was granted. May be repeated, by any number of processes."""
        found: list[Erased] = []
        for alliance in sorted({whose for whose, _, _ in await self._log.living()}):
            for request, erasure in (await self._state(alliance))[0].erasures.items():
                if erasure.stand is Stand.GRANTED:
                    done = await self._carry_out(alliance, request, now)
                    found.append(Erased(alliance, request, done))
        return found

    async def _state(self, alliance: UUID) -> tuple[Alliance, int]:
        known = (await self._streams.fresh((alliance,))).get(alliance)
        if known is None or not isinstance(known.live.state, Alliance):
            return Alliance(), 0
        return known.live.state, known.live.revision

    async def _carry_out(self, alliance: UUID, request: UUID, now: datetime) -> bool:
        for _ in range(ATTEMPTS_MAX):
            state, revision = await self._state(alliance)
            erasure = state.erasures[request]
            if erasure.stand is not Stand.GRANTED:
                return erasure.stand is Stand.DONE
            keys = await self._keys(alliance, erasure)
            doomed = free(keys, state, now)
            try:
                why = core.Destroying.REQUESTED
                await self._fence.destroy(doomed, why, now, {alliance: revision})
                if len(doomed) < sum(key.living for key in keys):
                    return False
                await self._complete(alliance, request, erasure, now)
            except Conflict:
                continue
        _log.warning("erasure goes on at the next round", request=str(request))
        return False

    async def _keys(self, alliance: UUID, erasure: Erasure) -> list[KeyRecord]:
        return [
            key
            for key in await self._log.keys_of(alliance, erasure.person)
            if erasure.stream in (None, key.stream) and key.kind not in erasure.keeps
        ]

    async def _complete(
        self, alliance: UUID, request: UUID, erasure: Erasure, now: datetime
    ) -> None:
        """Say that it is done, if nothing has come in meanwhile that could still be opened."""
        _, revision = await self._state(alliance)
        keys = await self._keys(alliance, erasure)
        if any(key.living for key in keys):
            raise Conflict(alliance, revision, revision)
        said = SubjectErased(
            request=request,
            keys=len(keys),
            values=await self._values(keys),
            streams=len({key.stream for key in keys}),
            copies_until=now.date() + timedelta(days=COPIES_DAYS),
        )
        id_ = uuid5(request, FACT)
        event = by_platform(alliance, alliance, revision + 1, id_, FACT, said, now)
        await self._log.append(Append(alliance, (event,), {alliance: revision}, micros(now)))

    async def _values(self, keys: Sequence[KeyRecord]) -> int:
        """How many values were sealed under these keys: the events say it for ever."""
        wanted = {key.id.bytes for key in keys}
        count = 0
        for stream in sorted({key.stream for key in keys}):
            for event in await self._log.read_stream(stream):
                held = range(0, len(event.seals), SEAL_BYTES)
                count += sum(event.seals[at + 2 : at + 18] in wanted for at in held)
        return count
