"""A sound method whose roles rotate: three people, three turns, each once in every role."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from uuid import UUID

from msgspec import Struct

from enquiry import (
    MEMBER,
    Builder,
    Ctx,
    Entry,
    Look,
    Role,
    State,
    Was,
    ask,
    guard,
    rule,
    text,
)

CLIENT = Role("client", "the client", at_most=1)
COACH = Role("coach", "the coach", at_most=1)
OBSERVER = Role("observer", "the observer", at_most=1)
TRIAD = Role("triad", "the three", at_least=3, at_most=3)


class Turns(State):
    """What the rules remember."""

    three: tuple[UUID, ...] = ()
    turn: int = 0
    noted: tuple[int, ...] = ()


class Form(Entry, records="formed"):
    """Form a triad"""

    three: Annotated[tuple[UUID, ...], ask("Which three?", ui="people", at_least=3, at_most=3)]

    def apply(self, s: Turns, was: Was) -> Turns:
        """In this order they take turns."""
        return s.but(three=self.three)


class SetTopic(Entry, records="topic-set"):
    """Say what you want to think about"""

    topic: Annotated[str, text("What would you like to think through?", upto=600, lines=3)]


class RecordNote(Entry, records="note-recorded"):
    """Note a question that opened something up"""

    text: Annotated[str, text("Which question?", upto=600, lines=3)]

    def apply(self, s: Turns, was: Was) -> Turns:
        """This turn has a note."""
        return s.but(noted=tuple(sorted({*s.noted, s.turn})))


class EndConversation(Entry, records="conversation-ended"):
    """End the conversation"""


class TakeTurn(Entry):
    """Commit to an action and pass the chair"""

    action: Annotated[str, text("What will you try, and by when?", upto=600, lines=3)]


class ActionCommitted(Entry, records="action-committed"):
    """An action was committed to"""

    action: Annotated[str, text("What?", upto=600)]


class TurnTaken(Entry, records="turn-taken"):
    """The chair was passed"""

    turn: int

    def apply(self, s: Turns, was: Was) -> Turns:
        """Everybody moves one chair on."""
        return s.but(turn=self.turn)


@rule("TRIAD_SIZE", "Three different people.", source="PT-E01")
def three_people(s: Turns, e: Form, ctx: Ctx) -> bool:
    """Three people, one of them the actor."""
    del s
    return len(set(e.three)) == 3 and ctx.actor in e.three


@guard("FEEDBACK_ORDER", "The observer notes something first.")
def something_noted(s: Turns, ctx: Ctx) -> bool:
    """The observer of this turn wrote something."""
    del ctx
    return s.turn in s.noted


def take_turn(s: Turns, e: TakeTurn, ctx: Ctx) -> Iterable[Any]:
    """The action is recorded; after the third turn the meeting is over."""
    del ctx
    yield ActionCommitted(action=e.action)
    if s.turn == 2:
        yield CLOSED
    else:
        yield TurnTaken(turn=s.turn + 1)
        yield TALKING


def rotated(s: Turns) -> Mapping[str, tuple[UUID, ...]]:
    """Who sits in which chair in this turn."""
    if len(s.three) != 3:
        return {}
    order = [s.three[(s.turn + n) % 3] for n in range(3)]
    return {"client": order[:1], "coach": order[1:2], "observer": order[2:], "triad": s.three}


def cast(s: Turns) -> Mapping[str, tuple[UUID, ...]]:
    """The same, as tuples."""
    return {role: tuple(people) for role, people in rotated(s).items()}


class Chairs(Struct, frozen=True):
    """Who sits where."""

    turn: int
    chairs: dict[str, UUID]


def chairs(s: Turns, look: Look) -> Chairs:
    """The chairs of this turn."""
    del look
    return Chairs(s.turn, {r: people[0] for r, people in rotated(s).items() if r != "triad"})


turns = Builder(
    "small-turns",
    1,
    "Taking turns",
    state=Turns,
    roles=(CLIENT, COACH, OBSERVER, TRIAD),
    cast=cast,
    source="3.3",
)
FORMING, TALKING, FEEDBACK, CLOSED = turns.stages(
    "forming", "talking", "feedback", final=("closed",)
)
turns.move(Form, by=MEMBER, opens=True, to=TALKING, rules=(three_people,))
turns.move(SetTopic, by=CLIENT, at=TALKING)
turns.move(RecordNote, by=OBSERVER, at=TALKING)
turns.move(EndConversation, by=(COACH, OBSERVER), at=TALKING, to=FEEDBACK, rules=(something_noted,))
turns.move(
    TakeTurn,
    by=CLIENT,
    at=FEEDBACK,
    to=(TALKING, CLOSED),
    handler=take_turn,
    facts=(ActionCommitted, TurnTaken),
)
for fact in (Form, EndConversation, TurnTaken):
    turns.show(fact, to=TRIAD)
turns.show(SetTopic, to=(COACH, OBSERVER))
turns.show(RecordNote, to=(COACH, CLIENT), since=FEEDBACK)
turns.show(ActionCommitted, to=TRIAD)
turns.view("chairs", "Who sits where", to=TRIAD, build=chairs, schema=Chairs)

METHOD = turns.build()
