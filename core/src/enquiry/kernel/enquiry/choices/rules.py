"""Rules and remarks about the choice of a method, and its share in the gates."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from enquiry.kernel.enquiry.agreement.part import Effect
from enquiry.kernel.enquiry.agreement.rules import content_of, kind_of
from enquiry.kernel.enquiry.agreement.state import Kind, Proposal
from enquiry.kernel.enquiry.choices import forms
from enquiry.kernel.enquiry.choices.content import MethodChoice, Used
from enquiry.kernel.enquiry.phases.gates import Condition, unless
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry
from enquiry.method.rules import Unmet, Verdict, Warn, Watch, rule


@rule("NOT_FOUND", "The group has not made this choice.", source="2.5")
def choice_is_known(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """There is a choice to give a reason for."""
    del ctx
    return any(choice.id == e.choice for choice in s.choices)


def _is_installed(choice: MethodChoice, ctx: Ctx) -> bool:
    if ctx.installed is None:
        return True
    if choice.version is not None:
        return (choice.method, choice.version) in ctx.installed
    return any(choice.method == method for method, _ in ctx.installed)


_ABSENT = "This method is not installed here, or not in this version."


@rule("METHOD_NOT_REGISTERED", _ABSENT, source="2.5")
def method_is_installed(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """The group chooses among the methods that there are."""
    choice = e.method_choice if kind_of(s, e) == Kind.METHOD_CHOICE else None
    known = choice is None or _is_installed(choice, ctx)
    return True if known else Unmet(pointer="/method_choice/method")


@rule("METHOD_NOT_REGISTERED", _ABSENT, source="2.5")
def method_is_still_installed(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """What was proposed can still be used when it is adopted."""
    content = content_of(s, e.proposal, Kind.METHOD_CHOICE)
    return content is None or _is_installed(content.method_choice, ctx)


PROPOSING = (method_is_installed,)
ADOPTING = (method_is_still_installed,)


def _unreasoned(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    return tuple(
        Warn("METHOD_WITHOUT_REASON", about=f"choice-{c.id}", params={"method": c.method})
        for c in s.choices
        if not c.reasoned
    )


def _unfamiliar(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    return tuple(
        Warn("METHOD_UNFAMILIAR", about=f"choice-{c.id}", params={"method": c.method})
        for c in s.choices
        if not c.familiar
    )


def _partly(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    return tuple(
        Warn("METHOD_NOT_APPLIED_BY_ALL", about=f"choice-{c.id}", params={"method": c.method})
        for c in s.choices
        if c.left_out
    )


WATCHES = (
    Watch("METHOD_WITHOUT_REASON", _unreasoned, source="2.5", looks_at=("choices",)),
    Watch("METHOD_UNFAMILIAR", _unfamiliar, source="2.5", looks_at=("choices",)),
    Watch("METHOD_NOT_APPLIED_BY_ALL", _partly, source="2.5", looks_at=("choices",)),
)


def _chosen(s: Enquiry, id_: UUID, proposal: Proposal, ctx: Ctx) -> Iterable[Entry]:
    del ctx
    choice = proposal.content.method_choice
    if choice is None:
        return
    experience = proposal.content.experience
    applies = choice.applies_to or s.schools
    yield forms.MethodChosen(
        proposal=id_,
        method=choice.method,
        reasoned=proposal.reasoned,
        familiar=any(known.used != Used.NEVER for known in experience),
        left_out=tuple(school for school in s.schools if school not in applies),
    )


EFFECTS = {Kind.METHOD_CHOICE: Effect((forms.MethodChosen,), _chosen)}
CHOSEN = Condition("h", "A method is chosen.", unless(lambda s: bool(s.choices)))
