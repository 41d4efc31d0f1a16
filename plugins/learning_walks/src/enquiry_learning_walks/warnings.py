"""What deserves a second look. Nothing here refuses; what has happened is recorded as it was.

Language is remarked by TextGuard, bookings by the kernel; both go when their cause goes.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from enquiry.kernel import around
from enquiry.kernel.schooldays import BeyondCalendar, add_school_days
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Warn, Watch
from enquiry_learning_walks.forms import visits
from enquiry_learning_walks.rules.booking import label
from enquiry_learning_walks.state import Walk
from enquiry_learning_walks.state.pieces import STANDING, Visit, WalkRole


def _team_not_four(s: Walk, ctx: Ctx) -> tuple[Warn, ...]:
    """The team that set out is smaller or larger than usual."""
    size, normal = s.walked or len(s.team()), ctx.options.team_normal
    if s.begun_at is None or size == normal:
        return ()
    return (Warn("TEAM_NOT_FOUR", params={"team": size, "normal": normal}),)


def _duplicate_roles(s: Walk, ctx: Ctx) -> tuple[Warn, ...]:
    """Two walkers look at the same thing. Roles of their own cannot be compared."""
    del ctx
    held = Counter(s.walk_roles[p] for p in s.team() if p in s.walk_roles)
    return tuple(
        Warn("DUPLICATE_WALK_ROLE", about=role.value, params={"walkers": count})
        for role, count in held.items()
        if count > 1 and role != WalkRole.CUSTOM
    )


def _short_notice(s: Walk, ctx: Ctx) -> tuple[Warn, ...]:
    """A host has fewer whole school days than agreed between the notice and the visit."""
    wanted = ctx.options.notice_school_days
    return tuple(
        Warn(
            "SHORT_NOTICE",
            about=label(visit.number),
            params={"school_days": visit.notice, "wanted": wanted},
        )
        for visit in s.visits.values()
        if visit.told
        and visit.status in STANDING
        and visit.notice is not None
        and visit.notice < wanted
    )


def _visit_length(s: Walk, ctx: Ctx) -> tuple[Warn, ...]:
    """A visit really took less or more time than a visit should."""
    least, most = ctx.options.visit_least, ctx.options.visit_most
    return _lengths(s, "VISIT_LENGTH_ACTUAL", Visit.minutes, least, most)


def _debrief_length(s: Walk, ctx: Ctx) -> tuple[Warn, ...]:
    """A debrief really took less or more time than a debrief should."""
    least, most = ctx.options.debrief_least, ctx.options.debrief_most
    return _lengths(s, "DEBRIEF_LENGTH_ACTUAL", Visit.corridor_minutes, least, most)


def _lengths(s: Walk, code: str, taken: Any, least: int, most: int) -> tuple[Warn, ...]:
    minutes = {v.number: taken(v) for v in s.visits.values() if v.took_place}
    return tuple(
        Warn(code, about=label(number), params={"minutes": took})
        for number, took in minutes.items()
        if took is not None and not least <= took <= most
    )


def _uncovered(s: Walk, ctx: Ctx) -> tuple[Warn, ...]:
    """The walk ended without a single note for a criterion."""
    del ctx
    return tuple(Warn("CRITERION_WITHOUT_NOTES", about=one.value) for one in s.uncovered)


def _feedback_late(s: Walk, ctx: Ctx) -> tuple[Warn, ...]:
    """The agreed number of school days has passed since the walk, and nothing was shared."""
    if s.ended_at is None or s.sharings or s.over_at is not None:
        return ()
    days = ctx.options.feedback_school_days
    late = any(_is_past(s, school, days, ctx) for school in _visited(s))
    return (Warn("FEEDBACK_LATE", params={"school_days": days}),) if late else ()


def _visited(s: Walk) -> tuple[UUID, ...]:
    schools: Iterable[UUID] = (v.school for v in s.visits.values() if v.took_place)
    return tuple(dict.fromkeys(schools))


def _is_past(s: Walk, school: UUID, days: int, ctx: Ctx) -> bool:
    """The last of these school days is over at the school, by its own calendar."""
    calendar = around.calendar(ctx, school)
    if calendar is None or s.ended_at is None:
        return False
    ended: date = around.local_date(ctx, school, s.ended_at)
    try:
        due = add_school_days(calendar, ended, days)
    except BeyondCalendar:
        return False
    return around.local_date(ctx, school, ctx.now) > due


def _no_host_voice(s: Walk, ctx: Ctx) -> tuple[Warn, ...]:
    """Staff or the alliance were shown outcomes before any host had seen the draft."""
    del ctx
    return (Warn("NO_HOST_VOICE"),) if s.unheard else ()


def not_shared(s: Walk, e: Any, ctx: Ctx) -> tuple[Warn, ...]:
    """The run is closed, and nobody was shown what was learned."""
    del e, ctx
    return () if s.sharings else (Warn("NOT_SHARED"),)


WATCHES = (
    Watch("TEAM_NOT_FOUR", _team_not_four, source="3.1 warned"),
    Watch("DUPLICATE_WALK_ROLE", _duplicate_roles, source="3.1 warned"),
    Watch("SHORT_NOTICE", _short_notice, source="3.1 warned, 4.8"),
    Watch("VISIT_LENGTH_ACTUAL", _visit_length, source="3.1 warned"),
    Watch("DEBRIEF_LENGTH_ACTUAL", _debrief_length, source="3.1 warned"),
    Watch(
        "CRITERION_WITHOUT_NOTES",
        _uncovered,
        source="3.1 warned",
        reveals=(visits.RecordNote, visits.RetractNote),
    ),
    Watch("FEEDBACK_LATE", _feedback_late, source="3.1 warned, 4.8", timed=True),
    Watch("NO_HOST_VOICE", _no_host_voice, source="3.1 warned"),
)


def moot(s: Walk) -> frozenset[str]:
    """Visits that do not take place: nothing is remarked about them any longer."""
    gone = (v for v in s.visits.values() if v.status not in STANDING)
    return frozenset(label(visit.number) for visit in gone)
