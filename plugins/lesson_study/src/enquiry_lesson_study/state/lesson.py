"""A research lesson: plan, predictions, who teaches and observes, what was seen and said."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self
from uuid import UUID

from enquiry import Piece, Was
from enquiry_lesson_study.state.pieces import (
    Change,
    Criterion,
    Discussion,
    Draft,
    Interview,
    Observation,
    Prediction,
    Version,
)

Cell = tuple[int, str]
"""A stage of the lesson and a case pupil."""


class Lesson(Piece):
    """One research lesson of a study."""

    number: int
    carried_forward: str | None = None
    planned_by: UUID | None = None
    """The fact that says what is carried forward."""
    version: int = 0
    """Of the plan: 0 before it is drafted."""
    draft: Draft | None = None
    history: tuple[Version, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    approvals: Mapping[UUID, int] = {}
    """Version that each member approved last."""
    locked: bool = False
    pupils: tuple[str, ...] = ()
    """Its case pupils, once it is locked."""
    chosen: int = 0
    """How many they were then; whoever is withdrawn later changes nothing of it."""
    changed: bool = False
    """Then, they were others than in the lesson before, apart from those who were withdrawn."""
    unstudied: bool = False
    """Then, nothing had been found out yet."""
    teacher: UUID | None = None
    observers: Mapping[UUID, tuple[str, ...]] = {}
    absent: tuple[str, ...] = ()
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    observations: tuple[Observation, ...] = ()
    interviews: tuple[Interview, ...] = ()
    declined: tuple[str, ...] = ()
    discussion: Discussion | None = None

    @property
    def discussed(self) -> bool:
        """Whether its discussion is closed."""
        return self.discussion is not None and self.discussion.closed_at is not None

    @property
    def stage_numbers(self) -> range:
        """Numbers of its stages, from 1."""
        return range(1, len(self.draft.stages) + 1 if self.draft is not None else 1)

    def cells(self, pupils: tuple[str, ...]) -> tuple[Cell, ...]:
        """Every stage with every one of these pupils."""
        return tuple((stage, pupil) for stage in self.stage_numbers for pupil in pupils)

    def prediction(self, stage_no: int, pupil: str) -> Prediction | None:
        """What was predicted for a cell."""
        found = (p for p in self.predictions if (p.stage_no, p.pupil) == (stage_no, pupil))
        return next(found, None)

    def criterion(self, pupil: str) -> Criterion | None:
        """The success criterion of a case pupil."""
        return next((c for c in self.criteria if c.pupil == pupil), None)

    def renewed(self, change: Change, was: Was, **changes: object) -> Self:
        """The next version of the plan; nobody has approved it. Without a draft there is none."""
        after = self.but(**changes)
        if after.draft is None:
            return after
        number = self.version + 1
        made = Version(number=number, change=change, at=was.at, id=was.id, draft=after.draft)
        return after.but(version=number, approvals={}, history=(*self.history, made))

    def assigned(self, pupil: str) -> tuple[UUID, ...]:
        """Who observes this pupil."""
        return tuple(person for person, pupils in self.observers.items() if pupil in pupils)

    def with_discussion(self, **changes: object) -> Self:
        """Change its discussion; without one it stays as it is."""
        if self.discussion is None:
            return self
        return self.but(discussion=self.discussion.but(**changes))
