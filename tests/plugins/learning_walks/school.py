"""Beck Road Primary and its alliance: who is there, which rooms, what TextGuard knows.

Petra leads; Tom, Amina (a governor) and Hamish (of another school) walk with her. Kelly, Declan and
Anya are visited. Helen is the head and Cora organises cover, Corin coordinates learning; Ines
facilitates the enquiry. Maya is a pupil who was trained to observe, Zoe one who was not.
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from enquiry.kernel.alliance.state import (
    Alliance,
    Capacity,
    Membership,
    Person,
    Policy,
    Room,
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
from enquiry.testing import World, person

SPACE = UUID("4f1b9d1a-2f46-5a53-8a86-6a7a4f6a2f11")
BECK_ROAD = uuid5(SPACE, "Beck Road Primary")
CARRICK = uuid5(SPACE, "Carrick Academy")
NORTHBANK = uuid5(SPACE, "Northbank University")
B4, B7, B9, C1 = (uuid5(SPACE, room) for room in ("B4", "B7", "B9", "C1"))
ENQUIRY = uuid5(SPACE, "an enquiry")

TEAM = ("Petra", "Tom", "Amina", "Hamish")
HOSTS = ("Kelly", "Declan", "Anya")
NAMES = (
    *TEAM,
    *HOSTS,
    "Helen",
    "Cora",
    "Corin",
    "Ines",
    "Freya",
    "Maya",
    "Zoe",
    "Nora",
    "Stranger",
)
PETRA, TOM, AMINA, HAMISH, KELLY, DECLAN, ANYA = map(person, (*TEAM, *HOSTS))
HELEN, CORA, CORIN, INES, FREYA = map(person, ("Helen", "Cora", "Corin", "Ines", "Freya"))
MAYA, ZOE, NORA = map(person, ("Maya", "Zoe", "Nora"))

FULL_NAMES = {
    "Kelly Rowe": "host",
    "Declan Moss": "host",
    "Anya Fields": "host",
    "Petra Novák": "staff",
    "Tom Wragg": "staff",
}

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


def member(school: UUID, *standings: Standing, trained: bool = False) -> Person:
    held = Membership(
        school=school, standings=standings or (Standing.TEACHER,), since=date(2026, 9, 1)
    )
    return Person(name="…", memberships=(held,), trained=trained)


def school(name: str, policy: Policy | None = None, **capacities: UUID) -> School:
    return School(
        name=name,
        zone="Europe/London",
        calendar=SchoolCalendar("Europe/London", (YEAR,)),
        policy=policy or Policy(),
        capacities={Capacity(task): (who,) for task, who in capacities.items()},
    )


def alliance(
    policy: Policy | None = None, manages: dict[UUID, tuple[UUID, ...]] | None = None
) -> Alliance:
    """The alliance; ``policy`` is that of Beck Road."""
    return Alliance(
        schools={
            BECK_ROAD: school("Beck Road Primary", policy, cover_organiser=CORA, cpd_lead=CORIN),
            CARRICK: school("Carrick Academy"),
            NORTHBANK: school("Northbank University"),
        },
        rooms={
            B4: Room(school=BECK_ROAD, code="B4"),
            B7: Room(school=BECK_ROAD, code="B7"),
            B9: Room(school=BECK_ROAD, code="B9"),
            C1: Room(school=CARRICK, code="C1"),
        },
        people={
            PETRA: member(BECK_ROAD),
            TOM: member(BECK_ROAD, Standing.LEADER, Standing.TEACHER),
            AMINA: member(BECK_ROAD, Standing.GOVERNOR),
            HAMISH: member(CARRICK),
            KELLY: member(BECK_ROAD),
            DECLAN: member(BECK_ROAD),
            ANYA: member(BECK_ROAD),
            HELEN: member(BECK_ROAD, Standing.LEADER),
            CORA: member(BECK_ROAD, Standing.SUPPORT_STAFF),
            CORIN: member(BECK_ROAD),
            INES: member(NORTHBANK, Standing.PARTNER),
            FREYA: member(CARRICK, Standing.LEADER),
            NORA: member(BECK_ROAD),
            MAYA: member(BECK_ROAD, Standing.PUPIL, trained=True),
            ZOE: member(BECK_ROAD, Standing.PUPIL),
        },
        manages=manages or {},
    )


def guard() -> Any:
    """TextGuard with the roster of this walk."""
    people = tuple(Named(id=name, name=name, role=role) for name, role in FULL_NAMES.items())
    roster = Roster(people=people, rooms=("B4", "B7", "B9"), classes=("3R", "5M", "6F"))
    return text_check(Guard(roster, word_lists("en")))


GUARD = guard()


def beck_road(
    *,
    policy: Policy | None = None,
    manages: dict[UUID, tuple[UUID, ...]] | None = None,
    booked: tuple[Booking, ...] = (),
    enquiry: Enquiry | None = None,
) -> World:
    """The world around a walk; ``booked`` is what Beck Road's calendar holds already."""
    here = alliance(policy, manages)
    blank = World(people={})
    streams: dict[UUID, Any] = {
        blank.alliance: here,
        bookings_stream(BECK_ROAD): Bookings(held={one.key: one for one in booked}),
        bookings_stream(CARRICK): Bookings(),
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
