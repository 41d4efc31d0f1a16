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
from enquiry.kernel.schooldays import AcademicYear, academic_year_of, is_school_day
from enquiry.method.builder import Builder
from enquiry.method.codes import Step
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Piece, State, Was
from enquiry.method.fields import plain
from enquiry.method.method import Elsewhere
from enquiry.method.rules import Reject, Rule, Warn

_KEY = plain("Which booking", because="a run's id and a number")


class Booking(Piece):
    """People and perhaps a room, bound for a time: half-open, so back to back is no overlap."""

    key: Annotated[str, _KEY]
    """The run's id, a slash and what it is, such as ``visit-2``; the same key again replaces the
    earlier booking. Warnings are about the part after the slash: a decision with that ``about``
    takes back what it remarked before."""
    start: datetime
    end: datetime
    people: tuple[UUID, ...] = ()
    """Everybody who is bound, for the whole interval (``visited``: while the room is)."""
    room: UUID | None = None
    room_school: UUID | None = None
    room_end: datetime | None = None
    """When the room is free again, if earlier than the people (a debrief is held outside it)."""
    visited: UUID | None = None
    """The teacher whose observation budget this counts against; bound like everybody else."""

    @property
    def bound(self) -> tuple[UUID, ...]:
        """Everybody who cannot be elsewhere, each once."""
        return tuple(sorted({*self.people, *(() if self.visited is None else (self.visited,))}))

    def until(self, person: UUID) -> datetime:
        """When this person is free again: the teacher who is visited, as soon as the room is."""
        return self.room_end or self.end if person == self.visited else self.end

    def both(self, other: "Booking") -> tuple[UUID, ...]:
        """People who would be in two places."""
        return tuple(
            person
            for person in self.bound
            if person in other.bound
            and self.start < other.until(person)
            and other.start < self.until(person)
        )

    def shares_room(self, other: "Booking") -> bool:
        """Whether the same room would be visited twice at once."""
        mine, theirs = self.room_end or self.end, other.room_end or other.end
        same = self.room is not None and self.room == other.room
        return same and self.start < theirs and other.start < mine


class Release(Struct, frozen=True):
    """A booking that no longer stands."""

    key: str
    schools: tuple[UUID, ...] = ()
    """Schools whose calendars may keep it, beside those that are found without being told."""


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
    """Calendars that keep this booking: of the room's school and of every school of whoever is
    bound, past ones too, so that joining or leaving a school never hides what stands. The
    alliance's own keeps what binds people of no school."""
    here = around.alliance(ctx)
    found = {school for who in booking.bound for school in here.schools_of(who) or (ctx.alliance,)}
    if booking.room_school is not None:
        found.add(booking.room_school)
    return tuple(sorted(found))


def held_at(ctx: around.Around, school: UUID) -> Mapping[str, Booking]:
    """Bookings that concern a school."""
    state = ctx.read(around.bookings_stream(school))
    return state.held if state is not None else {}


def _held(ctx: around.Around, calendars: Iterable[UUID]) -> dict[str, Booking]:
    """Bookings of these calendars and the alliance's own, each once."""
    found: dict[str, Booking] = {}
    for calendar in (*calendars, ctx.alliance):
        found.update(held_at(ctx, calendar))
    return found


