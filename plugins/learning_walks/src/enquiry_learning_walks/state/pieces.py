"""The words of a walk: choices, and the pieces of its state. Texts are references here."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from enquiry.kernel.run.state import ConsentPurpose
from enquiry.method.entry import Piece
from enquiry.method.fields import ask

VISITS_FOR_MANY = 2
"""Visits on which an outcome must rest before staff or the alliance may see it (LW-E15)."""


class Params(Piece):
    """What a school may choose for a walk; minutes are whole, both ends included."""

    team_normal: Annotated[int, ask("How many walkers are usual?", ge=2, le=6)] = 4
    visit_least: Annotated[int, ask("Minutes in a room, at least", ge=1, le=30)] = 5
    visit_most: Annotated[int, ask("Minutes in a room, at most", ge=1, le=30)] = 10
    debrief_least: Annotated[int, ask("Minutes in the corridor, at least", ge=1, le=30)] = 5
    debrief_most: Annotated[int, ask("Minutes in the corridor, at most", ge=1, le=30)] = 10
    notice_school_days: Annotated[int, ask("School days' notice for hosts", ge=0, le=20)] = 5
    feedback_school_days: Annotated[int, ask("School days until outcomes", ge=1, le=20)] = 5

    def __post_init__(self) -> None:
        """Refuse ranges that hold nothing."""
        if self.visit_least > self.visit_most or self.debrief_least > self.debrief_most:
            raise ValueError("the least is more than the most")


class CriterionKey(StrEnum):
    """A criterion by its number; a walk has one to seven."""

    C1 = "c1"
    C2 = "c2"
    C3 = "c3"
    C4 = "c4"
    C5 = "c5"
    C6 = "c6"
    C7 = "c7"


class WalkRole(StrEnum):
    """What a walker looks at in particular."""

    PUPIL_TALK = "pupil_talk"
    WORK_SCRUTINY = "work_scrutiny"
    ENVIRONMENT = "environment"
    TEACHING_MOVES = "teaching_moves"
    PARTICIPATION_COUNT = "participation_count"
    TIMEKEEPER_SCRIBE = "timekeeper_scribe"
    CUSTOM = "custom"


class VisitStatus(StrEnum):
    """Where a visit has got to."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    CORRIDOR = "corridor"
    DONE = "done"
    SKIPPED = "skipped"
    DECLINED = "declined"


AHEAD = (VisitStatus.SCHEDULED,)
UNDER_WAY = (VisitStatus.OPEN, VisitStatus.CORRIDOR)
STANDING = (*AHEAD, *UNDER_WAY, VisitStatus.DONE)
"""The visit takes or took place, as far as anybody knows."""


class NoteKind(StrEnum):
    """How a walker came to know what the note says."""

    SAW = "saw"
    HEARD = "heard"
    PUPIL_SAID = "pupil_said"
    WORK_SEEN = "work_seen"
    COUNT = "count"


class ShareKind(StrEnum):
    """What somebody says in the corridor."""

    NOTICING = "noticing"
    WONDERING = "wondering"
    NOTHING_TO_ADD = "nothing_to_add"


class OutcomeKind(StrEnum):
    """What the team makes of its notes."""

    STRENGTH = "strength"
    QUESTION = "question"
    PATTERN = "pattern"


class Audience(StrEnum):
    """To whom outcomes are shown: hosts see the draft, the group is the team with its pupils."""

    HOSTS = "hosts"
    STAFF = "staff"
    ALLIANCE = "alliance"
    GROUP = "group"


OUTSIDE = (Audience.STAFF, Audience.ALLIANCE)
"""Audiences to whom no single room may be exposed."""

TAKING_PART = (ConsentPurpose.PARTICIPATE, ConsentPurpose.BE_OBSERVED)
"""Withdrawing one of these takes a visit, or a walker's own contributions, out of the walk."""

SHARING: Mapping[Audience, ConsentPurpose] = {
    Audience.HOSTS: ConsentPurpose.SHARE_GROUP,
    Audience.GROUP: ConsentPurpose.SHARE_GROUP,
    Audience.STAFF: ConsentPurpose.SHARE_SCHOOL,
    Audience.ALLIANCE: ConsentPurpose.SHARE_ALLIANCE,
}
"""Withdrawing one of these takes a visit out of what this audience sees."""


class Criterion(Piece):
    """What is looked for: a number and a reference to its words."""

    id: CriterionKey
    text: str


class Visit(Piece):
    """A visit, planned or held. It is called by its number, never by the host's name."""

    number: int
    room: UUID
    school: UUID
    zone: str
    host: UUID
    start: datetime
    visit_minutes: int
    debrief_minutes: int
    visitors: tuple[UUID, ...]
    subject: str | None = None
    year: str | None = None
    """The year group, in the words of the school."""
    status: VisitStatus = VisitStatus.SCHEDULED
    told: bool = False
    """The host was told of the date, time, focus, criteria and visitors that hold now."""
    notice: int | None = None
    """Whole school days between the notice and the visit, if the school has a calendar."""
    accepted: bool = False
    present: tuple[UUID, ...] = ()
    spoke: tuple[UUID, ...] = ()
    """Who has shared something in the corridor, or said that they have nothing to add."""
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    corridor_at: datetime | None = None
    """When the corridor debrief was closed; never, if it was skipped or dropped."""

    @property
    def end(self) -> datetime:
        """When the visit is to end."""
        return self.start + timedelta(minutes=self.visit_minutes)

    @property
    def corridor_end(self) -> datetime:
        """When the corridor debrief after it is to end."""
        return self.end + timedelta(minutes=self.debrief_minutes)

    def day(self) -> date:
        """The day of the visit at its school: the day it was held, or is planned for."""
        return (self.begun_at or self.start).astimezone(ZoneInfo(self.zone)).date()

    @property
    def took_place(self) -> bool:
        """Whether somebody was in the room, and it was not undone."""
        return self.begun_at is not None and self.status != VisitStatus.DECLINED

    def minutes(self) -> int | None:
        """Whole minutes in the room, rounded down."""
        return minutes_between(self.begun_at, self.ended_at)

    def corridor_minutes(self) -> int | None:
        """Whole minutes in the corridor, rounded down."""
        return minutes_between(self.ended_at, self.corridor_at)


def minutes_between(start: datetime | None, end: datetime | None) -> int | None:
    """Whole minutes from one instant to another, rounded down; ``None`` if one is missing."""
    if start is None or end is None:
        return None
    return (end - start) // timedelta(minutes=1)


class Note(Piece):
    """What a walker wrote down in a room."""

    visit: int
    criterion: CriterionKey
    by: UUID
    kind: NoteKind
    text: str
    count: int | None = None
    verbatim: bool = False


class Share(Piece):
    """What a walker said in a corridor."""

    visit: int
    by: UUID
    kind: ShareKind
    text: str | None = None
    notes: tuple[UUID, ...] = ()


class Outcome(Piece):
    """What the team made of its notes, and who has been shown it."""

    kind: OutcomeKind
    by: UUID
    text: str
    notes: tuple[UUID, ...]
    revision: int
    shared: tuple[Audience, ...] = ()


class NextStep(Piece):
    """What is to happen next."""

    by: UUID
    text: str
    due: date
    owner: UUID | None = None
    owner_role: str | None = None


class Sharing(Piece):
    """That outcomes were shown to somebody: who got what, as it was then."""

    audience: Audience
    outcomes: tuple[UUID, ...]
    at: datetime
