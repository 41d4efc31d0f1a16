"""Meetings: opened, contributed to, closed with the next tasks agreed (2.10)."""

from typing import Any

from enquiry.kernel.enquiry.meetings import forms, rules, views
from enquiry.kernel.enquiry.roles import FACILITATORS, FRIENDS, GROUP
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.builder import Builder
from enquiry.method.entry import Entry
from enquiry.method.method import Recorded
from enquiry.method.roles import Viewer


def meetings(enquiry: Builder) -> None:
    """Add meetings."""
    during = (rules.meeting_is_known, rules.meeting_is_open)
    decision: dict[str, Any] = {"by": GROUP, "decision": True, "about": _meeting}
    enquiry.move(
        forms.OpenMeeting, by=GROUP, rules=(rules.are_members("chair", "recorder", "attendance"),)
    )
    enquiry.move(forms.RecordContribution, by=GROUP, rules=(*during, rules.are_members("person")))
    enquiry.move(
        forms.AssignNextRoles,
        rules=(*during, rules.are_members("organiser", "enquiry_lead", "broker")),
        **decision,
    )
    enquiry.move(forms.CloseMeeting, rules=during, warns=(rules.without_roles,), **decision)
    for fact in (forms.OpenMeeting, forms.AssignNextRoles, forms.CloseMeeting):
        enquiry.show(fact, to=GROUP, today=True)
    enquiry.show(forms.RecordContribution, to=FACILITATORS, today=True)
    enquiry.show(forms.RecordContribution, to=GROUP, today=True, when=_is_theirs)
    _looking(enquiry)
    enquiry.watch(*rules.WATCHES)


def _looking(enquiry: Builder) -> None:
    reveals: dict[type[Entry], str] = {
        forms.RecordContribution: "Whoever it is about reads that they contributed."
    }
    enquiry.view("meetings", "Meetings", to=GROUP, build=views.meetings, schema=views.MeetingsShown)
    enquiry.view(
        "leadership",
        "How the lead is shared",
        to=(*GROUP, FRIENDS),
        build=views.leadership,
        schema=views.Leadership,
    )
    enquiry.view(
        "participation",
        "Taking part",
        to=GROUP,
        build=views.participation,
        schema=views.Participation,
        reveals=reveals,
    )


def _is_theirs(s: Enquiry, fact: Recorded, viewer: Viewer) -> bool:
    """It is about themselves"""
    del s
    entry = fact.entry
    return isinstance(entry, forms.RecordContribution) and entry.person == viewer.person


def _meeting(e: Any) -> str:
    return f"meeting-{e.meeting}"
