"""Who reads what of a lesson study, and which read models there are.

The first line of each condition is told to whoever writes.
"""

from collections.abc import Mapping

from enquiry import COORDINATOR, STAFF, Builder, Entry, Recorded, Viewer
from enquiry.kernel.run import forms as run
from enquiry.kernel.run.retracting import RetractContribution
from enquiry_lesson_study.chart import EVERYBODY, GROUP, GUEST, INVITED, PRESENT
from enquiry_lesson_study.forms import cycle, discussion, lesson, plan, study
from enquiry_lesson_study.state import Study
from enquiry_lesson_study.state.pieces import Audience
from enquiry_lesson_study.views import discussed, planning, seen, shared

# Conditions


def of_locked_plan(s: Study, fact: Recorded, viewer: Viewer) -> bool:
    """It belongs to a plan that is locked"""
    del viewer
    return any(
        fact.was.id
        in {
            *(() if one.draft is None else (one.draft.id,)),
            *(known.id for known in (*one.predictions, *one.criteria)),
        }
        for one in s.lessons
        if one.locked
    )


def of_group(s: Study, fact: Recorded, viewer: Viewer) -> bool:
    """They are of the group, and work at the school"""
    del fact
    return s.is_of_group(viewer.person)


def shared_with_staff(s: Study, fact: Recorded, viewer: Viewer) -> bool:
    """It is shared with staff"""
    del viewer
    return fact.was.id in shared.released(s, Audience.STAFF)


def shared_with_alliance(s: Study, fact: Recorded, viewer: Viewer) -> bool:
    """It is shared with the alliance"""
    del viewer
    return fact.was.id in shared.released(s, Audience.ALLIANCE)


def with_staff(s: Study, fact: Recorded, viewer: Viewer) -> bool:
    """It says what is shared with staff"""
    del s, viewer
    return getattr(fact.entry, "audience", None) is Audience.STAFF


def with_alliance(s: Study, fact: Recorded, viewer: Viewer) -> bool:
    """It says what is shared with the alliance"""
    del s, viewer
    return getattr(fact.entry, "audience", None) is Audience.ALLIANCE


# Rows

PLANS = (plan.DraftPlan, plan.EditPlan)
TOLD = (
    study.SetResearchFocus,
    study.RecordStudyFinding,
    plan.SetPrediction,
    lesson.RecordObservation,
    lesson.RecordInterview,
    discussion.RecordProgressJudgement,
    discussion.RecordChangeForNext,
    cycle.NextLessonPlanned,
    cycle.LessonStudyCycleCompleted,
    cycle.OverallProgressRecorded,
)
"""What may leave the group, besides plans."""
WITHIN = (
    study.CasePupilsChosen,
    study.CasePupilDescribed,
    plan.SetSuccessCriterion,
    plan.ApprovePlan,
    plan.LockPlan,
    plan.UnlockPlan,
    lesson.RecordPupilDeclined,
    discussion.GiveFinalComment,
    cycle.DraftDiscarded,
    cycle.ShareStudy,
    run.CloseRun,
)
"""What stays in the group."""
COURSE = (
    plan.AssignTeacher,
    plan.AssignObserver,
    lesson.MarkCasePupilAbsent,
    lesson.BeginLesson,
    lesson.EndLesson,
    discussion.DiscussionOpened,
    discussion.AdvanceDiscussion,
    discussion.CloseDiscussion,
    run.StartRun,
)
"""Who does what in a lesson, and that it took place; guests know it, too."""
SPOKEN = (
    discussion.Contribute,
    discussion.RecordProgressJudgement,
    discussion.RecordChangeForNext,
    discussion.GiveFinalComment,
)
"""What is said in a discussion, for everybody who was there."""


