"""The research lesson, and what is recorded of it."""

from enquiry import TEXT_GUARD, Builder
from enquiry.kernel.run.pupil_rules import pupil_has_not_withdrawn
from enquiry.kernel.run.state import ConsentPurpose
from enquiry_lesson_study.chart import (
    ADVISER,
    CLASS_TEACHER,
    DISCUSSING,
    GUEST,
    MEMBER,
    OBSERVER,
    PLAN_LOCKED,
    PLANNING,
    TAUGHT,
    TEACHER,
    TEACHING,
)
from enquiry_lesson_study.forms import lesson as to_teach
from enquiry_lesson_study.rules import lesson, plan
from enquiry_lesson_study.state import TAKING_PART


def teaching(study: Builder) -> None:
    """The lesson."""
    study.move(
        to_teach.MarkCasePupilAbsent,
        by=(TEACHER, OBSERVER, CLASS_TEACHER),
        at=(PLANNING, PLAN_LOCKED, TEACHING),
        rules=(
            plan.pupil_takes_part,
            plan.substitute_needs_unlocking,
            plan.is_case_pupil,
            plan.substitute_is_registered,
        ),
    )
    study.move(
        to_teach.BeginLesson,
        by=(TEACHER, OBSERVER),
        at=PLAN_LOCKED,
        to=TEACHING,
        decision=True,
        about="lesson",
        rules=(lesson.somebody_teaches, lesson.everybody_is_observed),
    )
    study.move(
        to_teach.EndLesson,
        by=(TEACHER, OBSERVER),
        at=TEACHING,
        to=TAUGHT,
        decision=True,
        about="lesson",
    )


def recording(study: Builder) -> None:
    """What is seen, and what pupils say."""
    study.move(
        to_teach.RecordObservation,
        by=(MEMBER, ADVISER, GUEST),
        at=(TEACHING, TAUGHT, DISCUSSING),
        offline=True,
        rules=(
            lesson.lesson_is_known,
            lesson.actor_does_not_teach,
            plan.pupil_takes_part,
            lesson.is_not_discussed,
            lesson.observing_is_open,
            plan.stage_is_planned,
            plan.is_case_pupil,
            lesson.pupil_was_there,
            lesson.actor_observes,
            TEXT_GUARD,
        ),
    )
    study.move(
        to_teach.RecordInterview,
        by=MEMBER,
        at=(TAUGHT, DISCUSSING),
        offline=True,
        rules=(
            lesson.lesson_is_known,
            pupil_has_not_withdrawn(
                lesson.interviewed, ConsentPurpose.BE_INTERVIEWED, *TAKING_PART
            ),
            lesson.interview_is_consented,
            lesson.recording_is_consented,
            lesson.interview_is_assented,
            lesson.has_not_declined,
            lesson.is_not_discussed,
            lesson.interviewing_is_open,
            lesson.interviewed_are_case_pupils,
            lesson.quoted_were_interviewed,
        ),
    )
    study.move(
        to_teach.RecordPupilDeclined,
        by=MEMBER,
        at=(TAUGHT, DISCUSSING),
        rules=(
            lesson.lesson_is_known,
            plan.pupil_takes_part,
            lesson.is_not_discussed,
            lesson.interviewing_is_open,
            plan.is_case_pupil,
        ),
    )
