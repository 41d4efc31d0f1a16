"""P09, non-interference: change what somebody may not read; they must not be shown a change.

One act of a walk is changed (another value in its form, another author, or it never happened); the
rest of the walk is played again. Whoever may not read that fact must then see the same as before. A
view or a standing condition that is meant to tell something of it says so in ``reveals``.
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
from enquiry.method.rules import Reject
from enquiry.testing import harness
from enquiry.testing.generate import Habits, Pen
from enquiry.testing.harness import Stream
from enquiry.testing.judge import Attempt
from enquiry.testing.sides import Side
from enquiry.testing.subject import Findings, Subject
from enquiry.testing.walker import Tick, Walk, Walker

CHANGES_EACH = 4
"""How many acts of each move are changed, over all walks."""
FIELDS_MAX = 3
"""How many fields of one act are changed, each on its own."""
_AUTHOR = "by"


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
        self._rng = random.Random(f"{subject.seed}/leaks")  # noqa: S311 - repeated # nosec B311
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
        free = [name for name in step.move.entry.__struct_fields__ if name not in fixed]
        for name in self._rng.sample(free, min(len(free), FIELDS_MAX)):
            pen = Pen(step.move.kind, around, Habits(), self._rng)
            for _ in range(3):
                other = {**body, **pen.only(step.move.entry, name)}
                if _shape(other) != _shape(body):
                    yield frozenset({name}), msgspec.json.encode(other)
                    break

    def _compare(self, walk: Walk, step: Attempt, change: Change) -> None:
        """Play the rest again, and compare what everybody is shown who may not read the change."""
        for now, one, other in _played(walk, step, change):
            first, second = Side(one, step, now), Side(other, step, now)
            # What takes facts out of sight (a withdrawal) is meant to be noticed by their absence.
            if first.hidden != second.hidden:
                continue
            for who in self._subject.people:
                if first.may_read(who, change.fields) or second.may_read(who, change.fields):
                    continue
                # Whose own part in it is another is told so: that is no leak.
                if first.roles(who) == second.roles(who):
                    self._same(first, second, who, step, change)

    def _same(self, one: Side, other: Side, who: UUID, step: Attempt, change: Change) -> None:
        facts = set(step.move.facts)
        told = {view.name for view in self._subject.method.views if facts & set(view.reveals)}
        first, second = one.views(who, told), other.views(who, told)
        for name in sorted(first.keys() | second.keys()):
            if first.get(name) != second.get(name):
                self._leak(f"view {name}", who, step, change)
        if change.what != "value":
            return
        if one.actions(who) != other.actions(who):
            self._leak("what they can do", who, step, change)
        if one.readable(who) != other.readable(who):
            self._leak("which facts they may read", who, step, change)
        meant = {watch.code for watch in self._subject.method.watches if facts & set(watch.reveals)}
        if one.warned(who, meant) != other.warned(who, meant):
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
