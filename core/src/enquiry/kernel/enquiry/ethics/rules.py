"""Rules of the ethics review, and its share in the gates."""

from enquiry.kernel import around
from enquiry.kernel.enquiry.ethics.forms import CompleteEthicsReview, EthicsKey
from enquiry.kernel.enquiry.phases.gates import Condition, unless
from enquiry.kernel.enquiry.roles import REPRESENTATIVES
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, rule


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


@rule("VALIDATION_FAILED", "Whoever reads the words of others takes part.", source="2.15, 4.5")
def survey_owners_take_part(s: Enquiry, e: CompleteEthicsReview, ctx: Ctx) -> Verdict:
    """Owners of surveys facilitate, or respond for a school: they open and close what they read."""
    able = (*s.facilitators, *ctx.who(REPRESENTATIVES))
    for index, person in enumerate(e.survey_owners):
        if person not in able:
            return Unmet(pointer=f"/survey_owners/{index}")
    return True


COMPLETE = Condition("f", "The ethics review is complete.", unless(lambda s: s.ethics_reviewed))
