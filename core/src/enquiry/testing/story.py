"""Rules tested as stories: given a method and a world, who does what when, and what comes of it.

::

    given(METHOD, world("Petra", "Nia"))
        .who("Petra").does("plan-walk", {"focus": "Talk"}).at("2026-11-19 09:12")
        .then("planned")
        .who("Nia").does("begin-walk")
        .refused("NOT_PERMITTED")

Pure: no database, no clock. A story is a value; every step makes a new one, so that several tests
can go on from the same beginning.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from enquiry.method import core_facts as core
from enquiry.method.available import Action
from enquiry.method.compiled import Compiled
from enquiry.method.decide import Planned
from enquiry.method.entry import Entry
from enquiry.method.live import Live
from enquiry.method.method import Method
from enquiry.method.rules import Reject
from enquiry.method.visible import warnings
from enquiry.testing import harness
from enquiry.testing.village import VILLAGE
from enquiry.testing.world import PLATFORM, World, named

MORNING = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
"""When stories begin: a Monday."""
MINUTE = timedelta(minutes=1)


class _Pending(Struct, frozen=True):
    """What is about to happen; ``kind`` is ``None`` where only time passes."""

    kind: str | None
    body: bytes
    id: UUID
    if_match: int | None


class Outcome(Struct, frozen=True):
    """What came of it."""

    facts: tuple[Planned, ...] = ()
    refusal: Reject | None = None


class Done(Struct, frozen=True):
    """Something that was accepted in a story; ``kind`` is ``None`` where only time passed."""

    who: UUID
    kind: str | None
    body: bytes
    now: datetime
    id: UUID


class Story(Struct, frozen=True):
    """A stream, who acts next, and what they are about to do."""

    stream: harness.Stream
    now: datetime
    actor: UUID = PLATFORM
    told: int = 0
    pending: _Pending | None = None
    done: tuple[Done, ...] = ()
    """Everything that was accepted so far, so that it can be told again."""

    def who(self, name: str) -> "Story":
        """From here on, this person acts."""
        return self.settled().but(actor=self.stream.world.called(name))

    def does(
        self,
        kind: str,
        body: Mapping[str, Any] | bytes | None = None,
        *,
        called: str | None = None,
        if_match: int | None = None,
    ) -> "Story":
        """Send a command.

        Args:
            kind: The move.
            body: Its form; people by ``person``, acts by ``named``. Bytes are sent as they are.
            called: A name for the act, so that later ones can refer to it by ``named(...)``.
            if_match: The revision that was decided on.
        """
        after = self.settled()
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body or {})
        id_ = named(called) if called else uuid5(self.stream.world.stream, str(after.told))
        return after.but(
            pending=_Pending(kind, raw, id_, if_match), now=after.now + MINUTE, told=after.told + 1
        )

    def at(self, when: str | datetime) -> "Story":
        """Say when; a text such as ``2026-11-19 09:12`` is UTC."""
        return self.but(now=_instant(when))

    def time_passes(self, until: str | datetime) -> "Story":
        """Nobody does anything until then; standing conditions are looked at."""
        after = self.settled()
        id_ = uuid5(self.stream.world.stream, str(after.told))
        return after.but(
            pending=_Pending(None, b"", id_, None), now=_instant(until), told=after.told + 1
        )

    def then(
        self,
        *facts: str | Entry,
        warns: Iterable[str] = (),
        resolves: Iterable[str] = (),
        stage: str | None = None,
    ) -> "Story":
        """It is accepted, and this comes of it.

        Args:
            facts: Names of the facts recorded (``note-recorded``), or the facts themselves, in
                order, without those of core; none: not compared.
            warns: Codes of exactly the warnings that are raised.
            resolves: Codes of exactly the warnings that are resolved.
            stage: The stage in which the stream is afterwards.

        Raises:
            AssertionError: something else comes of it.
        """
        after, outcome = self._happens()
        if outcome.refusal is not None:
            raise AssertionError(f"it was refused: {_refusal(outcome.refusal)}")
        own = [f for f in outcome.facts if not f.kind.startswith("core/")]
        if facts:
            _same("facts", [_name(f) for f in facts], [_short(f.kind) for f in own])
            for wanted, found in zip(facts, own, strict=True):
                if isinstance(wanted, Entry):
                    _same("fact", wanted, found.entry)
        entries = [fact.entry for fact in outcome.facts]
        raised = [e.code for e in entries if isinstance(e, core.WarningRaised)]
        _same("warnings raised", sorted(warns), sorted(raised))
        gone = [_code(after.stream.live, e) for e in entries if isinstance(e, core.WarningResolved)]
        _same("warnings resolved", sorted(resolves), sorted(gone))
        if stage is not None:
            _same("stage", stage, after.stream.live.stage)
        return after

    def refused(
        self,
        code: str,
        *,
        pointer: str | None = None,
        details: Sequence[Any] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> "Story":
        """It is refused with this code; nothing is recorded.

        Raises:
            AssertionError: it was accepted, or refused for something else.
        """
        after, outcome = self._happens()
        refusal = outcome.refusal
        if refusal is None:
            kinds = ", ".join(fact.kind for fact in outcome.facts)
            raise AssertionError(f"expected {code}, but it was accepted: {kinds}")
        _same("code", code, refusal.code)
        if pointer is not None:
            _same("pointer", pointer, refusal.pointer)
        if details is not None:
            _same("details", _plain(details), _plain(refusal.details))
        if params is not None:
            _same("params", _plain(params), _plain(refusal.params))
        return after

    def person(self, name: str) -> UUID:
        """The id of somebody in this world."""
        return self.stream.world.called(name)

    @property
    def live(self) -> Live:
        """The stream after everything told so far."""
        return self.settled().stream.live

    def may(self, name: str) -> dict[str, Action]:
        """What somebody can do now or not yet, by kind; what their role never allows is absent."""
        after = self.settled()
        return {
            action.kind: action
            for action in harness.actions(after.stream, after.person(name), after.now)
        }

    def reads(self, name: str) -> list[dict[str, Any]]:
        """The facts that somebody may read now, texts opened, hidden fields left out."""
        after = self.settled()
        return [
            _told(after.stream, recorded, shown)
            for recorded, shown in harness.readable(after.stream, after.person(name), after.now)
        ]

    def view(self, name: str, by: str) -> Any:
        """A view as somebody gets it, texts opened.

        Raises:
            Reject: ``NOT_FOUND``, where they may not ask for it.
        """
        after = self.settled()
        who = after.person(by)
        for view in harness.views(after.stream, who, after.now):
            if view.name == name:
                plain = harness.look(after.stream, view, who, after.now)
                return harness.with_texts(after.stream, plain)
        raise Reject("NOT_FOUND", "There is nothing here for you.")

    def warned(self, name: str) -> list[str]:
        """Codes of the standing warnings that somebody can see, oldest first."""
        after = self.settled()
        viewer = after.stream.viewer(after.person(name), after.now)
        return [w.code for w in warnings(after.stream.compiled, after.stream.live, viewer)]

    def _happens(self) -> tuple["Story", Outcome]:
        """Let the pending command happen."""
        pending = self.pending
        if pending is None:
            raise AssertionError("nobody did anything")
        after = self.but(pending=None)
        if pending.kind is None:
            stream, decision = harness.pass_time(self.stream, self.now, pending.id)
            return after.but(stream=stream, done=self._with()), Outcome(decision.facts)
        move = self.stream.compiled.move(pending.kind)
        if move is None:
            raise AssertionError(f"there is no move {pending.kind}")
        try:
            stream, decision = harness.act(
                self.stream,
                self.actor,
                move,
                pending.body,
                self.now,
                pending.id,
                pending.if_match,
            )
        except Reject as refusal:
            return after, Outcome(refusal=refusal)
        return after.but(stream=stream, done=self._with()), Outcome(decision.facts)

    def _with(self) -> tuple[Done, ...]:
        pending = self.pending
        if pending is None:
            return self.done
        who = self.actor if pending.kind is not None else PLATFORM
        return (*self.done, Done(who, pending.kind, pending.body, self.now, pending.id))

    def settled(self) -> "Story":
        """The story after whatever is pending, which must be accepted."""
        if self.pending is None:
            return self
        after, outcome = self._happens()
        if outcome.refusal is not None:
            raise AssertionError(f"{self.pending.kind}: {_refusal(outcome.refusal)}")
        return after

    def but(self, **changes: Any) -> Self:
        """The same, but for these fields."""
        return msgspec.structs.replace(self, **changes)


def given(method: Method, world: World = VILLAGE, at: str | datetime = MORNING) -> Story:
    """A story about this method in this world, before anything has happened.

    A method without a move that opens a stream is opened by the platform.
    """
    compiled, now = Compiled(method), _instant(at)
    if any(move.opens for move in method.moves):
        return Story(harness.blank(compiled, world), now)
    return Story(harness.begun(compiled, world, PLATFORM, now, named("opening")), now)


def _instant(when: str | datetime) -> datetime:
    return when if isinstance(when, datetime) else datetime.fromisoformat(when).replace(tzinfo=UTC)


def _same(what: str, wanted: Any, found: Any) -> None:
    if wanted != found:
        raise AssertionError(f"{what}: expected {wanted}, got {found}")


def _name(fact: str | Entry) -> str:
    return fact if isinstance(fact, str) else str(fact.__records__).rpartition("/")[2]


def _short(kind: str) -> str:
    return kind.rpartition("/")[2]


def _code(live: Live, resolved: core.WarningResolved) -> str:
    return live.warnings[resolved.warning].code


def _refusal(refusal: Reject) -> str:
    at = f" at {refusal.pointer}" if refusal.pointer else ""
    details = f" {_plain(refusal.details)}" if refusal.details else ""
    return f"{refusal.code}{at}: {refusal.sentence}{details}"


def _plain(value: Any) -> Any:
    """As JSON has it: a list is a list, whatever it was made of."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _told(stream: harness.Stream, recorded: Any, shown: Any) -> dict[str, Any]:
    plain: dict[str, Any] = harness.with_texts(stream, _plain(recorded.entry))
    data = {name: value for name, value in plain.items() if name not in shown.hide}
    by = None if "by" in shown.hide else recorded.was.by
    return {"kind": _short(recorded.kind), "by": by, "data": data}
