"""What the rules must remember of progress assessments."""

from collections.abc import Mapping
from datetime import date
from enum import IntEnum
from uuid import UUID

from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.method.entry import Piece


class Agreement(IntEnum):
    """From 5, strongly agree, to 1, strongly disagree; shown as words."""

    STRONGLY_AGREE = 5
    AGREE = 4
    UNDECIDED = 3
    DISAGREE = 2
    STRONGLY_DISAGREE = 1


class Round(Piece):
    """One round of a progress assessment. It is not anonymous."""

    phase: Phase
    cycle: int
    closes_on: date
    responses: Mapping[UUID, Mapping[str, int]] = {}
    """The last response of each respondent: by item."""
    schools: Mapping[UUID, UUID] = {}
    """For which school each responded."""
    closed: bool = False

    def counts(self, item: str) -> tuple[int, int, int, int, int]:
        """How many strongly agree, agree, are undecided, disagree, strongly disagree."""
        given = [answers[item] for answers in self.responses.values() if item in answers]
        return tuple(given.count(value) for value in (5, 4, 3, 2, 1))  # pyright: ignore[reportReturnType]
