"""Do again what was done on the walks: folded afresh, decided anew, watched, with other words."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import msgspec

from enquiry.method.decide import decide, placed
from enquiry.method.rules import Reject
from enquiry.method.texts import TextAt, rewrite, texts
from enquiry.testing import harness
from enquiry.testing.harness import Stream
from enquiry.testing.judge import Attempt, as_json
from enquiry.testing.purity import impure
from enquiry.testing.subject import Findings, Subject
from enquiry.testing.walker import Walk

_EACH = 3
"""How many acts of each move are watched, or done again with other words."""


def acts(walks: Iterable[Walk]) -> Iterator[Attempt]:
    """Every accepted act of these walks."""
    for walk in walks:
        yield from (step for step in walk.steps if isinstance(step, Attempt))


def some(walks: Iterable[Walk], each: int = _EACH) -> Iterator[Attempt]:
    """A few acts of each move."""
    taken: Counter[str] = Counter()
    for act in acts(walks):
        if taken[act.move.kind] < each:
            taken[act.move.kind] += 1
            yield act


def folded(walks: Iterable[Walk], findings: Findings) -> None:
    """P03: folding the recorded bytes once more gives the same state after every event."""
    for walk in walks:
        along = {len(step.after.events): step.after for step in walk.steps if step.after}
        where = f"walk {walk.number}"
        try:
            for count, live in enumerate(harness.refold(walk.end), start=1):
                known = along.get(count)
                if known is not None and as_json(live.state) != as_json(known.live.state):
                    kind = walk.end.events[count - 1].kind
                    says = f"folded once more, the state after {kind} is another."
                    findings.add("P03", where, says, key="again")
        except Exception as error:  # noqa: BLE001 - folding must not fail at all
            findings.crash(f"{where}, folded once more", error)


def decided(walks: Iterable[Walk], findings: Findings) -> None:
    """P01: the same question, long after, has the same answer."""
    for act in acts(walks):
        before, where = act.before, f"{act.move.kind}, asked again later"
        try:
            facts = decide(before.compiled, before.live, act.move, act.body, act.ctx()).facts
        except Exception as error:  # noqa: BLE001 - it was accepted before
            findings.add("P01", where, f"it was accepted, and now {type(error).__name__}: {error}")
            continue
        if act.decision is not None and facts != act.decision.facts:
            findings.add("P01", where, "it brings about other facts.")


def watched(subject: Subject, walks: Iterable[Walk], findings: Findings) -> None:
    """P08: nothing looks at a clock, at chance, at a file or at the network."""
    seen: set[str] = set()
    for act in some(walks):
        questions = _deciding(act) if act.move.kind in seen else _questions(subject, act)
        seen.add(act.move.kind)
        for what, function in questions:
            try:
                for call in impure(function):
                    findings.add("P08", f"{what} {act.move.kind}", f"it calls {call}.", key=call)
            except Exception as error:  # noqa: BLE001 - it did not fail when nobody watched
                says = f"while it is watched, it fails: {type(error).__name__}: {error}"
                findings.add("P04", f"{what} {act.move.kind}", says)


def _deciding(act: Attempt) -> Iterator[tuple[str, Any]]:
    before, ctx = act.before, act.ctx()
    yield "deciding", lambda: decide(before.compiled, before.live, act.move, act.body, ctx)


def _viewers(subject: Subject, act: Attempt, after: Stream) -> list[UUID]:
    """Somebody of each kind: whoever acted, a stranger, one of each role and of each circle."""
    cast = after.compiled.method.cast(after.live.state)
    found: dict[frozenset[str], UUID] = {}
    for who in (act.who, *subject.people):
        roles = {role for role, people in cast.items() if who in people}
        found.setdefault(frozenset(roles | after.viewer(who, act.now).circles), who)
    return list(found.values())


def _questions(subject: Subject, act: Attempt) -> Iterator[tuple[str, Any]]:
    yield from _deciding(act)
    after, ctx = act.after, act.ctx()
    if after is None:
        return
    yield "folding", lambda: list(harness.refold(after))
    yield "offering", lambda: placed(after.compiled, after.live, ctx)
    for who in _viewers(subject, act, after):
        yield "offering after", lambda who=who: harness.actions(after, who, act.now)
        yield "reading after", lambda who=who: harness.readable(after, who, act.now)
        yield (
            "views after",
            lambda who=who: [
                harness.look(after, view, who, act.now)
                for view in harness.views(after, who, act.now)
            ],
        )


def reworded(walks: Iterable[Walk], findings: Findings) -> None:
    """P13: other words, the same facts and the same state; no word outside its seal."""
    for act in acts(walks):
        _spilled(act, findings)
    for act in some(walks):
        _other_words(act, findings)


def _spilled(act: Attempt, findings: Findings) -> None:
    if act.after is None:
        return
    entry = act.before.compiled.decode(act.move, act.body)
    fresh = act.after.events[len(act.before.events) :]
    for at in texts(entry):
        if at.field.subject is None or len(at.value) < 8:
            continue
        value = msgspec.json.encode(at.value)[1:-1]
        for event in fresh:
            if value in event.body:
                says = f"the text of {at.pointer} stands in {event.kind} outside its seal."
                findings.add("P13", act.move.kind, says)


def _other_words(act: Attempt, findings: Findings) -> None:
    entry = act.before.compiled.decode(act.move, act.body)
    if act.after is None or not any(at.field.subject for at in texts(entry)):
        return
    body = msgspec.json.encode(rewrite(entry, _elsewise))
    try:
        same, _ = harness.act(act.before, act.who, act.move, act.body, act.now, act.id)
        other, _ = harness.act(act.before, act.who, act.move, body, act.now, act.id)
    except Reject:
        return
    except Exception as error:  # noqa: BLE001 - whatever a method raises is a finding
        findings.crash(f"{act.move.kind} with other words", error)
        return
    if as_json(same.live.state) != as_json(act.after.live.state) or same.events != act.after.events:
        return  # it is another even with the same words, which is found elsewhere
    if _own(other, act.before) != _own(act.after, act.before):
        says = "other words, other facts: something personal is recorded outside its seal."
        findings.add("P13", act.move.kind, says)
    elif as_json(other.live.state) != as_json(act.after.live.state):
        findings.add("P13", act.move.kind, "other words, another state: erasure would change it.")


def _elsewise(at: TextAt) -> str:
    """Other words of another length, within the limits of the field."""
    if at.field.subject is None:
        return at.value
    return f"{at.value[::-1]} otherwise"[:32].strip()


def _own(stream: Stream, before: Stream) -> list[tuple[str, bytes]]:
    """What the method itself recorded; warnings about the words are another matter."""
    fresh = stream.events[len(before.events) :]
    return [(e.kind, e.body) for e in fresh if not e.kind.startswith("core/")]


__all__ = ["acts", "decided", "folded", "reworded", "some", "watched"]
