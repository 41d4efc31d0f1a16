"""Who may correct what."""

from typing import Any
from uuid import UUID

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import rule


@rule("NOT_FOUND", "There is no such contribution of yours.", source="2.1")
def is_own_contribution(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """Nobody corrects what somebody else brought, nor what is no longer there."""
    return e.contribution not in s.gone and _author(s, e.contribution) == ctx.actor


def _author(s: Enquiry, contribution: UUID) -> UUID | None:
    """Who brought evidence, an account, a proposal, a claim or a report; what a run released is the
    run's."""
    item = s.items.get(contribution)
    if item is not None:
        return item.by if item.run is None else None
    known = (s.trials.accounts, s.agreement.proposals, s.impact.claims, s.reports.reports)
    for brought in known:
        if contribution in brought:
            return brought[contribution].by
    return None
