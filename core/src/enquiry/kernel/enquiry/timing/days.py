"""Counting the school days that all schools of an enquiry have in common."""

from datetime import date, datetime, timedelta

from enquiry.kernel import around
from enquiry.kernel.enquiry.phases.state import Turn
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.schooldays import BeyondCalendar, days_strictly_between, shared
from enquiry.method.ctx import Ctx

_WEEKEND = 5


def today(s: Enquiry, ctx: Ctx) -> date:
    """The day it is where the first school is."""
    return day_of(s, ctx, ctx.now)


def day_of(s: Enquiry, ctx: Ctx, at: datetime) -> date:
    """The day it was there at an instant."""
    return around.local_date(ctx, s.schools[0] if s.schools else None, at)


def since(s: Enquiry, ctx: Ctx, at: datetime) -> int:
    """Common school days that are over by now, after the day of this instant.

    Days on which every school is open. Beyond the calendars that are known, and where no school has
    set one, Monday to Friday count.
    """
    first, last = day_of(s, ctx, at), today(s, ctx)
    calendars = [c for school in s.schools if (c := around.calendar(ctx, school)) is not None]
    if calendars:
        try:
            return days_strictly_between(shared(calendars), first, last)
        except BeyondCalendar:
            pass
    between = (first + timedelta(days=n) for n in range(1, (last - first).days))
    return sum(day.weekday() < _WEEKEND for day in between)


def worked(s: Enquiry, ctx: Ctx, at: datetime) -> int:
    """The same without the days on which the enquiry was paused: they count as rest."""
    rested, began = 0, None
    for one in s.course.passages:
        if one.turn == Turn.PAUSED:
            began = one.at
        elif one.turn == Turn.RESUMED and began is not None:
            if one.at > at:
                rested += since(s, ctx, max(began, at)) - since(s, ctx, one.at)
            began = None
    return since(s, ctx, at) - rested
