"""The shareable study: what leaves the group, under labels, as far as consent holds."""

from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct

from enquiry import COORDINATOR, LEADERS, MEMBER, STAFF, Look, Viewer
from enquiry.kernel.run.state import ConsentPurpose
from enquiry_lesson_study.state import Lesson, Study
from enquiry_lesson_study.state.pieces import (
    Artefact,
    Audience,
    Interview,
    LessonStage,
    Observation,
)
from enquiry_lesson_study.state.study import SHARES
from enquiry_lesson_study.views.discussed import (
    JudgementShown,
    OverallShown,
    TechniqueRow,
    judged,
    judgements,
    overall,
    technique_rows,
)
from enquiry_lesson_study.views.planning import FindingShown
from enquiry_lesson_study.views.seen import QuoteShown

STAFFROOM = (STAFF, LEADERS, COORDINATOR)
READERS = {Audience.STAFF: STAFFROOM, Audience.ALLIANCE: (MEMBER,)}
"""Circles that make up an audience."""


def audiences(s: Study, viewer: Viewer) -> tuple[Audience, ...]:
    """Audiences to which this viewer belongs and with which something was shared."""
    shared = {sharing.audience for sharing in s.sharings}
    return tuple(
        audience
        for audience, circles in READERS.items()
        if audience in shared and any(circle.name in viewer.circles for circle in circles)
    )


def has_study(s: Study, viewer: Viewer) -> bool:
    """Something was shared with an audience to which the viewer belongs."""
    return s.is_of_group(viewer.person) or bool(audiences(s, viewer))


def artefacts(s: Study, audience: Audience) -> frozenset[Artefact]:
    """Everything that was shared with an audience."""
    return frozenset(
        artefact
        for sharing in s.sharings
        if sharing.audience is audience
        for artefact in sharing.artefacts
    )


def quoted(s: Study, audience: Audience) -> frozenset[str]:
    """Pupils whose literal words this audience may read, unless that was taken back since."""
    wanted = (ConsentPurpose.QUOTE_VERBATIM,)
    return frozenset(
        label
        for sharing in s.sharings
        if sharing.audience is audience and Artefact.QUOTES in sharing.artefacts
        for label in sharing.quotes_of
        if told_of(s, label, audience, *wanted)
    )


def told_of(s: Study, label: str, audience: Audience, *purposes: ConsentPurpose) -> bool:
    """Whether nothing speaks against this audience's reading of a pupil."""
    return not s.is_withdrawn(label) and not s.pupil_has_withdrawn(
        label, SHARES[audience], *purposes
    )


def released(s: Study, audience: Audience) -> frozenset[UUID]:
    """Ids of the facts that an audience may read."""
    shared = artefacts(s, audience)
    found: set[UUID] = set()
    if shared and s.focus is not None:
        found.add(s.focus.id)
    if Artefact.FINDINGS in shared:
        found |= set(s.findings)
    if Artefact.PROGRESS in shared:
        rows = (one for one in s.overall if one.pupil is None or told_of(s, one.pupil, audience))
        found |= {one.id for one in rows}
    if Artefact.TECHNIQUE in shared and s.cycle is not None:
        found.add(s.cycle.id)
    for lesson in s.discussed():
        found |= set(_of_lesson(s, lesson, audience, shared))
    return frozenset(id_ for id_ in found if s.stands(id_))


def _of_lesson(
    s: Study, lesson: Lesson, audience: Audience, shared: frozenset[Artefact]
) -> Iterable[UUID]:
    if Artefact.PLANS in shared:
        if lesson.draft is not None:
            yield lesson.draft.id
        if lesson.planned_by is not None:
            yield lesson.planned_by
    if Artefact.MATRIX in shared:
        yield from (p.id for p in lesson.predictions if told_of(s, p.pupil, audience))
    yield from (one.id for one in shown_observations(s, lesson, audience))
    yield from (one.id for one in shown_interviews(s, lesson, audience))
    held = lesson.discussion
    if held is not None and Artefact.PROGRESS in shared:
        yield from (one.id for one in held.judgements if told_of(s, one.pupil, audience))
    if held is not None and Artefact.TECHNIQUE in shared:
        yield from (one.id for one in held.adjustments)


def shown_observations(s: Study, lesson: Lesson, audience: Audience) -> tuple[Observation, ...]:
    """Observations for an audience; literal words only of those who may be quoted."""
    shared, may_quote = artefacts(s, audience), quoted(s, audience)
    return tuple(
        one
        for one in s.observations(lesson)
        if told_of(s, one.pupil, audience)
        and (one.pupil in may_quote if one.verbatim else Artefact.OBSERVATIONS in shared)
    )


