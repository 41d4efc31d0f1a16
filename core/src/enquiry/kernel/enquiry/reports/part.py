"""Reports: generated, read for what could identify, published by right only (2.18)."""

from typing import Any

from enquiry.kernel.enquiry.reports import forms, rules, views
from enquiry.kernel.enquiry.roles import DECIDERS, FRIENDS, GROUP
from enquiry.method.builder import Builder
from enquiry.method.entry import Entry


def reports(enquiry: Builder) -> None:
    """Add reports."""
    known = rules.report_is_known
    enquiry.move(forms.GenerateReport, by=DECIDERS, rules=(rules.corrected_report_is_known,))
    enquiry.move(forms.ReviewReport, by=GROUP, rules=(known,), after_close=True)
    enquiry.move(
        forms.PublishReport,
        by=DECIDERS,
        decision=True,
        about=lambda e: f"report-{e.report}",
        after_close=True,  # what was approved before the end is still published
        rules=(
            known,
            rules.ethics_are_reviewed,
            rules.group_has_decided,
            rules.is_read_for_identity,
            rules.consents_reach_so_far,
        ),
    )
    for fact in (forms.GenerateReport, forms.ReviewReport, forms.PublishReport):
        enquiry.show(fact, to=GROUP, today=True)
    flags: dict[str, Any] = {
        "to": (*GROUP, FRIENDS),
        "build": views.reports,
        "schema": views.ReportsShown,
    }
    reveals: dict[type[Entry], str] = {
        forms.GenerateReport: "Critical friends read that there is a report, and what it cites.",
        forms.PublishReport: "Critical friends read to whom it was published.",
    }
    enquiry.view("reports", "Reports", reveals=reveals, **flags)
