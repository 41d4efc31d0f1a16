"""Acts until the visits end that bring about more than one fact, or choose where it goes next."""

from collections.abc import Iterable
from typing import Any

from enquiry.kernel.run import forms as run
from enquiry.kernel.run.state import Run
from enquiry.method.ctx import Ctx
from enquiry.method.method import Enter
from enquiry_instructional_rounds.chart import (
    AHEAD,
    IN_ROOM,
    NOT_HELD,
    OBSERVING,
    POP_DRAFTING,
    POP_PUBLISHED,
    SCHEDULED,
)
from enquiry_instructional_rounds.forms import day, plan
from enquiry_instructional_rounds.rules.booking import planned
from enquiry_instructional_rounds.state.rounds import Rounds

Yields = Iterable[Any]


def join(s: Run, e: run.AcceptRunInvitation, ctx: Ctx) -> Yields:
    """Take part; with the host lead the work on the problem begins."""
    yield e
    if s.invited.get(ctx.actor) == "host-lead" and ctx.stage == "planned":
        yield POP_DRAFTING


def publish(s: Rounds, e: plan.PublishProblem, ctx: Ctx) -> Yields:
    """Publish; what is published again goes no step back."""
    del s
    yield e
    if ctx.stage == POP_DRAFTING.name:
        yield POP_PUBLISHED


def schedule(s: Rounds, e: plan.ScheduleClassroom, ctx: Ctx) -> Yields:
    """The visit, with the school and zone of its room; another visit of the number is over."""
    del s
    visit = planned(e, ctx)
    yield plan.ClassroomScheduled(
        visit_no=visit.number,
        team_no=visit.team,
        location=visit.room,
        school=visit.school,
        zone=visit.zone,
        host_teacher=visit.host,
        subject=visit.subject,
        year=visit.year,
        start=visit.start,
        minutes=visit.minutes,
    )
    yield Enter(AHEAD, str(visit.number))
    if ctx.stage == POP_PUBLISHED.name:
        yield SCHEDULED


def answer(s: Rounds, e: plan.ConsentAsHostTeacher, ctx: Ctx) -> Yields:
    """Accept; or decline, which drops the visit without a deviation."""
    del s, ctx
    if e.answer == plan.HostAnswer.ACCEPT:
        yield plan.HostTeacherConsented(visit_no=e.visit_no)
    else:
        yield plan.HostTeacherDeclined(visit_no=e.visit_no)
        yield Enter(NOT_HELD, str(e.visit_no))


def begin(s: Rounds, e: day.BeginObservation, ctx: Ctx) -> Yields:
    """Enter; the first to do so starts the run, if nobody has."""
    yield e
    if not s.started:
        yield run.StartRun()
    yield Enter(IN_ROOM, str(e.visit_no))
    if ctx.stage == SCHEDULED.name:
        yield OBSERVING
