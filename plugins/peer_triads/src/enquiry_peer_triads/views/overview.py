"""What people see of a triad as such: the agreement, who plays what, that meetings were held.

A view shows only contributions that its viewer may read (``Triad.reads``).
"""

from datetime import date
from enum import StrEnum
from itertools import permutations
from uuid import UUID

from msgspec import Struct

from enquiry import Look
from enquiry_peer_triads.forms.group import PROTOCOL, PROTOCOL_VERSION, Params
from enquiry_peer_triads.rules.turns import ROUNDS
from enquiry_peer_triads.state import CRITERIA, Meeting, Roles, Round, Status, Triad


class MemberShown(Struct, frozen=True):
    """A member, what they want to learn, and what is still open before the three can meet."""

    person: UUID
    goals: tuple[str, ...]
    strengths: tuple[str, ...]
    stated: bool
    adopted: bool


class Agreement(Struct, frozen=True):
    """Who the three are, what they adopt, and the times they keep."""

    members: tuple[MemberShown, ...]
    invited: tuple[UUID, ...]
    protocol_version: int
    protocol: tuple[str, ...]
    params: Params


def agreement(s: Triad, look: Look) -> Agreement:
    """The triad agreement; goals only where the viewer may read them."""
    return Agreement(
        members=tuple(_member(s, person, look.viewer.person) for person in s.people),
        invited=tuple(s.invited),
        protocol_version=PROTOCOL_VERSION,
        protocol=PROTOCOL,
        params=look.options if isinstance(look.options, Params) else Params(),
    )


def _member(s: Triad, person: UUID, viewer: UUID) -> MemberShown:
    stated = s.goals.get(person)
    readable = stated if stated is not None and s.reads(viewer, stated.id) else None
    return MemberShown(
        person=person,
        goals=readable.goals if readable else (),
        strengths=readable.strengths if readable else (),
        stated=stated is not None,
        adopted=person in s.adopted,
    )


class RoundRow(Struct, frozen=True):
    """Who plays what in a round that has been begun."""

    round_no: int
    coach: UUID
    client: UUID
    observer: UUID
    phase: str


class Assignment(Struct, frozen=True):
    """Roles that the next round may have, and those of the rounds that would follow from it."""

    coach: UUID
    client: UUID
    observer: UUID


class MeetingRow(Struct, frozen=True):
    """The rounds of a meeting."""

    number: int
    day: date
    status: Status
    rounds: tuple[RoundRow, ...]


class Rotation(Struct, frozen=True):
    """Who played what, and what may come next."""

    meetings: tuple[MeetingRow, ...]
    next_round: int | None
    """``None`` while no meeting is open, a round is open, or all three are done."""
    next: tuple[Assignment, ...]
    """Before the first round all six, after it the two cyclic shifts, after the second one."""
    orders: tuple[tuple[Assignment, ...], ...]
    """The orders in which the rest of the meeting can go: two cyclic ones from each beginning."""


def legal(members: tuple[UUID, ...], rounds: tuple[Roles, ...]) -> tuple[Roles, ...]:
    """Assignments in which nobody has a role that they had in one of these rounds."""
    found = (Roles(coach=a, client=b, observer=c) for a, b, c in permutations(members))
    return tuple(roles for roles in found if not any(roles.repeats(done) for done in rounds))


def orders(members: tuple[UUID, ...], rounds: tuple[Roles, ...]) -> tuple[tuple[Roles, ...], ...]:
    """Every way to go on to three rounds."""
    if len(rounds) == ROUNDS:
        return ((),)
    return tuple(
        (first, *rest)
        for first in legal(members, rounds)
        for rest in orders(members, (*rounds, first))
    )


def rotation(s: Triad, look: Look) -> Rotation:
    """The rotation table: meetings in which the viewer took part, and what may come next."""
    mine = tuple(m for m in s.meetings if look.viewer.person in m.members)
    rows = tuple(_meeting_row(meeting) for meeting in mine)
    meeting = s.meeting
    if meeting is None or s.open_round is not None or len(meeting.rounds) == ROUNDS:
        return Rotation(rows, None, (), ())
    done = tuple(round_.roles for round_ in meeting.rounds)
    return Rotation(
        meetings=rows,
        next_round=len(done) + 1,
        next=tuple(map(_assignment, legal(meeting.members, done))),
        orders=tuple(tuple(map(_assignment, way)) for way in orders(meeting.members, done)),
    )


