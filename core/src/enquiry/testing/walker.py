"""Walk a method at random, through the same offers that a front end shows.

A walk prefers what was never done before, fills in forms with what exists, and lets time pass. It
is the same for the same seed, in every process.
"""

import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from enquiry.method.available import Action
from enquiry.method.decide import Decision
from enquiry.method.live import Stored, envelope_of
from enquiry.method.method import Move
from enquiry.testing import harness
from enquiry.testing.generate import Habits, Known, Pen, Surroundings, leaves, plain, uuids_in
from enquiry.testing.harness import Stream
from enquiry.testing.judge import Attempt, Judge
from enquiry.testing.story import MORNING, Story
from enquiry.testing.subject import Findings, Subject
from enquiry.testing.world import PLATFORM

BODIES_MAX = 12
"""How often a form is filled in before the walk does something else."""
PAIRS_MAX = 8
_WAITS = (1, 1, 2, 5, 10, 30, 60, 60 * 24, 60 * 24 * 7)
"""Minutes between two acts."""
_ACKNOWLEDGE = "acknowledge-warning"

Offer = tuple[UUID, Move, Action]


class Tick(Struct, frozen=True):
    """Time passed, and standing conditions were looked at."""

    now: datetime
    id: UUID
    before: Stream
    after: Stream
    decision: Decision


class Walk(Struct, frozen=True):
    """What happened on one walk: accepted acts and ticks that recorded something, in order."""

    number: int
    steps: tuple[Attempt | Tick, ...]
    end: Stream
    now: datetime


class Walker:
    """Walks one method; what it learns on one walk it uses on the next."""

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
        self._doors: dict[str, float] = {}
        self._habits = Habits()
        self._words: list[str] = _words_of(subject)
        self._numbers: list[int] = []
        self._rng = random.Random()  # noqa: S311 - chance that repeats itself is the point
        self._probed: set[str] = set()
        self._seen: dict[bytes, tuple[tuple[Known, ...], tuple[int, ...]]] = {}
        self._world = tuple(_in_world(subject))

    def walks(self) -> tuple[Walk, ...]:
        """Every walk of this examination."""
        return tuple(self.walk(number) for number in range(self.subject.walks))

    def walk(self, number: int) -> Walk:
        """One walk, from the opening to a final stage or until it has lasted long enough."""
        self._rng.seed(f"{self.subject.seed}/{self.subject.method.id}/{number}")
        way = _Way(self, number)
        starts = self.subject.starts
        if starts and number % (len(starts) + 1):
            way.tell(starts[number % (len(starts) + 1) - 1]())
        else:
            way.open()
        told = len(way.steps)
        while len(way.steps) - told < self.subject.moves and way.go_on():
            pass
        way.look_around()
        return Walk(number, tuple(way.steps), way.stream, way.now)

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

    def opened_doors(self, kind: str, more: int) -> None:
        """Remember how many things more (or fewer) could be done after this move."""
        self._doors[kind] = 0.7 * self._doors.get(kind, 0.0) + 0.3 * more

    def weight(self, move: Move, *, curious: bool) -> float:
        """How much a walk wants to do this: what is new, and what opens doors, comes first."""
        done, tried = self.accepted[move.kind], self.refusals.get(move.kind, Counter[str]())
        wanted = 12.0 if done == 0 else 4.0 if done < 3 else 1.0
        wanted /= 1 + tried.total() / (24 * (done + 1))
        if move.kind == _ACKNOWLEDGE:
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


