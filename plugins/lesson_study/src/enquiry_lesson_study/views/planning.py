"""The group and what it looks into; the plans of its lessons, with how they came about."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry import STAFF, Look
from enquiry_lesson_study.forms.study import PROTOCOL, PROTOCOL_VERSION, Params
from enquiry_lesson_study.state import Lesson, Study
from enquiry_lesson_study.state.pieces import LessonStage


class MemberShown(Struct, frozen=True):
    """Somebody who takes part."""

    person: UUID
    roles: tuple[str, ...]
    adopted: bool


class CasePupilShown(Struct, frozen=True):
    """A case pupil, by label; who it is stands in the register alone."""

    label: str
    learner_group: str | None
    why_chosen: str | None


class FindingShown(Struct, frozen=True):
    """What the group found out."""

    source: str
    summary: str
    implication: str
    by: UUID | None = None


class Group(Struct, frozen=True):
    """Who takes part, what they look into and have found out, and at whom they look."""

    members: tuple[MemberShown, ...]
    invited: tuple[UUID, ...]
    class_teacher: UUID | None
    protocol_version: int
    protocol: tuple[str, ...]
    params: Params
    need: str | None
    statement: str | None
    data: tuple[str, ...]
    findings: tuple[FindingShown, ...]
    case_pupils: tuple[CasePupilShown, ...]


def group(s: Study, look: Look) -> Group:
    """The group and its focus."""
    focus = s.focus
    return Group(
        members=tuple(
            MemberShown(person, roles, person in s.adopted) for person, roles in s.people.items()
        ),
        invited=tuple(s.invited),
        class_teacher=s.class_teacher,
        protocol_version=PROTOCOL_VERSION,
        protocol=PROTOCOL,
        params=look.options if isinstance(look.options, Params) else Params(),
        need=focus.need or None if focus is not None else None,
        statement=focus.statement if focus is not None else None,
        data=focus.data if focus is not None else (),
        findings=tuple(
            FindingShown(one.source, one.summary, one.implication, one.by)
            for one in s.findings.values()
            if s.stands(one.id)
        ),
        case_pupils=tuple(_pupil(s, label) for label in s.pupils_of(None)),
    )


def _pupil(s: Study, label: str) -> CasePupilShown:
    known = s.described.get(label)
    if known is None or not s.stands(known.id):
        return CasePupilShown(label, None, None)
    return CasePupilShown(label, known.learner_group, known.why_chosen)


class PredictionShown(Struct, frozen=True):
    """What is expected of a case pupil at a stage."""

    stage_no: int
    pupil: str
    text: str
    expected_evidence: str | None


class CriterionShown(Struct, frozen=True):
    """By what the group will know that a case pupil has learned."""

    pupil: str
    text: str


class VersionShown(Struct, frozen=True):
    """A version of a plan: what changed, when, and how long each stage was to take."""

    number: int
    change: str
    at: datetime
    minutes: tuple[int, ...]
    stages: tuple[LessonStage, ...]
    """Only where the text of the plan changed."""


class PlanShown(Struct, frozen=True):
    """The plan of a research lesson."""

    lesson_no: int
    version: int
    locked: bool
    carried_forward: str | None
    subject: str | None
    class_name: str | None
    starts_at: datetime | None
    objective: str | None
    technique: str | None
    stages: tuple[LessonStage, ...]
    success_criteria: tuple[str, ...]
    case_pupils: tuple[str, ...]
    absent: tuple[str, ...]
    criteria: tuple[CriterionShown, ...]
    predictions: tuple[PredictionShown, ...]
    missing: tuple[tuple[int, str], ...]
    """Cells (stage, pupil) for which nothing is predicted yet."""
    approved_by: tuple[UUID, ...]
    teacher: UUID | None
    observers: tuple[tuple[UUID, tuple[str, ...]], ...]
    history: tuple[VersionShown, ...]


class StageAcross(Struct, frozen=True):
    """The same stage in one lesson after the other; ``None`` where a lesson has no such stage."""

    stage_no: int
    lessons: tuple[LessonStage | None, ...]
    changed: bool
    """Its length changed, or it is not in every lesson. Compare the words yourselves."""


class Plans(Struct, frozen=True):
    """The plans of all research lessons, and how they differ."""

    lessons: tuple[PlanShown, ...]
    differences: tuple[StageAcross, ...]


def plans(s: Study, look: Look) -> Plans:
    """Lesson plans; the class only for the school's own staff."""
    at_school = STAFF.name in look.viewer.circles
    return Plans(
        lessons=tuple(plan(s, lesson, at_school=at_school) for lesson in s.lessons),
        differences=differences(s.lessons),
    )


def plan(s: Study, lesson: Lesson, *, at_school: bool) -> PlanShown:
    """The plan of one lesson."""
    draft, pupils = lesson.draft, s.pupils_of(lesson)
    approved = (p for p, v in lesson.approvals.items() if v == lesson.version)
    return PlanShown(
        lesson_no=lesson.number,
        version=lesson.version,
        locked=lesson.locked,
        carried_forward=lesson.carried_forward,
        subject=draft.subject if draft else None,
        class_name=draft.class_name if draft and at_school else None,
        starts_at=draft.starts_at if draft else None,
        objective=draft.objective if draft else None,
        technique=draft.technique if draft else None,
        stages=draft.stages if draft else (),
        success_criteria=draft.success_criteria if draft else (),
        case_pupils=pupils,
        absent=tuple(one for one in lesson.absent if one in pupils),
        criteria=tuple(
            CriterionShown(one, known.text)
            for one in pupils
            if (known := s.criterion(lesson, one)) is not None
        ),
        predictions=predictions(s, lesson),
        missing=tuple(c for c in lesson.cells(pupils) if s.predicted(lesson, c) is None),
        approved_by=tuple(approved),
        teacher=lesson.teacher,
        observers=tuple(
            (person, tuple(one for one in labels if one in pupils))
            for person, labels in lesson.observers.items()
        ),
        history=_history(lesson),
    )


def predictions(s: Study, lesson: Lesson) -> tuple[PredictionShown, ...]:
    """What is predicted, stage by stage, of those who were not withdrawn."""
    found = (s.predicted(lesson, cell) for cell in lesson.cells(s.pupils_of(lesson)))
    return tuple(
        PredictionShown(one.stage_no, one.pupil, one.text, one.expected_evidence)
        for one in found
        if one is not None
    )


def _history(lesson: Lesson) -> tuple[VersionShown, ...]:
    return tuple(
        VersionShown(
            number=one.number,
            change=str(one.change),
            at=one.at,
            minutes=tuple(stage.minutes for stage in one.draft.stages),
            stages=one.draft.stages if one.id == one.draft.id else (),
        )
        for one in lesson.history
    )


def differences(lessons: tuple[Lesson, ...]) -> tuple[StageAcross, ...]:
    """Stages of all plans, side by side."""
    every = [lesson.draft.stages if lesson.draft is not None else () for lesson in lessons]
    longest = max((len(stages) for stages in every), default=0)
    rows: list[StageAcross] = []
    for n in range(longest):
        row: Any = tuple(stages[n] if n < len(stages) else None for stages in every)
        lengths = {stage.minutes if stage is not None else None for stage in row}
        rows.append(StageAcross(n + 1, row, changed=len(lengths) > 1))
    return tuple(rows)
