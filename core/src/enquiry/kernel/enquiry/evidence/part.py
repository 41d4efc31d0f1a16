"""Evidence: added, linked, retracted, and what people consent to (2.12, 4.2, 4.3)."""

from enquiry.kernel.enquiry.evidence import forms, rules, views
from enquiry.kernel.enquiry.roles import FORMER, FRIENDS, GROUP
from enquiry.method.builder import Builder


def evidence(enquiry: Builder) -> None:
    """Add evidence that members bring."""
    enquiry.move(
        forms.AddEvidence,
        by=GROUP,
        rules=(
            rules.is_no_appraisal_of_others,
            rules.subject_has_not_withdrawn,
            rules.subject_consents,
            rules.sensitive_data_is_planned,
            rules.use_is_not_halted,
            rules.type_fits_level,
            rules.appraisal_has_no_grade,
            rules.shows_something,
            rules.measures_are_known,
        ),
    )
    enquiry.move(
        forms.LinkEvidence, by=GROUP, rules=(rules.item_is_known, rules.measures_are_known)
    )
    enquiry.move(forms.RetractEvidence, by=GROUP, rules=(rules.item_is_known, rules.brought_it))
    enquiry.move(forms.RecordConsent, by=(*GROUP, FRIENDS))
    subjects = (*GROUP, FRIENDS, FORMER)
    enquiry.move(forms.WithdrawConsent, by=subjects, after_close=True, right=True)
    for fact in (forms.AddEvidence, forms.LinkEvidence, forms.RetractEvidence):
        enquiry.show(fact, to=(*GROUP, FRIENDS), today=True)
    enquiry.view(
        "evidence-matrix",
        "Evidence, and where it is missing",
        to=(*GROUP, FRIENDS),
        build=views.matrix,
        schema=views.Matrix,
        reveals={
            forms.WithdrawConsent: "Readers see that a piece is no longer there, and not why."
        },
    )
