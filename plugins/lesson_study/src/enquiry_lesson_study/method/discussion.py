"""Discussing the lesson."""

from enquiry import TEXT_GUARD, Builder
from enquiry_lesson_study import acts
from enquiry_lesson_study.chart import (
    ADVISER,
    DISCUSSED,
    DISCUSSING,
    MEMBER,
    MODERATOR,
    PRESENT,
    RECORDER,
    TAUGHT,
)
from enquiry_lesson_study.forms import discussion as to_discuss
from enquiry_lesson_study.rules import discussion, lesson, plan
from enquiry_lesson_study.state.pieces import Section


def talking(study: Builder) -> None:
    """The discussion opens, and everybody speaks in its sections."""
    study.move(
        to_discuss.OpenDiscussion,
        by=MEMBER,
        at=TAUGHT,
        to=DISCUSSING,
        decision=True,
        about="discussion",
        handler=acts.open_discussion,
        facts=(to_discuss.DiscussionOpened,),
        rules=(
            discussion.moderator_did_not_teach,
            discussion.present_take_part,
            discussion.everybody_was_seen,
        ),
    )
    study.move(
        to_discuss.Contribute,
        by=PRESENT,
        at=DISCUSSING,
        rules=(
            lesson.lesson_is_known,
            plan.pupil_takes_part,
            lesson.is_not_discussed,
            discussion.nobody_had_last_word,
            discussion.others_may_still_speak,
            discussion.teacher_opens,
            discussion.section_is_open,
            discussion.names_case_pupil,
            discussion.cites_what_was_seen,
            discussion.starts_from_a_pupil,
            TEXT_GUARD,
        ),
    )
    study.move(
        to_discuss.AdvanceDiscussion,
        by=MODERATOR,
        at=DISCUSSING,
        decision=True,
        about="discussion",
        rules=(
            discussion.a_section_follows,
            discussion.is_next_section,
            discussion.every_pupil_was_talked_about,
        ),
    )


def agreeing(study: Builder) -> None:
    """What the group agrees, and the last word."""
    study.move(
        to_discuss.RecordProgressJudgement,
        by=RECORDER,
        at=DISCUSSING,
        rules=(
            plan.pupil_takes_part,
            discussion.discussion_goes_on,
            discussion.nobody_had_last_word,
            discussion.in_section(Section.PROGRESS),
            plan.is_case_pupil,
        ),
    )
    study.move(
        to_discuss.RecordChangeForNext,
        by=RECORDER,
        at=DISCUSSING,
        rules=(
            discussion.discussion_goes_on,
            discussion.nobody_had_last_word,
            discussion.in_section(Section.NEXT),
        ),
    )
    study.move(
        to_discuss.GiveFinalComment,
        by=ADVISER,
        at=DISCUSSING,
        rules=(
            discussion.actor_is_present,
            discussion.discussion_goes_on,
            discussion.nobody_had_last_word,
            discussion.in_section(Section.FINAL),
        ),
    )
    study.move(
        to_discuss.CloseDiscussion,
        by=MODERATOR,
        at=DISCUSSING,
        to=DISCUSSED,
        decision=True,
        about="discussion",
        rules=(discussion.in_section(Section.FINAL),),
    )
