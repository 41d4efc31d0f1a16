"""Rules and remarks about strategies, and their share in the gates."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from enquiry.kernel.enquiry.agreement.part import Effect
from enquiry.kernel.enquiry.agreement.state import Kind, Proposal
from enquiry.kernel.enquiry.phases.gates import Condition, unless
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.enquiry.strategies import forms
from enquiry.kernel.enquiry.strategies.state import Quadrant
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry
from enquiry.method.rules import Warn, Watch, rule


@rule("NOT_FOUND", "There is no such strategy.")
def strategy_is_known(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """The group has adopted it."""
    del ctx
    return e.strategy in s.trying.strategies


def _incremental(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    achieved = [one.achieved for one in s.trying.of(s.course.cycle).values()]
    only = bool(achieved) and all(
        place is not None and place.quadrant == Quadrant.INCREMENTAL for place in achieved
    )
    return (Warn("INCREMENTAL_ONLY", about=f"cycle-{s.course.cycle}"),) if only else ()


def _unfocused(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    return tuple(
        Warn("UNFOCUSED_INNOVATION", about=f"strategy-{id_}")
        for id_, one in s.trying.of(s.course.cycle).items()
        if one.achieved is not None and one.achieved.quadrant == Quadrant.UNFOCUSED
    )


WATCHES = (
    Watch("INCREMENTAL_ONLY", _incremental, source="2.6", looks_at=("trying", "course")),
    Watch("UNFOCUSED_INNOVATION", _unfocused, source="2.6", looks_at=("trying", "course")),
)


def _adopted(s: Enquiry, id_: UUID, proposal: Proposal, ctx: Ctx) -> Iterable[Entry]:
    del s, ctx
    strategy = proposal.content.strategy
    if strategy is None:
        return
    yield forms.StrategyAdopted(proposal=id_, distance=strategy.distance, extent=strategy.extent)


EFFECTS = {Kind.STRATEGY: Effect((forms.StrategyAdopted,), _adopted)}
ADOPTED = Condition(
    "i",
    "A strategy is adopted, with the place on the grid that is aimed for.",
    unless(lambda s: bool(s.trying.of(s.course.cycle))),
)
