"""By what right evidence is brought."""

from typing import Any
from uuid import UUID

from enquiry.kernel import around
from enquiry.kernel.enquiry.ethics.state import Use
from enquiry.kernel.enquiry.evidence import forms
from enquiry.kernel.enquiry.evidence.state import TYPES, EvidenceType, Identifiability, Nature
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, rule


@rule(
    "APPRAISAL_USE_FORBIDDEN",
    "What comes from appraisal enters only as what somebody says about themselves.",
    source="2.12, 4.10",
)
def is_no_appraisal_of_others(s: Enquiry, e: forms.AddEvidence, ctx: Ctx) -> bool:
    """Such a record is brought by the person it is about, and by nobody else."""
    del s
    return e.type != EvidenceType.PERFORMANCE_MANAGEMENT_RECORD or e.subject == ctx.actor


@rule(
    "GRADING_FORBIDDEN", "What comes from appraisal enters in words, not as a grade.", source="2.12"
)
def appraisal_has_no_grade(s: Enquiry, e: forms.AddEvidence, ctx: Ctx) -> Verdict:
    """A statement of somebody about themselves has no value."""
    del s, ctx
    graded = e.type == EvidenceType.PERFORMANCE_MANAGEMENT_RECORD and e.value is not None
    return Unmet(pointer="/value") if graded else True


@rule("CONSENT_REQUIRED", "Whoever could be told from it has to consent first.", source="2.12")
def subject_consents(s: Enquiry, e: forms.AddEvidence, ctx: Ctx) -> Verdict:
    """Identifiable evidence, and what is done for research only, rests on consent."""
    if not forms.needed(e) or e.subject == ctx.actor:
        return True
    missing = [purpose for purpose in forms.needed(e) if not _consents(s, e.subject, purpose, ctx)]
    return Unmet(details=tuple({"purpose": p} for p in missing)) if missing else True


def _consents(s: Enquiry, person: UUID | None, purpose: str, ctx: Ctx) -> bool:
    if person is None:
        return False
    today = around.local_date(ctx, around.home(ctx, person), ctx.now)
    return any(
        c.purpose == purpose and not c.withdrawn and today <= c.valid_until
        for c in s.consents.get(person, ())
    )


@rule("CONSENT_WITHDRAWN", "This person has withdrawn their consent.", source="4.3")
def subject_has_not_withdrawn(s: Enquiry, e: forms.AddEvidence, ctx: Ctx) -> bool:
    """Nothing new is recorded about somebody who withdrew."""
    del ctx
    if e.subject is None:
        return True
    needed = forms.needed(e)
    return not any(c.withdrawn and c.purpose in needed for c in s.consents.get(e.subject, ()))


@rule(
    "SENSITIVE_PLAN_REQUIRED",
    "The ethics review has to plan sensitive data first, and say how it is safeguarded.",
    source="2.12",
)
def sensitive_data_is_planned(s: Enquiry, e: forms.AddEvidence, ctx: Ctx) -> bool:
    """Sensitive data comes in only where the review expects it."""
    del ctx
    return not e.sensitive or (s.ethics.sensitive_data_planned and s.ethics.safeguarded)


@rule(
    "ETHICS_REVIEW_REQUIRED",
    "The use of such data changes: the ethics review must be complete first.",
    source="2.15",
)
def use_is_not_halted(s: Enquiry, e: forms.AddEvidence, ctx: Ctx) -> bool:
    """While the review is open again, nothing of the affected kind is brought."""
    del ctx
    uses = {
        Use.SENSITIVE: e.sensitive,
        Use.IDENTIFIABLE: e.identifiability == Identifiability.IDENTIFIABLE,
        Use.RESEARCH_ONLY: e.nature == Nature.RESEARCH_ONLY,
    }
    return s.ethics_reviewed or not any(uses[use] for use in s.ethics.halted)


@rule("VALIDATION_FAILED", "Evidence of this sort does not speak at this level.", source="2.12")
def type_fits_level(s: Enquiry, e: forms.AddEvidence, ctx: Ctx) -> Verdict:
    """Each level has its own sorts of evidence."""
    del s, ctx
    return True if e.type in TYPES[e.level] else Unmet(pointer="/type")


@rule("VALIDATION_FAILED", "Say what it shows, in words or as a value.")
def shows_something(s: Enquiry, e: forms.AddEvidence, ctx: Ctx) -> Verdict:
    """There is a text or a value, and a subject where somebody can be identified; the school, if
    one is named, takes part."""
    del ctx
    if e.text is None and e.value is None:
        return Unmet(pointer="/text")
    if e.school is not None and e.school not in s.schools:
        return Unmet(pointer="/school")
    named = e.identifiability != Identifiability.IDENTIFIABLE or e.subject is not None
    return True if named else Unmet(pointer="/subject")


@rule("VALIDATION_FAILED", "There is no such measure.")
def measures_are_known(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Evidence belongs to measures of this enquiry."""
    del ctx
    for index, measure in enumerate(e.measures):
        if measure not in s.measures:
            return Unmet(pointer=f"/measures/{index}")
    return True


@rule("NOT_FOUND", "There is no such piece of evidence.")
def item_is_known(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """It was brought here, and stands."""
    del ctx
    return e.item in s.items and s.items[e.item].stands


@rule("NOT_PERMITTED", "Whoever brought it retracts it.", source="2.12")
def brought_it(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """Nobody retracts what somebody else brought."""
    return s.items[e.item].by == ctx.actor
