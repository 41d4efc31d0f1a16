"""Overviews: each school fills in its row, everything else follows (2.9)."""

from enquiry.kernel.enquiry.overviews import forms, rules, views
from enquiry.kernel.enquiry.roles import FRIENDS, GROUP
from enquiry.method.builder import Builder
from enquiry.method.roles import COORDINATOR, LEADERS


def overviews(enquiry: Builder) -> None:
    """Add the overviews."""
    enquiry.move(
        forms.RecordOverviewRow,
        by=GROUP,
        decision=True,
        about=lambda e: f"row-{e.school}",
        rules=(rules.is_own_school, rules.is_typed_freely, rules.fits_its_form),
    )
    enquiry.show(forms.RecordOverviewRow, to=(*GROUP, FRIENDS), today=True)
    # Rows are about schools: who typed them is nothing to those outside the group.
    outside = (LEADERS, COORDINATOR)
    enquiry.show(forms.RecordOverviewRow, to=outside, today=True, hide=("by",))
    enquiry.view(
        "overviews",
        "Network overviews",
        to=(*GROUP, FRIENDS, *outside),
        build=views.overviews,
        schema=views.Overviews,
    )
