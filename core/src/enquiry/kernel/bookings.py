"""Bookings of people and rooms: one stream per school, checked strongly within the alliance.

A method says which bookings a move makes (``booked_by``); this module refuses clashes, warns about
load and conflicts of role, and writes the bookings in the same append as the move.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.schooldays import academic_year_of, is_school_day
from enquiry.method.builder import Builder
from enquiry.method.codes import Step
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Piece, State, Was
from enquiry.method.fields import plain
from enquiry.method.method import Elsewhere
from enquiry.method.rules import Rule, Unmet, Verdict, Warn

_KEY = plain("Which booking", because="a run's id and a number")


class Booking(Piece):
    """People and perhaps a room, bound for a time: half-open, so back to back is no overlap."""

    key: Annotated[str, _KEY]
    """Unique within the run; the same key again replaces the earlier booking."""
    start: datetime
    end: datetime
    people: tuple[UUID, ...] = ()
    """Everybody who is bound, for the whole interval (``visited``: while the room is)."""
    room: UUID | None = None
    room_school: UUID | None = None
    room_end: datetime | None = None
    """When the room is free again, if earlier than the people (a debrief is held outside it)."""
    visited: UUID | None = None
    """The teacher whose observation budget this counts against."""

    def until(self, person: UUID) -> datetime:
        """When this person is free again: the teacher who is visited, as soon as the room is."""
        return self.room_end or self.end if person == self.visited else self.end

    def both(self, other: "Booking") -> tuple[UUID, ...]:
        """People who would be in two places."""
        return tuple(
            person
            for person in sorted(set(self.people) & set(other.people))
            if self.start < other.until(person) and other.start < self.until(person)
        )

    def shares_room(self, other: "Booking") -> bool:
        """Whether the same room would be visited twice at once."""
        mine, theirs = self.room_end or self.end, other.room_end or other.end
        same = self.room is not None and self.room == other.room
        return same and self.start < theirs and other.start < mine


class Release(Struct, frozen=True):
    """A booking that no longer stands."""

    key: str
    schools: tuple[UUID, ...]


class Bookings(State):
    """Bookings that concern one school: its rooms, and the people who belong to it."""

    held: Mapping[str, Booking] = {}


class Booked(Entry, records="booked"):
    """People or a room were booked"""

    booking: Booking

    def apply(self, s: Bookings, was: Was) -> Bookings:
        """The same key replaces what it booked before."""
        return s.but(held={**s.held, self.booking.key: self.booking})


class Released(Entry, records="released"):
    """A booking was released"""

    key: Annotated[str, _KEY]

    def apply(self, s: Bookings, was: Was) -> Bookings:
        """Forget it."""
        return s.but(held={key: b for key, b in s.held.items() if key != self.key})


def _calendar() -> Any:
    calendar = Builder(
        "calendar",
        1,
        "Bookings of a school",
        state=Bookings,
        roles=(),
        cast=lambda s: {},  # noqa: ARG005 - nobody takes part in a calendar
        stream="calendar",
    )
    calendar.stages("open")
    calendar.fact(Booked)
    calendar.fact(Released)
    return calendar.build()


CALENDAR = _calendar()
"""The definition of a school's booking calendar; it has no moves of its own."""

Plan = Callable[[Any, Any, Ctx], Iterable[Booking | Release]]


def schools_of(booking: Booking, ctx: around.Around) -> tuple[UUID, ...]:
    """Schools whose calendars keep this booking: the room's and everybody's own."""
    found = {around.home(ctx, person) for person in booking.people}
    found.add(booking.room_school)
    return tuple(sorted(school for school in found if school is not None))


def held_at(ctx: around.Around, school: UUID) -> Mapping[str, Booking]:
    """Bookings that concern a school."""
    state = ctx.read(around.bookings_stream(school))
    return state.held if state is not None else {}


def _others(booking: Booking, ctx: Ctx) -> dict[str, Booking]:
    found: dict[str, Booking] = {}
    for school in schools_of(booking, ctx):
        found.update(held_at(ctx, school))
    found.pop(booking.key, None)
    return found


