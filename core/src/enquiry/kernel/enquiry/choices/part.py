"""The choice of a method: a decision of its own kind, whose reason may be given later (2.5)."""

from collections.abc import Iterable
from typing import Any

from enquiry.kernel.enquiry.choices import forms, rules
from enquiry.kernel.enquiry.roles import FRIENDS, GROUP
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.reasons import has_reason
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx


def choices(enquiry: Builder) -> None:
    """Add what may be said of a choice once it is made."""
    enquiry.move(
        forms.AmendMethodReason,
        by=GROUP,
        handler=_amend,
        facts=(forms.MethodReasonAmended,),
        rules=(rules.choice_is_known,),
    )
    enquiry.show(forms.MethodReasonAmended, to=(*GROUP, FRIENDS), today=True)
    enquiry.watch(*rules.WATCHES)


def _amend(s: Enquiry, e: forms.AmendMethodReason, ctx: Ctx) -> Iterable[Any]:
    del s, ctx
    yield forms.MethodReasonAmended(
        choice=e.choice,
        reason=e.reason,
        expected_information=e.expected_information,
        reasoned=has_reason(e.reason),
    )
