"""The enquiry as a Method. Its phases and gates are yet to come; runs already stand on it."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from enquiry.kernel.enquiry import forms, rules
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.reasons import has_reason
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.method import Method
from enquiry.method.roles import MEMBER, Role
from enquiry.method.rules import Warn, Watch

MEMBERS = Role("member", "takes part in the enquiry", at_least=1)
FACILITATORS = Role("facilitating", "supports and coordinates the group")


def _cast(s: Enquiry) -> Mapping[str, tuple[UUID, ...]]:
    return {"member": s.members, "facilitating": s.facilitators}


def _create(s: Enquiry, e: forms.CreateEnquiry, ctx: Ctx) -> Iterable[Any]:
    del s, ctx
    yield forms.EnquiryCreated(title=e.title, schools=tuple(dict.fromkeys(e.schools)))


def _choose(s: Enquiry, e: forms.ChooseMethod, ctx: Ctx) -> Iterable[Any]:
    del s, ctx
    yield forms.MethodChosen(method=e.method, reason=e.reason, reasoned=has_reason(e.reason))


def _amend(s: Enquiry, e: forms.AmendMethodReason, ctx: Ctx) -> Iterable[Any]:
    del s, ctx
    yield forms.MethodReasonAmended(
        method=e.method,
        reason=e.reason,
        expected_information=e.expected_information,
        reasoned=has_reason(e.reason),
    )


def _unreasoned(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    return tuple(
        Warn("METHOD_WITHOUT_REASON", about=f"method-{method}")
        for method, reasoned in s.reasons.items()
        if not reasoned
    )


def _method() -> Method:
    enquiry = Builder(
        "enquiry",
        1,
        "Enquiry",
        state=Enquiry,
        roles=(MEMBERS, FACILITATORS),
        cast=_cast,
        stream="enquiry",
        acknowledgers=(FACILITATORS,),
    )
    enquiry.stages("draft")
    enquiry.move(
        forms.CreateEnquiry,
        by=MEMBER,
        opens=True,
        handler=_create,
        facts=(forms.EnquiryCreated,),
        rules=(rules.works_with_a_school, rules.schools_are_known),
    )
    both = (MEMBERS, FACILITATORS)
    named = (rules.person_is_known,)
    enquiry.move(forms.NameFacilitator, by=both, decision=True, about="facilitators", rules=named)
    enquiry.move(forms.InviteMember, by=both, rules=named)
    enquiry.move(forms.LeaveEnquiry, by=both)
    enquiry.move(
        forms.ChooseMethod,
        by=both,
        decision=True,
        about=lambda e: f"method-{e.method}",
        handler=_choose,
        facts=(forms.MethodChosen,),
    )
    enquiry.move(
        forms.AmendMethodReason,
        by=both,
        handler=_amend,
        facts=(forms.MethodReasonAmended,),
        rules=(rules.method_was_chosen,),
    )
    enquiry.watch(Watch("METHOD_WITHOUT_REASON", _unreasoned, source="2.5"))
    enquiry.move(
        forms.CompleteEthicsReview,
        by=FACILITATORS,
        decision=True,
        about="ethics",
        rules=(
            rules.every_question_answered,
            rules.sensitive_data_is_safeguarded,
            rules.every_school_has_a_contact,
        ),
    )
    enquiry.move(forms.ReopenEthicsReview, by=both, decision=True, about="ethics")
    for fact in (
        forms.EnquiryCreated,
        forms.NameFacilitator,
        forms.InviteMember,
        forms.LeaveEnquiry,
        forms.MethodChosen,
        forms.MethodReasonAmended,
        forms.CompleteEthicsReview,
        forms.ReopenEthicsReview,
        forms.EvidenceReceived,
    ):
        # Whoever joins later reads what the group has agreed on before.
        enquiry.show(fact, to=both, today=True)
    return enquiry.build()


ENQUIRY = _method()
"""The enquiry's definition."""
