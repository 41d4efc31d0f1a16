"""What the rules must remember of claims and outcomes."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from enquiry.kernel.vocabulary import Level, Verdict
from enquiry.method.entry import Piece


class Direction(StrEnum):
    """What changed. No impact and negative findings are results."""

    POSITIVE = "positive"
    NONE = "none"
    NEGATIVE = "negative"
    MIXED = "mixed"


class Claim(Piece):
    """A claim of impact. Its words are in the fact that drafted it."""

    by: UUID
    statement: str
    level: Level
    direction: Direction
    evidence: tuple[UUID, ...]
    """Pieces of evidence and readings."""
    measures: tuple[UUID, ...]
    cycle: int
    validity: Verdict | None = None
    triangulation: Verdict | None = None
    reliability: Verdict | None = None
    superseded_by: UUID | None = None
    superseded: bool = False

    @property
    def verdicts(self) -> tuple[Verdict | None, ...]:
        """What the group answered to the three tests."""
        return (self.validity, self.triangulation, self.reliability)


class Impact(Piece):
    """Every claim, and what each school says that came of it."""

    claims: Mapping[UUID, Claim] = {}
    outcomes: Mapping[UUID, Mapping[Level, int]] = {}
    """By school: the cycle in which each level was last filled in."""
    fed_back: int = 0
    """The last cycle in which pupils were told what came of what they said."""
