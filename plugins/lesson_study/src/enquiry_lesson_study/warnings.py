"""What deserves a second look. Nothing here refuses; what has happened is recorded as it was.

Language is remarked by TextGuard, bookings by the kernel. A pupil's withdrawal raises nothing.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from enquiry import Ctx, Warn, Watch
from enquiry.kernel import around
from enquiry.kernel.schooldays import BeyondCalendar, add_school_days
from enquiry_lesson_study.rules.booking import about
from enquiry_lesson_study.rules.group import params
from enquiry_lesson_study.state import Lesson, Study
from enquiry_lesson_study.state.pieces import Discussion
from enquiry_lesson_study.state.study import LESSONS_LEAST

PUPILS_IN_A_GROUP = 3
PUPILS_FOR_ONE = 3
SCHOOL_DAYS_TO_SHARE = 20


def _locked(s: Study) -> tuple[Lesson, ...]:
    return tuple(lesson for lesson in s.lessons if lesson.locked)


def _not_threes(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
    """A plan was locked for a number of case pupils that is no multiple of three."""
    del ctx
    return tuple(
        Warn("CASE_PUPILS_NOT_MULTIPLE_OF_THREE", about=about(one), params={"pupils": one.chosen})
        for one in _locked(s)
        if one.chosen % PUPILS_IN_A_GROUP
    )


def _pupil_changed(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
    """A plan was locked for other case pupils than the lesson before."""
    del ctx
    locked = _locked(s)
    return tuple(
        Warn("CASE_PUPIL_CHANGED", about=about(now))
        for before, now in pairwise(locked)
        if now.changed and before.chosen
    )


def _study_skipped(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
    """The first plan was locked before anything had been found out."""
    del ctx
    first = s.lessons[0] if s.lessons else None
    skipped = first is not None and first.locked and first.unstudied
    return (Warn("STUDY_STEP_SKIPPED", about=about(first)),) if skipped else ()


def _overloaded(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
    """Somebody observes more than three pupils."""
    del ctx
    most = max((len(p) for p in s.lesson.observers.values()), default=0) if s.lesson else 0
    if most <= PUPILS_FOR_ONE:
        return ()
    return (Warn("OBSERVER_OVERLOADED", about=about(s.lesson), params={"pupils": most}),)


def _managers(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
    """Somebody observes a lesson of somebody they manage, or the other way round."""
    lesson = s.lesson
    if lesson is None or lesson.teacher is None or s.over_at is not None:
        return ()
    here, teacher = around.alliance(ctx), lesson.teacher
    found: set[UUID] = set()
    for observer in lesson.observers:
        if here.manager_of(observer, teacher) or here.manager_of(teacher, observer):
            found |= {observer, teacher}
    return tuple(
        Warn("LINE_MANAGER_CONFLICT", about=about(lesson), person=one) for one in sorted(found)
    )


def _gaps(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
    """When the discussion was opened, nothing had been seen of a pupil at a stage."""
    del ctx
    warns: list[Warn] = []
    for lesson, held in _held(s):
        seen = {
            (one.stage_no, one.pupil) for one in lesson.observations if one.id not in s.taken_back
        }
        pupils = s.pupils_of(lesson)
        warns += (
            Warn(
                "OBSERVATION_GAP",
                about=f"{about(lesson)}-stage-{stage}-{pupil}",
                params={"stage_no": stage, "pupil": pupil},
            )
            for stage, pupil in held.gaps
            if (stage, pupil) not in seen and pupil in pupils
        )
    return tuple(warns)


def _held(s: Study) -> tuple[tuple[Lesson, Discussion], ...]:
    return tuple((one, one.discussion) for one in s.lessons if one.discussion is not None)


def hours(s: Study, ctx: Ctx) -> int:
    """Within how many hours a lesson is to be discussed: as the group decided, or the school."""
    return (
        params(ctx).discussion_within_hours or around.policy(ctx, s.school).discussion_within_hours
    )


def _late(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
    """The discussion was opened more hours after the lesson than agreed."""
    most = hours(s, ctx)
    return tuple(
        Warn("DISCUSSION_LATE", about=about(lesson), params={"within_hours": most})
        for lesson, held in _held(s)
        if lesson.ended_at is not None and held.opened_at - lesson.ended_at > timedelta(hours=most)
    )


def _short(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
    """The discussion took fewer minutes than agreed."""
    least = params(ctx).discussion_min_minutes
    return tuple(
        Warn("DISCUSSION_SHORT", about=about(lesson), params={"at_least": least})
        for lesson, held in _held(s)
        if held.closed_at is not None and held.closed_at - held.opened_at < timedelta(minutes=least)
    )


def _long_interviews(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
    """An interview took more minutes than agreed."""
    most = params(ctx).interview_max_minutes
    return tuple(
        Warn(
            "INTERVIEW_LONG", about=str(talk.id), params={"minutes": talk.minutes, "at_most": most}
        )
        for lesson in s.lessons
        for talk in s.interviews(lesson)
        if talk.minutes > most
    )


def _when_closed(code: str, amiss: Callable[[Study, Lesson, Discussion], bool]) -> Watch:
    """Something about a lesson that is known once its discussion is closed."""

    def look(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
        del ctx
        return tuple(
            Warn(code, about=about(lesson))
            for lesson, held in _held(s)
            if held.closed_at is not None and amiss(s, lesson, held)
        )

    return Watch(code, look, source="3.4 warned")


def _silent_pupils(s: Study, lesson: Lesson, held: Discussion) -> bool:
    """Nobody was interviewed. Those that were withdrawn since still were."""
    del held
    return all(one.id in s.taken_back for one in lesson.interviews)


def _no_adviser(s: Study, lesson: Lesson, held: Discussion) -> bool:
    """No knowledgeable other had the last word, or was there."""
    del s, lesson
    return held.comment is None and not held.advised


def _unequal(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
    """Somebody of the group was present and said nothing; they alone hear of it."""
    del ctx
    warns: list[Warn] = []
    for lesson, held in _held(s):
        spoke = {one.by for one in held.contributions if one.id not in s.taken_back}
        silent = [p for p in s.members() if p in held.present and p not in spoke]
        if held.closed_at is not None:
            warns += (Warn("UNEQUAL_CONTRIBUTION", about=about(lesson), person=p) for p in silent)
    return tuple(warns)


def _same_teacher(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
    """In a completed cycle one member taught every lesson."""
    del ctx
    teachers = {lesson.teacher for lesson in s.discussed()}
    return (Warn("SAME_TEACHER_THROUGHOUT"),) if s.cycle and len(teachers) == 1 else ()


def _two(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
    """A completed cycle had two lessons; three are usual."""
    del ctx
    two = s.cycle is not None and len(s.discussed()) == LESSONS_LEAST
    return (Warn("CYCLE_OF_TWO"),) if two else ()


def _not_shared(s: Study, ctx: Ctx) -> tuple[Warn, ...]:
    """Twenty school days have passed since the cycle was completed, and nothing was shared."""
    calendar = around.calendar(ctx, s.school)
    if s.cycle is None or s.sharings or s.over_at is not None or calendar is None:
        return ()
    completed = around.local_date(ctx, s.school, s.cycle.at)
    try:
        due = add_school_days(calendar, completed, SCHOOL_DAYS_TO_SHARE)
    except BeyondCalendar:
        return ()
    late = around.local_date(ctx, s.school, ctx.now) > due
    return (Warn("NOT_SHARED", params={"school_days": SCHOOL_DAYS_TO_SHARE}),) if late else ()


def _watch(
    code: str, look: Callable[[Study, Ctx], tuple[Warn, ...]], *, timed: bool = False
) -> Watch:
    return Watch(code, look, source="3.4 warned", timed=timed)


WATCHES = (
    _watch("CASE_PUPILS_NOT_MULTIPLE_OF_THREE", _not_threes),
    _watch("CASE_PUPIL_CHANGED", _pupil_changed),
    _watch("STUDY_STEP_SKIPPED", _study_skipped),
    _watch("OBSERVER_OVERLOADED", _overloaded),
    Watch("LINE_MANAGER_CONFLICT", _managers, source="3.0 common rules"),
    _watch("OBSERVATION_GAP", _gaps),
    _watch("DISCUSSION_LATE", _late),
    _watch("DISCUSSION_SHORT", _short),
    _watch("INTERVIEW_LONG", _long_interviews),
    _when_closed("NO_PUPIL_VOICE", _silent_pupils),
    _when_closed("NO_KNOWLEDGEABLE_OTHER", _no_adviser),
    _watch("UNEQUAL_CONTRIBUTION", _unequal),
    _watch("SAME_TEACHER_THROUGHOUT", _same_teacher),
    _watch("CYCLE_OF_TWO", _two),
    _watch("NOT_SHARED", _not_shared, timed=True),
)
"""What stands until it no longer holds."""
