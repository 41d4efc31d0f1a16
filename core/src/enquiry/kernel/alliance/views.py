"""What members see of their alliance."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.alliance.forms import PersonAdded
from enquiry.kernel.alliance.state import STAFF_STANDINGS, Alliance, Person
from enquiry.method.method import Look, Recorded
from enquiry.method.roles import STEWARD, Viewer


class MemberShown(Struct, frozen=True):
    """Somebody at a school, with the name they prefer."""

    person: UUID
    name: str
    standings: tuple[str, ...]
    since: date
    until: date | None


class RoomShown(Struct, frozen=True):
    """A room and its code."""

    room: UUID
    code: str


class SchoolShown(Struct, frozen=True):
    """A school with its people and rooms."""

    school: UUID
    name: str
    zone: str
    members: tuple[MemberShown, ...]
    rooms: tuple[RoomShown, ...]
    capacities: dict[str, tuple[UUID, ...]]
    has_calendar: bool


class Directory(Struct, frozen=True):
    """Who and what belongs to the alliance."""

    name: str
    schools: tuple[SchoolShown, ...]
    unattached: tuple[MemberShown, ...]
    """People who belong to no school yet."""


def may_be_named(s: Alliance, person: UUID, viewer: Viewer) -> bool:
    """Whether a viewer gets to know somebody by name here.

    Grown-ups are known to all members. Pupils are known to the staff of their own school, and so is
    to be whoever belongs nowhere yet: nobody knows whether they are a pupil.
    """
    if person == viewer.person or person in s.stewards or STEWARD.name in viewer.circles:
        return True
    schools = s.schools_of(person)
    if schools and not s.is_ever_pupil(person):
        return True
    return any(_works_at(s, viewer, school) for school in schools)


def _works_at(s: Alliance, viewer: Viewer, school: UUID) -> bool:
    """Belongs there today, as staff."""
    known = s.people.get(viewer.person)
    held = known.memberships if known and f"school:{school}" in viewer.circles else ()
    return any(m.school == school and not STAFF_STANDINGS.isdisjoint(m.standings) for m in held)


def may_name_them(s: Any, recorded: Recorded, viewer: Viewer) -> bool:
    """They are grown up, or a pupil of a school where the reader is staff."""
    return may_be_named(s, cast("PersonAdded", recorded.entry).person, viewer)


def directory(s: Alliance, look: Look) -> Directory:
    """Schools, people and rooms; never line management, and pupils to their own staff alone."""
    named = tuple(
        (person, known)
        for person, known in s.people.items()
        if may_be_named(s, person, look.viewer)
    )
    return Directory(
        name=s.name,
        schools=tuple(_school(s, school, named) for school in s.schools),
        unattached=tuple(
            MemberShown(person, known.name, (), date.min, None)
            for person, known in named
            if not known.memberships
        ),
    )


def _school(s: Alliance, school: UUID, named: tuple[tuple[UUID, Person], ...]) -> SchoolShown:
    known = s.schools[school]
    members = tuple(
        MemberShown(person, who.name, tuple(m.standings), m.since, m.until)
        for person, who in named
        for m in who.memberships
        if m.school == school
    )
    rooms = tuple(
        RoomShown(id_, room.code) for id_, room in s.rooms.items() if room.school == school
    )
    capacities: dict[str, Any] = {str(name): people for name, people in known.capacities.items()}
    return SchoolShown(
        school, known.name, known.zone, members, rooms, capacities, known.calendar is not None
    )
