"""Progress assessments: opened, responded to until their day, shown as a distribution (2.14)."""

from typing import Any

from enquiry.kernel.enquiry.progress import forms, rules, views
from enquiry.kernel.enquiry.roles import FACILITATORS, GROUP
from enquiry.method.builder import Builder
from enquiry.method.entry import Entry
from enquiry.method.roles import LEADERS


def progress(enquiry: Builder) -> None:
    """Add progress assessments."""
    known = rules.round_is_known
    enquiry.move(forms.OpenProgressAssessment, by=FACILITATORS)
    enquiry.move(
        forms.SubmitProgressAssessment,
        by=GROUP,
        rules=(known, rules.round_is_open, rules.items_are_known),
    )
    enquiry.move(
        forms.CloseProgressAssessment,
        by=FACILITATORS,
        decision=True,
        about=lambda e: f"assessment-{e.assessment}",
        rules=(known, rules.round_is_open),
    )
    for fact in (forms.OpenProgressAssessment, forms.CloseProgressAssessment):
        enquiry.show(fact, to=GROUP, today=True)
    enquiry.show(forms.SubmitProgressAssessment, to=FACILITATORS, today=True)
    reveals: dict[type[Entry], str] = {
        forms.SubmitProgressAssessment: "The group sees how many gave which answer, not who."
    }
    flags: dict[str, Any] = {"to": GROUP, "build": views.progress, "schema": views.Progress}
    enquiry.view("progress", "Where are we now?", reveals=reveals, **flags)
    enquiry.view(
        "school-progress",
        "How our school sees the group",
        to=LEADERS,
        build=views.of_school,
        schema=views.SchoolProgress,
        reveals={
            forms.OpenProgressAssessment: "Once it is closed, the leaders of your school read of"
            " which phase it was, and its last day.",
            forms.SubmitProgressAssessment: "Once it is closed, the leaders of your school see how"
            " many of five or more there gave which answer, not who.",
        },
        # Two moments, compared, would tell who came when.
        past=False,
    )
    enquiry.watch(*rules.WATCHES)
