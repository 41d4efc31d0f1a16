"""Forms and facts of proposals."""

from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.agreement.content import Content, DecisionRule
from enquiry.kernel.enquiry.agreement.state import (
    Answer,
    Kind,
    Proposal,
    Response,
    Status,
)
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text

_PROPOSAL = ask("Which proposal?", address=True, ui="choice")


class ProposeDecision(Content):
    """Propose something to be decided"""

    kind: Annotated[Kind, ask("What kind of decision is it?", ui="choice")]


class DecisionProposed(Content, records="decision-proposed"):
    """Something was proposed"""

    kind: Kind
    reasoned: bool = False
    """Whether a choice of method says why."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Version 1."""
        made = Proposal(
            kind=self.kind,
            by=was.by,
            at=was.at,
            content=self,
            reasoned=self.reasoned,
            cycle=s.course.cycle,
            phase=s.course.phase or "",
        )
        return _with(s, was.id, made)


class ReviseProposal(Content):
    """Revise a proposal; whoever has responded responds afresh"""

    proposal: Annotated[UUID, _PROPOSAL]


class ProposalRevised(Content, records="proposal-revised"):
    """A proposal was revised"""

    proposal: UUID
    reasoned: bool = False

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Another version, with no response yet."""
        known = s.agreement.proposals[self.proposal]
        anew = known.but(
            content=self, reasoned=self.reasoned, version=known.version + 1, responses={}
        )
        return _with(s, self.proposal, anew)


def _with(s: Enquiry, id_: UUID, proposal: Proposal) -> Enquiry:
    proposals = {**s.agreement.proposals, id_: proposal}
    return s.but(agreement=s.agreement.but(proposals=proposals))


class RespondToProposal(Entry):
    """Say whether your school agrees"""

    proposal: Annotated[UUID, _PROPOSAL]
    version: Annotated[int, ask("Which version did you read?", address=True, ge=1)]
    answer: Annotated[Answer, ask("Do you agree?", ui="choice")]
    note: Annotated[str, text("What stands against it, or should be said?", upto=1000)] | None = (
        None
    )
    """Required by an objection."""


class ProposalResponded(Entry, records="proposal-responded"):
    """Somebody responded to a proposal"""

    proposal: UUID
    version: int
    answer: Answer
    voices: tuple[UUID, ...]
    """For which schools they respond; themselves, where each member responds."""
    note: Annotated[str, text("Note", upto=1000)] | None = None

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The last response of a school to a version counts."""
        known = s.agreement.proposals[self.proposal]
        said = Response(answer=self.answer, by=was.by, note=self.note)
        responses = {**known.responses, **dict.fromkeys(self.voices, said)}
        return _with(s, self.proposal, known.but(responses=responses))


class AdoptProposal(Entry):
    """Adopt a proposal that has been agreed to"""

    proposal: Annotated[UUID, _PROPOSAL]


class DecisionAdopted(Entry, records="decision-adopted"):
    """A proposal was adopted"""

    proposal: UUID
    version: int
    kind: Kind

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """It is in the register of decisions; something has happened."""
        known = s.agreement.proposals[self.proposal]
        adopted = known.but(status=Status.ADOPTED, adopted_at=was.at)
        s = _with(s, self.proposal, adopted)
        return s.but(course=s.course.but(progressed_at=was.at))


class WithdrawProposal(Entry, records="proposal-withdrawn"):
    """Withdraw a proposal"""

    proposal: Annotated[UUID, _PROPOSAL]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """It stays in the register, as withdrawn."""
        known = s.agreement.proposals[self.proposal]
        return _with(s, self.proposal, known.but(status=Status.WITHDRAWN))


class PolicyChanged(Entry, records="policy-changed"):
    """The group agrees by another rule from now on"""

    decision_rule: DecisionRule

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """What is open is judged by it, too."""
        return s.but(agreement=s.agreement.but(rule=self.decision_rule))
