"""Proposals and decisions: proposed, revised, responded to, adopted (2.3).

What a decision brings about is up to the idea it is about: each gives an ``Effect``.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.agreement import forms, rules, views
from enquiry.kernel.enquiry.agreement.content import Content
from enquiry.kernel.enquiry.agreement.state import Kind, Proposal
from enquiry.kernel.enquiry.roles import FRIENDS, GROUP
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.reasons import has_reason
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry
from enquiry.method.roles import COORDINATOR, LEADERS
from enquiry.method.rules import Rule


class Effect(Struct, frozen=True):
    """What the adoption of a kind of proposal records besides the decision itself."""

    facts: tuple[type[Entry], ...]
    yields: Callable[[Enquiry, UUID, Proposal, Ctx], Iterable[Entry]]


def agreement(
    enquiry: Builder,
    *,
    proposing: tuple[Rule, ...],
    adopting: tuple[Rule, ...],
    effects: Mapping[Kind, Effect],
) -> None:
    """Add proposals and decisions.

    Args:
        enquiry: to which they are added.
        proposing: what must hold of what is proposed or revised; each rule looks at its own kind.
        adopting: what must hold of a proposal that is adopted; likewise.
        effects: by kind, what its adoption brings about.
    """
    fitting = (rules.fits_its_kind, *proposing)
    _proposing(enquiry, fitting)
    _deciding(enquiry, adopting, effects)
    everybody = (*GROUP, FRIENDS)
    for fact in (
        forms.DecisionProposed,
        forms.ProposalRevised,
        forms.ProposalResponded,
        forms.DecisionAdopted,
        forms.WithdrawProposal,
        *_facts(effects),
    ):
        enquiry.show(fact, to=everybody, today=True)
    _beyond(enquiry)
    enquiry.view(
        "decisions",
        "Register of decisions",
        to=everybody,
        build=views.register,
        schema=views.Register,
    )


def _beyond(enquiry: Builder) -> None:
    """What leaders and coordinators of the schools read: the decisions as they were adopted, not
    who proposed them, who said what to them, or what is still open (4.1)."""
    outside = (LEADERS, COORDINATOR)
    for fact in (forms.DecisionProposed, forms.ProposalRevised):
        enquiry.show(fact, to=outside, today=True, hide=("by", "experience"), when=views.is_adopted)
    enquiry.show(forms.DecisionAdopted, to=outside, today=True, hide=("by",))
    enquiry.view(
        "adopted-decisions",
        "What the group has decided",
        to=outside,
        build=views.adopted,
        schema=views.Adopted,
    )


def _proposing(enquiry: Builder, fitting: tuple[Rule, ...]) -> None:
    known = rules.proposal_is_known
    enquiry.move(
        forms.ProposeDecision,
        by=GROUP,
        handler=_propose,
        facts=(forms.DecisionProposed,),
        rules=fitting,
    )
    enquiry.move(
        forms.ReviseProposal,
        by=GROUP,
        decision=True,
        about=_proposal,
        handler=_revise,
        facts=(forms.ProposalRevised,),
        rules=(known, rules.proposal_is_open, *fitting),
    )
    enquiry.move(
        forms.WithdrawProposal,
        by=GROUP,
        decision=True,
        about=_proposal,
        rules=(known, rules.proposed_it_or_facilitates, rules.proposal_is_open),
    )


def _deciding(enquiry: Builder, adopting: tuple[Rule, ...], effects: Mapping[Kind, Effect]) -> None:
    known = rules.proposal_is_known
    enquiry.move(
        forms.RespondToProposal,
        by=(*GROUP, FRIENDS),
        handler=_respond,
        facts=(forms.ProposalResponded,),
        rules=(
            known,
            rules.does_not_facilitate,
            rules.speaks_for_a_school,
            rules.proposal_is_open,
            rules.version_is_current,
            rules.objection_is_explained,
        ),
    )
    enquiry.move(
        forms.AdoptProposal,
        by=GROUP,
        decision=True,
        about=_proposal,
        handler=_adopting(effects),
        facts=(forms.DecisionAdopted, *_facts(effects)),
        rules=(known, rules.proposal_is_open, *adopting, rules.is_agreed),
    )


def policy_effect() -> Effect:
    """A change of the rule by which the group agrees."""

    def change(s: Enquiry, id_: UUID, proposal: Proposal, ctx: Ctx) -> Iterable[Entry]:
        del s, id_, ctx
        if proposal.content.decision_rule is not None:
            yield forms.PolicyChanged(decision_rule=proposal.content.decision_rule)

    return Effect((forms.PolicyChanged,), change)


def _proposal(e: Any) -> str:
    return f"proposal-{e.proposal}"


def _facts(effects: Mapping[Kind, Effect]) -> tuple[type[Entry], ...]:
    return tuple(fact for effect in effects.values() for fact in effect.facts)


def _propose(s: Enquiry, e: forms.ProposeDecision, ctx: Ctx) -> Iterable[Any]:
    del s, ctx
    yield forms.DecisionProposed(kind=e.kind, reasoned=_reasoned(e), **_content(e))


def _revise(s: Enquiry, e: forms.ReviseProposal, ctx: Ctx) -> Iterable[Any]:
    del s, ctx
    yield forms.ProposalRevised(proposal=e.proposal, reasoned=_reasoned(e), **_content(e))


def _content(e: Content) -> dict[str, Any]:
    return {name: getattr(e, name) for name in Content.__struct_fields__}


def _reasoned(e: Content) -> bool:
    return e.method_choice is not None and has_reason(e.method_choice.reason)


def _respond(s: Enquiry, e: forms.RespondToProposal, ctx: Ctx) -> Iterable[Any]:
    yield forms.ProposalResponded(
        proposal=e.proposal,
        version=e.version,
        answer=e.answer,
        voices=rules.voices(s, ctx.actor),
        note=e.note,
    )


def _adopting(effects: Mapping[Kind, Effect]) -> Callable[..., Iterable[Any]]:
    def adopt(s: Enquiry, e: forms.AdoptProposal, ctx: Ctx) -> Iterable[Any]:
        proposal = s.agreement.proposals[e.proposal]
        yield forms.DecisionAdopted(
            proposal=e.proposal, version=proposal.version, kind=proposal.kind
        )
        if proposal.kind in effects:
            yield from effects[proposal.kind].yields(s, e.proposal, proposal, ctx)

    return adopt
