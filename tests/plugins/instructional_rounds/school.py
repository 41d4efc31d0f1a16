"""Carrick Academy and the network that visits it: who is there, which rooms, what TextGuard knows.

Ines, of a university, leads; Nasreen, Tom and Grace, Petra, Siân and Lewis come from three other
schools. Freya is the principal of Carrick, Hamish teaches there, Olufemi leads there, Bella does
neither and is not asked. Patel, OBrien, Young and Abara are visited.
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
from enquiry.kernel.textguard import Descriptor, Guard, Role, Roster, text_check, word_lists
from enquiry.kernel.textguard import Person as Named
from enquiry.testing import World, person

SPACE = UUID("6a0a5c1e-90ad-5a0f-8c44-0b5e6d5c7a21")
ASHLOW, BECK, CARRICK, DUNMERE, NORTHBANK = (
    uuid5(SPACE, name) for name in ("Ashlow", "Beck Road", "Carrick", "Dunmere", "Northbank")
)
M12, S3, H5, E2, A1 = (uuid5(SPACE, room) for room in ("M12", "S3", "H5", "E2", "A1"))
ENQUIRY = uuid5(SPACE, "an enquiry")

TEAM_1 = ("Nasreen", "Tom", "Grace")
TEAM_2 = ("Petra", "Siân", "Lewis")
OBSERVERS = (*TEAM_1, *TEAM_2)
HOSTS = ("Patel", "OBrien", "Young", "Abara")
CARRICKS = ("Freya", "Hamish", "Olufemi", "Bella", "Corin", *HOSTS)
OTHERS = ("Ines", "Mei", "Judith", "Maya", "Stranger")
NAMES = (*OBSERVERS, *CARRICKS, *OTHERS)
INES, FREYA, HAMISH, OLUFEMI = map(person, ("Ines", "Freya", "Hamish", "Olufemi"))

FULL_NAMES: dict[str, Role] = {
    "Raj Patel": "host",
    "Niamh O'Brien": "host",
    "James Young": "host",
    "Ada Abara": "host",
    "Freya Lindqvist": "staff",
    "Hamish Orr": "staff",
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


def member(school: UUID, *standings: Standing) -> Person:
    held = Membership(
        school=school, standings=standings or (Standing.TEACHER,), since=date(2026, 9, 1)
    )
    return Person(name="…", memberships=(held,))


def school(name: str, policy: Policy | None = None, **capacities: UUID) -> School:
    return School(
        name=name,
        zone="Europe/London",
        calendar=SchoolCalendar("Europe/London", (YEAR,)),
        policy=policy or Policy(),
        capacities={Capacity(task): (who,) for task, who in capacities.items()},
    )


def alliance(
    policy: Policy | None = None,
    manages: dict[UUID, tuple[UUID, ...]] | None = None,
    more: tuple[str, ...] = (),
) -> Alliance:
    """The alliance; ``policy`` is that of Carrick; ``more`` are further teachers of Dunmere."""
    homes = {"Nasreen": ASHLOW, "Grace": ASHLOW, "Tom": BECK, "Petra": BECK}
    homes |= {"Siân": DUNMERE, "Lewis": DUNMERE} | dict.fromkeys(more, DUNMERE)
    homes |= dict.fromkeys((*HOSTS, "Hamish", "Bella", "Corin"), CARRICK)
    people = {person(name): member(home) for name, home in homes.items()}
    return Alliance(
        schools={
            ASHLOW: school("Ashlow High School"),
            BECK: school("Beck Road Primary"),
            CARRICK: school("Carrick Academy", policy, cpd_lead=person("Corin")),
            DUNMERE: school("Dunmere Community School"),
            NORTHBANK: school("Northbank University"),
        },
        rooms={
            M12: Room(school=CARRICK, code="M12"),
            S3: Room(school=CARRICK, code="S3"),
            H5: Room(school=CARRICK, code="H5"),
            E2: Room(school=CARRICK, code="E2"),
            A1: Room(school=ASHLOW, code="A1"),
        },
        people={
            **people,
            FREYA: member(CARRICK, Standing.LEADER),
            OLUFEMI: member(CARRICK, Standing.TEACHER, Standing.LEADER),
            INES: member(NORTHBANK, Standing.PARTNER),
            person("Mei"): member(NORTHBANK, Standing.PARTNER),
            person("Judith"): member(ASHLOW, Standing.LEADER),
            person("Maya"): member(CARRICK, Standing.PUPIL),
        },
        manages=manages or {},
    )


def guard() -> Any:
    """TextGuard with the roster of these rounds."""
    people = tuple(Named(id=name, name=name, role=role) for name, role in FULL_NAMES.items())
    roster = Roster(
        people=people,
        rooms=("M12", "S3", "H5", "E2"),
        classes=("9M1", "8S2"),
        descriptors=(Descriptor("Year 8", 1), Descriptor("Year 9", 2), Descriptor("science", 1)),
    )
    return text_check(Guard(roster, word_lists("en")))


GUARD = guard()


def carrick(
    *,
    policy: Policy | None = None,
    manages: dict[UUID, tuple[UUID, ...]] | None = None,
    booked: dict[UUID, tuple[Booking, ...]] | None = None,
    enquiry: Enquiry | None = None,
    more: tuple[str, ...] = (),
) -> World:
    """The world around rounds; ``booked`` is what calendars of schools hold already."""
    here = alliance(policy, manages, more)
    blank = World(people={})
    streams: dict[UUID, Any] = {blank.alliance: here}
    for one in here.schools:
        held = (booked or {}).get(one, ())
        streams[bookings_stream(one)] = Bookings(held={b.key: b for b in held})
    if enquiry is not None:
        streams[ENQUIRY] = enquiry
    return World(
        people={name: person(name) for name in (*NAMES, *more)},
        streams=streams,
        texts=GUARD,
        around=lambda who, now, state: circles(
            here, who, now, state, enquiry if state.enquiry else None
        ),
    )
