"""What the rules remember of surveys. Of an anonymous one: who has answered, and never what."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid5

from enquiry.kernel.surveys.scoring import Given, Results
from enquiry.method.entry import Piece, State


class Survey(Piece):
    """A survey, as it stands."""

    instrument: str
    version: int
    anonymous: bool
    audience: tuple[UUID, ...]
    owner: UUID
    """Who reads what was written freely."""
    closes_on: date
    """The last day on which it can be answered."""
    min_n: int
    answered: tuple[UUID, ...] = ()
    """Who has answered, sorted: in no order of time."""
    responses: tuple[tuple[Given, ...], ...] = ()
    """What was answered, where the survey is not anonymous."""
    closed: bool = False
    results: Results | None = None
    comments: tuple[str, ...] = ()
    """References to sealed texts."""
    notes: tuple[tuple[str, str], ...] = ()
    """Items, and references to what was written about them."""


class WithSurveys(State):
    """The part of a state that surveys need."""

    surveys: Mapping[UUID, Survey] = {}

    def with_survey(self, id_: UUID, survey: Survey) -> "WithSurveys":
        """The same, but for this survey."""
        return self.but(surveys={**self.surveys, id_: survey})

    def respondents(self) -> tuple[UUID, ...]:
        """Everybody who was asked to answer a survey that is open, each once."""
        asked = {p for one in self.surveys.values() if not one.closed for p in one.audience}
        return tuple(sorted(asked))


def box_of(survey: UUID) -> UUID:
    """The box in which the answers to an anonymous survey lie until it is closed."""
    return uuid5(survey, "box")
