"""Acts of the debrief and after it, and what leaving and withdrawing bring about."""

from collections.abc import Iterable
from typing import Any

from enquiry.kernel.run import forms as run
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Was
from enquiry.method.guardrails import findings, guarded
from enquiry.method.method import Enter, Stage
from enquiry_instructional_rounds.chart import (
    ANALYSING,
    CANCELLED,
    DEBRIEF_DONE,
    DESCRIBING,
    NEXT_LEVEL,
    NOT_HELD,
    PREDICTING,
    RESPONDED,
    REVIEWED,
    SHARED,
)
from enquiry_instructional_rounds.forms import board, debrief, results
from enquiry_instructional_rounds.rules.booking import is_last
from enquiry_instructional_rounds.state.pieces import (
    FLAGS,
    STANDING,
    UNFINISHED,
    DebriefStep,
    Flag,
)
from enquiry_instructional_rounds.state.rounds import Rounds

Yields = Iterable[Any]

STAGE_OF: dict[DebriefStep, Stage] = {
    DebriefStep.DESCRIBE: DESCRIBING,
    DebriefStep.ANALYSE: ANALYSING,
    DebriefStep.PREDICT: PREDICTING,
    DebriefStep.NEXT_LEVEL: NEXT_LEVEL,
}
"""The stage in which each step of the debrief is taken."""


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
