"""Who responds, to what, and when a proposal is agreed to."""

from typing import Any
from uuid import UUID

from enquiry.kernel.enquiry.agreement.content import DecisionRule
from enquiry.kernel.enquiry.agreement.state import Kind, Proposal, Status
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, guard, rule

FIELDS = {
    Kind.FOCUS: ("focus",),
    Kind.QUESTION: ("question",),
    Kind.METHOD_CHOICE: ("method_choice", "experience"),
    Kind.STRATEGY: ("strategy", "sources"),
    Kind.RECOMMENDATION: ("statement",),
    Kind.NEXT_STEPS: ("steps", "statement"),
    Kind.DISSEMINATION: ("dissemination", "statement"),
    Kind.IMPACT_STATEMENT: ("claims", "statement"),
    Kind.PUBLISH_REPORT: ("report",),
    Kind.CYCLE_DECISION: ("cycle", "statement"),
    Kind.POLICY_CHANGE: ("decision_rule", "statement"),
    Kind.JOINT_PLACEMENT: ("placement", "statement"),
}
"""What a proposal of each kind holds: the first is required."""
_ALL = tuple(dict.fromkeys(name for names in FIELDS.values() for name in names))


def kind_of(s: Enquiry, e: Any) -> Kind | None:
    """The kind of what is proposed or revised."""
    if hasattr(e, "kind"):
        return e.kind
    known: Proposal | None = s.agreement.proposals.get(e.proposal)
    return known.kind if known is not None else None


def content_of(s: Enquiry, proposal: UUID, kind: Kind) -> Any:
    """What a proposal of this kind holds; ``None`` for one of another kind."""
    known = s.agreement.proposals.get(proposal)
    return known.content if known is not None and known.kind == kind else None


@rule("VALIDATION_FAILED", "Fill in what this kind of decision needs, and nothing else.")
def fits_its_kind(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """The fields of its kind are filled in, and those of other kinds are not."""
    del ctx
    kind = kind_of(s, e)
    if kind is None:
        return Unmet(pointer="/kind")
    mine = FIELDS[kind]
    if not getattr(e, mine[0]):
        return Unmet(pointer=f"/{mine[0]}")
    strange = [name for name in _ALL if name not in mine and getattr(e, name)]
    return Unmet(pointer=f"/{strange[0]}") if strange else True


@rule("NOT_FOUND", "There is no such proposal.")
def proposal_is_known(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """It has been proposed here."""
    del ctx
    return e.proposal in s.agreement.proposals


@rule("WRONG_STAGE", "This proposal has been adopted or withdrawn.")
def proposal_is_open(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """It is neither adopted nor withdrawn."""
    del ctx
    return s.agreement.proposals[e.proposal].status == Status.OPEN


@rule("PROPOSAL_SUPERSEDED", "There is another version by now: read it first.", source="2.3")
def version_is_current(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """Nobody responds to what no longer stands."""
    del ctx
    return e.version == s.agreement.proposals[e.proposal].version


def voices(s: Enquiry, person: UUID) -> tuple[UUID, ...]:
    """For whom somebody responds: their schools, or themselves where each member does."""
    if s.agreement.rule == DecisionRule.UNANIMOUS_BY_MEMBER:
        return (person,) if person in s.members and person not in s.facilitators else ()
    return s.speaks_for(person)


@guard(
    "FACILITATOR_CANNOT_DECIDE",
    "Facilitators and critical friends support the group; its schools decide.",
    source="2.3",
)
def does_not_facilitate(s: Enquiry, ctx: Ctx) -> bool:
    """A facilitator responds only as the representative of a school, a critical friend never."""
    if ctx.actor in s.friends:
        return False
    return ctx.actor not in s.facilitators or bool(voices(s, ctx.actor))


@guard("NOT_PERMITTED", "The representative of a school responds for it.", source="2.3")
def speaks_for_a_school(s: Enquiry, ctx: Ctx) -> bool:
    """The actor is somebody's voice."""
    return bool(voices(s, ctx.actor))


@rule("VALIDATION_FAILED", "Say what stands against it.", source="2.3")
def objection_is_explained(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """An objection has a note."""
    del s, ctx
    return True if e.answer != "object" or e.note else Unmet(pointer="/note")


@rule("NOT_PERMITTED", "Whoever proposed it withdraws it, or a facilitator.")
def proposed_it_or_facilitates(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """The actor made the proposal, or facilitates."""
    return ctx.actor in (s.agreement.proposals[e.proposal].by, *s.facilitators)


@rule("NOT_ALL_AGREED", "Not everybody who decides has agreed yet.", source="2.3")
def is_agreed(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """The decision rule holds for the present version."""
    del ctx
    proposal = s.agreement.proposals[e.proposal]
    due = _due(s)
    agreeing = [v for v in due if v in proposal.responses and proposal.responses[v].supports]
    if s.agreement.rule == DecisionRule.MAJORITY_BY_SCHOOL:
        met = 2 * len(agreeing) > len(due)
    else:
        met = bool(due) and len(agreeing) == len(due)
    whose = "person" if s.agreement.rule == DecisionRule.UNANIMOUS_BY_MEMBER else "school"
    missing = tuple(
        {whose: str(v), "answer": proposal.responses[v].answer if v in proposal.responses else None}
        for v in due
        if v not in agreeing
    )
    return True if met else Unmet(details=missing)


def _due(s: Enquiry) -> tuple[UUID, ...]:
    if s.agreement.rule == DecisionRule.UNANIMOUS_BY_MEMBER:
        return tuple(person for person in s.members if person not in s.facilitators)
    return s.schools
