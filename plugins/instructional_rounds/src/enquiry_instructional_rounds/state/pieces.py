"""The words of rounds: choices, and the pieces of their state. Texts are references here."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from enquiry.kernel.run.state import ConsentPurpose
from enquiry.method.entry import Piece
from enquiry.method.fields import ask

CARDS_LEAST = 2
"""Usable cards on which a pattern must rest (IR-E12)."""
CLASSROOMS_LEAST = 2
"""Classrooms from which they must come (IR-E12)."""
CONFIRMED_BY = 2
"""Observers, the author not among them, who must find a card descriptive (IR-E11)."""


class Params(Piece):
    """What a network may choose; minutes and days are whole, both ends included."""

    team_least: Annotated[int, ask("A team has at least", ge=2, le=6)] = 3
    team_most: Annotated[int, ask("A team has at most", ge=2, le=6)] = 5
    visit_minutes: Annotated[int, ask("Minutes in a classroom, usually", ge=1, le=120)] = 20
    visit_least: Annotated[int, ask("Minutes in a classroom, at least", ge=1, le=120)] = 15
    visit_most: Annotated[int, ask("Minutes in a classroom, at most", ge=1, le=120)] = 30
    classrooms_per_team: Annotated[int, ask("Classrooms for each team", ge=1, le=10)] = 3
    min_classrooms_total: Annotated[int, ask("Classrooms in all, at least", ge=2, le=50)] = 3
    raw_note_retention_days: Annotated[int, ask("Days that own notes are kept", ge=1, le=365)] = 30
    follow_up_school_days: Annotated[int, ask("School days to answer", ge=1, le=200)] = 30

    def __post_init__(self) -> None:
        """Refuse ranges that hold nothing."""
        if self.team_least > self.team_most or self.visit_least > self.visit_most:
            raise ValueError("the least is more than the most")


class Verdict(StrEnum):
    """An answer to one test of the problem of practice."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Focus(StrEnum):
    """At what somebody looked: one of the three that make up the instructional core."""

    TEACHER = "teacher"
    PUPILS = "pupils"
    TASK = "task"


class Flag(StrEnum):
    """What TextGuard found in a card that describes less than it should."""

    EVALUATIVE = "evaluative"
    INFERENCE = "inference"


FLAGS: Mapping[str, Flag] = {
    "EVALUATIVE_LANGUAGE": Flag.EVALUATIVE,
    "INFERENCE_LANGUAGE": Flag.INFERENCE,
}
"""What is remarked of a text, and the flag it gives a card."""


class Prompt(StrEnum):
    """What an observer asks of a card."""

    WHAT_DID_YOU_SEE = "what_did_you_see"
    MORE_SPECIFIC = "more_specific"
    JUDGEMENT = "judgement"
    IDENTIFIES = "identifies"


class DebriefStep(StrEnum):
    """The four steps of the debrief, in their only order."""

    DESCRIBE = "describe"
    ANALYSE = "analyse"
    PREDICT = "predict"
    NEXT_LEVEL = "next_level"


STEPS = tuple(DebriefStep)


class Horizon(StrEnum):
    """By when an option is to be done."""

    NEXT_WEEK = "next_week"
    NEXT_MONTH = "next_month"
    END_OF_YEAR = "end_of_year"


class ActorLevel(StrEnum):
    """Who is to do it."""

    TEACHERS = "teachers"
    SCHOOL_LEADERS = "school_leaders"
    NETWORK = "network"


class Choice(StrEnum):
    """What the host lead makes of an option."""

    ADOPT = "adopt"
    ADAPT = "adapt"
    NOT_NOW = "not_now"