def _assignment(roles: Roles) -> Assignment:
    return Assignment(*roles.people)


def _meeting_row(meeting: Meeting) -> MeetingRow:
    return MeetingRow(
        meeting.number, meeting.day, meeting.status, tuple(map(round_row, meeting.rounds))
    )


def round_row(round_: Round) -> RoundRow:
    """Who plays what in a round."""
    return RoundRow(round_.number, *round_.roles.people, round_.phase)


class Standing(StrEnum):
    """How a triad is doing, told so that it tells of nobody."""

    PREPARING = "preparing"
    UNDER_WAY = "under_way"
    PAUSED = "paused"
    ENDED = "ended"


STANDING = {
    "forming": Standing.PREPARING,
    "contracted": Standing.PREPARING,
    "active": Standing.UNDER_WAY,
    "review": Standing.UNDER_WAY,
    "suspended": Standing.PAUSED,
}
"""Every other stage is an end."""


class MeetingHeld(Struct, frozen=True):
    """That a meeting took place."""

    number: int
    status: Status
    day: date


class MeetingsHeld(Struct, frozen=True):
    """What a coordinator sees: that meetings took place, and nothing of what was said."""

    standing: Standing
    meetings: tuple[MeetingHeld, ...]


def meetings_held(s: Triad, look: Look) -> MeetingsHeld:
    """Meetings held, completed or incomplete, with dates; no content, nobody's name."""
    held = (meeting for meeting in s.meetings if meeting.status is not Status.OPEN)
    return MeetingsHeld(
        standing=STANDING.get(look.stage, Standing.ENDED),
        meetings=tuple(MeetingHeld(m.number, m.status, m.day) for m in held),
    )


class MeetingKept(Struct, frozen=True):
    """How a meeting went, without what was said."""

    number: int
    status: Status
    rounds: int
    """Rounds that were held to their end."""
    minutes: tuple[int, ...]
    """How long each conversation took."""


class WarningShown(Struct, frozen=True):
    """A remark that stands."""

    code: str
    about: str
    acknowledged: bool


class Fidelity(Struct, frozen=True):
    """How closely the three kept to their protocol: for their own learning only."""

    deviations: tuple[str, ...]
    """The rules that were not followed."""
    meetings: tuple[MeetingKept, ...]
    warnings: tuple[WarningShown, ...]


def fidelity(s: Triad, look: Look) -> Fidelity:
    """Deviations, times and remarks, as far as the viewer was of the three and may see them."""
    me = look.viewer.person
    mine = (m for m in s.meetings if me in m.members and m.status is not Status.OPEN)
    return Fidelity(
        deviations=tuple(rule for id_, rule in s.deviations.items() if s.reads(me, id_)),
        meetings=tuple(map(_kept, mine)),
        warnings=tuple(
            WarningShown(one.code, one.about, acknowledged=one.state == "acknowledged")
            for one in look.warnings
        ),
    )


def _kept(meeting: Meeting) -> MeetingKept:
    minutes = tuple(one.minutes for one in meeting.rounds if one.minutes is not None)
    # Breaking a meeting off closes its last round, too: what counts is whether both had spoken.
    heard_out = sum(1 for one in meeting.rounds if one.observer_spoke)
    return MeetingKept(meeting.number, meeting.status, heard_out, minutes)


class Criterion(Struct, frozen=True):
    """What a certificate states, and whether it holds."""

    says: str
    met: bool


class CertificateData(Struct, frozen=True):
    """What one's certificate would state: participation, never its quality."""

    dates: tuple[date, ...]
    minutes: int
    criteria: tuple[Criterion, ...]
    issued: bool


def certificate(s: Triad, look: Look) -> CertificateData:
    """Data of my own certificate."""
    me = look.viewer.person
    attended = s.attended(me)
    met = (bool(attended), me in s.reviews)
    return CertificateData(
        dates=tuple(meeting.day for meeting in attended),
        minutes=sum(meeting.minutes for meeting in attended),
        criteria=tuple(Criterion(says, holds) for says, holds in zip(CRITERIA, met, strict=True)),
        issued=me in s.certified,
    )
