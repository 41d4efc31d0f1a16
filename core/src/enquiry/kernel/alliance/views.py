"""What members see of their alliance."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.alliance.state import Alliance
from enquiry.method.method import Look


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


def directory(s: Alliance, look: Look) -> Directory:
    """Schools, people and rooms; never line management."""
    del look
    return Directory(
        name=s.name,
        schools=tuple(_school(s, school) for school in s.schools),
        unattached=tuple(
            MemberShown(person, known.name, (), date.min, None)
            for person, known in s.people.items()
            if not known.memberships
        ),
    )


def _school(s: Alliance, school: UUID) -> SchoolShown:
    known = s.schools[school]
    members = tuple(
        MemberShown(person, who.name, tuple(m.standings), m.since, m.until)
        for person, who in s.people.items()
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
