"""Who may change what in an enquiry."""

from typing import Any

from enquiry.kernel import around
from enquiry.kernel.enquiry.forms import CompleteEthicsReview, EthicsKey
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, rule


@rule("VALIDATION_FAILED", "One of these schools is not in the alliance.")
def schools_are_known(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Every participating school belongs to the alliance."""
    del s
    known = around.alliance(ctx).schools
    for index, school in enumerate(e.schools):
        if school not in known:
            return Unmet(pointer=f"/schools/{index}")
    return True


@rule("VALIDATION_FAILED", "This person is not known to the alliance.")
def person_is_known(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Whoever is named belongs to the alliance today."""
    del s
    known = around.alliance(ctx).active(e.person, ctx.now.date())
    return True if known else Unmet(pointer="/person")


@rule("VALIDATION_FAILED", "Each of the eleven questions needs one answer.", source="2.15")
def every_question_answered(s: Enquiry, e: CompleteEthicsReview, ctx: Ctx) -> Verdict:
    """No question is missing and none is answered twice."""
    del s, ctx
    missing = sorted(set(EthicsKey) - {answer.key for answer in e.answers})
    return Unmet(pointer="/answers", details=tuple(missing)) if missing else True
