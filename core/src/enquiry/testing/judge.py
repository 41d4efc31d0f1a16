"""What must hold of every single question and every single act, whatever the method."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.method.available import Action
from enquiry.method.codes import STEPS, WARNINGS
from enquiry.method.ctx import Ctx
from enquiry.method.decide import Decision, Planned, decide, placed
from enquiry.method.entry import Entry
from enquiry.method.method import Move, View
from enquiry.method.record import Ref, opened, refs_in
from enquiry.method.rules import Reject, Warn
from enquiry.method.visible import tells
from enquiry.testing import harness
from enquiry.testing.harness import Stream
from enquiry.testing.narrow import looked_elsewhere
from enquiry.testing.subject import Findings, Subject


class Attempt(Struct, frozen=True):
    """A command as it was sent, and what came of it."""

    who: UUID
    move: Move
    body: bytes
    now: datetime
    id: UUID
    before: Stream
    if_match: int | None = None
    after: Stream | None = None
    """``None``: refused, or it broke something."""
    decision: Decision | None = None
    refusal: Reject | None = None

    def ctx(self) -> Ctx:
        """The surroundings in which it was judged."""
        return harness.surroundings(self.before, self.who, self.now, self.id)


class Judge:
    """Asks each question twice and looks at every answer."""

    def __init__(self, subject: Subject, findings: Findings) -> None:
        """``findings`` receives whatever does not hold."""
        self.subject = subject
        self.findings = findings
        self.unknown: set[UUID] = set()
        """People of whom nobody can tell at present what they can do: asking crashed."""
        self._asked = 0

    def offers(self, stream: Stream, who: UUID, now: datetime) -> tuple[Action, ...]:
        """What somebody can do: asked twice, it must be the same, and change nothing."""
        where = f"what {self.subject.name(who)} can do in {stream.live.stage}"
        before = frozen(stream)
        try:
            first = harness.actions(stream, who, now)
            second = harness.actions(stream, who, now) if self._doubts() else first
        except Exception as error:  # noqa: BLE001 - whatever a method raises is a finding
            self.findings.crash(where, error)
            self.unknown.add(who)
            return ()
        self.unknown.discard(who)
        if first != second:
            self.findings.add("P01", where, "asked twice, it is not the same.")
        self._unchanged(stream, before, where)
        return first

    def _doubts(self) -> bool:
        """Whether to ask again: now and then is enough, as the same is asked so often."""
        self._asked += 1
        return self._asked % 4 == 1

    def attempt(
        self, who: UUID, move: Move, body: bytes, now: datetime, act: UUID, stream: Stream
    ) -> Attempt:
        """Send a command; decide it twice; look at everything that comes of it."""
        where = f"{move.kind} by {self.subject.name(who)} in {stream.live.stage or 'the beginning'}"
        if_match = stream.live.revision if move.decision else None
        made = Attempt(who, move, body, now, act, stream, if_match)
        before = frozen(stream)
        try:
            after, decision = harness.act(stream, who, move, body, now, act, if_match)
        except Reject as refusal:
            self._refused_again(made, refusal, where)
            self._unchanged(stream, before, where)
            return msgspec.structs.replace(made, refusal=refusal)
        except Exception as error:  # noqa: BLE001 - whatever a method raises is a finding
            self.findings.crash(where, error)
            return made
        self._unchanged(stream, before, where)
        made = msgspec.structs.replace(made, after=after, decision=decision)
        self._decided_again(made, where)
        self._facts(made, where)
        self._folded(made, where)
        self._warned(made, where)
        return made

    def _unchanged(self, stream: Stream, before: bytes, where: str) -> None:
        if frozen(stream) != before:
            self.findings.add("P10", where, "the state it was given was changed in place.")

    def _refused_again(self, made: Attempt, refusal: Reject, where: str) -> None:
        if refusal.code not in STEPS and not any(r.code == refusal.code for r in made.move.rules):
            says = f"{refusal.code} is neither in the catalogue nor a code of one of its rules."
            self.findings.add("P14", where, says)
        if not self._doubts():
            return
        try:
            harness.act(
                made.before, made.who, made.move, made.body, made.now, made.id, made.if_match
            )
        except Reject as again:
            if (again.code, again.pointer) != (refusal.code, refusal.pointer):
                says = f"refused with {refusal.code}, then with {again.code}."
                self.findings.add("P01", where, says)
        except Exception as error:  # noqa: BLE001 - whatever a method raises is a finding
            self.findings.crash(where, error)
        else:
            self.findings.add("P01", where, f"refused with {refusal.code}, then accepted.")

    def _decided_again(self, made: Attempt, where: str) -> None:
        try:
            again = decide(
                made.before.compiled,
                made.before.live,
                made.move,
                made.body,
                made.ctx(),
                made.if_match,
            )
        except Exception as error:  # noqa: BLE001 - it was accepted a moment ago
            self.findings.add("P01", where, f"accepted, then {type(error).__name__}: {error}")
            return
        if made.decision is not None and again.facts != made.decision.facts:
            self.findings.add("P01", where, "the same question brought about different facts.")

    def _facts(self, made: Attempt, where: str) -> None:
        """Each fact is declared, fits its own limits, and comes back from its bytes as it was."""
        if made.decision is None or made.after is None:
            return
        own = [f for f in made.decision.facts if f.stream == made.before.live.stream]
        for planned in own:
            if not planned.kind.startswith("core/") and type(planned.entry) not in made.move.facts:
                says = f"it records {planned.kind} without saying so in facts=."
                self.findings.add("P05", where, says)
        events = made.after.events[len(made.before.events) :]
        for planned, event in zip(own, events, strict=True):
            self._round_trip(made.after, planned, event, where)

    def _round_trip(self, after: Stream, planned: Planned, event: Any, where: str) -> None:
        entry = planned.entry
        try:
            msgspec.convert(msgspec.to_builtins(entry), type(entry))
            recorded = after.compiled.facts.recorded(event)
        except (msgspec.MsgspecError, TypeError, ValueError) as error:
            says = f"{planned.kind} breaks its own limits: {error}"
            self.findings.add("P02", where, says, key=planned.kind)
            return
        plain = msgspec.to_builtins(recorded.entry) if recorded is not None else None
        if as_json(harness.with_texts(after, plain)) != as_json(entry):
            self.findings.add("P02", where, f"{planned.kind} does not come back as it was written.")

    def _folded(self, made: Attempt, where: str) -> None:
        """The state that was foreseen is the state that the bytes give."""
        if made.decision is None or made.after is None:
            return
        foreseen = as_json(with_texts(made.decision.after.state, made.after))
        folded = as_json(with_texts(made.after.live.state, made.after))
        if foreseen != folded:
            says = "the state folded from what was recorded is not the one that was foreseen."
            self.findings.add("P03", where, says)

    def _warned(self, made: Attempt, where: str) -> None:
        """Every warning has a weight, and a watch raises none but its own."""
        if made.decision is None:
            return
        before, method = made.before, made.before.compiled.method
        ctx = placed(before.compiled, before.live, made.ctx())
        try:
            entry = before.compiled.decode(made.move, made.body)
            warns = warnings_of(made.move, before.live.state, entry, ctx)
        except Exception:  # noqa: BLE001 - it was accepted: a crash here is an impurity found elsewhere
            return
        after = made.after or before
        for watch in method.watches:
            for warn in watch.holds(after.live.state, placed(after.compiled, after.live, ctx)):
                warns.append(warn)
                if warn.code != watch.code:
                    says = f"the watch {watch.code} raises {warn.code}: nothing would resolve it."
                    self.findings.add("P14", where, says)
            if watch.looks_at and (says := looked_elsewhere(watch, after.live.state)):
                self.findings.add("P14", where, says)
        for warn in warns:
            weighed = warn.severity is not None and warn.audience is not None
            if warn.code not in WARNINGS and not weighed:
                says = f"{warn.code} is not in the catalogue: give it a severity and an audience."
                self.findings.add("P14", where, says)

    def views(self, stream: Stream, who: UUID, now: datetime) -> None:
        """Every view somebody may ask for: built twice, fitting its schema, leaking no text."""
        for view in self._allowed(stream, who, now):
            where = f"view {view.name} for {self.subject.name(who)} in {stream.live.stage}"
            before = frozen(stream)
            try:
                first = harness.look(stream, view, who, now)
                second = harness.look(stream, view, who, now)
                msgspec.convert(first, view.schema, strict=False)
            except msgspec.ValidationError as error:
                self.findings.add("P02", where, f"it does not fit its schema: {error}")
                continue
            except Exception as error:  # noqa: BLE001 - whatever a method raises is a finding
                self.findings.crash(where, error)
                continue
            if first != second:
                self.findings.add("P01", where, "built twice, it is not the same.")
            self._unchanged(stream, before, where)
            for ref in refs_in(first):
                self._readable(stream, who, now, ref, where)

    def _allowed(self, stream: Stream, who: UUID, now: datetime) -> Sequence[View]:
        try:
            return harness.views(stream, who, now)
        except Exception as error:  # noqa: BLE001 - whatever a method raises is a finding
            self.findings.crash(f"views for {self.subject.name(who)}", error)
            return ()

    def _readable(self, stream: Stream, who: UUID, now: datetime, ref: Ref, where: str) -> None:
        """Whoever is shown a text may read the fact that it stands in, and this field of it."""
        event = harness.event_of(stream, ref.position)
        sealed = stream.sealed.get(ref)
        recorded = stream.compiled.facts.recorded(event) if event is not None else None
        if event is None or sealed is None or recorded is None:
            return
        shown = tells(stream.compiled, stream.live, recorded, stream.viewer(who, now))
        field = sealed.path.strip("/").partition("/")[0]
        if shown is None or field in shown.hide:
            says = f"it shows {field} of {recorded.kind}, which no row lets this reader read."
            self.findings.add("P09", where, says, key=f"{where.partition(' for ')[0]} {says}")


def warnings_of(move: Move, state: Any, entry: Entry, ctx: Ctx) -> list[Warn]:
    """Every warning that the move itself raises."""
    yielded = move.handler(state, entry, ctx) if move.handler is not None else ()
    warns = [item for item in yielded if isinstance(item, Warn)]
    for look in move.warns:
        warns += look(state, entry, ctx)
    return warns


def frozen(stream: Stream) -> bytes:
    """The state as bytes, to see whether anything touched it."""
    return as_json(stream.live.state)


def as_json(value: Any) -> bytes:
    """A value as bytes that are equal for equal values."""
    plain = msgspec.to_builtins(value, str_keys=True, order="deterministic")
    return msgspec.json.encode(plain, order="deterministic")


def with_texts(state: Any, stream: Stream) -> Any:
    """A state as plain values with its references opened."""
    plain = msgspec.to_builtins(state, str_keys=True)
    known = stream.texts()
    return opened(plain, {ref: known.get(ref, "?") for ref in refs_in(plain)})


__all__ = ["Attempt", "Judge", "as_json", "frozen", "warnings_of", "with_texts"]
