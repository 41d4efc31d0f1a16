"""When a school is open: one form for an academic year, one for the days of the week."""

from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from enquiry.kernel.alliance.state import Alliance, School
from enquiry.kernel.schooldays import (
    AcademicYear,
    Break,
    BreakKind,
    Days,
    PartialDay,
    SchoolCalendar,
    Term,
)
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, plain
from enquiry.method.rules import Unmet, Verdict, rule

_SCHOOL = ask("Which school?", address=True)
_FIRST = ask("From which day on?", ui="date")
_UNTIL = ask("Until when? It no longer belongs to it on that day.", ui="date")


class TermRow(Piece):
    """A term, from a day (inclusive) until a day (exclusive)."""

    label: Annotated[str, plain("Which term?", because="the name of a term", upto=60)]
    first: Annotated[date, _FIRST]
    until: Annotated[date, _UNTIL]


class BreakRow(Piece):
    """Days of a term on which pupils stay at home: from a day until a day (exclusive)."""

    kind: Annotated[BreakKind, ask("What kind of break?", ui="choice")]
    first: Annotated[date, _FIRST]
    until: Annotated[date, _UNTIL]


class ShortDayRow(Piece):
    """A school day on which the school is open for a part of the day only."""

    day: Annotated[date, ask("Which day?", ui="date")]
    opens: Annotated[time, ask("When does it open, by the clock at the school?")]
    closes: Annotated[time, ask("When does it close?")]


class SetAcademicYear(Entry, records="academic-year-set"):
    """Set the terms, breaks and short days of one academic year of a school"""

    school: Annotated[UUID, _SCHOOL]
    label: Annotated[str, plain("Which year?", because="the name of an academic year", upto=60)]
    """Such as ``2026/27``. What was set under this name, or from the same day on, is replaced."""
    first: Annotated[date, _FIRST]
    until: Annotated[date, _UNTIL]
    terms: Annotated[tuple[TermRow, ...], ask("Which terms are there?", at_most=12)]
    """In order, without overlap, inside the year."""
    breaks: Annotated[tuple[BreakRow, ...], ask("Which breaks are in them?", at_most=60)] = ()
    short_days: Annotated[tuple[ShortDayRow, ...], ask("Which days are short?", at_most=60)] = ()

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Put the year in its place, and its short days in the place of those before."""
        known = s.schools.get(self.school)
        if known is None:
            return s
        before = _calendar_of(known)
        year = _year(self)
        years = (*_others(before, self), year)
        elsewhere = (d for d in before.partial_days if not year.holds(d.day))
        calendar = SchoolCalendar(
            before.zone,
            tuple(sorted(years, key=lambda one: one.days.first)),
            (*elsewhere, *_short_days(self)),
            before.weekdays,
        )
        return s.but(schools={**s.schools, self.school: known.but(calendar=calendar)})


class SetSchoolWeek(Entry, records="school-week-set"):
    """Set on which days of the week a school is open"""

    school: Annotated[UUID, _SCHOOL]
    weekdays: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=7)], ...],
        ask("On which days? 1 is Monday, 7 is Sunday.", at_least=1, at_most=7),
    ]

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Keep the years; a school that had none has a calendar without years."""
        known = s.schools.get(self.school)
        if known is None:
            return s
        before = _calendar_of(known)
        week = tuple(sorted(set(self.weekdays)))
        calendar = SchoolCalendar(before.zone, before.years, before.partial_days, week)
        return s.but(schools={**s.schools, self.school: known.but(calendar=calendar)})


def _calendar_of(school: School) -> SchoolCalendar:
    return school.calendar or SchoolCalendar(school.zone)


def _others(calendar: SchoolCalendar, e: SetAcademicYear) -> tuple[AcademicYear, ...]:
    """The years that this one does not replace."""
    return tuple(y for y in calendar.years if y.label != e.label and y.days.first != e.first)


def _year(e: SetAcademicYear) -> AcademicYear:
    """The year as it is counted with.

    Raises:
        ValueError: it does not hang together.
    """
    terms = tuple(Term(row.label, Days(row.first, row.until)) for row in e.terms)
    breaks = tuple(Break(row.kind, Days(row.first, row.until)) for row in e.breaks)
    return AcademicYear(e.label, Days(e.first, e.until), terms, breaks)


def _short_days(e: SetAcademicYear) -> tuple[PartialDay, ...]:
    return tuple(PartialDay(row.day, row.opens, row.closes) for row in e.short_days)


@rule("VALIDATION_FAILED", "What begins on a day ends after it, and closes after it opened.")
def stretches_have_days(s: Alliance, e: SetAcademicYear, ctx: Ctx) -> Verdict:
    """The year, its terms, its breaks and its short days each last for something."""
    del s, ctx
    if e.first >= e.until:
        return Unmet(pointer="/until")
    rows: tuple[tuple[str, tuple[Any, ...]], ...] = (("terms", e.terms), ("breaks", e.breaks))
    for name, found in rows:
        for number, row in enumerate(found):
            if row.first >= row.until:
                return Unmet(pointer=f"/{name}/{number}/until")
    for number, day in enumerate(e.short_days):
        zoned = day.opens.tzinfo is not None or day.closes.tzinfo is not None
        if zoned or day.opens >= day.closes:
            return Unmet(pointer=f"/short_days/{number}/closes")
    return True


@rule("VALIDATION_FAILED", "Terms follow one another inside the academic year.")
def terms_are_in_order(s: Alliance, e: SetAcademicYear, ctx: Ctx) -> Verdict:
    """No term begins before the one before it ended, or lies outside the year."""
    del s, ctx
    ended = e.first
    for number, term in enumerate(e.terms):
        if term.first < ended or term.until > e.until:
            return Unmet(pointer=f"/terms/{number}")
        ended = term.until
    return True


@rule("VALIDATION_FAILED", "A short day is a day of the academic year.")
def short_days_are_in_the_year(s: Alliance, e: SetAcademicYear, ctx: Ctx) -> Verdict:
    """Otherwise it would stay when the year is set again."""
    del s, ctx
    for number, row in enumerate(e.short_days):
        if not e.first <= row.day < e.until:
            return Unmet(pointer=f"/short_days/{number}/day")
    return True


@rule("VALIDATION_FAILED", "Academic years of a school do not overlap.")
def year_is_apart(s: Alliance, e: SetAcademicYear, ctx: Ctx) -> Verdict:
    """Every day belongs to one academic year at most."""
    del ctx
    others = _others(_calendar_of(s.schools[e.school]), e)
    overlap = any(y.days.first < e.until and e.first < y.days.until for y in others)
    return Unmet(pointer="/first") if overlap else True


YEAR_RULES = (stretches_have_days, terms_are_in_order, short_days_are_in_the_year, year_is_apart)
