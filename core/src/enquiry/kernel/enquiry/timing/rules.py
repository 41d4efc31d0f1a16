"""Remarks that time alone brings about: raised once, resolved by what happens next."""

from datetime import datetime
from typing import Any

from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.enquiry.timing.days import since, today, worked
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Warn, Watch

USUAL = {Phase.IMPLEMENTATION: 30, Phase.INNOVATION: 90, Phase.IMPACT: 40}
"""School days that a phase takes, where the facilitator has set no target."""
QUIET = 20
"""School days after which it is remarked that nothing happens."""
AGAIN = 10
"""School days after which it is remarked again."""
RUSHED = 5
"""School days within which a first gate is passed too soon to be true."""


def _resting(s: Enquiry) -> bool:
    return s.course.phase is None or s.course.paused_in is not None


def _overdue(s: Enquiry, ctx: Ctx) -> bool:
    """The target of the present phase has passed."""
    phase, entered = s.course.phase, s.course.entered_at
    if phase is None or entered is None:
        return False
    target = s.course.targets.get(phase)
    return today(s, ctx) > target if target is not None else worked(s, ctx, entered) > USUAL[phase]


def _stuck(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    """Only planning for twenty school days, and again every ten; or the target has passed."""
    if _resting(s) or s.course.phase != Phase.IMPLEMENTATION or ctx.stage != s.course.phase:
        return ()
    # Whoever comes back to this phase begins to count afresh.
    known = (s.course.progressed_at, s.course.entered_at)
    began = max((at for at in known if at is not None), default=None)
    count = worked(s, ctx, began) if began is not None else 0
    if count >= QUIET:  # only now look at the runs: each is a stream of its own
        count = min([count, *(worked(s, ctx, started) for started in _runs_started(s, ctx))])
    if count >= QUIET:
        return (Warn("STUCK_IN_IMPLEMENTATION", about=f"quiet-{(count - QUIET) // AGAIN}"),)
    overdue = _overdue(s, ctx)
    return (Warn("STUCK_IN_IMPLEMENTATION", about="target"),) if overdue else ()


def _runs_started(s: Enquiry, ctx: Ctx) -> list[datetime]:
    runs = (ctx.read(run) for run in s.runs)
    return [run.started_at for run in runs if run is not None and run.started_at is not None]


def _late(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    later = s.course.phase not in (None, Phase.IMPLEMENTATION) and ctx.stage == s.course.phase
    if _resting(s) or not later or not _overdue(s, ctx):
        return ()
    return (Warn("PHASE_OVERDUE", about=f"{s.course.phase}-{s.course.cycle}"),)


def _still(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    if _resting(s) or ctx.stage != s.course.phase or ctx.acted_at is None:
        return ()
    quiet = since(s, ctx, ctx.acted_at) >= QUIET
    return (Warn("MOMENTUM_LOST", about="momentum"),) if quiet else ()


WATCHES = (
    Watch("STUCK_IN_IMPLEMENTATION", _stuck, source="2.17", timed=True),
    Watch("PHASE_OVERDUE", _late, source="2.17", timed=True),
    Watch("MOMENTUM_LOST", _still, source="2.17", timed=True),
)


def rushed(s: Enquiry, e: Any, ctx: Ctx) -> tuple[Warn, ...]:
    """Said when the first gate is passed within five school days of the launch."""
    launched = s.course.launched_at
    if e.to != Phase.INNOVATION or launched is None or since(s, ctx, launched) >= RUSHED:
        return ()
    return (Warn("RUSHED_START", about=f"cycle-{s.course.cycle}"),)
