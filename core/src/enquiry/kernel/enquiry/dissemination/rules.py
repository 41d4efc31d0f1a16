"""What may be recorded as told."""

from typing import Any

from enquiry.kernel.enquiry.agreement.state import Kind, Status
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.enquiry.timing.days import today
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, rule


@rule("NOT_FOUND", "There is no such dissemination.")
def dissemination_is_known(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """It was proposed here, as a dissemination."""
    del ctx
    known = s.agreement.proposals.get(e.proposal)
    return known is not None and known.kind == Kind.DISSEMINATION


@rule("NOT_ALL_AGREED", "The group has not agreed on this yet.", source="2.3")
def dissemination_is_adopted(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """What is told to others was decided before."""
    del ctx
    return s.agreement.proposals[e.proposal].status == Status.ADOPTED


@rule("VALIDATION_FAILED", "It is recorded once it has happened.")
def has_happened(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Not before its day has come, where the first school is."""
    return True if e.on <= today(s, ctx) else Unmet(pointer="/on")
