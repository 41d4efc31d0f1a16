"""What the moves of a lesson study bring about beyond the form itself."""

from collections.abc import Iterable
from typing import Any

from enquiry import Ctx
from enquiry.kernel.run import forms as run
from enquiry.kernel.run.pupils import pupil_id, registered
from enquiry.kernel.run.state import ConsentPurpose
from enquiry_lesson_study.chart import (
    CANCELLED,
    CONSOLIDATING,
    DISCUSSING,
    FOCUS_SET,
    FORMING,
    PLANNING,
    STUDYING,
)
from enquiry_lesson_study.forms import cycle, discussion, plan, study
from enquiry_lesson_study.rules.group import class_teacher, params
from enquiry_lesson_study.state import Study
from enquiry_lesson_study.state.pieces import Section

Yields = Iterable[Any]


def form_group(s: Study, e: study.FormGroup, ctx: Ctx) -> Yields:
    """Everybody but whoever forms it is invited."""
    del s
    yield study.GroupFormed(members=e.members, class_teacher=class_teacher(e, ctx))


def leave(s: Study, e: run.LeaveRun, ctx: Ctx) -> Yields:
    """Leave; a study that nobody is left to lead is cancelled."""
    yield e
    if ctx.actor == s.lead and s.successor() is None:
        yield CANCELLED


def withdraw(s: Study, e: run.WithdrawConsent, ctx: Ctx) -> Yields:
    """Withdraw; whoever withdraws from taking part leaves by it."""
    yield e
    goes = e.pupil_label is None and ConsentPurpose.PARTICIPATE in e.purposes
    if goes and ctx.actor == s.lead and s.successor() is None:
        yield CANCELLED


def set_focus(s: Study, e: study.SetResearchFocus, ctx: Ctx) -> Yields:
    """Set it; later ones only replace it."""
    del s
    yield e
    if ctx.stage == FORMING.name:
        yield FOCUS_SET


def record_finding(s: Study, e: study.RecordStudyFinding, ctx: Ctx) -> Yields:
    """With the first finding the group studies."""
    del s
    yield e
    if ctx.stage == FOCUS_SET.name:
        yield STUDYING


def choose_pupils(s: Study, e: study.ChooseCasePupils, ctx: Ctx) -> Yields:
    """Choose; whoever is new is entered in the sealed register by the same act."""
    yield study.CasePupilsChosen(labels=tuple(choice.label for choice in e.pupils))
    for choice in e.pupils:
        if choice.real_identity is not None:
            yield registered(
                s, ctx, choice.label, choice.real_identity, learner_group=choice.learner_group
            )
        yield study.CasePupilDescribed(
            pupil=pupil_id(ctx.stream, choice.label),
            label=choice.label,
            learner_group=choice.learner_group,
            why_chosen=choice.why_chosen,
        )


def draft(s: Study, e: plan.DraftPlan, ctx: Ctx) -> Yields:
    """The first plan starts the run, unless somebody has."""
    del ctx
    yield e
    if not s.started:
        yield run.StartRun()
    yield PLANNING


def open_discussion(s: Study, e: discussion.OpenDiscussion, ctx: Ctx) -> Yields:
    """It begins with what the teacher noticed about pupils, or with the pupils at once."""
    del s
    first = Section.OPENING if params(ctx).opening_remarks_by_teacher else Section.PUPILS
    yield discussion.DiscussionOpened(
        moderator=e.moderator, recorder=e.recorder, present=e.present, section=first
    )
    yield DISCUSSING


def plan_next(s: Study, e: cycle.PlanNextLesson, ctx: Ctx) -> Yields:
    """The next lesson, with what is carried forward."""
    del ctx
    carried = e.carried_forward or ""
    yield cycle.NextLessonPlanned(lesson_no=len(s.lessons) + 1, carried_forward=carried)
    yield PLANNING


def complete(s: Study, e: cycle.CompleteCycle, ctx: Ctx) -> Yields:
    """What the study came to; a lesson that is only being planned is not held."""
    del ctx
    yield cycle.LessonStudyCycleCompleted(
        what_we_learned=e.what_we_learned, technique=e.technique, open_questions=e.open_questions
    )
    for row in e.overall_progress:
        yield cycle.OverallProgressRecorded(
            pupil_label=row.pupil_label, learner_group=row.learner_group, text=row.text
        )
    if s.lesson is not None and not s.lesson.locked:
        yield cycle.DraftDiscarded(lesson_no=s.lesson.number)
    yield CONSOLIDATING
