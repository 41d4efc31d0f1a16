"""What the rules must remember of measures."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from enquiry.kernel.vocabulary import CollectionMethod, Level
from enquiry.method.entry import Piece


class MeasureKind(StrEnum):
    """What sort of value a measure has."""

    SCORE = "score"
    PROPORTION = "proportion"
    COUNT = "count"
    RATING = "rating"
    QUALITATIVE = "qualitative"


class Aspect(StrEnum):
    """What a measure is a measure of, by which methods of collection fit it or do not."""

    VIEWS = "views"
    SELF_REPORT = "self_report"
    FREQUENCY = "frequency"
    UNDERSTANDING = "understanding"
    REASONS = "reasons"
    BEHAVIOUR = "behaviour"
    INTERACTION = "interaction"
    PRACTICE = "practice"
    REFLECTION = "reflection"
    DEVELOPMENT = "development"
    ATTAINMENT = "attainment"


FITS: Mapping[CollectionMethod, frozenset[Aspect]] = {
    CollectionMethod.INTERVIEW: frozenset({Aspect.VIEWS, Aspect.UNDERSTANDING, Aspect.REASONS}),
    CollectionMethod.QUESTIONNAIRE: frozenset({Aspect.VIEWS, Aspect.SELF_REPORT, Aspect.FREQUENCY}),
    CollectionMethod.ONLINE_SURVEY: frozenset({Aspect.VIEWS, Aspect.SELF_REPORT}),
    CollectionMethod.OBSERVATION: frozenset(
        {Aspect.BEHAVIOUR, Aspect.INTERACTION, Aspect.PRACTICE}
    ),
    CollectionMethod.AUDIO_VISUAL: frozenset(
        {Aspect.BEHAVIOUR, Aspect.INTERACTION, Aspect.PRACTICE}
    ),
    CollectionMethod.LEARNING_LOG: frozenset({Aspect.REFLECTION, Aspect.DEVELOPMENT}),
    CollectionMethod.ASSESSMENT_DATA: frozenset({Aspect.ATTAINMENT}),
    CollectionMethod.WORK_SAMPLE: frozenset({Aspect.ATTAINMENT, Aspect.UNDERSTANDING}),
}
"""What each method of collection fits. Source: the table of 2.12."""


class Reading(Piece):
    """A value on a day."""

    id: UUID
    on: date
    value: Decimal | None = None
    """``None`` for a qualitative measure: its words are in the fact."""
    cycle: int = 1
    trial_cycle: int = 0
    """In which trial cycle it was recorded; 0: before the first."""
    final: bool = False
    comparable: bool = True
    """Of the same population as the baseline."""


class Measure(Piece):
    """Something that is tracked. Its words are references."""

    name: str
    level: Level
    kind: MeasureKind
    unit: str
    population: str
    population_size: int | None = None
    target: Decimal | None = None
    """The value that would be a success."""
    criterion: str | None = None
    aspect: Aspect | None = None
    collected_by: tuple[CollectionMethod, ...] = ()
    baseline_planned: date | None = None
    planned: bool = False
    """Whether the five questions before collecting are all answered."""
    baselines: tuple[Reading, ...] = ()
    """The original one first; a later cycle may bring another."""
    unobtainable: bool = False
    readings: tuple[Reading, ...] = ()
    cycle: int = 1
    """The last cycle in which it was in use."""

    @property
    def has_criterion(self) -> bool:
        """Whether somebody said what a success would be."""
        return self.target is not None or self.criterion is not None

    def distance(self, reading: Reading) -> Decimal | None:
        """From the original baseline, where both are numbers of the same population."""
        if not self.baselines or reading.value is None or not reading.comparable:
            return None
        start = self.baselines[0].value
        return None if start is None else reading.value - start
