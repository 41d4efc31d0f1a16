"""School days, academic years and wall clocks: what "five school days' notice" means, and where.

A calendar is what a school has decided, not what follows from the year: terms, breaks inside them,
days on which it closes early. Days are local dates of the school. Everything is half-open: the day
or instant named last is the first one outside. There is no clock here; "now" is an argument.

Wall clocks that daylight saving skips or repeats are read as calendars do (RFC 5545): a time that
does not exist counts from before the change, so that 01:30 becomes 02:30; of a time that comes
twice the first is meant, unless the later one is asked for.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct

from enquiry.method.fields import plain

BreakKind = Literal["half_term", "closure", "staff_day"]

_LABEL = plain("Label", because="the name of a year, a term or a break", upto=60)
_ZONE = plain("Time zone", because="an IANA time zone", upto=60)
_DAY = timedelta(days=1)


class BeyondCalendar(ValueError):
    """The school's calendar does not reach far enough to count that many school days."""


class Days(Struct, frozen=True, forbid_unknown_fields=True):
    """Local dates from ``first`` on, before ``until``; at least one."""

    first: date
    until: date
    """The first day outside."""

    def __post_init__(self) -> None:
        """Refuse an empty or reversed stretch."""
        if self.first >= self.until:
            raise ValueError(f"{self.until} is not after {self.first}")

    def holds(self, day: date) -> bool:
        """Whether the day is one of these."""
        return self.first <= day < self.until


