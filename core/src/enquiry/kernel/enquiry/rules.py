"""Who may change what in an enquiry."""

from typing import Any

from enquiry.kernel import around
from enquiry.kernel.alliance.state import Standing
from enquiry.kernel.enquiry.forms import CompleteEthicsReview, EthicsKey
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, guard, rule

_OTHERS = frozenset({Standing.PUPIL, Standing.PARENT})


@guard("NOT_PERMITTED", "An enquiry is opened by somebody who works with a school.", source="2.19")
def works_with_a_school(s: Enquiry, ctx: Ctx) -> bool:
    """The actor is more than a pupil or a parent; a steward need not belong to a school."""
    del s
    held = {x for m in around.alliance(ctx).held(ctx.actor, ctx.now) for x in m.standings}
    return not held or not held <= _OTHERS


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
    known = around.alliance(ctx).present(e.person, ctx.now)
    return True if known else Unmet(pointer="/person")


@rule("VALIDATION_FAILED", "Each of the eleven questions needs one answer.", source="2.15")
def every_question_answered(s: Enquiry, e: CompleteEthicsReview, ctx: Ctx) -> Verdict:
    """No question is missing and none is answered twice."""
    del s, ctx
    missing = sorted(set(EthicsKey) - {answer.key for answer in e.answers})
    return Unmet(pointer="/answers", details=tuple(missing)) if missing else True


@rule("VALIDATION_FAILED", "Say how sensitive data is safeguarded.", source="2.15")
def sensitive_data_is_safeguarded(s: Enquiry, e: CompleteEthicsReview, ctx: Ctx) -> Verdict:
    """Where sensitive data is planned, a safeguard is named."""
    del s, ctx
    missing = e.flags.sensitive_data_planned and e.flags.safeguard is None
    return Unmet(pointer="/flags/safeguard") if missing else True


@rule(
    "VALIDATION_FAILED",
    "Each school names somebody who answers for data protection.",
    source="2.15",
)
def every_school_has_a_contact(s: Enquiry, e: CompleteEthicsReview, ctx: Ctx) -> Verdict:
    """Nobody is named who is not of the alliance, and no school is left out."""
    here = around.alliance(ctx)
    for index, contact in enumerate(e.contacts):
        if contact.school not in s.schools:
            return Unmet(pointer=f"/contacts/{index}/school")
        if not here.present(contact.person, ctx.now):
            return Unmet(pointer=f"/contacts/{index}/person")
    missing = sorted(set(s.schools) - {contact.school for contact in e.contacts})
    details = tuple({"school": str(school)} for school in missing)
    return Unmet(pointer="/contacts", details=details) if missing else True


@rule("NOT_FOUND", "The group has not chosen this method.", source="2.5")
def method_was_chosen(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """There is a choice to give a reason for."""
    del ctx
    return e.method in s.reasons
