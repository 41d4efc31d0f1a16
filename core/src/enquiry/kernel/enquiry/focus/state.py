"""What the rules must remember of the focus and the questions."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from enquiry.kernel.vocabulary import Verdict
from enquiry.method.entry import Piece


class Test(StrEnum):
    """What a question is tested for."""

    __test__ = False  # a word of the domain; not a test of ours

    DATA_INFORMED = "data_informed"
    SPECIFIC = "specific"
    MEASURABLE = "measurable"
    SIMPLY_STATED = "simply_stated"
    EASILY_COMMUNICATED = "easily_communicated"
    LINKED_TO_IMPROVEMENT = "linked_to_improvement"


class Focused(Piece):
    """What the group has adopted in the present cycle, by the id of the proposal."""

    focus: UUID | None = None
    questions: tuple[UUID, ...] = ()
    tests: Mapping[UUID, Mapping[Test, Verdict]] = {}
    """Verdicts on each proposed question."""
