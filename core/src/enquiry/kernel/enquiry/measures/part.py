"""Measures: defined, given a baseline, read again (2.12)."""

from typing import Any

from enquiry.kernel.enquiry.measures import forms, rules, views
from enquiry.kernel.enquiry.roles import FRIENDS, GROUP
from enquiry.method.builder import Builder
from enquiry.method.roles import COORDINATOR, LEADERS


def measures(enquiry: Builder) -> None:
    """Add what is tracked."""
    known = rules.measure_is_known
    fits = (known, rules.value_fits_its_kind, rules.unit_is_the_same)
    enquiry.move(forms.DefineMeasure, by=GROUP)
    enquiry.move(forms.RecordBaseline, by=GROUP, decision=True, about=_baseline, rules=fits)
    enquiry.move(
        forms.DeclareBaselineUnobtainable,
        by=GROUP,
        decision=True,
        about=_baseline,
        rules=(known,),
    )
    enquiry.move(forms.RecordReading, by=GROUP, rules=fits)
    for fact in (
        forms.DefineMeasure,
        forms.RecordBaseline,
        forms.DeclareBaselineUnobtainable,
        forms.RecordReading,
    ):
        enquiry.show(fact, to=(*GROUP, FRIENDS), today=True)
        enquiry.show(
            fact,
            to=(LEADERS, COORDINATOR),
            today=True,
            hide=("by",),
            when=views.is_of_enough,
        )
    enquiry.view(
        "measures",
        "Measures and the distance travelled",
        to=(*GROUP, FRIENDS, LEADERS, COORDINATOR),
        build=views.tracker,
        schema=views.Tracker,
    )
    enquiry.watch(*rules.WATCHES)


def _baseline(e: Any) -> str:
    return f"baseline-{e.measure}"
