"""Looking around from inside a rule: the alliance, its schools, their calendars and policies.

Everything that is looked at joins the append condition of the decision.
"""

from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID, uuid5

from enquiry.kernel.alliance.state import Alliance, Policy, School
from enquiry.kernel.schooldays import SchoolCalendar

_BOOKINGS = "bookings"


class Around(Protocol):
    """What a rule and a view have in common: the time, the alliance, other streams."""

    @property
    def now(self) -> datetime:
        """The injected time."""
        ...

    @property
    def alliance(self) -> UUID:
        """The alliance in which this happens."""
        ...

    def read(self, stream: UUID, /) -> Any:
        """State of another stream, or ``None``."""
        ...


def alliance(ctx: Around) -> Alliance:
    """The alliance in which this happens."""
    return ctx.read(ctx.alliance) or Alliance()


def school(ctx: Around, id_: UUID) -> School | None:
    """A school of the alliance."""
    return alliance(ctx).schools.get(id_)


def policy(ctx: Around, school_id: UUID | None) -> Policy:
    """What the school has decided for itself, or the defaults."""
    known = school(ctx, school_id) if school_id else None
    return known.policy if known else Policy()


def calendar(ctx: Around, school_id: UUID | None) -> SchoolCalendar | None:
    """The school's calendar, if it has set one."""
    known = school(ctx, school_id) if school_id else None
    return known.calendar if known else None


def local_date(ctx: Around, school_id: UUID | None, at: datetime) -> date:
    """The day at the school at this instant."""
    return alliance(ctx).day_at(school_id, at) if school_id else at.date()


def home(ctx: Around, person: UUID) -> UUID | None:
    """The school whose policy and calendar count for this person; ``None``: they are of none."""
    held = alliance(ctx).held(person, ctx.now)
    return held[0].school if held else None


def is_pupil(ctx: Around, person: UUID) -> bool:
    """Whether this person takes part as a pupil today."""
    return alliance(ctx).is_pupil_at(person, ctx.now)


def bookings_stream(school_id: UUID) -> UUID:
    """The stream of a school's booking calendar; of the alliance, for whoever is of none."""
    return uuid5(school_id, _BOOKINGS)
