"""On to the next lesson, to the end of the cycle, and beyond the group."""

from enquiry import Builder
from enquiry.kernel.run import forms as run
from enquiry_lesson_study import acts
from enquiry_lesson_study.chart import (
    CLOSED,
    CONSOLIDATING,
    DISCUSSED,
    LEAD,
    MEMBER,
    PLANNING,
    SHARING,
)
from enquiry_lesson_study.forms import cycle as to_share
from enquiry_lesson_study.rules import cycle


def going_on(study: Builder) -> None:
    """The next lesson, or the end of the cycle."""
    study.move(
        to_share.PlanNextLesson,
        by=MEMBER,
        at=DISCUSSED,
        to=PLANNING,
        decision=True,
        about="cycle",
        handler=acts.plan_next,
        facts=(to_share.NextLessonPlanned,),
        rules=(cycle.last_lesson_is_discussed, cycle.carries_forward),
    )
    study.move(
        to_share.CompleteCycle,
        by=MEMBER,
        at=(DISCUSSED, PLANNING),
        to=CONSOLIDATING,
        decision=True,
        about="cycle",
        handler=acts.complete,
        facts=(
            to_share.LessonStudyCycleCompleted,
            to_share.OverallProgressRecorded,
            to_share.DraftDiscarded,
        ),
        rules=(
            cycle.told_pupils_take_part,
            cycle.no_lesson_is_under_way,
            cycle.rows_are_about_somebody,
            cycle.cycle_is_long_enough,
        ),
    )


def sharing(study: Builder) -> None:
    """The study is shared and closed."""
    study.move(
        to_share.ShareStudy,
        by=MEMBER,
        at=(CONSOLIDATING, SHARING),
        to=SHARING,
        decision=True,
        about="sharing",
        rules=(
            cycle.quoted_are_case_pupils,
            cycle.study_was_reviewed,
            cycle.review_is_for_these_readers,
            cycle.pupils_agreed_to_audience,
        ),
    )
    study.move(
        run.CloseRun,
        by=LEAD,
        at=(CONSOLIDATING, SHARING),
        to=CLOSED,
        decision=True,
        about="run",
    )
