"""Discussing a research lesson, in sections: from pupils to teaching, and a last word."""

from typing import Annotated, Literal
from uuid import UUID

from enquiry import Entry, Was, ask, text
from enquiry.kernel.run.forms import OfPupil
from enquiry_lesson_study.forms.lesson import LessonNo
from enquiry_lesson_study.state import Study
from enquiry_lesson_study.state.pieces import (
    Adjustment,
    Comment,
    Contribution,
    Discussion,
    Judgement,
    Section,
    Verdict,
)


class OpenDiscussion(Entry):
    """Open the discussion of the lesson"""

    moderator: Annotated[UUID, ask("Who moderates?", address=True, ui="people")]
    recorder: Annotated[UUID, ask("Who keeps the agreed notes?", ui="people")]
    present: Annotated[tuple[UUID, ...], ask("Who is there?", at_least=2, at_most=40, ui="people")]


class DiscussionOpened(Entry, records="discussion-opened"):
    """The discussion was opened"""

    moderator: UUID
    recorder: UUID
    present: tuple[UUID, ...]
    section: Section

    def apply(self, s: Study, was: Was) -> Study:
        """What nobody has seen by now is a gap."""
        lesson = s.lesson
        if lesson is None:
            return s
        seen = {(one.stage_no, one.pupil) for one in s.observations(lesson)}
        cells = lesson.cells(s.present_pupils(lesson))
        made = Discussion(
            opened_at=was.at,
            moderator=self.moderator,
            recorder=self.recorder,
            present=self.present,
            section=self.section,
            advised=not set(self.present).isdisjoint(s.advisers()),
            gaps=tuple(cell for cell in cells if cell not in seen),
        )
        return s.of_lesson(discussion=made)


class AdvanceDiscussion(Entry, records="discussion-advanced"):
    """Go on to the next section"""

    to: Annotated[Section, ask("To which section?", address=True, ui="choice")]

    def apply(self, s: Study, was: Was) -> Study:
        """Every section once, in order."""
        lesson = s.lesson
        return s if lesson is None else s.with_lesson(lesson.with_discussion(section=self.to))


_SPOKEN = Literal["opening", "pupils", "progress", "patterns", "teaching", "next"]


class Contribute(Entry, records="contribution-recorded"):
    """Say something in the discussion, starting from a pupil"""

    lesson_no: LessonNo
    section: Annotated[_SPOKEN, ask("In which section?", address=True, ui="choice")]
    pupil_label: OfPupil | None = None
    observations: Annotated[
        tuple[UUID, ...], ask("Which observations?", at_most=40, ui="choice")
    ] = ()
    interviews: Annotated[tuple[UUID, ...], ask("Which interviews?", at_most=12, ui="choice")] = ()
    text: Annotated[str, text("What?", upto=4000, lines=5, guard="contributions")]

    def apply(self, s: Study, was: Was) -> Study:
        """One contribution more."""
        lesson = s.numbered(self.lesson_no)
        if lesson is None or lesson.discussion is None:
            return s
        made = Contribution(
            id=was.id,
            by=was.by,
            section=Section(self.section),
            pupil=self.pupil_label,
            observations=self.observations,
            interviews=self.interviews,
            text=self.text,
        )
        said = (*lesson.discussion.contributions, made)
        told = s if self.pupil_label is None else s.telling(was, self.pupil_label)
        return told.with_lesson(lesson.with_discussion(contributions=said))


class RecordProgressJudgement(Entry, records="progress-judged"):
    """Record what the group says of a case pupil's progress"""

    pupil_label: OfPupil
    progress_made: Annotated[
        str, text("Which progress did the pupil make?", upto=2000, lines=3, guard="contributions")
    ]
    was_it_enough: Annotated[Verdict, ask("Was it enough?", ui="choice")]
    evidence: Annotated[str, text("What shows it?", upto=2000, lines=3, guard="contributions")]

    def apply(self, s: Study, was: Was) -> Study:
        """What was judged last counts."""
        lesson = s.lesson
        if lesson is None or lesson.discussion is None:
            return s
        made = Judgement(
            id=was.id,
            by=was.by,
            revision=was.revision,
            pupil=self.pupil_label,
            progress_made=self.progress_made,
            was_it_enough=self.was_it_enough,
            evidence=self.evidence,
        )
        others = tuple(j for j in lesson.discussion.judgements if j.pupil != self.pupil_label)
        s = s.telling(was, self.pupil_label)
        return s.with_lesson(lesson.with_discussion(judgements=(*others, made)))


class RecordChangeForNext(Entry, records="change-recorded"):
    """Record what the group will do otherwise next time"""

    aspect_of_technique: Annotated[
        str, text("Which part of our teaching?", upto=1000, lines=2, guard="contributions")
    ]
    adjustment: Annotated[
        str, text("What will we do otherwise?", upto=2000, lines=3, guard="contributions")
    ]
    because: Annotated[str, text("Why?", upto=2000, lines=3, guard="contributions")]

    def apply(self, s: Study, was: Was) -> Study:
        """One change more."""
        lesson = s.lesson
        if lesson is None or lesson.discussion is None:
            return s
        made = Adjustment(
            id=was.id,
            by=was.by,
            revision=was.revision,
            aspect=self.aspect_of_technique,
            adjustment=self.adjustment,
            because=self.because,
        )
        changed = (*lesson.discussion.adjustments, made)
        return s.with_lesson(lesson.with_discussion(adjustments=changed))


class GiveFinalComment(Entry, records="final-comment-given"):
    """Give the final comment; nobody speaks after it"""

    text: Annotated[
        str, text("What do you take from it?", upto=4000, lines=6, guard="contributions")
    ]

    def apply(self, s: Study, was: Was) -> Study:
        """The last word."""
        lesson = s.lesson
        if lesson is None:
            return s
        made = Comment(id=was.id, by=was.by, text=self.text)
        return s.with_lesson(lesson.with_discussion(comment=made))


class CloseDiscussion(Entry, records="discussion-closed"):
    """Close the discussion"""

    def apply(self, s: Study, was: Was) -> Study:
        """The lesson is discussed."""
        lesson = s.lesson
        return s if lesson is None else s.with_lesson(lesson.with_discussion(closed_at=was.at))
