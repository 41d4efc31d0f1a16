"""What the rules must remember of proposals and decisions."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from enquiry.kernel.enquiry.agreement.content import Content, DecisionRule
from enquiry.method.entry import Piece


class Kind(StrEnum):
    """What can be proposed."""

    FOCUS = "focus"
    QUESTION = "question"
    METHOD_CHOICE = "method_choice"
    STRATEGY = "strategy"
    RECOMMENDATION = "recommendation"
    NEXT_STEPS = "next_steps"
    DISSEMINATION = "dissemination"
    IMPACT_STATEMENT = "impact_statement"
    PUBLISH_REPORT = "publish_report"
    CYCLE_DECISION = "cycle_decision"
    POLICY_CHANGE = "policy_change"
    JOINT_PLACEMENT = "joint_placement"
    """Where the alliance stands on the maturity model (4.13)."""


class Answer(StrEnum):
    """How somebody responds to a proposal."""

    AGREE = "agree"
    CAN_LIVE_WITH = "can_live_with"
    OBJECT = "object"


class Status(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


class Response(Piece):
    """What a school (or a member, where each responds) said to the present version."""

    answer: Answer
    by: UUID
    note: str | None = None

    @property
    def supports(self) -> bool:
        """Whether the proposal may go forward for them."""
        return self.answer != Answer.OBJECT


class Proposal(Piece):
    """A text put to those who decide, in its present version."""

    kind: Kind
    by: UUID
    at: datetime
    content: Content
    """The fact by which it was proposed or last revised."""
    reasoned: bool = False
    """Whether a choice of method says why: the words themselves are sealed."""
    version: int = 1
    responses: Mapping[UUID, Response] = {}
    """By school, or by member where each responds; cleared by a revision."""
    status: Status = Status.OPEN
    adopted_at: datetime | None = None
    cycle: int = 1
    """In which cycle it was proposed."""
    phase: str = ""
    """In which phase."""


class Agreement(Piece):
    """Every proposal, and by which rule it is adopted."""

    rule: DecisionRule = DecisionRule.UNANIMOUS_BY_SCHOOL
    proposals: Mapping[UUID, Proposal] = {}

    def adopted(self, kind: Kind, cycle: int, phase: str | None = None) -> tuple[UUID, ...]:
        """Decisions of a kind adopted in a cycle (in one phase, if said), oldest first."""
        return tuple(
            id_
            for id_, one in self.proposals.items()
            if (one.kind, one.status, one.cycle) == (kind, Status.ADOPTED, cycle)
            and phase in (None, one.phase)
        )
