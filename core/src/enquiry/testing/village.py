"""The world in which a method is examined unless it brings its own: two schools and their people.

What the common moves of a run look at is there: an alliance with staff, rooms and calendars, and an
enquiry whose members they are. A method that looks at none of it is not disturbed.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from enquiry.kernel.alliance.state import (
    Alliance,
    Capacity,
    Membership,
    Person,
    Room,
    School,
    Standing,
)
from enquiry.kernel.around import bookings_stream
from enquiry.kernel.bookings import Bookings
from enquiry.kernel.circles import circles
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.run.state import Run
from enquiry.kernel.schooldays import AcademicYear, Days, SchoolCalendar, Term
from enquiry.method.roles import (
    COORDINATOR,
    COVER,
    ENQUIRY,
    FACILITATOR,
    LEADERS,
    MEMBER,
    OPERATOR,
    STAFF,
    STEWARD,
    Role,
)
from enquiry.testing.world import World, named, person

HILLSIDE, BROOKFIELD = named("Hillside"), named("Brookfield")
ROOMS = tuple(named(f"room {code}") for code in ("H1", "H2", "B1"))
THE_ALLIANCE = named("the alliance")
THE_ENQUIRY = named("the enquiry")

_HILLSIDE = ("Petra", "Nia", "Omar", "Hedda", "Cora")
_BROOKFIELD = ("Lena", "Sam", "Fay")
_STAFF = (*_HILLSIDE, *_BROOKFIELD)
PEOPLE = (*_STAFF, "Stella", "Otto", "Zed")
"""Hedda leads Hillside, Cora organises cover and learning there; Fay facilitates; Stella is
steward, Otto operates the platform, and Zed belongs to nothing."""

_CIRCLES: Mapping[Role, tuple[str, ...]] = {
    MEMBER: (*_STAFF, "Stella"),
    STAFF: _STAFF,
    ENQUIRY: _STAFF,
    FACILITATOR: ("Fay",),
    LEADERS: ("Hedda",),
    COORDINATOR: ("Cora",),
    COVER: ("Cora",),
    STEWARD: ("Stella",),
    OPERATOR: ("Otto",),
}


def _plain() -> Mapping[UUID, frozenset[str]]:
    """Circles for a method that does not stand on the common moves of a run."""
    return {
        person(name): frozenset(role.name for role, names in _CIRCLES.items() if name in names)
        for name in PEOPLE
    }


_PLAIN = _plain()


def _calendar() -> SchoolCalendar:
    year = Days(date(2026, 9, 1), date(2027, 9, 1))
    term = Term("whole year", Days(date(2026, 9, 1), date(2027, 7, 24)))
    return SchoolCalendar("Europe/London", (AcademicYear("2026/27", year, (term,)),))


def _school(name: str, **capacities: tuple[UUID, ...]) -> School:
    given = {Capacity(key): people for key, people in capacities.items()}
    return School(name=name, zone="Europe/London", calendar=_calendar(), capacities=given)


def _member(name: str) -> Person:
    school = HILLSIDE if name in _HILLSIDE else BROOKFIELD
    standing = Standing.LEADER if name == "Hedda" else Standing.TEACHER
    held = Membership(school=school, standings=(standing,), since=date(2020, 9, 1))
    return Person(name=name, memberships=(held,) if name in _STAFF else ())


def _alliance() -> Alliance:
    cora = (person("Cora"),)
    return Alliance(
        name="Village",
        stewards=(person("Stella"),),
        schools={
            HILLSIDE: _school("Hillside", cover_organiser=cora, cpd_lead=cora),
            BROOKFIELD: _school("Brookfield"),
        },
        people={person(name): _member(name) for name in (*_STAFF, "Stella")},
        rooms={
            room: Room(school=BROOKFIELD if n == 2 else HILLSIDE, code=f"R{n}")
            for n, room in enumerate(ROOMS)
        },
        manages={person("Hedda"): (person("Omar"),)},
    )


_ALLIANCE = _alliance()
_ENQUIRY = Enquiry(
    schools=(HILLSIDE, BROOKFIELD),
    members=tuple(person(name) for name in _STAFF),
    facilitators=(person("Fay"),),
    ethics_reviewed=True,
)


def _around(who: UUID, now: datetime, state: Any) -> frozenset[str]:
    if not isinstance(state, (Run, Enquiry, Alliance)):
        return _PLAIN.get(who, frozenset())
    alliance = state if isinstance(state, Alliance) else _ALLIANCE
    served = _ENQUIRY if isinstance(state, Run) and state.enquiry is not None else None
    found = circles(alliance, who, now, state, served)
    return found | {OPERATOR.name} if who == person("Otto") else found


VILLAGE = World(
    people={name: person(name) for name in PEOPLE},
    alliance=THE_ALLIANCE,
    streams={
        THE_ALLIANCE: _ALLIANCE,
        THE_ENQUIRY: _ENQUIRY,
        bookings_stream(HILLSIDE): Bookings(),
        bookings_stream(BROOKFIELD): Bookings(),
    },
    around=_around,
)
"""The default world."""

__all__ = ["BROOKFIELD", "HILLSIDE", "PEOPLE", "ROOMS", "THE_ENQUIRY", "VILLAGE"]
