"""Withdrawing consent everywhere at once: decided in each stream, recorded in one append."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from enquiry.kernel.enquiry.evidence.state import EnquiryPurpose
from enquiry.kernel.run.state import ConsentPurpose
from enquiry.log.promise import Appended, Conflict, KeyGone, KeyReused, Log
from enquiry.method.ctx import Ctx, Need
from enquiry.method.decide import Decision, Planned, decide
from enquiry.method.entry import Was
from enquiry.method.live import instant
from enquiry.method.method import Move
from enquiry.method.rules import Reject
from enquiry.runtime.lists.listing import Listing
from enquiry.runtime.recording import Recording
from enquiry.runtime.streams import Loaded, Streams
from enquiry.runtime.surroundings import ABSENT, Scene, served
from enquiry.runtime.terms import Asker, Behind

ATTEMPTS_MAX = 16
WAIT_SECONDS = 5.0
"""How long the index may take to catch up with the log, before the caller is asked to try again."""
KIND = "withdraw-consent"
_NOT_THEIRS = ("NOT_FOUND", "NOT_PERMITTED")
"""Refusals by which a stream is passed over: there, they have nothing to withdraw."""


class Withdrawing(Struct, frozen=True, kw_only=True):
    """Somebody withdraws consent to these purposes in everything of one alliance."""

    asker: Asker
    alliance: UUID
    purposes: tuple[str, ...]
    """Of runs (`ConsentPurpose`) and of enquiries (`EnquiryPurpose`)."""
    key: str
    """Idempotency key, 1 to 255 characters; unique per person."""
    now: datetime

    @property
    def act(self) -> UUID:
        """Id of the act."""
        return uuid5(self.asker.person, self.key)

    def digests(self, more: bytes) -> tuple[bytes, bytes]:
        """Idempotency key and fingerprint of one of its appends."""
        key = hashlib.sha256(self.asker.person.bytes + self.key.encode() + more).digest()
        asked = msgspec.json.encode((KIND, self.alliance, self.purposes))
        return key, hashlib.sha256(asked).digest()


class Withdrawn(Struct, frozen=True, kw_only=True):
    """What it did; every stream is one that the person has or had a part in."""

    act: UUID
    alliance: UUID
    position: int
    """Of the last event that was recorded."""
    recorded_at: datetime
    streams: tuple[UUID, ...]
    """Where it was withdrawn, sorted."""
    replayed: bool = False


class _Plan(Struct):
    """Facts decided so far, and how the streams stand once they are recorded."""

    facts: list[Planned]
    now: dict[UUID, Loaded]

    def take(self, at: Scene, decision: Decision, ctx: Ctx) -> None:
        """Later decisions of the same append see what earlier ones bring about."""
        self.facts += decision.facts
        self.now[at.live.stream] = Loaded(at.compiled, decision.after)
        for fact in decision.facts:
            known = self.now.get(fact.stream)
            if fact.stream == at.live.stream or known is None:
                continue
            revision = known.live.revision + 1
            was = Was(fact.id, revision, ctx.now, ctx.actor)
            state = fact.entry.apply(known.live.state, was)
            self.now[fact.stream] = Loaded(
                known.compiled, known.live.but(state=state, revision=revision)
            )


class Everywhere:
    """Rights that somebody uses in all their streams at once."""

    def __init__(self, log: Log, streams: Streams, listing: Listing, recording: Recording) -> None:
        """Streams are found by ``listing`` and folded by ``streams``."""
        self._log = log
        self._streams = streams
        self._listing = listing
        self._recording = recording

    async def withdraw(self, asked: Withdrawing) -> Withdrawn:
        """Withdraw in every run and enquiry of the alliance in which the person has a part.

        All or nothing: every stream of theirs at the time of asking is in one append. One that they
        came into while it was under way, and that the log has before it, follows in another before
        this returns.

        Raises:
            Reject: ``NOT_FOUND`` where there is nothing to withdraw; ``VERSION_CONFLICT`` where too
                much was going on; ``COMMAND_ID_REUSED``.
            Behind: the index of streams has not caught up in time. Nothing is lost by asking again.
            Unavailable: the log cannot be reached.
        """
        theirs = await self._theirs(asked, await self._log.head())
        first = await self._once(asked, theirs, b"")
        if first is None:
            raise Reject("NOT_FOUND", ABSENT)
        written = await self._written(first)
        missed = await self._missed(asked, first, written)
        more = await self._once(asked, missed, b"/missed") if missed else None
        last = more or first
        if more is not None:
            written |= await self._written(more)
        return Withdrawn(
            act=asked.act,
            alliance=asked.alliance,
            position=last.last,
            recorded_at=instant(first.recorded_at),
            streams=tuple(sorted(written)),
            replayed=first.replayed,
        )

    async def _theirs(self, asked: Withdrawing, position: int) -> set[UUID]:
        """Streams in which the person has a role, as of a position or later."""
        if not await self._listing.reached(position, WAIT_SECONDS):
            raise Behind
        return {one async for one in self._listing.taken_part(asked.asker.person)}

    async def _missed(
        self, asked: Withdrawing, appended: Appended, written: Collection[UUID]
    ) -> set[UUID]:
        """Streams into which they came after the index was asked, and before the append."""
        before = appended.first - 1
        found: set[UUID] = set()
        for stream in await self._theirs(asked, before) - set(written):
            then = await self._streams.at(stream, before)
            if then is not None and _had_part(then, asked.asker.person):
                found.add(stream)
        return found

    async def _written(self, appended: Appended) -> set[UUID]:
        count = appended.last - appended.first + 1
        events = await self._log.read_all(appended.first - 1, count)
        return {event.stream for event in events if event.kind in _FACTS}

    async def _once(
        self, asked: Withdrawing, theirs: Collection[UUID], more: bytes
    ) -> Appended | None:
        """One append over all these streams, or the one that was made earlier by the same key."""
        key, fingerprint = asked.digests(more)
        known = await self._log.find(asked.alliance, key)
        if known is not None:
            if known[1] != fingerprint:
                raise _reused()
            return msgspec.structs.replace(known[0], replayed=True)
        needs: set[UUID] = set()
        attempts = 0
        async with AsyncExitStack() as stack:
            for stream in sorted(theirs):  # in one order, so that nobody waits in a circle
                await stack.enter_async_context(self._recording.turn(stream))
            while attempts < ATTEMPTS_MAX:
                try:
                    return await self._attempt(asked, theirs, needs, key, fingerprint)
                except Need as need:
                    needs.add(need.stream)
                except (Conflict, KeyGone):
                    attempts += 1
                except KeyReused:
                    raise _reused() from None
        raise Reject("VERSION_CONFLICT", "Too many changes at once. Please try again.")

    async def _attempt(
        self,
        asked: Withdrawing,
        theirs: Collection[UUID],
        needs: set[UUID],
        key: bytes,
        fingerprint: bytes,
    ) -> Appended | None:
        around = await self._around(asked, theirs, needs)
        plan = _Plan([], dict(around))
        for stream in sorted(theirs):
            self._decide(asked, stream, plan, needs)
        if not plan.facts:
            return None
        ctx = _ctx(asked, asked.alliance, asked.act, frozenset(), plan.now, needs)
        opened = self._recording.openings(plan.facts, around, ctx)
        facts = (*opened, *plan.facts)
        return await self._recording.record(
            facts, around, needs, ctx, key=key, fingerprint=fingerprint
        )

    async def _around(
        self, asked: Withdrawing, theirs: Collection[UUID], needs: Collection[UUID]
    ) -> dict[UUID, Loaded]:
        """The streams with their alliance and enquiries, as they stand this moment."""
        found = await self._streams.fresh(theirs)
        served_by = {one for known in found.values() for one in served(known.live.state)}
        others = {asked.alliance, *served_by, *needs} - found.keys()
        found |= await self._streams.fresh(others)
        return {id_: one for id_, one in found.items() if one.live.alliance == asked.alliance}

    def _decide(
        self, asked: Withdrawing, stream: UUID, plan: _Plan, needs: Collection[UUID]
    ) -> None:
        """Add what withdrawing brings about in one stream, by its own method."""
        here = plan.now.get(stream)
        move = _move(here)
        if here is None or here.compiled is None or move is None:
            return
        purposes = _known_to(here, asked.purposes)
        enquiries = (plan.now.get(one) for one in served(here.live.state))
        at = Scene(here, plan.now.get(asked.alliance), next(enquiries, None))
        viewer = at.viewer(asked.asker, asked.now)
        if not purposes or not at.open_to(viewer, move):
            return
        act = uuid5(asked.act, str(stream))
        ctx = _ctx(asked, stream, act, viewer.circles, plan.now, needs)
        body = msgspec.json.encode({"purposes": purposes})
        try:
            decision = decide(here.compiled, here.live, move, body, ctx)
        except Reject as refused:
            if refused.code not in _NOT_THEIRS:
                raise
            return
        plan.take(at, decision, ctx)


_FACTS = ("run/consent-withdrawn", "enquiry/consent-withdrawn")


def _move(loaded: Loaded | None) -> Move | None:
    compiled = loaded.compiled if loaded is not None else None
    return compiled.move(KIND) if compiled is not None else None


def _had_part(loaded: Loaded, person: UUID) -> bool:
    """Whether this person could withdraw there."""
    move = _move(loaded)
    if move is None or loaded.compiled is None:
        return False
    cast = loaded.compiled.cast(loaded.live.state)
    return any(person in cast.get(role.name, ()) for role in move.by)


def _known_to(loaded: Loaded, purposes: Sequence[str]) -> list[str]:
    """Those of the purposes that can be withdrawn there: enquiries and runs have their own."""
    of_enquiry = loaded.compiled is not None and loaded.compiled.method.stream == "enquiry"
    known = frozenset(str(p) for p in (EnquiryPurpose if of_enquiry else ConsentPurpose))
    return [purpose for purpose in dict.fromkeys(purposes) if purpose in known]


def _ctx(
    asked: Withdrawing,
    stream: UUID,
    act: UUID,
    circles: frozenset[str],
    now: Mapping[UUID, Loaded],
    needs: Collection[UUID],
) -> Ctx:
    reads: dict[UUID, Any] = dict.fromkeys((asked.alliance, *needs))
    reads |= {id_: one.live.state for id_, one in now.items()}
    return Ctx(
        actor=asked.asker.person,
        now=asked.now,
        id=act,
        stream=stream,
        alliance=asked.alliance,
        circles=circles,
        reads=reads,
    )


def _reused() -> Reject:
    return Reject("COMMAND_ID_REUSED", "This key was used before, for something else.")
