"""The write path: read, fold, decide, append, and again if somebody else was faster."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from enquiry.log.promise import Appended, Conflict, KeyGone, KeyReused, Log
from enquiry.method.ctx import Ctx, Need
from enquiry.method.decide import MISSING, Decision, decide, tick
from enquiry.method.guardrails import has_guarded
from enquiry.method.live import micros
from enquiry.method.method import Move
from enquiry.method.registry import Registry
from enquiry.method.roles import Viewer
from enquiry.method.rules import Reject
from enquiry.runtime.boxes import Boxes, putting_aside
from enquiry.runtime.outcome import accepted, replayed
from enquiry.runtime.recording import Recording
from enquiry.runtime.streams import Loaded, Streams
from enquiry.runtime.surroundings import ABSENT, PLATFORM, Scene, scene
from enquiry.runtime.terms import Asker, Command, Outcome
from enquiry.runtime.texts import Rosters

ATTEMPTS_MAX = 16
SKEW = timedelta(minutes=2)


class Writer:
    """Judges commands and records what they bring about."""

    def __init__(
        self,
        log: Log,
        registry: Registry,
        streams: Streams,
        recording: Recording,
        rosters: Rosters,
        boxes: Boxes,
    ) -> None:
        """Everything it stands on, as real or reference parts."""
        self._log = log
        self._registry = registry
        self._streams = streams
        self._rosters = rosters
        self._boxes = boxes
        self._recording = recording

    async def act(self, command: Command) -> Outcome:
        """Judge one command; see ``System.act``."""
        _check_envelope(command)
        act_id = uuid5(command.asker.person, command.key)
        stream = command.stream or uuid5(act_id, "stream")
        turn = self._recording.turn(stream)
        async with turn:
            return await self._in_turn(command, act_id, stream)

    async def _in_turn(self, command: Command, act_id: UUID, stream: UUID) -> Outcome:
        needs: set[UUID] = set()
        sure = False
        attempts = 0
        while attempts < ATTEMPTS_MAX:
            try:
                return await self._attempt(command, act_id, stream, needs, sure=sure)
            except Need as need:
                # Rules look at a bounded number of streams; learning which costs no attempt.
                needs.add(need.stream)
                continue
            except Conflict as conflict:
                if conflict.stream != stream:
                    needs.add(conflict.stream)
                sure = True
            except KeyGone:
                sure = True
            except KeyReused:
                raise Reject(
                    "COMMAND_ID_REUSED", "This key was used before, for something else."
                ) from None
            except Reject:
                replayed = await self._replayed(command, stream)
                if replayed is not None:
                    return replayed
                if sure:
                    raise
                sure = True
            attempts += 1
        raise Reject("VERSION_CONFLICT", "Too many changes at once. Please try again.")

    async def _attempt(
        self, command: Command, act_id: UUID, stream: UUID, needs: set[UUID], *, sure: bool
    ) -> Outcome:
        """Decide on what is in memory, or (``sure``) on what the log holds this moment."""
        at = await self._scene(command, stream, fresh=sure)
        viewer = at.viewer(command.asker, command.now)
        if at.here.compiled is None and not at.known_to(viewer):
            raise Reject("NOT_FOUND", ABSENT)
        move = self._move(at, command)
        if not move.opens and not at.open_to(viewer, move):
            raise Reject("NOT_FOUND", ABSENT)
        around = {**at.loaded(), **await self._others(at, needs, fresh=sure)}
        ctx = await self._ctx(command, act_id, at, viewer, around, needs, move)
        missing = MISSING if move.decision and command.if_match is None else command.if_match
        decision = decide(at.compiled, at.live, move, command.body, ctx, missing)
        async with putting_aside(self._boxes, decision.aside) as aside:
            appended = await self._record(command, decision, around, needs, ctx)
            await aside.settle(happened=not appended.replayed)
        if appended.replayed:
            replayed = await self._replayed(command, stream)
            if replayed is not None:
                return replayed
        kept = self._streams.kept(stream)
        live = kept.live if kept is not None else decision.after
        return accepted(at.compiled, live, decision, viewer, ctx, appended)

    async def _scene(self, command: Command, stream: UUID, *, fresh: bool) -> Scene:
        if command.stream is None:
            return await self._opening(command, stream, fresh=fresh)
        found = await scene(self._streams, stream, fresh=fresh)
        if found is None:
            raise Reject("NOT_FOUND", ABSENT)
        return found

    async def _opening(self, command: Command, stream: UUID, *, fresh: bool) -> Scene:
        compiled = self._registry.latest(command.method)
        if compiled is None:
            raise Reject("METHOD_NOT_REGISTERED", "No such method is installed.")
        if compiled.method.stream == "alliance":
            return Scene(Loaded(compiled, compiled.blank(stream, stream)), None, None)
        if command.alliance is None:
            raise Reject("NOT_FOUND", ABSENT)
        alliance = command.alliance
        if fresh:
            await self._streams.fresh((alliance,))
        around = await self._streams.get(alliance)
        here = Loaded(compiled, compiled.blank(stream, alliance))
        found = Scene(here, around, None)
        viewer = found.viewer(command.asker, command.now)
        if around is None or not around.compiled or not found_alliance(around, viewer):
            raise Reject("NOT_FOUND", ABSENT)
        return found

    def _move(self, at: Scene, command: Command) -> Move:
        move = at.compiled.move(command.kind) if command.method == at.live.method else None
        if move is None or move.opens != (command.stream is None):
            raise Reject("NOT_FOUND", ABSENT)
        return move

    async def _others(self, at: Scene, needs: set[UUID], *, fresh: bool) -> dict[UUID, Loaded]:
        if fresh:
            await self._streams.fresh(needs)
        found: dict[UUID, Loaded] = {}
        for stream in needs:
            loaded = await self._streams.get(stream)
            if loaded is not None and loaded.live.alliance == at.live.alliance:
                found[stream] = loaded
        return found

    async def _ctx(
        self,
        command: Command,
        act_id: UUID,
        at: Scene,
        viewer: Viewer,
        around: Mapping[UUID, Loaded],
        needs: set[UUID],
        move: Move,
    ) -> Ctx:
        reads: dict[UUID, Any] = dict.fromkeys(needs)
        reads |= {stream: one.live.state for stream, one in around.items()}
        reads.setdefault(at.live.alliance, None)
        if move.unboxes:
            reads |= {box: await self._boxes.read(box) for box in needs - around.keys()}
        extra: dict[str, Any] = {}
        if has_guarded(move.entry) and at.alliance is not None:
            extra["texts"], extra["words"] = await self._rosters.check_for(
                at.alliance.live, at.live.state, at.named, command.lang
            )
        return Ctx(
            actor=command.asker.person,
            now=command.now,
            id=act_id,
            stream=at.live.stream,
            alliance=at.live.alliance,
            circles=viewer.circles,
            reads=reads,
            acting_for=command.acting_for,
            occurred_at=command.occurred_at,
            installed=self._registry.for_runs,
            **extra,
        )

    async def _record(
        self,
        command: Command,
        decision: Decision,
        around: Mapping[UUID, Loaded],
        needs: set[UUID],
        ctx: Ctx,
    ) -> Appended:
        opened = self._recording.openings(decision.facts, around, ctx)
        key, fingerprint = self._idempotency(command)
        return await self._recording.record(
            (*opened, *decision.facts),
            around,
            needs,
            ctx,
            lang=command.lang,
            key=key,
            fingerprint=fingerprint,
        )

    async def _replayed(self, command: Command, stream: UUID) -> Outcome | None:
        """What this very command did earlier, as its actor may see it today."""
        key, fingerprint = self._idempotency(command)
        alliance = await self._alliance_of(command, stream)
        known = await self._log.find(alliance, key) if alliance is not None else None
        if known is None:
            return None
        appended, earlier = known
        if earlier != fingerprint:
            raise Reject("COMMAND_ID_REUSED", "This key was used before, for something else.")
        return await replayed(self._log, self._streams, command, stream, appended)

    async def _alliance_of(self, command: Command, stream: UUID) -> UUID | None:
        if command.stream is None:
            return command.alliance or stream
        loaded = await self._streams.get(stream)
        return loaded.live.alliance if loaded else None

    def _idempotency(self, command: Command) -> tuple[bytes, bytes]:
        """Key and fingerprint. A digest of what is secret could be found out by guessing."""
        compiled = self._registry.latest(command.method)
        move = compiled.move(command.kind) if compiled is not None else None
        return _idempotency(command, b"" if move is None or move.secret else command.body)

    async def tick(self, stream: UUID, now: Any) -> int:
        """Record what the passing of time brought about in one stream; how many facts."""
        turn = self._recording.turn(stream)
        needs: set[UUID] = set()
        async with turn:
            for _ in range(ATTEMPTS_MAX):
                try:
                    return await self._tick(stream, now, needs)
                except Need as need:
                    needs.add(need.stream)
                except (Conflict, KeyGone):
                    await self._streams.renew(stream)
        return 0

    async def _tick(self, stream: UUID, now: Any, needs: set[UUID]) -> int:
        at = await scene(self._streams, stream, fresh=True)
        if at is None or at.here.compiled is None or at.compiled.is_final(at.live.stage):
            return 0
        around = {**at.loaded(), **await self._others(at, needs, fresh=True)}
        reads: dict[UUID, Any] = dict.fromkeys(needs)
        reads |= {one: loaded.live.state for one, loaded in around.items()}
        viewer = at.viewer(Asker(PLATFORM), now)
        ctx = Ctx(
            actor=PLATFORM,
            now=now,
            id=uuid5(stream, f"{at.live.revision}@{micros(now)}"),
            stream=stream,
            alliance=at.live.alliance,
            circles=viewer.circles,
            reads=reads,
        )
        decision = tick(at.compiled, at.live, ctx)
        if not decision.facts:
            return 0
        await self._recording.record(decision.facts, around, needs, ctx)
        return len(decision.facts)


def found_alliance(around: Loaded, viewer: Viewer) -> bool:
    """Whether the alliance exists for this viewer."""
    return around.compiled is not None and bool(viewer.circles)


def _check_envelope(command: Command) -> None:
    if command.occurred_at is not None and command.occurred_at > command.now + SKEW:
        raise Reject("CLOCK_SKEW", "This is said to have happened in the future.")


def _idempotency(command: Command, body: bytes) -> tuple[bytes, bytes]:
    person = command.asker.person.bytes
    key = hashlib.sha256(person + command.key.encode()).digest()
    asked = (
        command.method,
        command.kind,
        str(command.stream),
        str(command.alliance),
        str(command.acting_for),
        str(command.occurred_at),
    )
    fingerprint = hashlib.sha256("\n".join(asked).encode() + b"\n" + body).digest()
    return key, fingerprint
