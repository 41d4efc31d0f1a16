"""What the moves of a walk bring about beyond the form itself."""

from collections.abc import Iterable
from typing import Any

from enquiry.kernel import around
from enquiry.kernel.run import forms as run
from enquiry.kernel.schooldays import days_strictly_between
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Was
from enquiry.method.method import Enter
from enquiry_learning_walks.chart import (
    CANCELLED,
    DONE,
    DROPPED,
    OUTCOMES_RECORDED,
    POOLING,
    READY,
    SCHEDULED,
    WALKING,
)
from enquiry_learning_walks.forms import outcomes, plan, visits
from enquiry_learning_walks.rules.booking import planned
from enquiry_learning_walks.rules.planning import to_be_told
from enquiry_learning_walks.state import Walk
from enquiry_learning_walks.state.pieces import AHEAD, STANDING, UNDER_WAY, Visit

Yields = Iterable[Any]
_FINAL = ("closed", "cancelled")


def schedule(s: Walk, e: plan.ScheduleVisit, ctx: Ctx) -> Yields:
    """The visit, with the school and the zone of its room; another visit of the number is over."""
    del s
    visit = planned(e, ctx)
    yield plan.VisitScheduled(
        visit_no=visit.number,
        location=visit.room,
        school=visit.school,
        zone=visit.zone,
        host=visit.host,
        start=visit.start,
        visit_minutes=visit.visit_minutes,
        debrief_minutes=visit.debrief_minutes,
        visitors=visit.visitors,
        subject=visit.subject,
        year=visit.year,
    )
    yield Enter(SCHEDULED, str(visit.number))


def notify(s: Walk, e: plan.NotifyHosts, ctx: Ctx) -> Yields:
    """Tell every host who does not know yet, and count how early that is."""
    del e
    notices = tuple(
        plan.Notice(visit_no=visit.number, school_days=_notice(visit, ctx))
        for visit in to_be_told(s)
    )
    told = plan.HostsNotified(notices=notices)
    yield told
    yield from _ready(told.apply(s, _was(ctx)), ctx)


def _notice(visit: Visit, ctx: Ctx) -> int | None:
    calendar = around.calendar(ctx, visit.school)
    if calendar is None:
        return None
    today = around.local_date(ctx, visit.school, ctx.now)
    return days_strictly_between(calendar, today, visit.day())


def adopt(s: Walk, e: run.AdoptProtocol, ctx: Ctx) -> Yields:
    """Adopt the protocol; with the last to do so the walk is ready."""
    yield e
    yield from _ready(e.apply(s, _was(ctx)), ctx)


def _ready(s: Any, ctx: Ctx) -> Yields:
    """Hosts are told and everybody has adopted the protocol."""
    told = bool(s.present_hosts()) and not to_be_told(s)
    adopted = all(person in s.adopted for person in s.team())
    if ctx.stage == "planned" and told and adopted:
        yield READY


def _was(ctx: Ctx) -> Was:
    """The act as it will have been, for looking ahead; its place in the stream does not matter."""
    return Was(ctx.id, 0, ctx.now, ctx.actor, ctx.acting_for)


def respond(s: Walk, e: plan.RespondAsHost, ctx: Ctx) -> Yields:
    """Accept; or decline, which drops the visit without a deviation."""
    del s, ctx
    if e.answer == plan.HostAnswer.ACCEPT:
        yield plan.HostAccepted(visit_no=e.visit_no, note=e.note)
    else:
        yield plan.HostDeclined(visit_no=e.visit_no, note=e.note)
        yield Enter(DROPPED, str(e.visit_no))


def begin_walk(s: Walk, e: visits.BeginWalk, ctx: Ctx) -> Yields:
    """Begin; that starts the run, if nobody has."""
    del ctx
    yield e
    if not s.started:
        yield run.StartRun()
    yield WALKING


def skip_corridor(s: Walk, e: visits.SkipCorridor, ctx: Ctx) -> Yields:
    """Record that the protocol was not followed, and why."""
    del s, ctx
    yield visits.CorridorSkipped(visit_no=e.visit_no)
    yield run.RecordDeviation(rule="LW-E09", reason=e.reason)
    yield Enter(DONE, str(e.visit_no))


def end_walk(s: Walk, e: visits.EndWalk, ctx: Ctx) -> Yields:
    """End; what was not begun does not take place."""
    del ctx
    yield e
    yield from _dropped(visit for visit in s.visits.values() if visit.status in AHEAD)
    yield POOLING


def _dropped(visits: Iterable[Visit]) -> Yields:
    return (Enter(DROPPED, str(visit.number)) for visit in visits)


def record_outcome(s: Walk, e: outcomes.RecordOutcome, ctx: Ctx) -> Yields:
    """Record an outcome; the first one leads on."""
    del s
    yield e
    if ctx.stage == POOLING.name:
        yield OUTCOMES_RECORDED


def leave(s: Walk, e: run.LeaveRun, ctx: Ctx) -> Yields:
    """Leave; a walk that nobody is left to lead is cancelled."""
    yield e
    if s.is_last(ctx.actor):
        yield CANCELLED


def withdraw(s: Walk, e: run.WithdrawConsent, ctx: Ctx) -> Yields:
    """Withdraw; visits that have not ended are dropped, and whoever saw more is told so."""
    yield e
    after: Any = e.apply(s, _was(ctx))
    yield from _told_of_loss(s, after)
    before = (v for v in s.visits.values() if v.status in (*AHEAD, *UNDER_WAY))
    yield from _dropped(v for v in before if after.visits[v.number].status not in STANDING)
    if after.lead is None and s.lead is not None and ctx.stage not in _FINAL:
        yield CANCELLED


def _told_of_loss(s: Walk, after: Any) -> Iterable[Entry]:
    lost = tuple(
        id_
        for id_, outcome in s.outcomes.items()
        if any(id_ in s.shown_to(a) and id_ not in after.shown_to(a) for a in outcome.shared)
    )
    publications = tuple(
        id_
        for id_, items in s.evidence().items()
        if any(s.output_revision(i.output) and not after.output_revision(i.output) for i in items)
    )
    if lost or publications:
        yield outcomes.ItemsWithdrawn(outcomes=lost, publications=publications)
