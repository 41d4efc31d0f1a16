"""P09, non-interference: change what somebody may not read; they must not be shown a change.

One act of a walk is changed (another value in its form, another author, or it never happened); the
rest of the walk is played again. Whoever may not read that fact must then see the same as before. A
view that is meant to tell something of it says so in ``reveals``.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.method.compiled import address_fields
from enquiry.method.entry import Entry
from enquiry.method.method import Recorded
from enquiry.method.rules import Reject
from enquiry.method.visible import visible, warnings
from enquiry.testing import harness
from enquiry.testing.generate import Habits, Pen
from enquiry.testing.harness import Stream
from enquiry.testing.judge import Attempt, as_json
from enquiry.testing.subject import Findings, Subject
from enquiry.testing.walker import Tick, Walk, Walker

CHANGES_EACH = 6
"""How many acts of each move are changed, over all walks."""
_AUTHOR = "by"
_OPENED, _OPTIONS = "core/opened", frozenset({"params"})


class Change(Struct, frozen=True):
    """Something that might have been otherwise."""

    what: str
    """``value``, ``author`` or ``absence``."""
    fields: frozenset[str]
    """Top-level fields that differ; ``by`` for the author."""
    step: int
    other: Stream
    """The stream after the changed act."""


class Leaks:
    """Looks for leaks on the walks of one method."""

    def __init__(self, subject: Subject, walker: Walker, findings: Findings) -> None:
        """``walker`` says what a form can refer to."""
        self._subject = subject
        self._walker = walker
        self._findings = findings
        self._rng = random.Random(f"{subject.seed}/leaks")  # noqa: S311 - it repeats itself
        self._done: Counter[str] = Counter()

    def look(self, walks: Sequence[Walk]) -> None:
        """Try changes on every walk, a few for each move."""
        for walk in walks:
            for number, step in enumerate(walk.steps):
                if isinstance(step, Attempt) and self._wanted(step):
                    with suppress(Exception):  # a crash is found elsewhere, and is no leak
                        for change in self._changes(number, step):
                            self._compare(walk, step, change)

    def _wanted(self, step: Attempt) -> bool:
        kind = step.move.kind
        if self._done[kind] >= CHANGES_EACH or not step.move.facts:
            return False
        self._done[kind] += 1
        return True

    def _changes(self, number: int, step: Attempt) -> Iterator[Change]:
        for fields, body in self._values(step):
            other = _acted(step, step.who, body)
            if other is not None:
                yield Change("value", fields, number, other)
        for who in self._subject.people:
            other = _acted(step, who, step.body) if who != step.who else None
            if other is not None:
                yield Change("author", frozenset({_AUTHOR}), number, other)
                break
        if step.after is not None and _may_be_absent(step):
            missing = len(step.after.events) - len(step.before.events)
            live = step.before.live
            bare = step.before.but(
                live=live.but(revision=live.revision + missing),
                position=step.after.position,
            )
            yield Change("absence", frozenset(), number, bare)

    def _values(self, step: Attempt) -> Iterator[tuple[frozenset[str], bytes]]:
        """Other bodies, with another value in one field that neither addresses nor names."""
        body: dict[str, Any] = msgspec.json.decode(step.body)
        around = self._walker.surroundings(step.before, step.now)
        fixed = address_fields(step.move.entry) | _identities(step.move.entry)
        for name in step.move.entry.__struct_fields__:
            if name in fixed:
                continue
            pen = Pen(step.move.kind, around, Habits(), self._rng)
            for _ in range(3):
                other = {**body, **pen.only(step.move.entry, name)}
                if _shape(other) != _shape(body):
                    yield frozenset({name}), msgspec.json.encode(other)
                    break

    def _compare(self, walk: Walk, step: Attempt, change: Change) -> None:
        """Play the rest again, and compare what everybody is shown who may not read the change."""
        for now, one, other in _played(walk, step, change):
            for who in self._subject.people:
                both = (one, other)
                if any(self._may_read(stream, step, who, now, change) for stream in both):
                    continue
                # Whose own part in it is another is told so: that is no leak. What takes facts out
                # of sight (a withdrawal) is meant to be noticed by their absence.
                if _roles(one, who) == _roles(other, who) and _hidden(one) == _hidden(other):
                    self._same(one, other, who, now, step, change)

    def _may_read(
        self, stream: Stream, step: Attempt, who: UUID, now: datetime, change: Change
    ) -> bool:
        """Whether somebody may read what was changed."""
        viewer = stream.viewer(who, now)
        for recorded in _recorded(stream, step):
            if recorded.was.by == who:
                return True
            if recorded.kind == _OPENED and change.fields != _OPTIONS:
                continue
            shown = visible(stream.compiled, stream.live, recorded, viewer)
            if shown is not None and (not change.fields or change.fields - shown.hide):
                return True
        return False

    def _same(
        self, one: Stream, other: Stream, who: UUID, now: datetime, step: Attempt, change: Change
    ) -> None:
        facts = set(step.move.facts)
        for view in one.compiled.method.views:
            if facts & set(view.reveals):
                continue
            first, second = _seen(one, view.name, who, now), _seen(other, view.name, who, now)
            if first != second:
                self._leak(f"view {view.name}", who, step, change)
        if change.what != "value":
            return
        if harness.actions(one, who, now) != harness.actions(other, who, now):
            self._leak("what they can do", who, step, change)
        if _readable(one, step, who, now) != _readable(other, step, who, now):
            self._leak("which facts they may read", who, step, change)
        if _warned(one, who, now) != _warned(other, who, now):
            self._leak("their warnings", who, step, change)

    def _leak(self, where: str, who: UUID, step: Attempt, change: Change) -> None:
        what = {
            "value": f"the {', '.join(sorted(change.fields))} of {step.move.kind}",
            "author": f"who did {step.move.kind}",
            "absence": f"whether {step.move.kind} was done",
        }[change.what]
        says = (
            f"it tells {self._subject.name(who)} {what}, which no row lets them read. "
            "If that is meant, say so in the view's reveals."
        )
        self._findings.add("P09", where, says, key=f"{where} {what}")


def _acted(step: Attempt, who: UUID, body: bytes) -> Stream | None:
    """The stream if this had been done in place of it; ``None`` where it takes another course."""
    try:
        other, decision = harness.act(step.before, who, step.move, body, step.now, step.id)
    except Exception:  # noqa: BLE001 - refusals are no leak, crashes are found elsewhere
        return None
    known = step.decision.facts if step.decision is not None else ()
    same = [fact.kind for fact in decision.facts] == [fact.kind for fact in known]
    return other if same else None


def _may_be_absent(step: Attempt) -> bool:
    """A contribution that moved nothing on: nobody needs to know that it is there."""
    if step.decision is None or step.move.decision or step.move.opens:
        return False
    return not any(fact.kind.startswith("core/") for fact in step.decision.facts)


def _played(walk: Walk, step: Attempt, change: Change) -> Iterator[tuple[datetime, Stream, Stream]]:
    """Both courses at some moments: right after the change, and on the way to the end."""
    if step.after is None:
        return
    one, other, now = step.after, change.other, step.now
    yield now, one, other
    rest = walk.steps[change.step + 1 :]
    for number, later in enumerate(rest):
        following = _follow(other, later)
        if following is None or later.after is None:
            return
        one, other, now = later.after, following, later.now
        if number in (1, 4, len(rest) - 1):
            yield now, one, other


def _follow(other: Stream, later: Attempt | Tick) -> Stream | None:
    try:
        if isinstance(later, Tick):
            after, decision = harness.pass_time(other, later.now, later.id)
        else:
            after, decision = harness.act(
                other, later.who, later.move, later.body, later.now, later.id
            )
    except (Reject, Exception):  # noqa: BLE001 - from here on it takes another course
        return None
    known = later.decision.facts if later.decision is not None else ()
    if [(f.kind, f.id) for f in decision.facts] != [(f.kind, f.id) for f in known]:
        return None
    return after


def _recorded(stream: Stream, step: Attempt) -> Iterator[Recorded]:
    """What the changed act recorded: facts of the method, and the options of a stream it opened."""
    wanted = {f.id for f in step.decision.facts} if step.decision is not None else set[UUID]()
    for event in stream.events:
        if event.id in wanted and (event.kind == _OPENED or not event.kind.startswith("core/")):
            found = stream.compiled.facts.recorded(event)
            if found is not None:
                yield found


def _roles(stream: Stream, who: UUID) -> set[str]:
    cast = stream.compiled.method.cast(stream.live.state)
    return {role for role, people in cast.items() if who in people}


def _hidden(stream: Stream) -> set[UUID]:
    """Facts that were withdrawn, or taken back by their authors."""
    method, state = stream.compiled.method, stream.live.state
    gone = set(method.gone(state)) if method.gone is not None else set[UUID]()
    return gone | (set(method.withheld(state)) if method.withheld is not None else set[UUID]())


def _seen(stream: Stream, name: str, who: UUID, now: datetime) -> bytes:
    for view in harness.views(stream, who, now):
        if view.name == name:
            return as_json(harness.look(stream, view, who, now))
    return b""


def _readable(stream: Stream, step: Attempt, who: UUID, now: datetime) -> set[tuple[str, str]]:
    changed = {f.id for f in step.decision.facts} if step.decision is not None else set[UUID]()
    return {
        (str(recorded.was.id), ",".join(sorted(shown.hide)))
        for recorded, shown in harness.readable(stream, who, now)
        if recorded.was.id not in changed
    }


def _warned(stream: Stream, who: UUID, now: datetime) -> list[bytes]:
    viewer = stream.viewer(who, now)
    seen = warnings(stream.compiled, stream.live, viewer)
    return [as_json([w.code, w.about, w.params]) for w in seen]


def _identities(entry: type[Entry]) -> frozenset[str]:
    """Fields that name people or things: to change them is to do something else."""
    info: Any = msgspec.inspect.type_info(entry)
    return frozenset(f.encode_name for f in info.fields if _names(f.type))


def _names(t: Any) -> bool:
    if isinstance(t, msgspec.inspect.UUIDType):
        return True
    inner: list[Any] = [getattr(t, "type", None), getattr(t, "item_type", None)]
    inner += getattr(t, "types", ())
    return any(_names(one) for one in inner if one is not None)


def _shape(body: Any) -> Any:
    """A body without the words of its texts: they are sealed, their shape is not."""
    if isinstance(body, dict):
        return {key: _shape(value) for key, value in body.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(body, list):
        return [_shape(item) for item in body]  # pyright: ignore[reportUnknownVariableType]
    return "a text" if isinstance(body, str) and " " in body else body
