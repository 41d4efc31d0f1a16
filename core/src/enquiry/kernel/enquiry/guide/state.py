"""What the rules must remember of the guide and of the placement of the group."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from enquiry.kernel.enquiry.guide.questions import Dimension
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.method.entry import Piece


class Skill(StrEnum):
    """How skilled a group is at working together, or how much it takes part."""

    LOW = "low"
    HIGH = "high"


class Placement(Piece):
    """Where the facilitator sees the group on a day."""

    id: UUID
    on: date
    skill: Skill
    participation: Skill
    evidence: str
    next_step: str | None
    shared: bool = False


class Answer(Piece):
    """One answered question. Words are references."""

    id: UUID
    phase: Phase
    dimension: Dimension
    box: int
    school: UUID
    key: str
    text: str | None
    choice: str | None
    cycle: int


class Guide(Piece):
    """Every answer (the last to a question counts), and every placement."""

    answers: tuple[Answer, ...] = ()
    placements: tuple[Placement, ...] = ()

    def put(self, answer: Answer) -> "Guide":
        """With this answer in the place of the one before."""
        same = _about(answer)
        kept = tuple(one for one in self.answers if _about(one) != same)
        return self.but(answers=(*kept, answer))

    def choice(self, phase: Phase, school: UUID, key: str, cycle: int) -> str | None:
        """What was chosen in answer to a question."""
        for one in self.answers:
            if (one.phase, one.school, one.key, one.cycle) == (phase, school, key, cycle):
                return one.choice
        return None

    def filled(self, phase: Phase, dimension: Dimension, box: int, school: UUID, c: int) -> bool:
        """Whether a box has any answer in a cycle."""
        return any(
            (one.phase, one.dimension, one.box, one.school, one.cycle)
            == (phase, dimension, box, school, c)
            for one in self.answers
        )


def _about(one: Answer) -> tuple[object, ...]:
    return one.phase, one.dimension, one.box, one.school, one.key, one.cycle
