"""What a locked lesson binds: whoever teaches and whoever observes, while it is taught.

It counts as a visit to the teacher only where the school says so.
"""

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Any

from enquiry import Ctx, Was
from enquiry.kernel import around
from enquiry.kernel.bookings import Booking, Release, Slots
from enquiry.kernel.run.state import ConsentPurpose
from enquiry_lesson_study.forms import plan as forms
from enquiry_lesson_study.state import Lesson, Study

Bound = Iterable[Booking | Release]


def about(lesson: Lesson | None) -> str:
    """How a lesson is called in bookings and warnings."""
    return f"lesson-{lesson.number if lesson is not None else 1}"


def _key(lesson: Lesson, ctx: Ctx) -> str:
    return f"{ctx.stream}/{about(lesson)}"


def _bound(s: Study, lesson: Lesson, ctx: Ctx) -> Bound:
    draft = lesson.draft
    people = (*(() if lesson.teacher is None else (lesson.teacher,)), *lesson.observers)
    if draft is None or draft.starts_at is None or not people:
        return
    start = draft.starts_at.astimezone(UTC)
    counts = around.policy(ctx, s.school).lesson_study_counts
    yield Booking(
        key=_key(lesson, ctx),
        start=start,
        end=start + timedelta(minutes=draft.minutes),
        people=people,
        room_school=s.school,
        visited=lesson.teacher if counts else None,
    )


def _lock(s: Study, e: forms.LockPlan, ctx: Ctx) -> Bound:
    del e
    return () if s.lesson is None else _bound(s, s.lesson, ctx)


def _teacher(s: Study, e: forms.AssignTeacher, ctx: Ctx) -> Bound:
    lesson = s.lesson
    if lesson is None or not lesson.locked:
        return ()
    others = {p: pupils for p, pupils in lesson.observers.items() if p != e.person}
    return _bound(s, lesson.but(teacher=e.person, observers=others), ctx)


def _observer(s: Study, e: forms.AssignObserver, ctx: Ctx) -> Bound:
    lesson = s.lesson
    if lesson is None or not lesson.locked:
        return ()
    others = {p: pupils for p, pupils in lesson.observers.items() if p != e.person}
    mine = {e.person: e.pupils} if e.pupils else {}
    return _bound(s, lesson.but(observers={**others, **mine}), ctx)


def _drop(s: Study, e: Any, ctx: Ctx) -> Bound:
    del e
    lesson = s.lesson
    if lesson is not None and lesson.locked and lesson.begun_at is None:
        yield Release(_key(lesson, ctx))


def _leave(s: Study, e: Any, ctx: Ctx) -> Bound:
    del e
    lesson = s.lesson
    if lesson is None or not lesson.locked or lesson.begun_at is not None:
        return
    yield Release(_key(lesson, ctx))
    left = s.departed(ctx.actor, Was(ctx.id, 0, ctx.now, ctx.actor, ctx.acting_for))
    if left.lesson is not None:
        yield from _bound(left, left.lesson, ctx)


LOCKING = Slots(plan=_lock)
TEACHING = Slots(plan=_teacher)
OBSERVING = Slots(plan=_observer)


def _withdraw(s: Study, e: Any, ctx: Ctx) -> Bound:
    if e.pupil_label is None and ConsentPurpose.PARTICIPATE in e.purposes:
        yield from _leave(s, e, ctx)


DROPPING = Slots(plan=_drop)
LEAVING = Slots(plan=_leave)
WITHDRAWING = Slots(plan=_withdraw)
