"""Impact: claimed on evidence, tested, superseded; outcomes of each school (2.13)."""

from typing import Any

from enquiry.kernel.enquiry.evidence.rules import measures_are_known
from enquiry.kernel.enquiry.impact import forms, rules, views
from enquiry.kernel.enquiry.people.rules import school_takes_part
from enquiry.kernel.enquiry.roles import FRIENDS, GROUP
from enquiry.method.builder import Builder
from enquiry.method.roles import COORDINATOR, LEADERS


def impact(enquiry: Builder) -> None:
    """Add claims of impact and outcomes."""
    known = rules.claim_is_known
    enquiry.move(
        forms.DraftImpactClaim,
        by=GROUP,
        rules=(rules.evidence_is_known, measures_are_known),
    )
    enquiry.move(forms.AnswerImpactTests, by=GROUP, decision=True, about=_claim, rules=(known,))
    enquiry.move(
        forms.SupersedeImpactClaim,
        by=GROUP,
        decision=True,
        about=_claim,
        rules=(known, rules.successor_is_another),
    )
    enquiry.move(
        forms.RecordOutcomes,
        by=GROUP,
        decision=True,
        about=lambda e: f"outcomes-{e.school}",
        rules=(rules.speaks_for_that_school, school_takes_part, rules.outcomes_are_told),
    )
    enquiry.move(forms.RecordPupilFeedback, by=GROUP, rules=(school_takes_part,))
    for fact in (
        forms.RecordPupilFeedback,
        forms.DraftImpactClaim,
        forms.AnswerImpactTests,
        forms.SupersedeImpactClaim,
        forms.RecordOutcomes,
    ):
        enquiry.show(fact, to=(*GROUP, FRIENDS), today=True)
    # They stand in the overview, which is open to those outside the group as well.
    enquiry.show(forms.RecordOutcomes, to=(LEADERS, COORDINATOR), today=True, hide=("by",))
    enquiry.view(
        "claims",
        "Claims of impact",
        to=(*GROUP, FRIENDS),
        build=views.claims,
        schema=views.Claims,
    )
    enquiry.view(
        "triangulation",
        "Triangulation of each claim",
        to=(*GROUP, FRIENDS),
        build=views.triangulation,
        schema=views.Triangulation,
    )
    enquiry.watch(*rules.WATCHES)


def _claim(e: Any) -> str:
    return f"claim-{e.claim}"