class _Act(Struct, frozen=True):
    """What one move makes of the bookings: a booking for each key, or its release."""

    items: Mapping[str, tuple[Booking | Release, ...]]
    ctx: Ctx
    school: UUID | None
    """The run's own school, whose calendar keeps a copy of all its bookings: there the old one is
    found when people and room have changed."""

    @property
    def bookings(self) -> tuple[Booking, ...]:
        """What is booked, the last of each key."""
        last = (one[-1] for one in self.items.values())
        return tuple(item for item in last if isinstance(item, Booking))

    def beside(self, booking: Booking) -> dict[str, Booking]:
        """Everything that will stand beside a booking and may concern it."""
        found = _held(self.ctx, schools_of(booking, self.ctx))
        standing = {key: one for key, one in found.items() if key not in self.items}
        return standing | {one.key: one for one in self.bookings if one.key != booking.key}

    def kept_by(self, booking: Booking) -> tuple[UUID, ...]:
        """Calendars that will keep a booking."""
        own = () if self.school is None else (self.school,)
        return tuple(sorted({*schools_of(booking, self.ctx), *own}))

    def left(self, key: str, kept: tuple[UUID, ...]) -> tuple[UUID, ...]:
        """Calendars that hold the key now and will not any more."""
        found = {self.ctx.alliance}
        for item in self.items[key]:
            found.update(item.schools if isinstance(item, Release) else ())
        if self.school is not None:
            found.add(self.school)
            old = held_at(self.ctx, self.school).get(key)
            found.update(schools_of(old, self.ctx) if old is not None else ())
        # Every calendar is looked at, those that keep it too: nothing is written to what is unread.
        held = {one for one in found | set(kept) if key in held_at(self.ctx, one)}
        return tuple(sorted(held - set(kept)))

    def facts(self) -> Iterable[Elsewhere]:
        """The facts for every calendar concerned."""
        for key, items in self.items.items():
            booking = items[-1]
            kept = self.kept_by(booking) if isinstance(booking, Booking) else ()
            for calendar in self.left(key, kept):
                yield _fact(calendar, Released(key=key))
            if isinstance(booking, Booking):
                for calendar in kept:
                    yield _fact(calendar, Booked(booking=booking))


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
            sentence="Somebody else visits this room at this time.",
            source="3.0 common rules",
            holds=self._free,
            needs_entry=True,
        )

    def _act(self, s: Any, e: Any, ctx: Ctx) -> _Act:
        items: dict[str, tuple[Booking | Release, ...]] = {}
        # Whoever leaves a run that is over sets nothing on its calendars again.
        over = getattr(s, "over_at", None) is not None
        for item in self.plan(s, e, ctx):
            if not item.key.startswith(f"{ctx.stream}/"):
                raise ValueError(f"{item.key}: the key of a booking begins with the run's id")
            left = Release(item.key, schools_of(item, ctx)) if isinstance(item, Booking) else item
            items[item.key] = (*items.get(item.key, ()), left if over else item)
        return _Act(items, ctx, getattr(s, "school", None))

    def _free(self, s: Any, e: Any, ctx: Ctx) -> bool:
        act = self._act(s, e, ctx)
        for booking in act.bookings:
            _check_times(booking)
            _check_clash(booking, act.beside(booking))
            _check_cap(booking, act)
            _check_managers(booking, ctx)
        return True

    def warns(self, s: Any, e: Any, ctx: Ctx) -> tuple[Warn, ...]:
        """Load, conflicts of role, and days on which there is no school."""
        act = self._act(s, e, ctx)
        return tuple(warn for booking in act.bookings for warn in _remarks(booking, act))

    def book(self, s: Any, e: Any, ctx: Ctx) -> Iterable[Elsewhere]:
        """The facts for the calendars of every school concerned."""
        return self._act(s, e, ctx).facts()


def unbound(s: Any, person: UUID, ctx: Ctx) -> Iterable[Elsewhere]:
    """Facts by which somebody is bound no longer by what is yet to come of this run; a visit to
    them does not take place."""
    own = f"{ctx.stream}/"
    calendars = {*around.alliance(ctx).schools_of(person), ctx.alliance}
    for key, booking in _held(ctx, calendars).items():
        if not key.startswith(own) or person not in booking.bound or booking.end <= ctx.now:
            continue
        others = tuple(one for one in booking.people if one != person)
        left: Booking | Release = booking.but(people=others)
        if booking.visited == person:
            left = Release(key, schools_of(booking, ctx))
        act = _Act({key: (Release(key, schools_of(booking, ctx)), left)}, ctx, s.school)
        yield from act.facts()


