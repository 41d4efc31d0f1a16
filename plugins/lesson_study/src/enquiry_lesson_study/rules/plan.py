"""Planning a research lesson: what the plan needs before it is locked, and that it then stands."""

from typing import Any

from enquiry import Ctx, Unmet, Verdict, guard, rule
from enquiry.kernel import around
from enquiry.kernel.run.pupil_rules import every_pupil_consents, pupil_has_not_withdrawn
from enquiry.kernel.run.state import ConsentPurpose
from enquiry_lesson_study.forms import plan as forms
from enquiry_lesson_study.rules.group import people
from enquiry_lesson_study.state import TAKING_PART, Lesson, Study


def label_of(s: Study, e: Any) -> tuple[str, ...]:
    """The pupil whom a form is about, if any."""
    del s
    return () if e.pupil_label is None else (e.pupil_label,)


pupil_takes_part = pupil_has_not_withdrawn(label_of, *TAKING_PART)
"""LS-E16c: nothing new about a pupil who was withdrawn."""


def _pupils(s: Study) -> tuple[str, ...]:
    return s.pupils_of(s.lesson)


every_pupil_may_be_observed = every_pupil_consents(_pupils, ConsentPurpose.BE_OBSERVED)
"""LS-E03: a consent record of either basis for each case pupil."""


def _draft_of(s: Study) -> Lesson:
    return s.lesson or Lesson(number=0)


@guard("WRONG_STAGE", "The plan has been drafted: edit it.")
def not_drafted(s: Study, ctx: Ctx) -> bool:
    """A lesson has one plan."""
    del ctx
    return _draft_of(s).draft is None


@guard("WRONG_STAGE", "Draft the plan first.")
def is_drafted(s: Study, ctx: Ctx) -> bool:
    """The lesson has a plan."""
    del ctx
    return s.lesson is None or s.lesson.draft is not None


@rule("VALIDATION_FAILED", "The plan has no such stage.")
def stage_is_planned(s: Study, e: Any, ctx: Ctx) -> Verdict:
    """The number is that of one of the plan's stages."""
    del ctx
    return True if e.stage_no in _draft_of(s).stage_numbers else Unmet(pointer="/stage_no")


@rule("VALIDATION_FAILED", "This is none of the case pupils of the lesson.")
def is_case_pupil(s: Study, e: Any, ctx: Ctx) -> Verdict:
    """The label is one of those that were chosen."""
    del ctx
    return True if e.pupil_label in s.pupils_of(s.lesson) else Unmet(pointer="/pupil_label")


# LS-E03, LS-E04, LS-E05: what a lock needs


@guard(
    "CASE_PUPILS_REQUIRED",
    "Choose case pupils first, and say for which group of learners each stands.",
    source="LS-E03",
)
def pupils_are_chosen(s: Study, ctx: Ctx) -> Verdict:
    """There is at least one case pupil, and each has a learner group."""
    del ctx
    pupils = s.pupils_of(s.lesson)
    bare = [one for one in pupils if one not in s.described or not s.stands(s.described[one].id)]
    if pupils and not bare:
        return True
    return Unmet(details=tuple({"pupil": one} for one in bare))


@guard(
    "PREDICTION_MISSING",
    "Predict what each case pupil will do at each stage before you lock the plan.",
    source="LS-E04",
)
def everything_is_predicted(s: Study, ctx: Ctx) -> Verdict:
    """No cell of stage and case pupil is empty."""
    del ctx
    lesson = _draft_of(s)
    missing = tuple(
        {"stage_no": stage, "pupil": pupil}
        for stage, pupil in lesson.cells(s.pupils_of(s.lesson))
        if s.predicted(lesson, (stage, pupil)) is None
    )
    return Unmet(details=missing) if missing else True


@guard(
    "SUCCESS_CRITERION_MISSING",
    "Say for each case pupil by what you will know that they have learned.",
    source="LS-E04",
)
def success_can_be_told(s: Study, ctx: Ctx) -> Verdict:
    """Every case pupil has a success criterion."""
    del ctx
    lesson = _draft_of(s)
    missing = tuple(
        {"pupil": pupil} for pupil in s.pupils_of(s.lesson) if s.criterion(lesson, pupil) is None
    )
    return Unmet(details=missing) if missing else True


@guard("PLAN_NOT_APPROVED", "Every member approves this version of the plan.", source="LS-E05")
def everybody_approves(s: Study, ctx: Ctx) -> Verdict:
    """Every member approved the version that there is."""
    del ctx
    lesson = _draft_of(s)
    missing = [p for p in s.members() if lesson.approvals.get(p) != lesson.version]
    return Unmet(details=people(missing)) if missing else True


