"""What the moves of rounds bring about beyond the form itself, and what decisions are about."""

from collections.abc import Iterable
from typing import Any

from enquiry.kernel.run import forms as run
from enquiry.kernel.run.state import Run
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Was
from enquiry.method.guardrails import findings, guarded
from enquiry.method.method import Enter, Stage
from enquiry_instructional_rounds.chart import (
    AHEAD,
    ANALYSING,
    CANCELLED,
    DEBRIEF_DONE,
    DESCRIBING,
    IN_ROOM,
    NEXT_LEVEL,
    NOT_HELD,
    OBSERVING,
    POP_DRAFTING,
    POP_PUBLISHED,
    PREDICTING,
    RESPONDED,
    REVIEWED,
    SCHEDULED,
    SHARED,
)
from enquiry_instructional_rounds.forms import board, day, debrief, plan, results
from enquiry_instructional_rounds.rules.booking import is_last, planned, team_label, visit_label
from enquiry_instructional_rounds.state.pieces import FLAGS, STANDING, UNFINISHED, DebriefStep, Flag
from enquiry_instructional_rounds.state.rounds import Rounds

Yields = Iterable[Any]


STAGE_OF: dict[DebriefStep, Stage] = {
    DebriefStep.DESCRIBE: DESCRIBING,
    DebriefStep.ANALYSE: ANALYSING,
    DebriefStep.PREDICT: PREDICTING,
    DebriefStep.NEXT_LEVEL: NEXT_LEVEL,
}
"""The stage in which each step of the debrief is taken."""


# What decisions are about


def about_team(e: plan.FormTeam) -> str:
    """One team: a decision about it leaves the others alone."""
    return team_label(e.team_no)


def about_visit(e: Any) -> str:
    """One visit."""
    return visit_label(e.visit_no)


def about_pattern(e: debrief.EditPattern) -> str:
    """One pattern."""
    return f"pattern-{e.pattern}"


def about_option(e: results.DecideOption) -> str:
    """One option."""
    return f"option-{e.option}"


# Until the visits end


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


# The debrief, and after it


def _flags(e: Any, ctx: Ctx) -> tuple[Flag, ...]:
    """What TextGuard finds in a card's words that does not describe; recorded, so that it stays."""
    codes = (found.code for at in guarded(e) for found in findings(at, ctx))
    return tuple(sorted({FLAGS[code] for code in codes if code in FLAGS}))


def post(s: Rounds, e: board.PostCard, ctx: Ctx) -> Yields:
    """The card, with what it has to be reworded for."""
    del s
    yield board.CardPosted(
        visit_no=e.visit_no,
        focus=e.focus,
        text=e.text,
        verbatim=e.verbatim,
        flags=_flags(e, ctx),
    )


def reword(s: Rounds, e: board.RewordCard, ctx: Ctx) -> Yields:
    """The card in its new words, with what they have to be reworded for."""
    del s
    flags = _flags(e, ctx)
    yield board.CardReworded(card=e.card, text=e.text, verbatim=e.verbatim, flags=flags)


def advance(s: Rounds, e: debrief.AdvanceDebrief, ctx: Ctx) -> Yields:
    """On to the next step."""
    del s, ctx
    yield e
    yield STAGE_OF[e.to]


def reopen(s: Rounds, e: debrief.ReopenDebriefStep, ctx: Ctx) -> Yields:
    """Back to an earlier step; record that the protocol was not followed, and why."""
    del s, ctx
    yield debrief.DebriefReopened(to=e.to)
    yield run.RecordDeviation(rule="IR-E10", reason=e.reason)
    yield STAGE_OF[e.to]


def review(s: Rounds, e: run.ReviewIdentifiability, ctx: Ctx) -> Yields:
    """Review; with the second of the two who must, it may be shared."""
    yield e
    after = e.apply(s, Was(ctx.id, _next(s), ctx.now, ctx.actor))
    if after.reviewed_at and ctx.stage == DEBRIEF_DONE.name:
        yield REVIEWED


def _next(s: Rounds) -> int:
    """A revision later than that of everything that is reviewed, to look ahead with."""
    known = (*s.reviews.values(), *(s.output_revision(id_) or 0 for id_ in s.pack()))
    return max(known, default=0) + 1


def share(s: Rounds, e: results.ShareWithHost, ctx: Ctx) -> Yields:
    """Give it to the host."""
    del s, ctx
    yield e
    yield SHARED


def decide(s: Rounds, e: results.DecideOption, ctx: Ctx) -> Yields:
    """Decide; the first decision is the host's response."""
    del s
    yield e
    if ctx.stage == SHARED.name:
        yield RESPONDED


# Leaving and withdrawing


def leave(s: Any, e: run.LeaveRun, ctx: Ctx) -> Yields:
    """Leave; rounds that nobody is left to lead are cancelled."""
    yield e
    if is_last(s, ctx):
        yield CANCELLED


def withdraw(s: Any, e: run.WithdrawConsent, ctx: Ctx) -> Yields:
    """Withdraw; visits that have not ended are dropped, and whoever saw more is told so."""
    yield e
    after: Any = e.apply(s, Was(ctx.id, 0, ctx.now, ctx.actor, ctx.acting_for))
    yield from _told_of_loss(s, after)
    before = (v for v in s.visits.values() if v.status in UNFINISHED)
    for visit in before:
        if after.visits[visit.number].status not in STANDING:
            yield Enter(NOT_HELD, str(visit.number))
    if after.lead is None and s.lead is not None:
        yield CANCELLED


def _told_of_loss(s: Rounds, after: Rounds) -> Iterable[results.ItemsWithdrawn]:
    publications = tuple(
        id_
        for id_, items in s.evidence().items()
        if any(s.stands(one.output) and not after.stands(one.output) for one in items)
    )
    if s.loses(after):
        yield results.ItemsWithdrawn(pack=s.pack_loses(after), publications=publications)
