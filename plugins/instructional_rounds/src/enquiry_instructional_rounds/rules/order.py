"""Stages, the order of the debrief, windows and versions: steps 6 and 6b."""

from typing import Any

from enquiry.method.ctx import Ctx
from enquiry.method.rules import Rule, Unmet, Verdict, guard, rule
from enquiry_instructional_rounds.forms import debrief
from enquiry_instructional_rounds.state.pieces import STEPS, DebriefStep, VisitStatus
from enquiry_instructional_rounds.state.rounds import Rounds

EARLY = ("planned", "pop_drafting", "pop_published", "scheduled")
"""Stages before anybody is in a classroom."""
_BEFORE_ALL = -1


def during(*steps: DebriefStep) -> Rule:
    """The debrief is in one of these steps: each accepts its own commands alone (IR-E07, E10)."""

    @guard("DEBRIEF_ORDER", "This step of the debrief is not the time for it.", source="IR-E10")
    def step_accepts_it(s: Rounds, ctx: Ctx) -> Verdict:
        del ctx
        if s.step in steps:
            return True
        return Unmet(params={"step": s.step, "allowed": list(steps)})

    return step_accepts_it


def _place(s: Rounds) -> int:
    """Which step it is, from 0; after the last where the debrief was completed."""
    if s.step is not None:
        return STEPS.index(s.step)
    return len(STEPS) if s.completed_at is not None else _BEFORE_ALL


@rule("DEBRIEF_ORDER", "Describe, analyse, predict, next level: one after the other.")
def is_next_step(s: Rounds, e: debrief.AdvanceDebrief, ctx: Ctx) -> Verdict:
    """The debrief goes on by exactly one step (IR-E10)."""
    del ctx
    if STEPS.index(e.to) == _place(s) + 1 and s.step is not None:
        return True
    return Unmet(params={"step": s.step, "to": e.to})


@rule("DEBRIEF_ORDER", "Only an earlier step can be opened again.", source="IR-E10")
def is_earlier_step(s: Rounds, e: debrief.ReopenDebriefStep, ctx: Ctx) -> Verdict:
    """The debrief goes back to a step that it has left."""
    del ctx
    if STEPS.index(e.to) < _place(s):
        return True
    return Unmet(params={"step": s.step, "to": e.to})


@rule("WRONG_STAGE", "This visit has begun: its plan stays.", source="3.2 commands")
def visit_is_ahead(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """A visit is planned anew only before it begins."""
    del ctx
    visit = s.visits.get(e.visit_no)
    return visit is None or visit.begun_at is None


@rule("WRONG_STAGE", "This visit was cancelled.", source="3.2 commands")
def visit_was_not_cancelled(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """A visit that was cancelled does not begin."""
    del ctx
    return s.visits[e.visit_no].status != VisitStatus.CANCELLED


@rule("WRONG_STAGE", "Your team is in another classroom.", source="3.2 commands")
def team_is_free(s: Rounds, e: Any, ctx: Ctx) -> Verdict:
    """A team is in one classroom at a time."""
    del ctx
    open_ = s.under_way(s.visits[e.visit_no].team)
    return True if open_ is None else Unmet(details=({"visit": open_.number},))


@rule("VISIT_NOT_OPEN", "Notes are taken once the visit has begun.", source="3.2 commands")
def visit_has_begun(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """Nobody writes about a classroom before it is entered."""
    del ctx
    return s.visits[e.visit_no].begun_at is not None


@guard("WRONG_STAGE", "A review comes when the debrief is complete.", source="IR-E17")
def debrief_is_complete(s: Rounds, ctx: Ctx) -> bool:
    """There is something to review."""
    del ctx
    return s.completed_at is not None


@guard("WRONG_STAGE", "The teams are formed: nobody joins as an observer any more.")
def observers_join_in_time(s: Rounds, ctx: Ctx) -> bool:
    """Whoever was asked to observe joins before the teams are in the classrooms."""
    return s.invited.get(ctx.actor) != "observer" or ctx.stage in EARLY


@rule("VERSION_CONFLICT", "The pattern has changed. Look again, then agree.", source="IR-E13")
def is_present_version(s: Rounds, e: debrief.AgreePattern, ctx: Ctx) -> Verdict:
    """Whoever agrees has read what they agree to."""
    del ctx
    now = s.patterns[e.pattern].version
    return True if e.version == now else Unmet(params={"current": now})