class Slots(Struct, frozen=True):
    """The booking side of a move: a rule, warnings, and what is written to the calendars."""

    plan: Plan

    @property
    def free(self) -> Rule:
        """Nobody is in two places, no room is visited twice at once, no hard cap is passed."""
        return Rule(
            name="slots_are_free",
            code="ROOM_CLASH",
            step=Step.DOMAIN,
            sentence="Somebody, or the room, is already booked at this time.",
            source="3.0 common rules",
            holds=self._free,
            needs_entry=True,
        )

    def _free(self, s: Any, e: Any, ctx: Ctx) -> Verdict:
        for booking in self._bookings(s, e, ctx):
            clash = _clash(booking, ctx) or _over_cap(booking, ctx) or _forbidden(booking, ctx)
            if clash is not None:
                return clash
        return True

    def _bookings(self, s: Any, e: Any, ctx: Ctx) -> list[Booking]:
        return [item for item in self.plan(s, e, ctx) if isinstance(item, Booking)]

    def warns(self, s: Any, e: Any, ctx: Ctx) -> tuple[Warn, ...]:
        """Load, conflicts of role, and days on which there is no school."""
        return tuple(
            warn for booking in self._bookings(s, e, ctx) for warn in _remarks(booking, ctx)
        )

    def book(self, s: Any, e: Any, ctx: Ctx) -> Iterable[Elsewhere]:
        """The facts for the calendars of every school concerned."""
        for item in self.plan(s, e, ctx):
            if isinstance(item, Release):
                for school in item.schools:
                    if item.key in held_at(ctx, school):
                        yield _fact(school, Released(key=item.key))
            else:
                for school in schools_of(item, ctx):
                    yield _fact(school, Booked(booking=item))


def _fact(school: UUID, fact: Entry) -> Elsewhere:
    return Elsewhere(around.bookings_stream(school), "calendar", fact)


def _clash(booking: Booking, ctx: Ctx) -> Unmet | None:
    for other in _others(booking, ctx).values():
        if booking.shares_room(other):
            return Unmet(code="ROOM_CLASH", params={"room": str(booking.room)})
        both = booking.both(other)
        if both:
            details = tuple({"person": str(person)} for person in both)
            return Unmet(code="PERSON_DOUBLE_BOOKED", details=details)
    return None


def visits_in_year(ctx: around.Around, teacher: UUID, at: datetime, besides: str) -> int:
    """Visits to this teacher done or scheduled in the school's academic year of that day."""
    school = around.home(ctx, teacher)
    calendar = around.calendar(ctx, school)
    if school is None:
        return 0
    year = academic_year_of(calendar, around.local_date(ctx, school, at)) if calendar else None

    def counts(booking: Booking) -> bool:
        day = around.local_date(ctx, school, booking.start)
        return year is None or year.holds(day)

    return sum(
        1
        for key, booking in held_at(ctx, school).items()
        if booking.visited == teacher and key != besides and counts(booking)
    )


def _visits(booking: Booking, ctx: Ctx) -> tuple[int, int, bool]:
    teacher = booking.visited
    if teacher is None:
        return 0, 0, False
    policy = around.policy(ctx, around.home(ctx, teacher))
    count = visits_in_year(ctx, teacher, booking.start, booking.key) + 1
    return count, policy.observation_budget, policy.budget_is_hard


def _over_cap(booking: Booking, ctx: Ctx) -> Unmet | None:
    count, budget, hard = _visits(booking, ctx)
    if not hard or count <= budget:
        return None
    return Unmet(code="OBSERVATION_CAP_REACHED", params={"visits": count, "cap": budget})


def _managers(booking: Booking, ctx: Ctx) -> tuple[UUID, ...]:
    if booking.visited is None:
        return ()
    here = around.alliance(ctx)
    visited = booking.visited
    return tuple(p for p in booking.people if p != visited and here.manager_of(p, visited))


def _forbidden(booking: Booking, ctx: Ctx) -> Unmet | None:
    if not _managers(booking, ctx) or booking.visited is None:
        return None
    if not around.policy(ctx, around.home(ctx, booking.visited)).line_manager_forbidden:
        return None
    return Unmet(code="LINE_MANAGER_FORBIDDEN")


def _remarks(booking: Booking, ctx: Ctx) -> Iterable[Warn]:
    count, budget, _ = _visits(booking, ctx)
    about = booking.key.rpartition("/")[2]
    if booking.visited is not None and count > budget:
        yield Warn(
            "OBSERVATION_BUDGET_EXCEEDED",
            about=about,
            person=booking.visited,
            params={"visits": count, "budget": budget},
        )
    for manager in _managers(booking, ctx):
        yield Warn("LINE_MANAGER_CONFLICT", about=about, person=manager)
        yield Warn("LINE_MANAGER_CONFLICT", about=about, person=booking.visited)
    calendar = around.calendar(ctx, booking.room_school)
    day = around.local_date(ctx, booking.room_school, booking.start)
    if calendar is not None and not is_school_day(calendar, day):
        yield Warn("OUTSIDE_TERM", about=about, params={"day": day.isoformat()})