def rows(made: Builder) -> None:
    """Add the rows of visibility; whatever has none is its author's alone."""
    made.show(study.GroupFormed, to=(*EVERYBODY, INVITED), today=True)
    for fact in (*TOLD, *WITHIN):
        made.show(fact, to=GROUP, today=True)
    for fact in COURSE:
        made.show(fact, to=EVERYBODY, today=True)
    made.show(discussion.Contribute, to=GROUP, today=True)
    for fact in SPOKEN:
        made.show(fact, to=PRESENT)
    for fact in PLANS:
        made.show(fact, to=GROUP, today=True, hide=("class_name",))
        made.show(fact, to=STAFF, today=True, when=of_group)
    for fact in (*PLANS, plan.SetPrediction, plan.SetSuccessCriterion):
        hide = ("class_name",) if fact in PLANS else ()
        made.show(fact, to=GUEST, today=True, when=of_locked_plan, hide=hide)
    alliance = shared.READERS[Audience.ALLIANCE]
    for fact in (*PLANS, *TOLD):
        hide = ("by", "class_name") if fact in PLANS else ("by",)
        made.show(fact, to=shared.STAFFROOM, today=True, when=shared_with_staff, hide=hide)
        made.show(fact, to=alliance, today=True, when=shared_with_alliance, hide=hide)
    made.show(cycle.ShareStudy, to=shared.STAFFROOM, today=True, when=with_staff, hide=("by",))
    made.show(cycle.ShareStudy, to=alliance, today=True, when=with_alliance, hide=("by",))


# Read models

_MEMBERS: Mapping[type[Entry], str] = {
    run.InviteToRun: "who is invited.",
    run.DeclineRunInvitation: "who is not, or no longer, invited.",
    run.WithdrawConsent: "who no longer takes part.",
}
_WITHDRAWN: Mapping[type[Entry], str] = {
    run.WithdrawConsent: "that something is no longer there, and not why.",
}
_SAID: Mapping[type[Entry], str] = {
    **_WITHDRAWN,
    RetractContribution: "that what somebody started from is no longer there.",
}
_HELD: Mapping[type[Entry], str] = {
    lesson.EndLesson: "that a lesson was held, and on which day.",
    discussion.CloseDiscussion: "that it was discussed.",
    cycle.LessonStudyCycleCompleted: "that the cycle is complete.",
}
_OUTSIDE: Mapping[type[Entry], str] = {
    lesson.RecordObservation: "whether predictions came true; not what was seen, nor by whom.",
    run.WithdrawConsent: "that something is no longer there, and not why.",
}
_SHEET: Mapping[type[Entry], str] = {
    run.WithdrawConsent: "that somebody is not to be observed, and not why.",
}


def read_models(made: Builder) -> None:
    """Add the read models."""
    within = (
        ("group", "The group and its focus", planning.group, planning.Group, _MEMBERS),
        ("plans", "Lesson plans", planning.plans, planning.Plans, _WITHDRAWN),
        ("matrix", "Predicted and actual", seen.matrix, seen.Matrix, _WITHDRAWN),
        ("interviews", "What pupils said", seen.interviews, seen.Interviews, _WITHDRAWN),
        ("progress", "Progress of case pupils", discussed.progress, discussed.Progress, _WITHDRAWN),
        ("technique", "What we changed", discussed.technique, discussed.TechniqueLog, _WITHDRAWN),
        ("fidelity", "How we kept to it", discussed.fidelity, discussed.Fidelity, _WITHDRAWN),
    )
    for name, title, build, schema, reveals in within:
        made.view(name, title, to=GROUP, build=build, schema=schema, reveals=reveals)
    made.view(
        "observer-sheet",
        "My observer sheet",
        to=EVERYBODY,
        build=seen.sheet,
        schema=seen.Sheets,
        reveals=_SHEET,
    )
    made.view(
        "discussions",
        "Our discussions",
        to=EVERYBODY,
        build=discussed.discussions,
        schema=discussed.Discussions,
        reveals=_SAID,
    )
    made.view(
        "certificate",
        "My certificate",
        to=EVERYBODY,
        build=discussed.certificate,
        schema=discussed.CertificateData,
        reveals={cycle.LessonStudyCycleCompleted: "that the cycle is complete."},
    )
    made.view(
        "lessons-held",
        "Lessons held",
        to=(*GROUP, COORDINATOR),
        build=discussed.lessons_held,
        schema=discussed.LessonsHeld,
        reveals=_HELD,
    )
    made.view(
        "study",
        "The study, as it is shared",
        to=(*GROUP, *shared.STAFFROOM, *shared.READERS[Audience.ALLIANCE]),
        build=shared.study,
        schema=shared.StudyShown,
        when=shared.has_study,
        reveals=_OUTSIDE,
    )
