"""Who fills in what, and the overviews' share in the gates."""

from typing import Any

from enquiry.kernel import around
from enquiry.kernel.enquiry.agreement.state import Kind
from enquiry.kernel.enquiry.overviews.forms import CELLS, RecordOverviewRow
from enquiry.kernel.enquiry.overviews.state import OverviewForm
from enquiry.kernel.enquiry.phases.gates import Condition, unless
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, rule

_ALL = tuple(name for names in CELLS.values() for name in names)


@rule("NOT_PERMITTED", "A school fills in its own row.", source="2.9")
def is_own_school(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """The actor belongs to the school, and it takes part."""
    held = around.alliance(ctx).held(ctx.actor, ctx.now)
    return e.school in s.schools and any(m.school == e.school for m in held)


@rule("FORM_IS_DERIVED", "This follows from what the group decided: propose it.", source="2.9")
def is_typed_freely(s: Enquiry, e: RecordOverviewRow, ctx: Ctx) -> Verdict:
    """Neither the group's part nor anything of the overall overview is typed."""
    del s, ctx
    if e.form == OverviewForm.OVERALL:
        return Unmet(pointer="/form")
    return True if e.group_part is None else Unmet(pointer="/group_part")


@rule("VALIDATION_FAILED", "Fill in a cell of this overview, and none of another.")
def fits_its_form(s: Enquiry, e: RecordOverviewRow, ctx: Ctx) -> Verdict:
    """At least one cell of the form; innovation may name its meeting."""
    del ctx
    mine = CELLS[e.form]
    strange = [name for name in _ALL if name not in mine and getattr(e, name) is not None]
    if strange:
        return Unmet(pointer=f"/{strange[0]}")
    if not any(getattr(e, name) is not None for name in mine):
        return Unmet(pointer=f"/{mine[0]}")
    known = e.meeting is None or (
        e.form == OverviewForm.INNOVATION and e.meeting in s.meetings.meetings
    )
    return True if known else Unmet(pointer="/meeting")


def _without_priority(s: Enquiry, around_: Any) -> tuple[dict[str, str], ...]:
    del around_
    rows = s.overviews.of(OverviewForm.IMPLEMENTATION, s.course.cycle)
    told = {row.school for row in rows if "individual_priority" in row.cells}
    return tuple({"school": str(school)} for school in s.schools if school not in told)


def _has_innovation_overview(s: Enquiry) -> bool:
    rows = s.overviews.of(OverviewForm.INNOVATION, s.course.cycle)
    steps = s.agreement.adopted(Kind.NEXT_STEPS, s.course.cycle, Phase.INNOVATION)
    return bool(rows) and bool(steps)


PRIORITIES = Condition("c", "Every school has recorded its priority.", _without_priority)
INNOVATION = Condition(
    "c",
    "There is an overview of the innovation, with agreed next steps.",
    unless(_has_innovation_overview),
)
