"""The ethics review: completed, reopened when the use of data changes (2.15)."""

from enquiry.kernel.enquiry.ethics import forms, rules, views
from enquiry.kernel.enquiry.roles import DECIDERS, FACILITATORS, GROUP
from enquiry.method.builder import Builder


def ethics(enquiry: Builder) -> None:
    """Add the ethics review."""
    enquiry.move(
        forms.CompleteEthicsReview,
        by=FACILITATORS,
        decision=True,
        about="ethics",
        rules=(
            rules.every_question_answered,
            rules.sensitive_data_is_safeguarded,
            rules.every_school_has_a_contact,
            rules.survey_owners_take_part,
        ),
    )
    enquiry.move(forms.ReopenEthicsReview, by=DECIDERS, decision=True, about="ethics")
    for fact in (forms.CompleteEthicsReview, forms.ReopenEthicsReview):
        enquiry.show(fact, to=GROUP, today=True)
    enquiry.view(
        "ethics",
        "Ethics and consent",
        to=GROUP,
        build=views.status,
        schema=views.EthicsShown,
    )
