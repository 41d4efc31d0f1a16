"""What the rules of a triad must remember. Texts are references; no rule looks into one.

``Triad.reads`` says of every contribution who may read it; views ask it. The rows of visibility in
``shown`` say the same of facts, and a test compares the two.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from enquiry import Piece, Was
from enquiry.kernel.run import CertificateFacts, Run
from enquiry.kernel.run.state import ConsentPurpose

SHARING = (ConsentPurpose.PARTICIPATE, ConsentPurpose.SHARE_GROUP)
"""Purposes without which nobody can be one of three: a triad shares with its members or is none."""


class Mode(StrEnum):
    """How the three meet."""

    IN_PERSON = "in_person"
    ONLINE = "online"


class Phase(StrEnum):
    """How far a round has come."""

    CONVERSATION = "conversation"
    CLIENT_FEEDBACK = "client_feedback"
    OBSERVER_FEEDBACK = "observer_feedback"
    CLOSED = "closed"


class Status(StrEnum):
    """What became of a meeting."""

    OPEN = "open"
    COMPLETED = "completed"
    INCOMPLETE = "incomplete"


class Kind(StrEnum):
    """What somebody contributed."""

    GOALS = "goals"
    TOPIC = "topic"
    NOTE = "note"
    POST = "post"
    CLIENT_FEEDBACK = "client_feedback"
    OBSERVER_FEEDBACK = "observer_feedback"
    ACTION = "action"
    AMENDMENT = "amendment"
    OUTCOME = "outcome"
    REVIEW = "review"
    ADVICE = "advice"
    ASIDE = "aside"
    """A form, or the reason for a deviation."""


LEARNING = (Kind.GOALS, Kind.TOPIC, Kind.ACTION, Kind.OUTCOME, Kind.REVIEW)
"""What tells of somebody's own learning: only this can become evidence."""

TAKEN_BACK = (Kind.NOTE, Kind.POST)
"""What its author may take back; a topic, goals or an action are put differently instead."""


class Item(Piece):
    """A contribution: whose it is, and who was of the triad when it was made."""

    kind: Kind
    by: UUID
    among: tuple[UUID, ...]
    revision: int
    round: str = ""
    """Key of the round in which it was made, such as ``2.1``."""
    in_round: bool = False
    """That round was going on; a post may also be written between two of them."""
    text: str = ""
    """What it says, if that is one text."""


class Goals(Piece):
    """What somebody wants to learn, and what they bring."""

    id: UUID
    goals: tuple[str, ...]
    strengths: tuple[str, ...]


class Action(Piece):
    """What a client will try."""

    owner: UUID
    meeting: int
    round: str
    wording: UUID
    """The contribution that holds its present wording."""
    due: date | None = None
    outcome: UUID | None = None
    """The contribution that says what came of it."""


class Review(Piece):
    """How somebody looks back on the triad."""

    id: UUID
    progress: str
    helped: str


class Roles(Piece):
    """Who plays what in a round."""

    coach: UUID
    client: UUID
    observer: UUID

    @property
    def people(self) -> tuple[UUID, UUID, UUID]:
        """Coach, client, observer."""
        return self.coach, self.client, self.observer

    def repeats(self, other: "Roles") -> bool:
        """Whether anybody plays the same part in both."""
        return any(a == b for a, b in zip(self.people, other.people, strict=True))


class Round(Piece):
    """One conversation of a meeting, with what followed it."""

    number: int
    roles: Roles
    begun_at: datetime
    phase: Phase = Phase.CONVERSATION
    turned_at: datetime
    """When its present phase began."""
    minutes: int | None = None
    """Length of the conversation."""
    notes_open: bool = False
    """The observer's turn has come, and with it their notes are everybody's."""
    observer_spoke: bool = False
    topic: UUID | None = None
    goal: int | None = None

    @property
    def open(self) -> bool:
        """Whether it is still going on."""
        return self.phase is not Phase.CLOSED


