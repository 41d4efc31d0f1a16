"""What was predicted and what was seen: the matrix, the observers' sheet, the interviews."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from enquiry import Look
from enquiry_lesson_study.rules.lesson import observing_is_open
from enquiry_lesson_study.state import Cell, Lesson, Study
from enquiry_lesson_study.state.pieces import LessonStage, Observation
from enquiry_lesson_study.views.planning import PredictionShown, predictions


class ObservationShown(Struct, frozen=True):
    """What somebody saw."""

    id: UUID
    text: str
    evidence_kind: str
    match: str
    verbatim: bool
    at: datetime
    by: UUID | None = None


class CellShown(Struct, frozen=True):
    """A stage and a case pupil: what was predicted, and what was seen."""

    stage_no: int
    pupil: str
    predicted: str | None
    expected_evidence: str | None
    matches: tuple[str, ...]
    observations: tuple[ObservationShown, ...]


class LessonMatrix(Struct, frozen=True):
    """Predicted and actual, for one lesson."""

    lesson_no: int
    cells: tuple[CellShown, ...]


class AcrossShown(Struct, frozen=True):
    """A case pupil over all lessons: how often what was seen was as predicted."""

    pupil: str
    lessons: tuple[tuple[int, int, int], ...]
    """(number of the lesson, observations as predicted, observations)."""


class Matrix(Struct, frozen=True):
    """Predicted and actual, for each lesson and across the cycle."""

    lessons: tuple[LessonMatrix, ...]
    across: tuple[AcrossShown, ...]


def matrix(s: Study, look: Look) -> Matrix:
    """Stage by pupil, for the group."""
    del look
    begun = tuple(lesson for lesson in s.lessons if lesson.locked)
    return Matrix(
        lessons=tuple(
            LessonMatrix(
                lesson.number,
                tuple(_cell(s, lesson, cell) for cell in lesson.cells(s.pupils_of(lesson))),
            )
            for lesson in begun
        ),
        across=across(s, begun),
    )


def _cell(s: Study, lesson: Lesson, cell: Cell) -> CellShown:
    known, seen = s.predicted(lesson, cell), _seen(s, lesson, cell)
    return CellShown(
        stage_no=cell[0],
        pupil=cell[1],
        predicted=known.text if known else None,
        expected_evidence=known.expected_evidence if known else None,
        matches=tuple(str(one.match) for one in seen),
        observations=tuple(map(observed, seen)),
    )


def _seen(s: Study, lesson: Lesson, cell: Cell) -> tuple[Observation, ...]:
    return tuple(one for one in s.observations(lesson) if (one.stage_no, one.pupil) == cell)


def observed(one: Observation) -> ObservationShown:
    """An observation, for the group."""
    return ObservationShown(
        one.id, one.text, str(one.evidence_kind), str(one.match), one.verbatim, one.at, one.by
    )


def across(s: Study, lessons: tuple[Lesson, ...]) -> tuple[AcrossShown, ...]:
    """How often predictions came true, pupil by pupil and lesson by lesson."""
    pupils = dict.fromkeys(one for lesson in lessons for one in s.pupils_of(lesson))
    return tuple(
        AcrossShown(
            pupil,
            tuple(
                (lesson.number, *counted(s, lesson, pupil))
                for lesson in lessons
                if pupil in s.pupils_of(lesson)
            ),
        )
        for pupil in pupils
    )


def counted(s: Study, lesson: Lesson, pupil: str | None = None) -> tuple[int, int]:
    """(observations as predicted, observations), of one case pupil or of all."""
    seen = [one for one in s.observations(lesson) if pupil in (None, one.pupil)]
    return sum(1 for one in seen if one.match == "as_predicted"), len(seen)


class Sheet(Struct, frozen=True):
    """All that an observer needs in the lesson, also without a connection."""

    lesson_no: int
    stages: tuple[LessonStage, ...]
    pupils: tuple[str, ...]
    """Case pupils assigned to the viewer."""
    absent: tuple[str, ...]
    predictions: tuple[PredictionShown, ...]
    mine: tuple[ObservationShown, ...]
    open: bool
    """Observations are recorded now."""


class Sheets(Struct, frozen=True):
    """The sheet of the lesson that is to be observed, if the viewer observes it."""

    sheet: Sheet | None


def sheet(s: Study, look: Look) -> Sheets:
    """The viewer's own sheet, once the plan is locked."""
    lesson, me = s.lesson, look.viewer.person
    if lesson is None or not lesson.locked or lesson.draft is None or me not in lesson.observers:
        return Sheets(None)
    pupils = tuple(one for one in lesson.observers[me] if one in s.pupils_of(lesson))
    return Sheets(
        Sheet(
            lesson_no=lesson.number,
            stages=lesson.draft.stages,
            pupils=pupils,
            absent=tuple(one for one in lesson.absent if one in pupils),
            predictions=tuple(one for one in predictions(s, lesson) if one.pupil in pupils),
            mine=tuple(observed(one) for one in s.observations(lesson) if one.by == me),
            open=observing_is_open.holds(s, look) is True,
        )
    )


class QuoteShown(Struct, frozen=True):
    """A pupil's literal words."""

    pupil: str
    text: str


class InterviewShown(Struct, frozen=True):
    """What pupils said after a lesson."""

    id: UUID
    lesson_no: int
    pupils: tuple[str, ...]
    minutes: int
    enjoyed_most: str | None
    learned: str | None
    worked_best_for_you: str | None
    change_if_taught_again: str | None
    quotes: tuple[QuoteShown, ...]


class Interviews(Struct, frozen=True):
    """Interviews of all lessons, and who would rather not."""

    interviews: tuple[InterviewShown, ...]
    declined: tuple[tuple[int, str], ...]
    """(number of the lesson, pupil)."""


def interviews(s: Study, look: Look) -> Interviews:
    """The digest, for the group."""
    del look
    return Interviews(
        interviews=tuple(
            InterviewShown(
                id=one.id,
                lesson_no=lesson.number,
                pupils=one.pupils,
                minutes=one.minutes,
                enjoyed_most=one.enjoyed_most,
                learned=one.learned,
                worked_best_for_you=one.worked_best,
                change_if_taught_again=one.change_if_again,
                quotes=tuple(QuoteShown(quote.pupil, quote.text) for quote in one.quotes),
            )
            for lesson in s.lessons
            for one in s.interviews(lesson)
        ),
        declined=tuple(
            (lesson.number, label)
            for lesson in s.lessons
            for label in lesson.declined
            if not s.is_withdrawn(label)
        ),
    )