class Term(Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch of an academic year in which the school is open on its weekdays."""

    label: Annotated[str, _LABEL]
    days: Days


class Break(Struct, frozen=True, forbid_unknown_fields=True):
    """Days of a term on which pupils stay at home."""

    kind: BreakKind
    days: Days


class AcademicYear(Struct, frozen=True, forbid_unknown_fields=True):
    """A school's year, from its start to the start of the next, under the name the school uses."""

    label: Annotated[str, _LABEL]
    """Such as ``2026/27``, or ``2027`` where the year starts in January or February."""
    days: Days
    terms: tuple[Term, ...]
    """In order, without overlap, inside ``days``."""
    breaks: tuple[Break, ...] = ()
    """In any order; those outside of every term change nothing."""

    def __post_init__(self) -> None:
        """Refuse terms that overlap, are out of order or lie outside the year."""
        _in_order([term.days for term in self.terms], "terms")
        for term in self.terms:
            if not (self.days.first <= term.days.first and term.days.until <= self.days.until):
                raise ValueError(f"term {term.label} is not within {self.label}")

    def holds(self, day: date) -> bool:
        """Whether the day belongs to this academic year, holidays included."""
        return self.days.holds(day)


class PartialDay(Struct, frozen=True, forbid_unknown_fields=True):
    """A school day on which the school is open for a part of the day only. It is a school day."""

    day: date
    opens: time
    """Wall clock of the school."""
    closes: time
    """Wall clock of the school; the first moment outside."""

    def __post_init__(self) -> None:
        """Refuse times with a zone of their own, and a day that closes before it opens."""
        if self.opens.tzinfo is not None or self.closes.tzinfo is not None:
            raise ValueError("opening times are wall clock times, without a zone")
        if self.opens >= self.closes:
            raise ValueError(f"{self.closes} is not after {self.opens}")


class SchoolCalendar(Struct, frozen=True, forbid_unknown_fields=True):
    """When a school is open. Days that no academic year knows are no school days."""

    zone: Annotated[str, _ZONE]
    years: tuple[AcademicYear, ...] = ()
    """In order, without overlap; gaps are allowed."""
    partial_days: tuple[PartialDay, ...] = ()
    weekdays: tuple[Annotated[int, Meta(ge=1, le=7)], ...] = (1, 2, 3, 4, 5)
    """ISO weekdays on which it is open, 1 Monday to 7 Sunday."""

    def __post_init__(self) -> None:
        """Refuse an unknown zone and years that overlap or are out of order."""
        _zone(self.zone)
        _in_order([year.days for year in self.years], "academic years")


class SharedCalendar(Struct, frozen=True, forbid_unknown_fields=True):
    """School days that several schools have in common."""

    calendars: tuple[SchoolCalendar, ...]
    """At least one."""

    def __post_init__(self) -> None:
        """Refuse the calendar of no school, on which every day would be a school day."""
        if not self.calendars:
            raise ValueError("the calendar of no school")


class Interval(Struct, frozen=True, forbid_unknown_fields=True):
    """Instants from ``start`` on, before ``end``: back to back is no overlap."""

    start: datetime
    end: datetime
    """The first instant outside."""

    def __post_init__(self) -> None:
        """Refuse times without a zone, and an end that is not after the start."""
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise ValueError("an instant needs a zone")
        if self.start >= self.end:
            raise ValueError(f"{self.end} is not after {self.start}")

    def holds(self, instant: datetime) -> bool:
        """Whether the instant is one of these."""
        return self.start <= instant < self.end

    def overlaps(self, other: "Interval") -> bool:
        """Whether any instant belongs to both."""
        return self.start < other.end and other.start < self.end


Calendar = SchoolCalendar | SharedCalendar


def days(first: date, last: date) -> Days:
    """Return the days from ``first`` to ``last``, both inclusive, as people say it."""
    return Days(first, last + _DAY)


def shared(calendars: Iterable[SchoolCalendar]) -> SharedCalendar:
    """Return the calendar of the days on which all these schools are open.

    Raises:
        ValueError: there are none.
    """
    return SharedCalendar(tuple(calendars))


def is_school_day(calendar: Calendar, day: date) -> bool:
    """Whether pupils are in school on this day; partial days count, unrecorded years do not."""
    if isinstance(calendar, SharedCalendar):
        return all(is_school_day(one, day) for one in calendar.calendars)
    if day.isoweekday() not in calendar.weekdays:
        return False
    year = academic_year_of(calendar, day)
    if year is None or not any(term.days.holds(day) for term in year.terms):
        return False
    return not any(one.days.holds(day) for one in year.breaks)


def days_strictly_between(calendar: Calendar, first: date, last: date) -> int:
    """Count whole school days after ``first`` and before ``last``; neither of the two counts.

    This is what "N school days' notice" counts: the day of the notice and the day of the event are
    not whole days. It is 0 when ``last`` is not after ``first``.

    Source: domain rule 4.8.
    """
    known = _known(calendar)
    between = range(max(first.toordinal() + 1, known.start), min(last.toordinal(), known.stop))
    return sum(1 for _ in _school_days(calendar, between))


def add_school_days(calendar: Calendar, day: date, count: int) -> date:
    """Return the school day that is ``count`` school days after ``day``; before it, if negative.

    ``day`` itself, school day or not, is never counted; 0 gives it back.

    Raises:
        BeyondCalendar: the academic years that are recorded do not hold that many.
    """
    if count == 0:
        return day
    known, here = _known(calendar), day.toordinal()
    ahead = range(max(here + 1, known.start), known.stop)
    behind = range(min(here, known.stop) - 1, known.start - 1, -1)
    school_days = _school_days(calendar, ahead if count > 0 else behind)
    found = next(islice(school_days, abs(count) - 1, None), None)
    if found is None:
        raise BeyondCalendar(f"no calendar is recorded for {count} school days from {day}")
    return found


def academic_year_of(calendar: SchoolCalendar, day: date) -> AcademicYear | None:
    """Return the academic year to which the school says the day belongs, holidays included."""
    return next((year for year in calendar.years if year.holds(day)), None)


def is_open_at(calendar: SchoolCalendar, instant: datetime) -> bool:
    """Whether the instant lies in a school day and, on a partial day, within its opening times.

    Raises:
        ValueError: the instant has no zone.
    """
    here = _local(instant, calendar.zone)
    if not is_school_day(calendar, here.date()):
        return False
    times = [one for one in calendar.partial_days if one.day == here.date()]
    return not times or any(one.opens <= here.time() < one.closes for one in times)


def local_date(instant: datetime, zone: str) -> date:
    """Return the day that it is in an IANA zone at an instant.

    Raises:
        ValueError: the instant has no zone, or the zone is unknown.
    """
    return _local(instant, zone).date()


def instant_of(wall: datetime, zone: str, *, later: bool = False) -> datetime:
    """Return the instant, in UTC, at which the clocks on the wall in a zone show this.

    Args:
        wall: without a zone. A time that clocks skip is moved on by as much as they are.
        zone: IANA name of the host school's zone.
        later: of a time that clocks show twice, the second; without effect on any other.

    Raises:
        ValueError: ``wall`` has a zone of its own, or the zone is unknown.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall clock time has no zone of its own")
    repeated = wall_clock(wall, zone) == "repeated"
    return wall.replace(tzinfo=_zone(zone), fold=int(later and repeated)).astimezone(UTC)


def wall_clock(wall: datetime, zone: str) -> Literal["once", "skipped", "repeated"]:
    """Say how often the clocks on the wall show this, so that people can be asked which."""
    first = wall.replace(tzinfo=_zone(zone), fold=0).utcoffset()
    second = wall.replace(tzinfo=_zone(zone), fold=1).utcoffset()
    if first is None or second is None or first == second:
        return "once"
    return "skipped" if first < second else "repeated"


def interval_of(wall: datetime, minutes: int, zone: str) -> Interval:
    """Return the interval that starts when the wall clock shows this and lasts so long.

    Args:
        wall: without a zone.
        minutes: >= 1, as they pass, also across a change of the clocks.
        zone: IANA name of the host school's zone.

    Raises:
        ValueError: ``minutes`` is below 1, ``wall`` has a zone, or the zone is unknown.
    """
    start = instant_of(wall, zone)
    return Interval(start, start + timedelta(minutes=minutes))


def _local(instant: datetime, zone: str) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(_zone(zone))


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValueError(f"no time zone is called {name!r}") from unknown


def _school_days(calendar: Calendar, ordinals: range) -> Iterator[date]:
    return (day for day in map(date.fromordinal, ordinals) if is_school_day(calendar, day))


def _known(calendar: Calendar) -> range:
    """Ordinals from the first recorded day to the last that all the schools record."""
    if isinstance(calendar, SharedCalendar):
        known = [_known(one) for one in calendar.calendars]
        return range(max(one.start for one in known), min(one.stop for one in known))
    if not calendar.years:
        return range(1, 1)
    first, last = calendar.years[0].days, calendar.years[-1].days
    return range(first.first.toordinal(), last.until.toordinal())


def _in_order(stretches: Sequence[Days], what: str) -> None:
    for before, after in pairwise(stretches):
        if after.first < before.until:
            raise ValueError(f"{what} overlap or are out of order at {after.first}")
