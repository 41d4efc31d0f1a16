"""Opening an enquiry, joining and leaving it, and who speaks for a school (2.2, 2.19)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from enquiry.kernel.enquiry.agreement.content import DecisionRule
from enquiry.kernel.enquiry.load import rules as load
from enquiry.kernel.enquiry.people import forms, rules, views
from enquiry.kernel.enquiry.people.state import Scope
from enquiry.kernel.enquiry.roles import FACILITATORS, FRIENDS, GROUP, INVITED
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.method import Recorded
from enquiry.method.roles import MEMBER, STEWARD, Viewer


def people(enquiry: Builder) -> None:
    """Add who takes part."""
    enquiry.move(
        forms.CreateEnquiry,
        by=MEMBER,
        opens=True,
        handler=_create,
        facts=(forms.EnquiryCreated,),
        rules=(rules.works_with_a_school, rules.schools_are_known, rules.scope_fits_schools),
    )
    known = (rules.person_is_known,)
    enquiry.move(
        forms.AddSchool,
        by=GROUP,
        decision=True,
        about="schools",
        also=load.grows,
        rules=(rules.leads_it_or_facilitates, rules.school_is_known),
    )
    enquiry.move(
        forms.NameDecisionRep,
        by=GROUP,
        decision=True,
        about=lambda e: f"school-{e.school}",
        rules=(
            rules.leads_it_or_facilitates,
            rules.school_takes_part,
            rules.is_a_member_of_that_school,
        ),
    )
    enquiry.move(
        forms.NameFacilitator,
        by=GROUP,
        decision=True,
        about="facilitators",
        rules=(rules.may_name_a_facilitator, *known),
    )
    enquiry.move(forms.NameCriticalFriend, by=GROUP, rules=known)
    enquiry.move(forms.InviteMember, by=GROUP, rules=known)
    enquiry.move(forms.AcceptInvitation, by=INVITED, rules=(rules.is_invited,))
    enquiry.move(forms.DeclineInvitation, by=INVITED, rules=(rules.is_invited,))
    enquiry.move(forms.LeaveEnquiry, by=(*GROUP, FRIENDS), after_close=True)
    enquiry.move(forms.TakeOverEnquiry, by=STEWARD, rules=(rules.nobody_is_left,))
    enquiry.view(
        "left-alone",
        "An enquiry that everybody has left",
        to=STEWARD,
        build=views.left_alone,
        schema=views.LeftAlone,
        when=views.is_left_alone,
        reveals={forms.LeaveEnquiry: "Stewards learn that the last member has left."},
    )
    for fact in (
        forms.TakeOverEnquiry,
        forms.EnquiryCreated,
        forms.AddSchool,
        forms.NameDecisionRep,
        forms.NameFacilitator,
        forms.NameCriticalFriend,
        forms.AcceptInvitation,
        forms.LeaveEnquiry,
    ):
        # Whoever joins later reads what the group has agreed on before.
        enquiry.show(fact, to=GROUP, today=True)
    enquiry.show(forms.EnquiryCreated, to=(FRIENDS, INVITED), today=True)
    # Whoever declines was, for everybody but the facilitators, never asked.
    enquiry.show(forms.InviteMember, to=GROUP, today=True, when=_has_joined)
    enquiry.show(forms.InviteMember, to=FACILITATORS, today=True, when=_stands)
    enquiry.show(forms.InviteMember, to=INVITED, today=True, when=_is_theirs)
    enquiry.show(forms.DeclineInvitation, to=FACILITATORS)


def _create(s: Enquiry, e: forms.CreateEnquiry, ctx: Ctx) -> Iterable[Any]:
    del s, ctx
    schools = tuple(dict.fromkeys(e.schools))
    scope = e.scope or (Scope.SCHOOL if len(schools) == 1 else Scope.ALLIANCE)
    usual = (
        DecisionRule.UNANIMOUS_BY_MEMBER
        if scope == Scope.SCHOOL
        else DecisionRule.UNANIMOUS_BY_SCHOOL
    )
    yield forms.EnquiryCreated(
        title=e.title, schools=schools, scope=scope, decision_rule=e.decision_rule or usual
    )


def _has_joined(s: Enquiry, fact: Recorded, viewer: Viewer) -> bool:
    """Whoever was invited takes part"""
    del viewer
    return _person(fact) in s.members


def _stands(s: Enquiry, fact: Recorded, viewer: Viewer) -> bool:
    """The invitation is open"""
    del viewer
    return _person(fact) in s.invited


def _is_theirs(s: Enquiry, fact: Recorded, viewer: Viewer) -> bool:
    """It is about themselves"""
    del s
    return _person(fact) == viewer.person


def _person(fact: Recorded) -> UUID:
    return getattr(fact.entry, "person")  # noqa: B009
