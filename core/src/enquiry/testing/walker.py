"""Walk a method at random, through the same offers that a front end shows.

A walk prefers what was never done before, fills in forms with what exists, and lets time pass. It
is the same for the same seed, in every process.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from msgspec import Struct

from enquiry.method.available import Action
from enquiry.method.decide import Decision
from enquiry.method.method import Move
from enquiry.testing import harness
from enquiry.testing.harness import Stream
from enquiry.testing.judge import Attempt
from enquiry.testing.memory import Memory
from enquiry.testing.story import MORNING, Story
from enquiry.testing.world import PLATFORM

BODIES_MAX = 12
"""How often a form is filled in before the walk does something else."""
PAIRS_MAX = 8
_WAITS = (1, 1, 2, 5, 10, 30, 60, 60 * 24, 60 * 24 * 7)
"""Minutes between two acts."""

Offer = tuple[UUID, Move, Action]


class StoryDiffers(Exception):
    """A walk was to start from a story that cannot be told again: the story is at fault."""


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


class Walker(Memory):
    """Walks one method."""

    def walks(self) -> tuple[Walk, ...]:
        """Every walk of this examination."""
        walks = tuple(self.walk(number) for number in range(self.subject.walks))
        self._catch_up()
        return walks

    def _catch_up(self) -> None:
        """Do what was offered and never done, at moments where it was offered."""
        self.chance().seed(f"{self.subject.seed}/{self.subject.method.id}/catching up")
        for kind, moments in self.chances.items():
            for number, (stream, who, now, action) in enumerate(moments):
                if not self.accepted[kind]:
                    way = _Way(self, self.subject.walks + number)
                    way.stream, way.now = stream, now
                    way.send_once(who, kind, action)

    def walk(self, number: int) -> Walk:
        """One walk, from the opening to a final stage or until it has lasted long enough."""
        self.chance().seed(f"{self.subject.seed}/{self.subject.method.id}/{number}")
        way = _Way(self, number)
        try:
            way.go()
        except StoryDiffers:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a method raises is a finding
            self.findings.crash(f"walk {number}", error)
        return Walk(number, tuple(way.steps), way.stream, way.now)


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

    def go(self) -> None:
        """From the beginning, or from a moment of a story, for as long as it lasts."""
        starts = self.subject.starts
        if starts and self.number % (len(starts) + 1):
            self.tell(starts[self.number % (len(starts) + 1) - 1]())
        else:
            self.open()
        told = len(self.steps)
        while len(self.steps) - told < self.subject.moves and self.go_on():
            pass
        self.look_around()

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
        """Begin with what a story tells, in its own world, judging it on the way.

        Raises:
            StoryDiffers: it does not come out as it did when it was told.
        """
        judge, story = self.walker.judge, story.settled()
        self.stream = harness.blank(self.subject.compiled, story.stream.world)
        for done in story.done:
            self.now = done.now
            move = self.subject.compiled.move(done.kind) if done.kind is not None else None
            if move is None:
                self._tick(done.id)
                continue
            around = self.walker.surroundings(self.stream, self.now)
            made = judge.attempt(done.who, move, done.body, done.now, done.id, self.stream)
            if made.after is None:
                raise StoryDiffers(f"{move.kind} was accepted in the story, and now {made.refusal}")
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
                    if action.allowed:
                        self.walker.remember(self.stream, who, self.now, action)
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

    def send_once(self, who: UUID, kind: str, action: Action) -> None:
        """One more attempt at a moment that is past."""
        move = self.subject.compiled.move(kind)
        try:
            if move is not None:
                self._sent(who, move, action)
        except Exception as error:  # noqa: BLE001 - whatever a method raises is a finding
            self.walker.findings.crash(f"{kind}, at another moment", error)

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
        # What is about one thing (a meeting, a round) may be closed while the record is not.
        known = {"VERSION_CONFLICT", "RECORD_CLOSED"}
        known |= {rule.code for rule in made.move.rules if not rule.needs_entry}
        known -= {rule.code for rule in made.move.rules if rule.needs_entry}
        if made.refusal.code in known:
            says = f"it was offered, and refused with {made.refusal.code}."
            self.walker.findings.add("P05", where, says)

    def _probe(self, offers: Sequence[Offer]) -> None:
        """What is not offered is refused; nonsense is refused with a code."""
        allowed = {(who, move.kind) for who, move, action in offers if action.allowed}
        moves = [move for move in self.subject.method.moves if not move.opens]
        for _ in range(3):
            who, move = self.rng.choice(self.subject.people), self.rng.choice(moves)
            if (who, move.kind) not in allowed and who not in self.walker.judge.unknown:
                self._not_offered(who, move)
        for who, move, _ in offers:
            if self.walker.first_probe(move.kind):
                self._nonsense(who, move)

    def _not_offered(self, who: UUID, move: Move) -> None:
        around = self.walker.surroundings(self.stream, self.now)
        body = self.walker.body(move, self.stream, who, around)
        act = self._act_id()
        made = self.walker.judge.attempt(who, move, body, self.now, act, self.stream)
        # A right of somebody who may not know the stream is theirs by its address, and not offered.
        unseen = move.right and not harness.knows_of(self.stream, who, self.now)
        if made.after is not None and not unseen:
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