class _Way:
    """One walk while it is under way."""

    def __init__(self, walker: Walker, number: int) -> None:
        self.walker = walker
        self.subject = walker.subject
        self.rng = walker.chance()
        self.number = number
        self.now = MORNING
        self.acts = 0
        self.closing = 0
        self.doors = 0
        self.judged: Attempt | Tick | None = None
        self.steps: list[Attempt | Tick] = []
        self.stream = harness.blank(self.subject.compiled, self.subject.world)

    def open(self) -> None:
        """Open the stream, by one of the moves that do."""
        opens = [move for move in self.subject.method.moves if move.opens]
        if not opens:
            act = self._act_id()
            self.stream = harness.begun(
                self.subject.compiled, self.subject.world, PLATFORM, self.now, act
            )
            return
        people = list(self.subject.world.people.values())
        for _ in range(6 * PAIRS_MAX):
            before = self.walker.openers if self.rng.random() < 0.8 else []
            who = self.rng.choice(before or people)
            if self._sent(who, self.rng.choice(opens)):
                self.walker.openers.append(who)
                return

    def tell(self, story: Story) -> None:
        """Begin with what a story tells, judging it on the way."""
        judge = self.walker.judge
        for done in story.settled().done:
            self.now = done.now
            move = self.subject.compiled.move(done.kind) if done.kind is not None else None
            if move is None:
                self._tick(done.id)
                continue
            around = self.walker.surroundings(self.stream, self.now)
            made = judge.attempt(done.who, move, done.body, done.now, done.id, self.stream)
            if made.after is not None:
                self.walker.learn(made, around)
                self._took(made)

    def go_on(self) -> bool:
        """Take one step; false: the walk is over."""
        if not self.steps and any(move.opens for move in self.subject.method.moves):
            return False
        self._wait()
        if self.subject.compiled.is_final(self.stream.live.stage):
            self.closing += 1
        offers = self._offers()
        self._probe(offers)
        if len(self.steps) % 4 == 1:
            self.look_around()
        allowed = [offer for offer in offers if offer[2].allowed]
        self._learn_doors({move.kind for _, move, _ in allowed})
        moved = self._step(allowed)
        if not moved and not self.closing:
            self._stuck(offers)
        return moved and self.closing < 4

    def _learn_doors(self, kinds: set[str]) -> None:
        last = self.steps[-1] if self.steps else None
        if isinstance(last, Attempt) and last is not self.judged:
            self.walker.opened_doors(last.move.kind, len(kinds) - self.doors)
        self.judged, self.doors = last, len(kinds)

    def look_around(self) -> None:
        """Everybody looks at everything they may."""
        for who in self.subject.people:
            self.walker.judge.views(self.stream, who, self.now)

    def _wait(self) -> None:
        self.now += timedelta(minutes=self.rng.choice(_WAITS))
        if self.rng.random() < 0.3:
            self._tick()

    def _tick(self, act: UUID | None = None) -> None:
        act = act or self._act_id()
        before = self.stream
        try:
            self.stream, decision = harness.pass_time(before, self.now, act)
        except Exception as error:  # noqa: BLE001 - whatever a method raises is a finding
            self.walker.findings.crash("the passing of time", error)
            return
        if decision.facts:
            self.steps.append(Tick(self.now, act, before, self.stream, decision))

    def _offers(self) -> list[Offer]:
        found: list[Offer] = []
        for who in self.subject.people:
            for action in self.walker.judge.offers(self.stream, who, self.now):
                move = self.subject.compiled.move(action.kind)
                if move is not None:
                    found.append((who, move, action))
                    self.walker.offered.add(move.kind)
        return found

    def _step(self, offers: Sequence[Offer]) -> bool:
        """Do one of the things that are offered."""
        left: dict[str, list[Offer]] = {}
        for offer in offers:
            left.setdefault(offer[1].kind, []).append(offer)
        for _ in range(PAIRS_MAX):
            if not left:
                return False
            weights = [self._weight(mine[0][1]) for mine in left.values()]
            kind = self.rng.choices(list(left), weights)[0]
            who, move, action = left[kind].pop(self.rng.randrange(len(left[kind])))
            if not left[kind]:
                del left[kind]
            if self._sent(who, move, action):
                return True
        return bool(offers)

    def _weight(self, move: Move) -> float:
        """What ends everything comes last."""
        ends = bool(move.to) and all(stage.final for stage in move.to)
        wanted = self.walker.weight(move, curious=self.number % 3 == 0)
        if ends and self.walker.accepted[move.kind]:
            late = len(self.steps) > self.subject.moves * 0.7
            return wanted * (6 if late else 0.05)
        return wanted * (2 if move.to else 1)

    def _sent(self, who: UUID, move: Move, action: Action | None = None) -> bool:
        """Send a command until a body is accepted, or often enough."""
        walker = self.walker
        around = walker.surroundings(self.stream, self.now)
        body = walker.body(move, self.stream, who, around)
        for _ in range(BODIES_MAX):
            made = walker.judge.attempt(who, move, body, self.now, self._act_id(), self.stream)
            if made.after is not None:
                walker.learn(made, around)
                self._took(made)
                return True
            if made.refusal is None:
                return False
            walker.learn(made, around)
            self._offered_in_vain(made, action)
            other = walker.again(made, around)
            if other == body:
                return False
            body = other
        return False

    def _took(self, made: Attempt) -> None:
        self.stream = made.after or self.stream
        self.steps.append(made)
        live = self.stream.live
        self.walker.entered |= {live.stage, *live.tracks.values()}

    def _offered_in_vain(self, made: Attempt, action: Action | None) -> None:
        """What was offered may be refused for its contents, never for what was known before."""
        if action is None or made.refusal is None:
            return
        where = f"{made.move.kind} by {self.subject.name(made.who)} in {self.stream.live.stage}"
        known = {rule.code for rule in made.move.rules if not rule.needs_entry}
        known -= {rule.code for rule in made.move.rules if rule.needs_entry}
        if made.refusal.code in {*known, "VERSION_CONFLICT", "RECORD_CLOSED"}:
            says = f"it was offered, and refused with {made.refusal.code}."
            self.walker.findings.add("P05", where, says)

    def _probe(self, offers: Sequence[Offer]) -> None:
        """What is not offered is refused; nonsense is refused with a code."""
        allowed = {(who, move.kind) for who, move, action in offers if action.allowed}
        moves = [move for move in self.subject.method.moves if not move.opens]
        for _ in range(3):
            who, move = self.rng.choice(self.subject.people), self.rng.choice(moves)
            if (who, move.kind) not in allowed:
                self._not_offered(who, move)
        for who, move, _ in offers:
            if self.walker.first_probe(move.kind):
                self._nonsense(who, move)

    def _not_offered(self, who: UUID, move: Move) -> None:
        around = self.walker.surroundings(self.stream, self.now)
        body = self.walker.body(move, self.stream, who, around)
        act = self._act_id()
        made = self.walker.judge.attempt(who, move, body, self.now, act, self.stream)
        if made.after is not None:
            where = f"{move.kind} by {self.subject.name(who)} in {self.stream.live.stage}"
            self.walker.findings.add("P05", where, "it was not offered, and yet accepted.")

    def _nonsense(self, who: UUID, move: Move) -> None:
        for body in (b"", b"[]", b"null", b'{"no-such-field": 1}', b"\xff", b"[" * 2000):
            made = self.walker.judge.attempt(who, move, body, self.now, self._act_id(), self.stream)
            if made.after is not None:
                where = f"{move.kind} with {body[:24]!r}"
                self.walker.findings.add("P05", where, "nonsense was accepted.")

    def _stuck(self, offers: Sequence[Offer]) -> None:
        """Nobody can do anything: not now, and not after waiting."""
        del offers
        if any(self._somebody_after(timedelta(days=days)) for days in (0, 1, 30, 400)):
            return
        where = f"stage {self.stream.live.stage}"
        says = "nobody can do anything here, however long they wait."
        self.walker.findings.add("P06", where, says, key=where)

    def _somebody_after(self, wait: timedelta) -> bool:
        return any(
            action.allowed and not self.subject.compiled.move(action.kind).after_close  # pyright: ignore[reportOptionalMemberAccess]
            for who in self.subject.people
            for action in harness.actions(self.stream, who, self.now + wait)
        )

    def _act_id(self) -> UUID:
        self.acts += 1
        return uuid5(self.subject.world.stream, f"{self.number}/{self.acts}")


__all__ = ["Tick", "Walk", "Walker"]
