"""What the rules must remember of an alliance: structure and references, no names."""

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from enquiry.kernel.alliance.erasures import Erasure, Hold
from enquiry.kernel.schooldays import SchoolCalendar, is_school_day
from enquiry.method.entry import Piece, State
from enquiry.method.fields import ask, plain


class Standing(StrEnum):
    """In what capacity somebody belongs to a school."""

    TEACHER = "teacher"
    TEACHING_ASSISTANT = "teaching_assistant"
    SUPPORT_STAFF = "support_staff"
    LEADER = "leader"
    GOVERNOR = "governor"
    TRAINEE = "trainee"
    PUPIL = "pupil"
    PARENT = "parent"
    PARTNER = "partner"


STAFF_STANDINGS = frozenset(
    {
        Standing.TEACHER,
        Standing.TEACHING_ASSISTANT,
        Standing.SUPPORT_STAFF,
        Standing.LEADER,
        Standing.TRAINEE,
    }
)
"""Who counts as staff of a school."""


class Capacity(StrEnum):
    """A task that a school gives to named people, besides their standing."""

    COVER_ORGANISER = "cover_organiser"
    CPD_LEAD = "cpd_lead"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    DATA_CONTACT = "data_contact"


class OwnTime(Piece):
    """How long a school keeps one kind of text of a method, in place of the method's own time.
    Exactly one of three ways, counted as the method counts its own."""

    method: Annotated[str, plain("Of which method?", because="the id of a method", upto=80)]
    kind: Annotated[str, plain("Which kind of text?", because="a kind of key", upto=80)]
    days: Annotated[int, ask("How many days after the end?", ge=0, le=3650)] | None = None
    terms: Annotated[int, ask("How many terms after the end?", ge=1, le=30)] | None = None
    years: Annotated[int, ask("How many academic years after the end?", ge=1, le=10)] | None = None


class Policy(Piece):
    """What a school has decided for itself. Every number is a parameter, with our default."""

    max_visitors_per_room: Annotated[int, ask("How many visitors in a room?", ge=1, le=20)] = 4
    observation_budget: Annotated[int, ask("How many visits a year?", ge=0, le=100)] = 3
    """Visits to one teacher in one academic year."""
    budget_is_hard: Annotated[bool, ask("Is a visit beyond that refused?")] = False
    lesson_study_counts: Annotated[bool, ask("Does lesson study count as a visit?")] = False
    line_manager_forbidden: Annotated[bool, ask("Are visits by a line manager refused?")] = False
    discussion_within_hours: Annotated[
        int, ask("Within how many hours is a lesson discussed?", ge=1, le=336)
    ] = 24
    pupil_consents_alone_from: Annotated[
        int, ask("From which age does a pupil consent alone?", ge=5, le=18)
    ] = 13
    small_number: Annotated[int, ask("Below how many people is no number shown?", ge=2, le=50)] = 5
    """Aggregates about fewer people than this are not shown."""


class Membership(Piece):
    """Somebody at a school, from a day (inclusive) until a day (exclusive)."""

    school: UUID
    standings: tuple[Standing, ...]
    since: date
    until: date | None = None

    def active(self, on: date) -> bool:
        """Whether it holds on this day."""
        return self.since <= on and (self.until is None or on < self.until)


class Lesson(Piece):
    """When somebody teaches, by the clock at a school: every week, or on one day."""

    school: UUID
    starts: time
    ends: time
    """The first moment outside."""
    weekday: int | None = None
    """1 Monday to 7 Sunday."""
    on: date | None = None


class Person(Piece):
    """Somebody known to the alliance. The name is a reference, never the name itself."""

    name: str
    memberships: tuple[Membership, ...] = ()
    trained: bool = False
    """A pupil whose training to observe is recorded."""
    lessons: tuple[Lesson, ...] = ()
    """When they teach, where a school has said so."""


class Concept(StrEnum):
    """What schools call by different words."""

    PUPIL = "pupil"
    TEACHER = "teacher"
    HEADTEACHER = "headteacher"
    CLIENT = "client"
    COACH = "coach"


class SchoolWord(Piece):
    """A school's own word for something, in one language."""

    concept: Annotated[Concept, ask("For what?", ui="choice")]
    one: Annotated[str, plain("Which word, for one?", because="a word of a language", upto=40)]
    many: Annotated[str, plain("And for several?", because="a word of a language", upto=40)]
    lang: Annotated[
        str, plain("In labels of which language?", because="a language tag", upto=35)
    ] = "en"


class Room(Piece):
    """A place at a school."""

    school: UUID
    code: str


class School(Piece):
    """A school or partner organisation."""

    name: str
    zone: str
    """IANA time zone."""
    calendar: SchoolCalendar | None = None
    policy: Policy = Policy()
    keeps: tuple[OwnTime, ...] = ()
    """What it keeps for other times than the methods say."""
    capacities: Mapping[Capacity, tuple[UUID, ...]] = {}
    classes: tuple[str, ...] = ()
    """Class codes, for TextGuard."""
    words: tuple[SchoolWord, ...] = ()
    """Its own words in the labels that its members read."""


class TimetableLink(Piece):
    """A secret link to somebody's timetable."""

    by: UUID
    """Whose timetable it is."""
    digest: str
    """SHA-256 of the secret, in hexadecimal."""
    opened_at: datetime


