"""Overviews: each school fills in its row, everything else follows (2.9)."""

from enquiry.kernel.enquiry.overviews import forms, rules, views
from enquiry.kernel.enquiry.roles import FRIENDS, GROUP
from enquiry.method.builder import Builder


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
    enquiry.view(
        "overviews",
        "Network overviews",
        to=(*GROUP, FRIENDS),
        build=views.overviews,
        schema=views.Overviews,
    )
