"""What a walker knows: what was done and refused so far, what exists, how forms were filled in."""

import math
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from enquiry.method.available import Action
from enquiry.method.live import Stored, envelope_of
from enquiry.method.method import Move
from enquiry.testing.generate import (
    Habits,
    Known,
    Pen,
    Surroundings,
    ids_by_path,
    leaves,
    plain,
    uuids_in,
)
from enquiry.testing.harness import Stream
from enquiry.testing.judge import Attempt, Judge
from enquiry.testing.subject import Findings, Subject

ACKNOWLEDGE = "acknowledge-warning"
CHANCES_MAX = 12


class Memory:
    """What is learned on one walk is used on the next."""

    def __init__(self, subject: Subject, findings: Findings) -> None:
        """``findings`` receives whatever does not hold on the way."""
        self.subject = subject
        self.findings = findings
        self.judge = Judge(subject, findings)
        self.accepted: Counter[str] = Counter()
        self.offered: set[str] = set()
        self.entered: set[str] = {subject.method.stages[0].name}
        self.refusals: dict[str, Counter[str]] = {}
        self.openers: list[UUID] = []
        self.chances: dict[str, list[tuple[Stream, UUID, datetime, Action]]] = {}
        """Moments at which something was offered that nobody has done yet."""
        self._doors: dict[str, float] = {}
        self._habits = Habits()
        self._words: list[str] = _words_of(subject)
        self._numbers: list[int] = []
        self._rng = random.Random()  # noqa: S311 - to be repeated # nosec B311
        self._probed: set[str] = set()
        self._seen: dict[bytes, tuple[tuple[Known, ...], tuple[int, ...]]] = {}
        self._world = tuple(_in_world(subject))

    def body(self, move: Move, stream: Stream, who: UUID, around: Surroundings) -> bytes:
        """A first body for this move."""
        hint = self.subject.bodies.get(move.kind)
        if hint is not None:
            return msgspec.json.encode(hint(stream, who))
        return msgspec.json.encode(self._pen(move, around).form(move.entry))

    def again(self, made: Attempt, around: Surroundings) -> bytes:
        """Another body after one was refused, keeping what was not complained about."""
        if made.move.kind in self.subject.bodies:
            return self.body(made.move, made.before, made.who, around)
        pointer = made.refusal.pointer if made.refusal is not None else None
        before: dict[str, Any] = msgspec.json.decode(made.body)
        pen = self._pen(made.move, around)
        return msgspec.json.encode(pen.again(made.move.entry, before, pointer))

    def _pen(self, move: Move, around: Surroundings) -> Pen:
        return Pen(move.kind, around, self._habits, self._rng)

    def surroundings(self, stream: Stream, now: datetime) -> Surroundings:
        """What a form can refer to now."""
        people = tuple(self.subject.world.people.values())
        cast = stream.compiled.method.cast(stream.live.state)
        holders = {person for held in cast.values() for person in held}
        return Surroundings(
            people,
            tuple(person for person in people if person in holders),
            tuple(self._ids(stream)),
            (*self._words, *stream.live.tracks),
            (*self._numbers[-20:], *(n for e in stream.events for n in self._mentioned(e)[1])),
            now,
        )

    def _ids(self, stream: Stream) -> Iterator[Known]:
        yield from (Known(person, "person") for person in self.subject.world.people.values())
        yield from self._world
        for event in stream.events:
            yield Known(event.id, f"fact {event.kind}")
            yield from self._mentioned(event)[0]
        # What the rules themselves remember is the best guess of what they look for.
        people = set(self.subject.world.people.values())
        for path, found in ids_by_path(plain(stream.live.state)):
            if found not in people:
                yield Known(found, f"state {path}")

    def _mentioned(self, event: Stored) -> tuple[tuple[Known, ...], tuple[int, ...]]:
        """Ids and small numbers (of visits, rounds, versions) that a fact holds."""
        if event.kind.startswith("core/"):
            return (), ()
        known = self._seen.get(event.body)
        if known is None:
            data = msgspec.json.decode(bytes(envelope_of(event.body).data))
            ids = tuple(Known(found, f"in {event.kind}") for found in uuids_in(data))
            numbers = tuple(value for _, value in leaves(data) if _is_small(value))
            known = self._seen[event.body] = ids, numbers
        return known

    def learn(self, made: Attempt, around: Surroundings) -> None:
        """Remember what was accepted, or what a refusal said would have been right."""
        if made.refusal is None:
            ids = {str(known.id): known.source for known in around.ids}
            self._habits.learn(made.move.kind, msgspec.json.decode(made.body), ids)
            self.accepted[made.move.kind] += 1
            return
        counted = self.refusals.setdefault(made.move.kind, Counter())
        counted[made.refusal.code] += 1
        for _, value in leaves(plain([made.refusal.params, made.refusal.details])):
            if isinstance(value, str) and value not in self._words and len(value) < 60:
                self._words.append(value)
            elif isinstance(value, int) and value not in self._numbers:
                self._numbers.append(value)

    def remember(self, stream: Stream, who: UUID, now: datetime, action: Action) -> None:
        """Keep this moment, if what is offered in it was never done: the first few and the last."""
        if self.accepted[action.kind]:
            self.chances.pop(action.kind, None)
            return
        kept = self.chances.setdefault(action.kind, [])
        if len(kept) == CHANCES_MAX:
            kept.pop(CHANCES_MAX // 3)
        kept.append((stream, who, now, action))

    def opened_doors(self, kind: str, more: int) -> None:
        """Remember how many things more (or fewer) could be done after this move."""
        self._doors[kind] = 0.7 * self._doors.get(kind, 0.0) + 0.3 * more

    def weight(self, move: Move, *, curious: bool) -> float:
        """How much a walk wants to do this: what is new, and what opens doors, comes first."""
        done, tried = self.accepted[move.kind], self.refusals.get(move.kind, Counter[str]())
        wanted = 12.0 if done == 0 else 4.0 if done < 3 else 1.0
        wanted /= 1 + tried.total() / (24 * (done + 1))
        if move.kind == ACKNOWLEDGE:
            wanted *= 0.2
        doors = max(-4.0, min(2.0, self._doors.get(move.kind, 0.0)))
        return wanted if curious else wanted * math.exp(doors * 0.7)

    def chance(self) -> random.Random:
        """The source of every choice of this walk."""
        return self._rng

    def first_probe(self, kind: str) -> bool:
        """Whether this move was not yet sent with nonsense."""
        fresh = kind not in self._probed
        self._probed.add(kind)
        return fresh


def _is_small(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value < 1000


def _in_world(subject: Subject) -> Iterator[Known]:
    for far, state in subject.world.streams.items():
        yield Known(far, "world")
        yield from (Known(found, "in the world") for found in uuids_in(plain(state)))


def _words_of(subject: Subject) -> list[str]:
    method = subject.method
    every = (*method.stages, *(stage for track in method.tracks for stage in track.stages))
    names = [role.name for role in method.roles] + [stage.name for stage in every]
    return ["1", "2", "3", *dict.fromkeys(names)]