def shown_interviews(s: Study, lesson: Lesson, audience: Audience) -> tuple[Interview, ...]:
    """Interviews for an audience: of pupils who may all be quoted."""
    may_quote = quoted(s, audience)
    return tuple(one for one in s.interviews(lesson) if set(one.pupils) <= may_quote)


class SharedCell(Struct, frozen=True):
    """A stage and a case pupil: what was predicted, and whether it came true."""

    stage_no: int
    pupil: str
    predicted: str | None
    matches: tuple[str, ...]


class SharedObservation(Struct, frozen=True):
    """What was seen, without who saw it."""

    stage_no: int
    pupil: str
    text: str
    evidence_kind: str
    verbatim: bool


class SharedLesson(Struct, frozen=True):
    """What an audience sees of a research lesson."""

    lesson_no: int
    carried_forward: str | None
    objective: str | None
    technique: str | None
    stages: tuple[LessonStage, ...]
    matrix: tuple[SharedCell, ...]
    observations: tuple[SharedObservation, ...]
    quotes: tuple[QuoteShown, ...]
    progress: tuple[JudgementShown, ...]


class StudyShown(Struct, frozen=True):
    """A lesson study for others: labels, no names, no dates, nobody's authorship."""

    statement: str | None
    findings: tuple[FindingShown, ...]
    lessons: tuple[SharedLesson, ...]
    changes: tuple[TechniqueRow, ...]
    technique: str | None
    what_we_learned: str | None
    open_questions: tuple[str, ...]
    overall: tuple[OverallShown, ...]
    shared: tuple[tuple[Audience, tuple[Artefact, ...]], ...]


def study(s: Study, look: Look) -> StudyShown | None:
    """What was shared with the viewer's audiences; for the group, with any."""
    of_group = s.is_of_group(look.viewer.person)
    mine = tuple(READERS) if of_group else audiences(s, look.viewer)
    ids = frozenset[UUID]().union(*(released(s, audience) for audience in mine))
    shared = frozenset[Artefact]().union(*(artefacts(s, audience) for audience in mine))
    cycle = s.cycle if s.cycle is not None and s.cycle.id in ids else None
    findings = (one for one in s.findings.values() if one.id in ids)
    rows = {one.id for one in s.overall if one.id in ids}
    return StudyShown(
        statement=s.focus.statement if s.focus is not None and s.focus.id in ids else None,
        findings=tuple(FindingShown(f.source, f.summary, f.implication) for f in findings),
        lessons=tuple(_lesson(s, one, ids) for one in s.discussed()) if shared else (),
        changes=technique_rows(s) if Artefact.TECHNIQUE in shared else (),
        technique=cycle.technique if cycle else None,
        what_we_learned=cycle.what_we_learned if cycle else None,
        open_questions=cycle.open_questions if cycle else (),
        overall=tuple(
            shown
            for one, shown in zip((o for o in s.overall if s.stands(o.id)), overall(s), strict=True)
            if one.id in rows
        ),
        shared=tuple(
            (sharing.audience, sharing.artefacts)
            for sharing in s.sharings
            if sharing.audience in mine
        ),
    )


def _lesson(s: Study, lesson: Lesson, ids: frozenset[UUID]) -> SharedLesson:
    draft = lesson.draft if lesson.draft is not None and lesson.draft.id in ids else None
    seen = tuple(one for one in s.observations(lesson) if one.id in ids)
    heard = (quote for one in s.interviews(lesson) if one.id in ids for quote in one.quotes)
    held = lesson.discussion
    return SharedLesson(
        lesson_no=lesson.number,
        carried_forward=lesson.carried_forward if lesson.planned_by in ids else None,
        objective=draft.objective if draft else None,
        technique=draft.technique if draft else None,
        stages=draft.stages if draft else (),
        matrix=_matrix(s, lesson, ids),
        observations=tuple(
            SharedObservation(o.stage_no, o.pupil, o.text, str(o.evidence_kind), o.verbatim)
            for o in seen
        ),
        quotes=tuple(QuoteShown(quote.pupil, quote.text) for quote in heard),
        progress=tuple(judged(lesson, one) for one in judgements(s, held) if one.id in ids)
        if held is not None
        else (),
    )


def _matrix(s: Study, lesson: Lesson, ids: frozenset[UUID]) -> tuple[SharedCell, ...]:
    cells: list[SharedCell] = []
    for stage, pupil in lesson.cells(s.pupils_of(lesson)):
        known = s.predicted(lesson, (stage, pupil))
        if known is not None and known.id in ids:
            seen = (o for o in s.observations(lesson) if (o.stage_no, o.pupil) == (stage, pupil))
            cells.append(SharedCell(stage, pupil, known.text, tuple(str(o.match) for o in seen)))
    return tuple(cells)