@rule("VERSION_CONFLICT", "The plan has changed since. Read it again.", source="LS-E05")
def is_present_version(s: Study, e: Any, ctx: Ctx) -> Verdict:
    """The version that is named is the one that there is."""
    del ctx
    version = _draft_of(s).version
    return True if e.version == version else Unmet(params={"current_version": version})


# LS-E06: one teacher, who does not observe


@rule("VALIDATION_FAILED", "A member of the group teaches the lesson.", source="LS-E06")
def teacher_is_member(s: Study, e: forms.AssignTeacher, ctx: Ctx) -> Verdict:
    """Nobody from outside teaches it."""
    del ctx
    return True if e.person in s.members() else Unmet(pointer="/person")


@rule(
    "ONE_TEACHER_PER_LESSON",
    "Somebody else is to teach it. Say so if they are to be replaced.",
    source="LS-E06",
)
def is_only_teacher(s: Study, e: forms.AssignTeacher, ctx: Ctx) -> bool:
    """Nobody is pushed aside without its being said."""
    del ctx
    return e.replace or _draft_of(s).teacher in (None, e.person)


@rule("CONSENT_WITHDRAWN", "This person does not take part in lessons any more.", source="4.3")
def person_has_not_withdrawn(s: Study, e: Any, ctx: Ctx) -> bool:
    """Whoever withdrew is given no task in a lesson."""
    del ctx
    return not s.has_withdrawn(e.person, *TAKING_PART)


@rule("TEACHER_CANNOT_OBSERVE", "Whoever teaches the lesson does not observe it.", source="LS-E06")
def observer_does_not_teach(s: Study, e: forms.AssignObserver, ctx: Ctx) -> bool:
    """The observer is not the teacher."""
    del ctx
    return e.person != _draft_of(s).teacher


@rule("VALIDATION_FAILED", "Whoever takes part observes, and nobody else.")
def observer_takes_part(s: Study, e: forms.AssignObserver, ctx: Ctx) -> Verdict:
    """Members, knowledgeable others and guests observe."""
    del ctx
    return True if e.person in s.people else Unmet(pointer="/person")


@rule("VALIDATION_FAILED", "This is none of the case pupils of the lesson.")
def observed_are_case_pupils(s: Study, e: forms.AssignObserver, ctx: Ctx) -> Verdict:
    """Only those of the lesson are shared out."""
    del ctx
    known = s.pupils_of(s.lesson)
    strange = [n for n, label in enumerate(e.pupils) if label not in known]
    return Unmet(pointer=f"/pupils/{strange[0]}") if strange else True


@rule("LINE_MANAGER_FORBIDDEN", "At this school nobody observes somebody they manage.")
def no_manager_observes(s: Study, e: Any, ctx: Ctx) -> bool:
    """Where the school says so, nobody observes a lesson of somebody they manage."""
    lesson = _draft_of(s)
    if not around.policy(ctx, s.school).line_manager_forbidden:
        return True
    here = around.alliance(ctx)
    if isinstance(e, forms.AssignTeacher):
        return not any(here.manager_of(observer, e.person) for observer in lesson.observers)
    return lesson.teacher is None or not here.manager_of(e.person, lesson.teacher)


# LS-E08: a locked plan stands


@guard(
    "PLAN_LOCKED",
    "The plan is locked. Before the lesson it can be unlocked; after that, it stands.",
    source="LS-E08",
)
def plan_is_open(s: Study, ctx: Ctx) -> bool:
    """The plan of the last lesson is not locked."""
    del ctx
    return s.lesson is None or not s.lesson.locked


@guard("PLAN_LOCKED", "The lesson has begun: its plan stands for good.", source="LS-E08")
def has_not_begun(s: Study, ctx: Ctx) -> bool:
    """The last lesson has not begun."""
    del ctx
    return s.lesson is None or s.lesson.begun_at is None


@rule(
    "PLAN_LOCKED",
    "A substitute has to be predicted for: unlock the plan first.",
    source="LS-E03b, LS-E08",
)
def substitute_needs_unlocking(s: Study, e: Any, ctx: Ctx) -> bool:
    """Nobody takes a pupil's place in a plan that is locked."""
    del ctx
    return e.substitute is None or s.lesson is None or not s.lesson.locked


@rule("VALIDATION_FAILED", "A substitute is somebody else of the register, who takes part.")
def substitute_is_registered(s: Study, e: Any, ctx: Ctx) -> Verdict:
    """The substitute has a label of their own, and consent was not withdrawn."""
    del ctx
    label = e.substitute
    if label is None:
        return True
    fits = label in s.pupils and label not in s.chosen and not s.is_withdrawn(label)
    return True if fits else Unmet(pointer="/substitute")
