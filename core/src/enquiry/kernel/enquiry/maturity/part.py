"""Placements: each school's own, and the joint one, which is proposed and agreed to (4.13)."""

from collections.abc import Iterable
from typing import Any

from enquiry.kernel.enquiry.maturity import forms, rules, views
from enquiry.kernel.enquiry.roles import FACILITATORS, GROUP
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.method import Recorded
from enquiry.method.roles import Viewer


def maturity(enquiry: Builder) -> None:
    """Add a school's own placement, and what is seen of all."""
    enquiry.move(
        forms.PlaceSchool,
        by=GROUP,
        handler=_place,
        facts=(forms.SchoolPlaced,),
        rules=(rules.speaks_for_that_school, rules.strands_are_known),
    )
    enquiry.show(forms.SchoolPlaced, to=FACILITATORS, today=True)
    enquiry.show(forms.SchoolPlaced, to=GROUP, today=True, when=_is_theirs_or_compared)
    enquiry.view(
        "maturity",
        "How developed our partnership is",
        to=GROUP,
        build=views.maturity,
        schema=views.MaturityShown,
    )


def _place(s: Enquiry, e: forms.PlaceSchool, ctx: Ctx) -> Iterable[Any]:
    del s, ctx
    yield forms.SchoolPlaced(
        school=e.school,
        model=rules.model().version,
        strands=e.strands,
        comparable=e.comparable,
        note=e.note,
    )


def _is_theirs_or_compared(s: Enquiry, fact: Recorded, viewer: Viewer) -> bool:
    """It is about their own school, or every school lets the others see its last placement"""
    entry: Any = fact.entry
    last = s.maturity.schools.get(entry.school)
    if last is not None and last.id == fact.was.id:
        return views.may_see(s, entry.school, viewer)
    return f"school:{entry.school}" in viewer.circles
