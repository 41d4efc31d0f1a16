"""The guide: boxes filled in, told to a school; the placement of the group (2.7, 2.8)."""

from collections.abc import Iterable
from typing import Any

from enquiry.kernel.enquiry.guide import forms, rules, views
from enquiry.kernel.enquiry.roles import FACILITATORS, GROUP
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.method import Recorded
from enquiry.method.roles import Viewer


def guide(enquiry: Builder) -> None:
    """Add the facilitator's guide."""
    enquiry.move(
        forms.RecordFormEntry,
        by=GROUP,
        handler=_record,
        facts=(forms.FormEntryRecorded,),
        rules=(rules.box_is_theirs, rules.fits_the_box),
    )
    enquiry.move(forms.ShareFormEntry, by=FACILITATORS, rules=(rules.school_takes_part,))
    enquiry.move(forms.PlaceGroup, by=FACILITATORS)
    enquiry.move(forms.SharePlacement, by=FACILITATORS, rules=(rules.placement_is_known,))
    for fact in (
        forms.FormEntryRecorded,
        forms.ShareFormEntry,
        forms.PlaceGroup,
        forms.SharePlacement,
    ):
        enquiry.show(fact, to=FACILITATORS, today=True)
    enquiry.show(forms.FormEntryRecorded, to=GROUP, today=True, when=_is_their_schools)
    enquiry.show(forms.ShareFormEntry, to=GROUP, today=True, when=_is_for_their_school)
    enquiry.show(forms.PlaceGroup, to=GROUP, today=True, when=_is_shared)
    enquiry.show(forms.SharePlacement, to=GROUP, today=True)
    enquiry.view(
        "guide",
        "Facilitator's guide",
        to=GROUP,
        build=views.guide,
        schema=views.GuideShown,
        when=views.sees_any,
    )
    enquiry.watch(*rules.WATCHES)


def _record(s: Enquiry, e: forms.RecordFormEntry, ctx: Ctx) -> Iterable[Any]:
    """Each answer is a fact of its own: who may read it differs from key to key."""
    del s, ctx
    for answer in e.answers:
        yield forms.FormEntryRecorded(
            phase=e.phase,
            dimension=e.dimension,
            school=e.school,
            box=e.box,
            key=answer.key,
            text=answer.text,
            choice=answer.choice,
            evidence=e.evidence,
        )


def _is_their_schools(s: Enquiry, fact: Recorded, viewer: Viewer) -> bool:
    """It is about their own school, and not for the facilitators alone"""
    del s
    entry: Any = fact.entry
    return f"school:{entry.school}" in viewer.circles and views.opens_to_school(entry)


def _is_for_their_school(s: Enquiry, fact: Recorded, viewer: Viewer) -> bool:
    """It was told to their own school"""
    del s
    entry: Any = fact.entry
    return f"school:{entry.school}" in viewer.circles


def _is_shared(s: Enquiry, fact: Recorded, viewer: Viewer) -> bool:
    """The facilitator has shared it"""
    del viewer
    return any(one.id == fact.was.id and one.shared for one in s.guide.placements)
