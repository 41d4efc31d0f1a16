"""Planning a research lesson: the plan, what is predicted, who teaches and observes, the lock."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from enquiry import Entry, Was, ask, text
from enquiry.kernel.run.forms import Label, OfPupil
from enquiry_lesson_study.state import Lesson, Study
from enquiry_lesson_study.state.pieces import (
    Change,
    Criterion,
    Draft,
    LessonStage,
    Prediction,
)

_CRITERION = text(
    "By what will we know that the class has learned?", upto=500, guard="contributions"
)
_STAGES = ask("Which stages, in order?", at_least=1, at_most=20)
_VERSION = ask("Which version of the plan?", address=True, ge=1)


class _Plan(Entry):
    """The text of a plan: all of it, each time."""

    subject: Annotated[str, text("Which subject?", upto=200, guard="contributions")]
    starts_at: Annotated[datetime, ask("When?", ui="date"), Meta(tz=True)] | None = None
    objective: Annotated[
        str, text("What shall pupils learn?", upto=2000, lines=3, guard="contributions")
    ]
    technique: Annotated[
        str, text("Which way of teaching do we try?", upto=2000, lines=3, guard="contributions")
    ]
    stages: Annotated[tuple[LessonStage, ...], _STAGES]
    success_criteria: Annotated[
        tuple[Annotated[str, _CRITERION], ...], ask("Success criteria of the class", at_most=10)
    ] = ()
    class_name: (
        Annotated[
            str,
            text("Which class? Only your school's colleagues see it.", upto=60, kind="register"),
        ]
        | None
    ) = None
    """The last, so that whether it is there moves no other text to another place."""

    def drafted(self, was: Was) -> Draft:
        """The plan, as the state keeps it."""
        return Draft(
            id=was.id,
            subject=self.subject,
            class_name=self.class_name,
            starts_at=self.starts_at,
            objective=self.objective,
            technique=self.technique,
            stages=self.stages,
            success_criteria=self.success_criteria,
        )


class DraftPlan(_Plan, records="plan-drafted"):
    """Draft the plan of the research lesson"""

    def apply(self, s: Study, was: Was) -> Study:
        """The first version; the first lesson begins with it."""
        s = s if s.lessons else opened(s, 1)
        return s.renewed(Change.DRAFTED, was, draft=self.drafted(was))


class EditPlan(_Plan, records="plan-edited"):
    """Edit the plan; whoever has approved it approves it anew"""

    def apply(self, s: Study, was: Was) -> Study:
        """A new version, which nobody has approved."""
        return s.renewed(Change.EDITED, was, draft=self.drafted(was))


def opened(s: Study, number: int, carried: str | None = None, by: UUID | None = None) -> Study:
    """The study with one more lesson, unless it has that one."""
    if s.numbered(number) is not None:
        return s
    made = Lesson(number=number, carried_forward=carried, planned_by=by)
    return s.but(lessons=(*s.lessons, made))


_EVIDENCE = text("How would we see it?", upto=1000, lines=2, guard="contributions")


class SetPrediction(Entry, records="prediction-set"):
    """Predict what a case pupil will do at a stage"""

    stage_no: Annotated[int, ask("At which stage?", address=True, ge=1, le=20)]
    pupil_label: OfPupil
    text: Annotated[
        str, text("What do we expect the pupil to do?", upto=2000, lines=3, guard="contributions")
    ]
    expected_evidence: Annotated[str, _EVIDENCE] | None = None

    def apply(self, s: Study, was: Was) -> Study:
        """What was predicted last counts."""
        lesson = s.lesson
        if lesson is None:
            return s
        made = Prediction(
            id=was.id,
            stage_no=self.stage_no,
            pupil=self.pupil_label,
            text=self.text,
            expected_evidence=self.expected_evidence,
        )
        cell = (self.stage_no, self.pupil_label)
        others = tuple(p for p in lesson.predictions if (p.stage_no, p.pupil) != cell)
        s = s.telling(was, self.pupil_label)
        return s.renewed(Change.PREDICTION, was, predictions=(*others, made))


class SetSuccessCriterion(Entry, records="success-criterion-set"):
    """Say by what you will know that a case pupil has learned"""

    pupil_label: OfPupil
    text: Annotated[
        str, text("What can the pupil do then?", upto=1000, lines=2, guard="contributions")
    ]

    def apply(self, s: Study, was: Was) -> Study:
        """What was set last counts."""
        lesson = s.lesson
        if lesson is None:
            return s
        made = Criterion(id=was.id, pupil=self.pupil_label, text=self.text)
        others = tuple(c for c in lesson.criteria if c.pupil != self.pupil_label)
        s = s.telling(was, self.pupil_label)
        return s.renewed(Change.CRITERION, was, criteria=(*others, made))


class AssignTeacher(Entry, records="teacher-assigned"):
    """Say who teaches the research lesson"""

    person: Annotated[UUID, ask("Who?", address=True, ui="people")]
    replace: Annotated[bool, ask("In place of whoever was to teach it?")] = False

    def apply(self, s: Study, was: Was) -> Study:
        """Whoever teaches does not observe."""
        lesson = s.lesson
        if lesson is None:
            return s
        others = {p: pupils for p, pupils in lesson.observers.items() if p != self.person}
        return s.of_lesson(teacher=self.person, observers=others)


class AssignObserver(Entry, records="observer-assigned"):
    """Say which case pupils somebody observes; none takes the task back"""

    person: Annotated[UUID, ask("Who?", address=True, ui="people")]
    pupils: Annotated[tuple[Label, ...], ask("Which pupils?", at_most=12)]

    def apply(self, s: Study, was: Was) -> Study:
        """What was said last counts."""
        lesson = s.lesson
        if lesson is None:
            return s
        others = {p: pupils for p, pupils in lesson.observers.items() if p != self.person}
        mine = {self.person: self.pupils} if self.pupils else {}
        return s.of_lesson(observers={**others, **mine})


class ApprovePlan(Entry, records="plan-approved"):
    """Approve the plan"""

    version: Annotated[int, _VERSION]

    def apply(self, s: Study, was: Was) -> Study:
        """It holds for this version alone."""
        lesson = s.lesson
        if lesson is None:
            return s
        return s.of_lesson(approvals={**lesson.approvals, was.by: self.version})


class LockPlan(Entry, records="plan-locked"):
    """Lock the plan: from now on it stands"""

    version: Annotated[int, _VERSION]

    def apply(self, s: Study, was: Was) -> Study:
        """The case pupils of the lesson are those of now."""
        lesson = s.lesson
        if lesson is None:
            return s
        pupils = s.pupils_of(lesson)
        return s.of_lesson(
            locked=True,
            pupils=pupils,
            chosen=len(pupils),
            changed=lesson.number > 1 and s.looked_at(lesson.number - 1) != frozenset(pupils),
            unstudied=not s.findings,
        )


class UnlockPlan(Entry, records="plan-unlocked"):
    """Unlock the plan before the lesson, and say why"""

    reason: Annotated[str, text("Why?", upto=1000, lines=3, guard="contributions")]

    def apply(self, s: Study, was: Was) -> Study:
        """It can be changed again."""
        return s.of_lesson(locked=False)