def _fact(calendar: UUID, fact: Entry) -> Elsewhere:
    return Elsewhere(around.bookings_stream(calendar), "calendar", fact)


def _check_times(booking: Booking) -> None:
    """Nothing could clash with an interval that holds no moment."""
    if not booking.start < (booking.room_end or booking.end) <= booking.end:
        raise Reject("VALIDATION_FAILED", "It must end after it begins.")


def _check_clash(booking: Booking, beside: Mapping[str, Booking]) -> None:
    if any(booking.shares_room(other) for other in beside.values()):
        sentence = "Somebody else visits this room at this time."
        raise Reject("ROOM_CLASH", sentence, params={"room": str(booking.room)})
    both = sorted({person for other in beside.values() for person in booking.both(other)})
    if both:
        sentence = "Somebody would be in two places at this time."
        details = tuple({"person": str(person)} for person in both)
        raise Reject("PERSON_DOUBLE_BOOKED", sentence, details=details)


def visits_in_year(ctx: around.Around, teacher: UUID, at: datetime, besides: str) -> int:
    """Visits to this teacher done or scheduled in their school's academic year of that day.

    ``besides`` is the key of a booking that is not counted.
    """
    found = _held(ctx, around.alliance(ctx).schools_of(teacher))
    return _visits_in_year(ctx, teacher, at, (b for key, b in found.items() if key != besides))


def _visits_in_year(
    ctx: around.Around, teacher: UUID, at: datetime, bookings: Iterable[Booking]
) -> int:
    school = around.home(ctx, teacher)
    calendar = around.calendar(ctx, school)

    def year(instant: datetime) -> AcademicYear | None:
        if calendar is None:
            return None
        return academic_year_of(calendar, around.local_date(ctx, school, instant))

    wanted = year(at)
    return sum(1 for one in bookings if one.visited == teacher and year(one.start) == wanted)


def _visits(booking: Booking, act: _Act) -> tuple[int, int, bool]:
    """How many visits the teacher would have in that year, how many are the budget, whether that
    is hard."""
    teacher, ctx = booking.visited, act.ctx
    if teacher is None:
        return 0, 0, False
    policy = around.policy(ctx, around.home(ctx, teacher))
    others = _visits_in_year(ctx, teacher, booking.start, act.beside(booking).values())
    return others + 1, policy.observation_budget, policy.budget_is_hard


def _check_cap(booking: Booking, act: _Act) -> None:
    count, budget, hard = _visits(booking, act)
    if hard and count > budget:
        sentence = "This teacher has been visited as often this year as the school allows."
        raise Reject("OBSERVATION_CAP_REACHED", sentence, params={"visits": count, "cap": budget})


def _managers(booking: Booking, ctx: Ctx) -> tuple[UUID, ...]:
    if booking.visited is None:
        return ()
    here, visited = around.alliance(ctx), booking.visited
    return tuple(p for p in booking.bound if p != visited and here.manager_of(p, visited))


def _check_managers(booking: Booking, ctx: Ctx) -> None:
    if booking.visited is None or not _managers(booking, ctx):
        return
    if around.policy(ctx, around.home(ctx, booking.visited)).line_manager_forbidden:
        sentence = "At this school nobody visits the lessons of somebody they manage."
        raise Reject("LINE_MANAGER_FORBIDDEN", sentence)


def _remarks(booking: Booking, act: _Act) -> Iterable[Warn]:
    ctx = act.ctx
    count, budget, _ = _visits(booking, act)
    about = booking.key.partition("/")[2]
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
    here = around.alliance(ctx)
    for person in booking.people:
        if person != booking.visited and here.teaches(person, booking.start, booking.end):
            yield Warn("COVER_NEEDED", about=about, params={"person": str(person)})
    school = booking.room_school or act.school
    calendar, day = around.calendar(ctx, school), around.local_date(ctx, school, booking.start)
    if calendar is not None and not is_school_day(calendar, day):
        yield Warn("OUTSIDE_TERM", about=about, params={"day": day.isoformat()})