class VisitStatus(StrEnum):
    """Where a visit has got to."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"
    DECLINED = "declined"


UNFINISHED = (VisitStatus.SCHEDULED, VisitStatus.OPEN)
"""The visit is yet to come, or the team is in the room."""
STANDING = (*UNFINISHED, VisitStatus.DONE)
"""The visit takes or took place, as far as anybody knows."""

TAKING_PART = (ConsentPurpose.PARTICIPATE, ConsentPurpose.BE_OBSERVED)
"""Withdrawing one of these ends a visit, and takes what was seen there out of the rounds."""
SHOWING = (
    *TAKING_PART,
    ConsentPurpose.SHARE_GROUP,
    ConsentPurpose.SHARE_SCHOOL,
    ConsentPurpose.SHARE_ALLIANCE,
)
"""Withdrawing one of these takes the cards of a visit away: they are read by all of the network."""


class Answer(Piece):
    """What was answered to one test."""

    verdict: Verdict
    note: str | None = None


class Problem(Piece):
    """A problem of practice, as it was published."""

    text: str
    context: str
    staff_involvement: str
    answers: Mapping[str, Answer]
    theory: str | None
    data: tuple[str, ...]
    at: datetime


class Visit(Piece):
    """A classroom to be visited by a team, called by its number, never by the teacher's name."""

    number: int
    team: int
    room: UUID
    school: UUID
    zone: str
    host: UUID
    start: datetime
    minutes: int
    subject: str | None = None
    year: str | None = None
    status: VisitStatus = VisitStatus.SCHEDULED
    told: bool = False
    """The host teacher was told of the visit and the problem that hold now."""
    accepted: bool = False
    present: tuple[UUID, ...] = ()
    begun_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def end(self) -> datetime:
        """When the visit is to end."""
        return self.start + timedelta(minutes=self.minutes)

    def day(self) -> date:
        """The day of the visit at its school: the day it was held, or is planned for."""
        return (self.begun_at or self.start).astimezone(ZoneInfo(self.zone)).date()

    def took(self) -> int | None:
        """Whole minutes in the room, rounded down; ``None`` unless it was held to its end."""
        if self.status != VisitStatus.DONE or self.begun_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.begun_at) // timedelta(minutes=1)


class PrivateNote(Piece):
    """What an observer wrote down for nobody else."""

    visit: int
    by: UUID
    focus: Focus
    text: str


class Card(Piece):
    """A statement on the board. Visit and author are needed here, and shown to nobody."""

    visit: int
    by: UUID
    focus: Focus
    text: str
    verbatim: bool
    flags: tuple[Flag, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    """What was asked of it since it was last reworded."""
    confirmed: tuple[UUID, ...] = ()
    """Who has found it descriptive since it was last reworded or challenged."""
    acts: tuple[UUID, ...] = ()
    """Facts about it, which share its fate; first the one that brought it."""
    wordings: tuple[UUID, ...] = ()
    """Facts that worded it, the present one last."""

    @property
    def needs_rewording(self) -> bool:
        """It judges or guesses, or was challenged, and not enough others found it descriptive."""
        return bool(self.flags or self.prompts) and len(self.confirmed) < CONFIRMED_BY


class Pattern(Piece):
    """A generalisation over several cards."""

    by: UUID
    """Whose words the statement is."""
    text: str
    cards: tuple[UUID, ...]
    version: int
    revision: int
    agreed: tuple[int, ...] = ()
    """Teams that agreed to this version."""
    acts: tuple[UUID, ...] = ()
    """Facts in which its words stand."""


class Prediction(Piece):
    """What a pupil here would learn."""

    by: UUID
    text: str
    patterns: tuple[UUID, ...]
    revision: int


class Decided(Piece):
    """What the host lead decided about an option."""

    decision: Choice
    plan: str | None
    review_on: date | None


class Option(Piece):
    """A next level of work."""

    by: UUID
    horizon: Horizon
    actor_level: ActorLevel
    text: str
    support: str | None
    patterns: tuple[UUID, ...]
    revision: int
    decided: Decided | None = None


class FollowUp(Piece):
    """What came of it."""

    by: UUID
    text: str
    measures: tuple[UUID, ...]
