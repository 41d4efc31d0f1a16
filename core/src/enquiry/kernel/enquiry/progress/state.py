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


_NOBODY = (0, 0, 0, 0, 0)


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
    tally: Mapping[str, tuple[int, int, int, int, int]] = {}
    """The responses, counted as they come in: by item, as in ``counts``."""

    def counts(self, item: str) -> tuple[int, int, int, int, int]:
        """How many strongly agree, agree, are undecided, disagree, strongly disagree."""
        return self.tally.get(item, _NOBODY)

    def at(self, school: UUID, item: str) -> tuple[int, int, int, int, int]:
        """The same, of those who responded for one school."""
        given = [
            answers[item]
            for person, answers in self.responses.items()
            if self.schools[person] == school and item in answers
        ]
        five, four, three, two, one = (given.count(value) for value in Agreement)
        return five, four, three, two, one

    def responded(self, person: UUID, school: UUID, answers: Mapping[str, int]) -> "Round":
        """With somebody's response in the place of their earlier one."""
        tally = dict(self.tally)
        for given, by in ((self.responses.get(person, {}), -1), (answers, 1)):
            for item, value in given.items():
                counts = list(tally.get(item, _NOBODY))
                counts[Agreement.STRONGLY_AGREE - value] += by
                tally[item] = tuple(counts)  # pyright: ignore[reportArgumentType]
        return self.but(
            responses={**self.responses, person: answers},
            schools={**self.schools, person: school},
            tally=tally,
        )
