"""The lesson, and what is recorded of it: by whom, of whom, and until when."""

from typing import Any

from enquiry import Ctx, Unmet, Verdict, guard, rule
from enquiry.kernel.run.pupil_rules import consents_for, pupil_assents, pupil_consents
from enquiry.kernel.run.state import ConsentPurpose
from enquiry_lesson_study.forms import lesson as forms
from enquiry_lesson_study.state import Lesson, Study
from enquiry_lesson_study.state.pieces import Recording, Section

# LS-E06 and LS-E07: before the lesson begins


@guard("ONE_TEACHER_PER_LESSON", "Say first who teaches the lesson.", source="LS-E06")
def somebody_teaches(s: Study, ctx: Ctx) -> bool:
    """The lesson has a teacher."""
    del ctx
    return s.lesson is None or s.lesson.teacher is not None


@guard(
    "OBSERVER_COVERAGE", "Every case pupil who is there is observed by somebody.", source="LS-E07"
)
def everybody_is_observed(s: Study, ctx: Ctx) -> Verdict:
    """No case pupil who is present is without an observer."""
    del ctx
    lesson = s.lesson or Lesson(number=0)
    alone = tuple(
        {"pupil": pupil} for pupil in s.present_pupils(lesson) if not lesson.assigned(pupil)
    )
    return Unmet(details=alone) if alone else True


# LS-E03: interviews


def interviewed(s: Study, e: forms.RecordInterview) -> tuple[str, ...]:
    """Pupils who were interviewed."""
    del s
    return e.pupils


interview_is_consented = pupil_consents(interviewed, ConsentPurpose.BE_INTERVIEWED, notice=False)
"""LS-E03: a consent record for interviews."""
interview_is_assented = pupil_assents(interviewed, ConsentPurpose.BE_INTERVIEWED)
"""LS-E03: and the pupil agrees."""
_RECORDED = {
    Recording.AUDIO: ConsentPurpose.BE_AUDIO_RECORDED,
    Recording.VIDEO: ConsentPurpose.BE_VIDEO_RECORDED,
}


@rule("CONSENT_REQUIRED", "Nobody agreed to its being recorded.", source="LS-E03")
def recording_is_consented(s: Study, e: forms.RecordInterview, ctx: Ctx) -> Verdict:
    """A recording has a consent record of its own."""
    if e.recording is None:
        return True
    purpose = _RECORDED[e.recording]
    missing = tuple(
        {"pupil": one, "purpose": str(purpose)}
        for one in e.pupils
        if not consents_for(s, one, purpose, ctx, notice=False)
    )
    return Unmet(details=missing) if missing else True


@rule("ASSENT_REQUIRED", "This pupil would rather not be interviewed.", source="LS-E03, 4.7")
def has_not_declined(s: Study, e: forms.RecordInterview, ctx: Ctx) -> bool:
    """Whoever declined after this lesson is not asked again."""
    del ctx
    lesson = s.numbered(e.lesson_no)
    return lesson is None or not set(e.pupils) & set(lesson.declined)


@rule("VALIDATION_FAILED", "Only case pupils of the lesson are interviewed, each once.")
def interviewed_are_case_pupils(s: Study, e: forms.RecordInterview, ctx: Ctx) -> Verdict:
    """Everybody named is one of them."""
    del ctx
    known = s.pupils_of(s.numbered(e.lesson_no))
    for n, label in enumerate(e.pupils):
        if label not in known or label in e.pupils[:n]:
            return Unmet(pointer=f"/pupils/{n}")
    return True


@rule("VALIDATION_FAILED", "These words are of somebody who was not interviewed.")
def quoted_were_interviewed(s: Study, e: forms.RecordInterview, ctx: Ctx) -> Verdict:
    """Quotes are of those who were there."""
    del s, ctx
    strange = [n for n, one in enumerate(e.quotes) if one.pupil_label not in e.pupils]
    return Unmet(pointer=f"/quotes/{strange[0]}/pupil_label") if strange else True


# LS-E09, LS-E09b and LS-E14: who records, and until when


@rule("NOT_FOUND", "There is no such research lesson.")
def lesson_is_known(s: Study, e: Any, ctx: Ctx) -> bool:
    """A lesson of this number was planned."""
    del ctx
    return s.numbered(e.lesson_no) is not None


@rule("DISCUSSION_CLOSED", "The discussion of this lesson is closed.", source="LS-E14")
def is_not_discussed(s: Study, e: Any, ctx: Ctx) -> bool:
    """Nothing is added to a lesson once it is discussed."""
    del ctx
    lesson = s.numbered(e.lesson_no)
    return lesson is None or not lesson.discussed


@rule("TEACHER_CANNOT_OBSERVE", "You teach this lesson: others observe it.", source="LS-E06")
def actor_does_not_teach(s: Study, e: forms.RecordObservation, ctx: Ctx) -> bool:
    """The lesson's teacher records no observation of it."""
    lesson = s.numbered(e.lesson_no)
    return lesson is None or lesson.teacher != ctx.actor


@rule("OBSERVER_NOT_ASSIGNED", "You were not assigned as an observer.", source="LS-E09")
def actor_observes(s: Study, e: forms.RecordObservation, ctx: Ctx) -> bool:
    """The actor is one of the lesson's observers."""
    lesson = s.numbered(e.lesson_no)
    return lesson is not None and ctx.actor in lesson.observers


@guard(
    "OBSERVATION_WINDOW_CLOSED",
    "Observations are recorded from the lesson until the group talks about its pupils.",
    source="LS-E09",
)
def observing_is_open(s: Study, ctx: Ctx) -> bool:
    """The lesson has begun, and the pupils section of its discussion has not."""
    del ctx
    lesson = s.lesson
    if lesson is None or lesson.begun_at is None:
        return False
    return lesson.discussion is None or lesson.discussion.section is Section.OPENING


@guard(
    "OBSERVATION_WINDOW_CLOSED",
    "Interviews are recorded from the end of the lesson until the group has talked about pupils.",
    source="LS-E09b",
)
def interviewing_is_open(s: Study, ctx: Ctx) -> bool:
    """The lesson has ended, and the pupils section of its discussion has not."""
    del ctx
    lesson = s.lesson
    if lesson is None or lesson.ended_at is None:
        return False
    early = (Section.OPENING, Section.PUPILS)
    return lesson.discussion is None or lesson.discussion.section in early


@rule("VALIDATION_FAILED", "This case pupil was away.")
def pupil_was_there(s: Study, e: forms.RecordObservation, ctx: Ctx) -> Verdict:
    """Nobody is observed who was not there."""
    del ctx
    lesson = s.numbered(e.lesson_no)
    away = lesson is not None and e.pupil_label in lesson.absent
    return Unmet(pointer="/pupil_label") if away else True
