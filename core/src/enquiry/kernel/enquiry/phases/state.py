"""What the rules must remember of the course of an enquiry."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from enquiry.method.entry import Piece


class Phase(StrEnum):
    """Which gate comes next; it forbids nothing that belongs to another phase."""

    IMPLEMENTATION = "implementation"
    INNOVATION = "innovation"
    IMPACT = "impact"


class Turn(StrEnum):
    """What happened to the course."""

    LAUNCHED = "launched"
    ADVANCED = "advanced"
    RETURNED = "returned"
    PAUSED = "paused"
    RESUMED = "resumed"
    CYCLE_CLOSED = "cycle_closed"
    CYCLE_STARTED = "cycle_started"
    CLOSED = "closed"
    ABANDONED = "abandoned"


class Passage(Piece):
    """A turn of the course, and where the enquiry was after it."""

    id: UUID
    turn: Turn
    at: datetime
    phase: Phase | None
    cycle: int


class Course(Piece):
    """Where the enquiry is, and since when."""

    cycle: int = 1
    """From 1."""
    phase: Phase | None = None
    """``None`` before it is launched."""
    launched_at: datetime | None = None
    """Of the present cycle."""
    entered_at: datetime | None = None
    """When the present phase began."""
    progressed_at: datetime | None = None
    """When something last happened that is more than planning: a run or a trial started, a
    decision was adopted."""
    targets: Mapping[Phase, date] = {}
    """By when each phase is meant to be over."""
    supports: Mapping[str, tuple[UUID, ...]] = {}
    """Representatives who have asked for a step that takes two of them."""
    paused_in: str | None = None
    """The stage to which resuming leads."""
    passages: tuple[Passage, ...] = ()
    """Every turn so far, oldest first."""

    def passed(self, into: Phase) -> bool:
        """Whether the gate before a phase was passed in the present cycle."""
        return any(
            (one.turn, one.phase, one.cycle) == (Turn.ADVANCED, into, self.cycle)
            for one in self.passages
        )

    @property
    def closed_cycles(self) -> tuple[int, ...]:
        """The cycles that were closed, oldest first."""
        return tuple(one.cycle for one in self.passages if one.turn == Turn.CYCLE_CLOSED)

    def turned(self, turn: Turn, id_: UUID, at: datetime) -> "Course":
        """With this turn, after which the enquiry is where it is now."""
        made = Passage(id=id_, turn=turn, at=at, phase=self.phase, cycle=self.cycle)
        return self.but(passages=(*self.passages, made))
