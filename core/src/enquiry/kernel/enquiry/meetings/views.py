"""How the lead is shared: one's own share, and the shape of the group's, without names."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.meetings.rules import WINDOW, dominating
from enquiry.kernel.enquiry.roles import FACILITATORS
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look


class Leadership(Struct, frozen=True):
    """Slots of leadership over the last meetings: chair, organiser, enquiry lead, broker."""

    meetings: int
    """How many closed meetings are looked at: at most four."""
    mine: int
    """Slots that you held."""
    shape: tuple[int, ...]
    """Slots held by each who held any, most first; nobody is named."""
    vacant: int
    """Slots for which nobody was found."""
    concentrated: bool
    """Leadership was concentrated: in whom is told to them and to the facilitators."""


def leadership(s: Enquiry, look: Look) -> Leadership:
    """Enough to talk about, and nothing to blame anybody by."""
    closed = s.meetings.closed
    recent = closed[-WINDOW:]
    held = Counter(person for meeting in recent for person in meeting.leads)
    return Leadership(
        len(recent),
        held.get(look.viewer.person, 0),
        tuple(sorted(held.values(), reverse=True)),
        4 * len(recent) - held.total(),
        dominating(closed) is not None,
    )


class Taken(Struct, frozen=True):
    """One person's part in the meetings."""

    person: UUID
    attended: int
    contributed: int
    """Meetings to which they brought something."""


class Participation(Struct, frozen=True):
    """Yourself; for a facilitator, every member."""

    people: tuple[Taken, ...]


def participation(s: Enquiry, look: Look) -> Participation:
    """For oneself and for those who support the group; never for a leader of a school."""
    closed = s.meetings.closed
    everybody = look.has(FACILITATORS)
    return Participation(
        tuple(
            Taken(
                person,
                sum(person in meeting.attended for meeting in closed),
                sum(person in meeting.contributed for meeting in closed),
            )
            for person in s.members
            if everybody or person == look.viewer.person
        )
    )


class MeetingShown(Struct, frozen=True):
    """A meeting of the group."""

    id: UUID
    on: date
    phase: str | None
    cycle: int
    chair: UUID
    recorder: UUID
    attended: tuple[UUID, ...]
    organiser: UUID | None
    enquiry_lead: UUID | None
    broker: UUID | None
    closed: bool


class MeetingsShown(Struct, frozen=True):
    """Every meeting, oldest first."""

    meetings: tuple[MeetingShown, ...]


def meetings(s: Enquiry, look: Look) -> Any:
    """When the group met, and who took which task."""
    del look
    return MeetingsShown(
        tuple(
            MeetingShown(
                id_,
                one.on,
                one.phase,
                one.cycle,
                one.chair,
                one.recorder,
                one.attended,
                one.organiser,
                one.enquiry_lead,
                one.broker,
                one.closed,
            )
            for id_, one in s.meetings.meetings.items()
        )
    )
