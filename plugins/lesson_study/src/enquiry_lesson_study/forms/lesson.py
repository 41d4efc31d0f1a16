"""The research lesson itself: who is away, what is seen, what pupils say afterwards."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from enquiry import Entry, Piece, Was, ask, plain, text
from enquiry.kernel.run.forms import LABEL, Label, OfPupil
from enquiry_lesson_study.state import Study
from enquiry_lesson_study.state.pieces import (
    Change,
    EvidenceKind,
    Interview,
    Match,
    Observation,
    Quote,
    Recording,
)

LessonNo = Annotated[int, ask("Of which research lesson?", address=True, ge=1, le=20)]


_SUBSTITUTE = plain("Who of the register takes their place?", because="a pseudonym", address=True)


class MarkCasePupilAbsent(Entry, records="case-pupil-absent"):
    """Mark that a case pupil is away; a substitute needs the plan unlocked first"""

    pupil_label: OfPupil
    substitute: Annotated[str, _SUBSTITUTE, Meta(pattern=LABEL)] | None = None

    def apply(self, s: Study, was: Was) -> Study:
        """Nothing is expected of a pupil who is away; a substitute has to be predicted for."""
        lesson = s.lesson
        if lesson is None:
            return s
        s = s.telling(was, self.pupil_label)
        if self.substitute is not None:
            kept = tuple(label for label in s.chosen if label != self.pupil_label)
            return s.but(chosen=(*kept, self.substitute)).renewed(Change.PUPILS, was)
        others = tuple(label for label in lesson.absent if label != self.pupil_label)
        return s.of_lesson(absent=(*others, self.pupil_label))


class BeginLesson(Entry, records="lesson-begun"):
    """Begin the lesson; what was predicted is frozen for good"""

    def apply(self, s: Study, was: Was) -> Study:
        """It is taught now."""
        return s.of_lesson(begun_at=was.at)


class EndLesson(Entry, records="lesson-ended"):
    """End the lesson"""

    def apply(self, s: Study, was: Was) -> Study:
        """It was taught."""
        return s.of_lesson(ended_at=was.at)


class RecordObservation(Entry, records="observation-recorded"):
    """Record what a case pupil said, did, wrote or showed"""

    lesson_no: LessonNo
    stage_no: Annotated[int, ask("At which stage?", ge=1, le=20)]
    pupil_label: OfPupil
    text: Annotated[
        str,
        text(
            "What did the pupil say, do, write or show?",
            upto=2000,
            lines=3,
            guard="notes_shared",
            verbatim="verbatim",
            records="observation",
        ),
    ]
    evidence_kind: Annotated[EvidenceKind, ask("What kind of thing was it?", ui="choice")]
    match: Annotated[Match, ask("Was it as predicted?", ui="choice")]
    at: Annotated[datetime, ask("When?"), Meta(tz=True)] | None = None
    verbatim: Annotated[bool, ask("Are these the pupil's literal words?")] = False

    def apply(self, s: Study, was: Was) -> Study:
        """One observation more of this lesson."""
        lesson = s.numbered(self.lesson_no)
        if lesson is None:
            return s
        made = Observation(
            id=was.id,
            by=was.by,
            stage_no=self.stage_no,
            pupil=self.pupil_label,
            text=self.text,
            evidence_kind=self.evidence_kind,
            match=self.match,
            verbatim=self.verbatim,
            at=self.at or was.at,
        )
        s = s.telling(was, self.pupil_label)
        return s.with_lesson(lesson.but(observations=(*lesson.observations, made)))


_SAID = "contributions"


class PupilQuote(Piece):
    """Literal words of one of the pupils."""

    pupil_label: Label
    text: Annotated[
        str, text("What did they say, word for word?", upto=1000, guard=_SAID, verbatim="verbatim")
    ]
    verbatim: Annotated[bool, ask("Are these their literal words?")] = True


class RecordInterview(Entry, records="interview-recorded"):
    """Record what pupils said after the lesson, about their learning"""

    lesson_no: LessonNo
    pupils: Annotated[
        tuple[Label, ...], ask("With which pupils?", address=True, at_least=1, at_most=12)
    ]
    recording: Annotated[Recording, ask("Was it recorded?", address=True, ui="choice")] | None = (
        None
    )
    minutes: Annotated[int, ask("How many minutes?", ge=1, le=120)]
    enjoyed_most: (
        Annotated[str, text("What did they enjoy most?", upto=1000, lines=2, guard=_SAID)] | None
    ) = None
    learned: (
        Annotated[
            str,
            text("What can they do now, or do better, and how?", upto=1000, lines=2, guard=_SAID),
        ]
        | None
    ) = None
    worked_best_for_you: (
        Annotated[str, text("What worked best for them?", upto=1000, lines=2, guard=_SAID)] | None
    ) = None
    change_if_taught_again: (
        Annotated[
            str,
            text("What would they change, if it were taught again?", upto=1000, guard=_SAID),
        ]
        | None
    ) = None
    quotes: Annotated[tuple[PupilQuote, ...], ask("In their own words", at_most=20)] = ()

    def apply(self, s: Study, was: Was) -> Study:
        """One interview more after this lesson."""
        lesson = s.numbered(self.lesson_no)
        if lesson is None:
            return s
        made = Interview(
            id=was.id,
            by=was.by,
            pupils=self.pupils,
            minutes=self.minutes,
            enjoyed_most=self.enjoyed_most,
            learned=self.learned,
            worked_best=self.worked_best_for_you,
            change_if_again=self.change_if_taught_again,
            quotes=tuple(Quote(pupil=one.pupil_label, text=one.text) for one in self.quotes),
        )
        s = s.telling(was, *self.pupils)
        return s.with_lesson(lesson.but(interviews=(*lesson.interviews, made)))


class RecordPupilDeclined(Entry, records="pupil-declined"):
    """Record that a case pupil would rather not be interviewed; no reason is needed"""

    lesson_no: LessonNo
    pupil_label: OfPupil

    def apply(self, s: Study, was: Was) -> Study:
        """Nothing more is made of it."""
        lesson = s.numbered(self.lesson_no)
        if lesson is None:
            return s
        others = tuple(label for label in lesson.declined if label != self.pupil_label)
        s = s.telling(was, self.pupil_label)
        return s.with_lesson(lesson.but(declined=(*others, self.pupil_label)))
