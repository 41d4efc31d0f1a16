"""Planning a research lesson, until its plan is locked."""

from enquiry import TEXT_GUARD, Builder
from enquiry.kernel.run import forms as run
from enquiry.kernel.run.rules import ethics_reviewed
from enquiry_lesson_study import acts
from enquiry_lesson_study.chart import FOCUS_SET, LEAD, MEMBER, PLAN_LOCKED, PLANNING, STUDYING
from enquiry_lesson_study.forms import plan as to_plan
from enquiry_lesson_study.rules import booking, group, plan


def about_cell(e: to_plan.SetPrediction) -> str:
    """Two people who predict different cells are in nobody's way."""
    return f"prediction-{e.stage_no}-{e.pupil_label}"


def about_criterion(e: to_plan.SetSuccessCriterion) -> str:
    """Nor are those who set criteria for different pupils."""
    return f"criterion-{e.pupil_label}"


def about_observer(e: to_plan.AssignObserver) -> str:
    """A decision about one observer leaves the others alone."""
    return f"observer-{e.person}"


READY = (ethics_reviewed, group.two_take_part, group.all_have_adopted)


def drafting(study: Builder) -> None:
    """The plan, and what is predicted."""
    study.move(
        run.StartRun, by=LEAD, at=(FOCUS_SET, STUDYING), decision=True, about="run", rules=READY
    )
    study.move(
        to_plan.DraftPlan,
        by=MEMBER,
        at=(FOCUS_SET, STUDYING, PLANNING),
        to=PLANNING,
        decision=True,
        about="plan",
        handler=acts.draft,
        facts=(to_plan.DraftPlan, run.StartRun),
        rules=(plan.plan_is_open, plan.not_drafted, *READY, TEXT_GUARD),
    )
    study.move(
        to_plan.EditPlan,
        by=MEMBER,
        at=PLANNING,
        decision=True,
        about="plan",
        rules=(plan.plan_is_open, plan.is_drafted),
    )
    study.move(
        to_plan.SetPrediction,
        by=MEMBER,
        at=PLANNING,
        decision=True,
        about=about_cell,
        rules=(
            plan.pupil_takes_part,
            plan.plan_is_open,
            plan.is_drafted,
            plan.is_case_pupil,
            plan.stage_is_planned,
        ),
    )
    study.move(
        to_plan.SetSuccessCriterion,
        by=MEMBER,
        at=PLANNING,
        decision=True,
        about=about_criterion,
        rules=(plan.pupil_takes_part, plan.plan_is_open, plan.is_drafted, plan.is_case_pupil),
    )


def assigning(study: Builder) -> None:
    """Who teaches, and who observes whom."""
    study.move(
        to_plan.AssignTeacher,
        by=(MEMBER, LEAD),
        at=(PLANNING, PLAN_LOCKED),
        decision=True,
        about="teacher",
        also=booking.TEACHING.book,
        rules=(
            plan.person_has_not_withdrawn,
            plan.teacher_is_member,
            plan.is_only_teacher,
            plan.no_manager_observes,
            booking.TEACHING.free,
        ),
        warns=(booking.TEACHING.warns,),
    )
    study.move(
        to_plan.AssignObserver,
        by=(MEMBER, LEAD),
        at=(PLANNING, PLAN_LOCKED),
        decision=True,
        about=about_observer,
        also=booking.OBSERVING.book,
        rules=(
            plan.observer_does_not_teach,
            plan.person_has_not_withdrawn,
            plan.observer_takes_part,
            plan.observed_are_case_pupils,
            plan.no_manager_observes,
            booking.OBSERVING.free,
        ),
        warns=(booking.OBSERVING.warns,),
    )


def locking(study: Builder) -> None:
    """Everybody approves, and the plan stands."""
    study.move(
        to_plan.ApprovePlan,
        by=MEMBER,
        at=PLANNING,
        rules=(plan.plan_is_open, plan.is_drafted, plan.is_present_version),
    )
    study.move(
        to_plan.LockPlan,
        by=MEMBER,
        at=PLANNING,
        to=PLAN_LOCKED,
        decision=True,
        about="plan",
        also=booking.LOCKING.book,
        rules=(
            plan.every_pupil_may_be_observed,
            plan.plan_is_open,
            plan.is_drafted,
            plan.is_present_version,
            plan.pupils_are_chosen,
            plan.everything_is_predicted,
            plan.success_can_be_told,
            plan.everybody_approves,
            booking.LOCKING.free,
        ),
        warns=(booking.LOCKING.warns,),
    )
    study.move(
        to_plan.UnlockPlan,
        by=MEMBER,
        at=PLAN_LOCKED,
        to=PLANNING,
        decision=True,
        about="plan",
        also=booking.DROPPING.book,
        rules=(plan.has_not_begun,),
    )