class Alliance(State):
    """An alliance of schools; a lone school is an alliance of one."""

    name: str = ""
    stewards: tuple[UUID, ...] = ()
    schools: Mapping[UUID, School] = {}
    people: Mapping[UUID, Person] = {}
    rooms: Mapping[UUID, Room] = {}
    safeguarding_contacts: tuple[UUID, ...] = ()
    """Whom to turn to about a school that has no safeguarding lead."""
    manages: Mapping[UUID, tuple[UUID, ...]] = {}
    """Line management, kept only to notice conflicts of role."""
    timetable_links: Mapping[UUID, TimetableLink] = {}
    """Secret links that stand, by the id of the fact that opened them."""
    engaged: Mapping[UUID, tuple[UUID, ...]] = {}
    """Enquiries in which a school takes part and that are going on, by school."""

    erasures: Mapping[UUID, Erasure] = {}
    """What was asked to be erased, by the id of the fact that asked."""
    holds: Mapping[UUID, Hold] = {}
    """What must not be destroyed for now."""

    def memberships(self, person: UUID, on: date) -> tuple[Membership, ...]:
        """Where this person belongs on this day."""
        known = self.people.get(person)
        return tuple(m for m in known.memberships if m.active(on)) if known else ()

    def day_at(self, school: UUID, at: datetime) -> date:
        """The day it is at a school at this instant; in UTC where the school is not known."""
        known = self.schools.get(school)
        return at.astimezone(ZoneInfo(known.zone)).date() if known else at.date()

    def held(self, person: UUID, at: datetime) -> tuple[Membership, ...]:
        """Where this person belongs at this instant: each school goes by its own day."""
        known = self.people.get(person)
        if known is None:
            return ()
        return tuple(m for m in known.memberships if m.active(self.day_at(m.school, at)))

    def present(self, person: UUID, at: datetime) -> bool:
        """Whether this person may act in the alliance at this instant."""
        return person in self.stewards or bool(self.held(person, at))

    def active(self, person: UUID, on: date) -> bool:
        """Whether this person may act in the alliance on this day."""
        return person in self.stewards or bool(self.memberships(person, on))

    def belongs(self, person: UUID, school: UUID, on: date) -> tuple[Standing, ...]:
        """This person's standings at this school on this day."""
        return tuple(
            standing
            for m in self.memberships(person, on)
            if m.school == school
            for standing in m.standings
        )

    def leads(self, person: UUID, school: UUID, on: date) -> bool:
        """Whether this person is a leader of this school on this day."""
        return Standing.LEADER in self.belongs(person, school, on)

    def is_staff(self, person: UUID, school: UUID, on: date) -> bool:
        """Whether this person is on the staff of this school on this day."""
        return not STAFF_STANDINGS.isdisjoint(self.belongs(person, school, on))

    def is_pupil(self, person: UUID, on: date) -> bool:
        """Whether this person takes part as a pupil on this day."""
        return _as_pupil(self.memberships(person, on))

    def is_pupil_at(self, person: UUID, at: datetime) -> bool:
        """Whether this person takes part as a pupil at this instant."""
        return _as_pupil(self.held(person, at))

    def has_capacity(self, person: UUID, school: UUID, capacity: Capacity, on: date) -> bool:
        """Whether a school gave somebody this task; it ends with their membership."""
        known = self.schools.get(school)
        named = known.capacities.get(capacity, ()) if known else ()
        return person in named and bool(self.belongs(person, school, on))

    def schools_of(self, person: UUID) -> tuple[UUID, ...]:
        """Every school to which this person belongs, did or will: it never becomes fewer."""
        known = self.people.get(person)
        return tuple(m.school for m in known.memberships) if known else ()

    def home(self, person: UUID, on: date) -> UUID | None:
        """The school whose policy and calendar count for this person: the first they joined."""
        held = self.memberships(person, on)
        return held[0].school if held else None

    def is_ever_pupil(self, person: UUID) -> bool:
        """Whether this person takes part as a pupil, did or will, and never as staff."""
        known = self.people.get(person)
        return known is not None and _as_pupil(known.memberships)

    def words_for(self, person: UUID, at: datetime) -> tuple[SchoolWord, ...]:
        """The words that the first school of this person uses at this instant."""
        held = self.held(person, at)
        school = self.schools.get(held[0].school) if held else None
        return school.words if school is not None else ()

    def teaches(self, person: UUID, start: datetime, end: datetime) -> bool:
        """Whether somebody is timetabled to teach at a time: half-open, on school days only."""
        known = self.people.get(person)
        lessons = known.lessons if known else ()
        return any(self._meets(lesson, start, end) for lesson in lessons)

    def _meets(self, lesson: Lesson, start: datetime, end: datetime) -> bool:
        school = self.schools.get(lesson.school)
        if school is None:
            return False
        first, last = (at.astimezone(ZoneInfo(school.zone)) for at in (start, end))
        day = first.date()
        if lesson.on is None and school.calendar and not is_school_day(school.calendar, day):
            return False
        held = lesson.on == day or lesson.weekday == day.isoweekday()
        begins, ends = first.time(), last.time() if last.date() == day else time.max
        return held and begins < lesson.ends and lesson.starts < ends

    def manager_of(self, manager: UUID, managed: UUID) -> bool:
        """Whether the first manages or appraises the second."""
        return managed in self.manages.get(manager, ())


def _as_pupil(held: tuple[Membership, ...]) -> bool:
    """A pupil governor does; a trainee who is also a pupil somewhere does not."""
    standings = {standing for m in held for standing in m.standings}
    return Standing.PUPIL in standings and STAFF_STANDINGS.isdisjoint(standings)