class Meeting(Piece):
    """A meeting of the three."""

    id: UUID
    number: int
    day: date
    """The day it was at the school when it was opened."""
    opened_at: datetime
    mode: Mode
    planned_for: datetime | None
    members: tuple[UUID, ...]
    status: Status = Status.OPEN
    ended_at: datetime | None = None
    rounds: tuple[Round, ...] = ()

    @property
    def minutes(self) -> int:
        """How long it took."""
        return minutes_between(self.opened_at, self.ended_at or self.opened_at)

    def closed_rounds(self) -> int:
        """How many of its rounds are over."""
        return sum(1 for round_ in self.rounds if not round_.open)


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes, to the nearest, half a minute upwards; at least 1."""
    return max(1, int((end - start).total_seconds() / 60 + 0.5))


class Triad(Run):
    """The state of one triad."""

    formed: bool = False
    """Three people have been named."""
    complete: bool = False
    """Three people have once taken part: whatever follows is a triad or a suspended one."""
    suspended: bool = False
    reviewing: bool = False
    supported: Mapping[UUID, tuple[UUID, ...]] = {}
    """Who wants whom as a replacement."""
    meetings: tuple[Meeting, ...] = ()
    goals: Mapping[UUID, Goals] = {}
    actions: Mapping[UUID, Action] = {}
    reviews: Mapping[UUID, Review] = {}
    items: Mapping[UUID, Item] = {}

    @property
    def meeting(self) -> Meeting | None:
        """The meeting that is open."""
        last = self.meetings[-1] if self.meetings else None
        return last if last is not None and last.status is Status.OPEN else None

    @property
    def last_round(self) -> Round | None:
        """The round begun last, open or not."""
        rounds = [round_ for meeting in self.meetings[-1:] for round_ in meeting.rounds]
        return rounds[-1] if rounds else None

    @property
    def open_round(self) -> Round | None:
        """The round that is going on."""
        last = self.last_round
        return last if last is not None and last.open else None

    @property
    def round_key(self) -> str:
        """Key of the round begun last, such as ``2.1``; empty while there is none."""
        last = self.last_round
        return f"{self.meetings[-1].number}.{last.number}" if last is not None else ""

    @property
    def meeting_key(self) -> str:
        """Key of the last meeting, such as ``2``; ``0`` while there is none."""
        return str(len(self.meetings))

    def round_at(self, key: str) -> Round | None:
        """The round of this key."""
        return next(
            (r for m in self.meetings for r in m.rounds if f"{m.number}.{r.number}" == key), None
        )

    def reads(self, person: UUID, item: UUID) -> bool:
        """Whether this person may read a contribution.

        The author may, unless it was taken away. The others may while they are of the triad, if
        they were of it then or its owner shared it since; an observer's notes only from the
        observer's turn on; a coach's word about their own advice never.
        """
        return item not in self.gone and self.may_read(item, person)

    def may_read(self, contribution: UUID, person: UUID) -> bool:
        """As ``reads``, also of what is gone; corrections, forms and deviations are read by
        whoever reads contributions."""
        known = self.items.get(contribution)
        if known is None:
            return False
        if known.by == person:
            return True
        withheld = contribution in self.withheld
        if withheld or person not in self.people or known.kind is Kind.ADVICE:
            return False
        if self.shares(contribution, person):
            return True
        if known.kind is Kind.NOTE and not self._notes_open(known.round):
            return False
        return person in known.among

    def shares(self, item: UUID, person: UUID) -> bool:
        """Whether its owner has shared it with the triad, or with this person."""
        everybody = "group" in self.shared.get(item, ())
        return everybody or person in self.shared_with.get(item, ())

    def _notes_open(self, key: str) -> bool:
        round_ = self.round_at(key)
        return round_ is not None and round_.notes_open

    def words(self, person: UUID, item: UUID | None) -> str | None:
        """The text of a contribution, if this person may read it."""
        return self.items[item].text if item is not None and self.reads(person, item) else None

    def with_item(self, kind: Kind, was: Was, text: str | None = None) -> "Triad":
        """Remember a contribution; it is of the last round, if of any."""
        item = Item(
            kind=kind,
            by=was.by,
            among=tuple(self.people),
            revision=was.revision,
            round=self.round_key if self.meeting is not None else "",
            in_round=self.open_round is not None,
            text=text or "",
        )
        return self.but(items={**self.items, was.id: item})

    def with_meeting(self, meeting: Meeting) -> "Triad":
        """Replace the last meeting."""
        return self.but(meetings=(*self.meetings[:-1], meeting))

    def with_round(self, **changes: object) -> "Triad":
        """Change the round begun last; a triad without one stays as it is."""
        last = self.last_round
        if last is None:
            return self
        meeting = self.meetings[-1]
        return self.with_meeting(meeting.but(rounds=(*meeting.rounds[:-1], last.but(**changes))))

    def is_client(self, person: UUID) -> bool:
        """Whether this person is client in the round that is going on."""
        return self.open_round is not None and self.open_round.roles.client == person

    # What the common rules ask of every run.

    def author_of(self, contribution: UUID) -> UUID | None:
        """Whose contribution it is."""
        known = self.items.get(contribution)
        return known.by if known is not None and contribution not in self.gone else None

    def may_retract(self, contribution: UUID) -> bool:
        """A note or a post, until its round closes; nothing rests on a post between rounds."""
        known = self.items.get(contribution)
        if known is None or known.kind not in TAKEN_BACK:
            return False
        round_ = self.round_at(known.round) if known.in_round else None
        return not known.in_round or (round_ is not None and round_.open)

    def added(self, was: Was) -> "Triad":
        """A form or a deviation is its author's, like any contribution."""
        return self.with_item(Kind.ASIDE, was)

    def output_revision(self, output: UUID) -> int | None:
        """Only what tells of somebody's own learning can be published, while it stands."""
        known = self.items.get(output)
        if known is None or output in self.gone or output in self.withheld:
            return None
        return known.revision if known.kind in LEARNING else None

    def departed(self, person: UUID, was: Was) -> "Triad":
        """Somebody left. Who remains leads; what was agreed with them about others is void."""
        left = super().departed(person, was)
        lead = self.lead
        if lead == person and left.people:
            lead = next(iter(left.people))
        return left.but(lead=lead, supported={})

    def without(self, person: UUID, purposes: tuple[ConsentPurpose, ...], was: Was) -> "Triad":
        """Somebody withdrew: they leave, and what is theirs or about them goes with them.

        Theirs is everything they contributed; they alone still read it. About them is what others
        noted or posted while they were client, and feedback on their coaching; nobody reads that.
        """
        if not set(purposes) & set(SHARING):
            return self
        own = tuple(id_ for id_, item in self.items.items() if item.by == person)
        about = tuple(id_ for id_, item in self.items.items() if self._is_about(person, item))
        rest = self.withhold(own, person).hide(about, was)
        return rest.departed(person, was) if person in rest.people else rest

    def _is_about(self, person: UUID, item: Item) -> bool:
        round_ = self.round_at(item.round)
        if round_ is None or item.by == person:
            return False
        if item.kind in (Kind.NOTE, Kind.POST):
            return round_.roles.client == person
        feedback = item.kind in (Kind.CLIENT_FEEDBACK, Kind.OBSERVER_FEEDBACK)
        return feedback and round_.roles.coach == person

    def attended(self, person: UUID) -> tuple[Meeting, ...]:
        """Completed meetings in which this person took part, and so played all three roles."""
        return tuple(
            m for m in self.meetings if m.status is Status.COMPLETED and person in m.members
        )

    def certificate(self, person: UUID) -> CertificateFacts | None:
        """At least one completed meeting, and a look back on the own goals."""
        attended = self.attended(person)
        if not attended or person not in self.reviews:
            return None
        return CertificateFacts(
            dates=tuple(meeting.day for meeting in attended),
            minutes=sum(meeting.minutes for meeting in attended),
            criteria=CRITERIA,
        )


CRITERIA = (
    "was coach, client and observer in every completed meeting",
    "looked back on progress towards own goals",
)
"""What a certificate states; the first holds by the rotation itself."""
