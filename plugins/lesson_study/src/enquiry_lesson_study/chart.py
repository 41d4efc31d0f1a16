"""Who takes part in a lesson study, and the stages it goes through."""

from collections.abc import Collection, Mapping
from uuid import UUID

from enquiry import Builder, Keep, Role
from enquiry.kernel.run import evidence_kept
from enquiry_lesson_study.forms.study import Params
from enquiry_lesson_study.rules.group import MEMBERS_LEAST, MEMBERS_MOST
from enquiry_lesson_study.state import Study

LEAD = Role("lead", "whoever planned the study and looks after it", at_most=1)
MEMBER = Role(
    "member", "members: they plan, approve, teach", at_least=MEMBERS_LEAST, at_most=MEMBERS_MOST
)
CLASS_TEACHER = Role("class-teacher", "the member whose class it is", at_most=1)
ADVISER = Role("knowledgeable-other", "a knowledgeable other: advises, has the last word")
GUEST = Role("guest", "a guest at public lessons")
TEACHER = Role("lesson-teacher", "whoever teaches the research lesson", at_most=1)
OBSERVER = Role("observer", "whoever observes the research lesson")
PRESENT = Role("present", "whoever is in the discussion that was opened last")
MODERATOR = Role("moderator", "whoever moderates that discussion")
RECORDER = Role("recorder", "whoever keeps the agreed notes of that discussion")
INVITED = Role("invited", "somebody who may join", outside=True)
FORMER = Role("former", "somebody who has left", outside=True)

GROUP = (LEAD, MEMBER, ADVISER)
"""Who reads what the group writes."""
EVERYBODY = (*GROUP, GUEST)


def cast(s: Study) -> Mapping[str, tuple[UUID, ...]]:
    """Who holds which role now. Teacher and observers are those of the last lesson."""
    lesson, held = s.lesson, s.discussion
    here = (*s.people, *(() if s.lead is None else (s.lead,)))
    teachers = () if lesson is None or lesson.teacher is None else (lesson.teacher,)
    observers = tuple(lesson.observers) if lesson is not None else ()
    moderators, recorders = _keepers(s)
    return {
        LEAD.name: () if s.lead is None else (s.lead,),
        MEMBER.name: s.members(),
        CLASS_TEACHER.name: _class_teacher(s),
        ADVISER.name: s.advisers(),
        GUEST.name: s.guests(),
        TEACHER.name: _still(teachers, here),
        OBSERVER.name: _still(observers, here),
        PRESENT.name: _still(held.present, here) if held is not None else (),
        MODERATOR.name: moderators,
        RECORDER.name: recorders,
        INVITED.name: tuple(s.invited),
        FORMER.name: s.former,
    }


def _still(people: tuple[UUID, ...], here: Collection[UUID]) -> tuple[UUID, ...]:
    return tuple(person for person in people if person in here)


def _class_teacher(s: Study) -> tuple[UUID, ...]:
    """The member whose class it is; when they have left, any member may see to the pupils."""
    return s.members() if s.class_teacher is None else (s.class_teacher,)


def _keepers(s: Study) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """Moderator and recorder; when one has left, any member may stand in, but the teacher does
    not moderate."""
    held, lesson = s.discussion, s.lesson
    if held is None:
        return (), ()
    members = s.members()
    teacher = lesson.teacher if lesson is not None else None
    may_moderate = tuple(person for person in members if person != teacher)
    moderators = (held.moderator,) if s.is_of_group(held.moderator) else may_moderate
    recorders = (held.recorder,) if s.is_of_group(held.recorder) else members
    return moderators, recorders


def _gone(s: Study) -> Mapping[UUID, int]:
    return s.gone


study = Builder(
    "lesson-study",
    1,
    "Lesson study",
    state=Study,
    roles=(
        LEAD,
        MEMBER,
        CLASS_TEACHER,
        ADVISER,
        GUEST,
        TEACHER,
        OBSERVER,
        PRESENT,
        MODERATOR,
        RECORDER,
        INVITED,
        FORMER,
    ),
    cast=cast,
    source="Research lesson study (Dudley); jugyou kenkyuu",
    options=Params,
    retention=(
        Keep(kind="contribution", what="Observations, plans and the discussion", years=1),
        Keep(kind="register", what="Who the pupils are, and which class it was", terms=1),
        evidence_kept(years=1),
    ),
    gone=_gone,
    moderators=(MODERATOR,),
    acknowledgers=(LEAD, MEMBER),
    group=GROUP,
)

(
    FORMING,
    FOCUS_SET,
    STUDYING,
    PLANNING,
    PLAN_LOCKED,
    TEACHING,
    TAUGHT,
    DISCUSSING,
    DISCUSSED,
    CONSOLIDATING,
    SHARING,
    CLOSED,
    CANCELLED,
) = study.stages(
    "forming",
    "focus_set",
    "studying",
    "planning",
    "plan_locked",
    "teaching",
    "taught",
    "discussing",
    "discussed",
    "consolidating",
    "sharing",
    final=("closed", "cancelled"),
)
