"""From one lesson to the next, what the whole study came to, and sharing it."""

from typing import Annotated

from enquiry import Entry, Piece, Was, ask, text
from enquiry.kernel.run.forms import Label
from enquiry_lesson_study.forms.plan import opened
from enquiry_lesson_study.state import Study
from enquiry_lesson_study.state.pieces import Artefact, Audience, Cycle, Overall, Sharing


class PlanNextLesson(Entry):
    """Plan the next research lesson, and say what you carry forward"""

    carried_forward: (
        Annotated[
            str,
            text("What do we carry forward?", upto=2000, lines=3, guard="contributions"),
        ]
        | None
    ) = None


class NextLessonPlanned(Entry, records="next-lesson-planned"):
    """The next research lesson is being planned"""

    lesson_no: int
    carried_forward: Annotated[str, text("Carried forward", upto=2000, guard="contributions")]

    def apply(self, s: Study, was: Was) -> Study:
        """A lesson without a plan yet."""
        return opened(s, self.lesson_no, self.carried_forward, was.id)


class DraftDiscarded(Entry, records="draft-discarded"):
    """A research lesson that was only being planned is not held"""

    lesson_no: int

    def apply(self, s: Study, was: Was) -> Study:
        """The study ends with the lesson before it."""
        return s.but(lessons=s.lessons[: self.lesson_no - 1])


_PROGRESS = text("Which progress, over all lessons?", upto=2000, lines=3, guard="contributions")


class Progress(Piece):
    """Progress of a case pupil, or of a group of learners."""

    pupil_label: Label | None = None
    learner_group: (
        Annotated[str, text("Or which group of learners?", upto=500, guard="contributions")] | None
    ) = None
    text: Annotated[str, _PROGRESS]


_QUESTION = text("What is still open?", upto=1000, guard="contributions")
_LEARNED = text("What have we learned?", upto=4000, lines=6, guard="contributions")
_TECHNIQUE = text("What is our way of teaching it now?", upto=4000, lines=6, guard="contributions")


class CompleteCycle(Entry):
    """Complete the cycle; a lesson that is only being planned is not held"""

    overall_progress: Annotated[
        tuple[Progress, ...], ask("Progress", address=True, at_least=1, at_most=30)
    ]
    what_we_learned: Annotated[str, _LEARNED]
    technique: Annotated[str, _TECHNIQUE]
    open_questions: Annotated[
        tuple[Annotated[str, _QUESTION], ...], ask("Open questions", at_most=20)
    ] = ()


class LessonStudyCycleCompleted(Entry, records="cycle-completed"):
    """The cycle was completed"""

    what_we_learned: Annotated[str, _LEARNED]
    technique: Annotated[str, _TECHNIQUE]
    open_questions: tuple[Annotated[str, _QUESTION], ...] = ()

    def apply(self, s: Study, was: Was) -> Study:
        """What the study came to."""
        made = Cycle(
            id=was.id,
            by=was.by,
            revision=was.revision,
            at=was.at,
            what_we_learned=self.what_we_learned,
            technique=self.technique,
            open_questions=self.open_questions,
        )
        return s.but(cycle=made)


class OverallProgressRecorded(Entry, records="overall-progress-recorded"):
    """Progress of a case pupil, or of a group of learners, over all lessons"""

    pupil_label: Label | None = None
    learner_group: Annotated[str, text("Learner group", upto=500, guard="contributions")] | None = (
        None
    )
    text: Annotated[str, _PROGRESS]

    def apply(self, s: Study, was: Was) -> Study:
        """One row more."""
        made = Overall(
            id=was.id,
            by=was.by,
            revision=was.revision,
            pupil=self.pupil_label,
            learner_group=self.learner_group,
            text=self.text,
        )
        told = s if self.pupil_label is None else s.telling(was, self.pupil_label)
        return told.but(overall=(*s.overall, made))


class ShareStudy(Entry, records="study-shared"):
    """Share parts of the study beyond the group"""

    audience: Annotated[Audience, ask("With whom?", address=True, ui="choice")]
    artefacts: Annotated[tuple[Artefact, ...], ask("What?", at_least=1, at_most=7, ui="choice")]
    quotes_of: Annotated[
        tuple[Label, ...], ask("Literal words of which case pupils?", at_most=12)
    ] = ()

    def apply(self, s: Study, was: Was) -> Study:
        """What was shared stays shared, as far as consent holds."""
        made = Sharing(
            id=was.id,
            audience=self.audience,
            artefacts=self.artefacts,
            quotes_of=self.quotes_of,
            at=was.at,
        )
        return s.but(sharings=(*s.sharings, made))
