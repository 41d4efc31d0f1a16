"""The schools, people and texts around a lesson study at Beck Road."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from enquiry.kernel.alliance.state import (
    Alliance,
    Capacity,
    Membership,
    Person,
    Policy,
    School,
    Standing,
)
from enquiry.kernel.around import bookings_stream
from enquiry.kernel.bookings import Booking, Bookings
from enquiry.kernel.circles import circles
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.schooldays import AcademicYear, Break, SchoolCalendar, Term, days
from enquiry.kernel.textguard import Guard, Roster, text_check, word_lists
from enquiry.kernel.textguard import Person as Named
from enquiry.testing import World, named, person

SPACE = UUID("5f1d7f0a-0a64-5c4e-8a2b-8f2a6d0c9e11")
BECK_ROAD = uuid5(SPACE, "Beck Road Primary")
CARRICK = uuid5(SPACE, "Carrick Academy")
NORTHBANK = uuid5(SPACE, "Northbank University")
ENQUIRY = named("the enquiry that a study may serve")

NAMES = ("Petra", "Kelly", "Declan", "Mei", "Hamish", "Anya", "Helen", "Corin", "Ines", "Maya")
"""Petra, Kelly and Declan are the group; Mei of the university advises them; Hamish is a teacher of
another school, Anya one of the same; Helen leads Beck Road, Corin coordinates learning there; Ines
facilitates the enquiry, and Maya is a pupil."""
PETRA, KELLY, DECLAN, MEI, HAMISH, ANYA, HELEN, CORIN, INES, MAYA = map(person, NAMES)
GROUP = ("Petra", "Kelly", "Declan")

YEAR = AcademicYear(
    "2026/27",
    days(date(2026, 9, 1), date(2027, 8, 31)),
    (
        Term("Autumn", days(date(2026, 9, 1), date(2026, 12, 18))),
        Term("Spring", days(date(2027, 1, 4), date(2027, 3, 25))),
        Term("Summer", days(date(2027, 4, 12), date(2027, 7, 21))),
    ),
    (
        Break("half_term", days(date(2026, 10, 26), date(2026, 10, 30))),
        Break("half_term", days(date(2027, 2, 15), date(2027, 2, 19))),
    ),
)


def member(school: UUID, *standings: Standing) -> Person:
    held = Membership(
        school=school, standings=standings or (Standing.TEACHER,), since=date(2026, 9, 1)
    )
    return Person(name="…", memberships=(held,))


def school(name: str, policy: Policy | None = None, *, coordinator: UUID | None = None) -> School:
    return School(
        name=name,
        zone="Europe/London",
        calendar=SchoolCalendar("Europe/London", (YEAR,)),
        policy=policy or Policy(),
        capacities={Capacity.CPD_LEAD: (coordinator,)} if coordinator else {},
    )


def alliance(policy: Policy | None, manages: dict[UUID, tuple[UUID, ...]] | None) -> Alliance:
    """The alliance; ``policy`` is that of Beck Road."""
    return Alliance(
        schools={
            BECK_ROAD: school("Beck Road Primary", policy, coordinator=CORIN),
            CARRICK: school("Carrick Academy"),
            NORTHBANK: school("Northbank University"),
        },
        people={
            PETRA: member(BECK_ROAD),
            KELLY: member(BECK_ROAD),
            DECLAN: member(BECK_ROAD),
            ANYA: member(BECK_ROAD),
            HELEN: member(BECK_ROAD, Standing.LEADER),
            CORIN: member(BECK_ROAD, Standing.LEADER),
            HAMISH: member(CARRICK),
            MEI: member(NORTHBANK, Standing.PARTNER),
            INES: member(NORTHBANK, Standing.PARTNER),
            MAYA: member(BECK_ROAD, Standing.PUPIL),
        },
        manages=manages or {},
    )


FULL_NAMES = {
    "Petra Novák": "host",
    "Kelly Rowe": "host",
    "Declan Moss": "host",
    "Maisie Okoro": "pupil",
    "Jonah Webb": "pupil",
    "Amir Haddad": "pupil",
}


def guard() -> Any:
    """TextGuard with the roster of this study."""
    people = tuple(Named(id=name, name=name, role=role) for name, role in FULL_NAMES.items())  # type: ignore[arg-type]
    roster = Roster(people=people, rooms=("B4",), classes=("4N",), labels=("A", "B", "C", "D"))
    return text_check(Guard(roster, word_lists("en")))


GUARD = guard()


def beck_road(
    *,
    policy: Policy | None = None,
    manages: dict[UUID, tuple[UUID, ...]] | None = None,
    booked: tuple[Booking, ...] = (),
    enquiry: Enquiry | None = None,
) -> World:
    """The world around a lesson study; ``booked`` is what Beck Road's calendar holds already."""
    here = alliance(policy, manages)
    blank = World(people={})
    streams: dict[UUID, Any] = {
        blank.alliance: here,
        bookings_stream(BECK_ROAD): Bookings(held={one.key: one for one in booked}),
    }
    if enquiry is not None:
        streams[ENQUIRY] = enquiry
    return World(
        people={name: person(name) for name in NAMES},
        streams=streams,
        texts=GUARD,
        around=lambda who, now, state: circles(
            here, who, now, state, enquiry if state.enquiry else None
        ),
    )
