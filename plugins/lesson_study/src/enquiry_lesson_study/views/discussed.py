"""What was said and agreed: discussions, progress, what was changed and what came of it."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from enquiry import Look
from enquiry.kernel import around
from enquiry_lesson_study.state import Lesson, Study
from enquiry_lesson_study.state.pieces import Adjustment, Contribution, Discussion, Judgement
from enquiry_lesson_study.state.study import CRITERIA, LESSONS_LEAST, taken
from enquiry_lesson_study.views.seen import counted


class ContributionShown(Struct, frozen=True):
    """What somebody said."""

    id: UUID
    section: str
    pupil: str | None
    observations: tuple[UUID, ...]
    interviews: tuple[UUID, ...]
    text: str
    by: UUID
    supported: bool
    """``False``: all that it started from was taken back or withdrawn."""


class JudgementShown(Struct, frozen=True):
    """What the group says of a case pupil's progress in a lesson."""

    lesson_no: int
    pupil: str
    progress_made: str
    was_it_enough: str
    evidence: str


class ChangeShown(Struct, frozen=True):
    """What the group will do otherwise."""

    aspect_of_technique: str
    adjustment: str
    because: str


class DiscussionShown(Struct, frozen=True):
    """The agreed record of a discussion."""

    lesson_no: int
    moderator: UUID
    recorder: UUID
    present: tuple[UUID, ...]
    section: str
    closed: bool
    contributions: tuple[ContributionShown, ...]
    progress: tuple[JudgementShown, ...]
    changes: tuple[ChangeShown, ...]
    final_comment: str | None


class Discussions(Struct, frozen=True):
    """Discussions in which the viewer was, or all of them for the group."""

    discussions: tuple[DiscussionShown, ...]


def discussions(s: Study, look: Look) -> Discussions:
    """The record; a guest sees what was said where they were."""
    me = look.viewer.person
    of_group = s.is_of_group(me)
    return Discussions(
        tuple(
            _discussion(s, lesson, lesson.discussion, me, of_group=of_group)
            for lesson in s.lessons
            if lesson.discussion is not None and (of_group or me in lesson.discussion.present)
        )
    )


def _discussion(
    s: Study, lesson: Lesson, held: Discussion, me: UUID, *, of_group: bool
) -> DiscussionShown:
    comment = held.comment if held.comment is not None and s.stands(held.comment.id) else None
    own = {one.id for one in (*lesson.observations, *lesson.interviews) if one.by == me}
    readable = {one.id for one in (*s.observations(lesson), *s.interviews(lesson))}
    cited = readable if of_group else readable & own
    return DiscussionShown(
        lesson_no=lesson.number,
        moderator=held.moderator,
        recorder=held.recorder,
        present=held.present,
        section=str(held.section),
        closed=held.closed_at is not None,
        contributions=tuple(
            ContributionShown(
                id=one.id,
                section=str(one.section),
                pupil=one.pupil,
                observations=tuple(id_ for id_ in one.observations if id_ in cited),
                interviews=tuple(id_ for id_ in one.interviews if id_ in cited),
                text=one.text,
                by=one.by,
                supported=_supported(one, readable),
            )
            for one in s.contributions(lesson)
        ),
        progress=tuple(judged(lesson, one) for one in judgements(s, held)),
        changes=tuple(map(changed, held.adjustments)),
        final_comment=comment.text if comment is not None else None,
    )


def _supported(said: Contribution, left: set[UUID]) -> bool:
    cited = {*said.observations, *said.interviews}
    return not cited or not cited.isdisjoint(left)


def judgements(s: Study, held: Discussion) -> tuple[Judgement, ...]:
    """Judgements that are still there."""
    return tuple(one for one in held.judgements if s.stands(one.id))


def judged(lesson: Lesson, one: Judgement) -> JudgementShown:
    """A judgement of a lesson."""
    return JudgementShown(
        lesson.number, one.pupil, one.progress_made, str(one.was_it_enough), one.evidence
    )


def changed(one: Adjustment) -> ChangeShown:
    """A change for the next lesson."""
    return ChangeShown(one.aspect, one.adjustment, one.because)


class OverallShown(Struct, frozen=True):
    """Progress over the whole cycle."""

    pupil: str | None
    learner_group: str | None
    text: str


class Progress(Struct, frozen=True):
    """Progress of each case pupil, lesson by lesson and over all."""

    judgements: tuple[JudgementShown, ...]
    overall: tuple[OverallShown, ...]


def progress(s: Study, look: Look) -> Progress:
    """Progress, for the group."""
    del look
    rows = [
        judged(lesson, one)
        for lesson in s.lessons
        if lesson.discussion is not None
        for one in judgements(s, lesson.discussion)
    ]
    rows.sort(key=lambda row: (row.pupil, row.lesson_no))
    return Progress(judgements=tuple(rows), overall=overall(s))


def overall(s: Study) -> tuple[OverallShown, ...]:
    """Progress over the cycle, of those who were not withdrawn."""
    return tuple(
        OverallShown(one.pupil, one.learner_group, one.text)
        for one in s.overall
        if s.stands(one.id)
    )


class TechniqueRow(Struct, frozen=True):
    """A change, why it was made, and how far predictions came true before and after it."""

    lesson_no: int
    change: ChangeShown
    before: tuple[int, int]
    """(observations as predicted, observations) in the lesson from which it came."""
    after: tuple[int, int] | None
    """The same in the lesson that followed, once it was held."""


class TechniqueLog(Struct, frozen=True):
    """What was changed from lesson to lesson, and what came of it."""

    rows: tuple[TechniqueRow, ...]
    technique: str | None
    """What it came to, once the cycle is complete."""


def technique(s: Study, look: Look) -> TechniqueLog:
    """The technique log, for the group."""
    del look
    return TechniqueLog(technique_rows(s), s.cycle.technique if s.cycle is not None else None)


def technique_rows(s: Study) -> tuple[TechniqueRow, ...]:
    """Every change, with how often what was seen was as predicted, before and after it."""
    rows: list[TechniqueRow] = []
    for lesson in s.lessons:
        following = s.numbered(lesson.number + 1)
        held = following is not None and following.ended_at is not None
        after = counted(s, following) if held and following is not None else None
        if lesson.discussion is not None:
            rows += (
                TechniqueRow(lesson.number, changed(one), counted(s, lesson), after)
                for one in lesson.discussion.adjustments
            )
    return tuple(rows)


class WarningShown(Struct, frozen=True):
    """A remark that stands."""

    code: str
    about: str
    acknowledged: bool


class Fidelity(Struct, frozen=True):
    """How closely the protocol was followed: for the group's own learning only."""

    deviations: tuple[str, ...]
    """The rules that were not followed."""
    warnings: tuple[WarningShown, ...]
    lessons: tuple[tuple[int, int, int], ...]
    """(number of the lesson, cells, cells in which something was seen)."""


def fidelity(s: Study, look: Look) -> Fidelity:
    """Deviations, and the remarks that the viewer may see."""
    return Fidelity(
        deviations=tuple(s.deviations.values()),
        warnings=tuple(
            WarningShown(one.code, one.about, acknowledged=one.state == "acknowledged")
            for one in look.warnings
        ),
        lessons=tuple(_coverage(s, lesson) for lesson in s.lessons if lesson.locked),
    )


def _coverage(s: Study, lesson: Lesson) -> tuple[int, int, int]:
    cells = lesson.cells(s.present_pupils(lesson))
    seen = {(one.stage_no, one.pupil) for one in s.observations(lesson)}
    return lesson.number, len(cells), sum(1 for cell in cells if cell in seen)


class LessonHeld(Struct, frozen=True):
    """That a research lesson was held."""

    lesson_no: int
    day: date
    discussed: bool


class LessonsHeld(Struct, frozen=True):
    """What a coordinator sees: that lessons were held, and nothing of what was seen or said."""

    lessons: tuple[LessonHeld, ...]
    complete: bool


def lessons_held(s: Study, look: Look) -> LessonsHeld:
    """Lessons held, with dates; no content, nobody's name."""
    return LessonsHeld(
        lessons=tuple(
            LessonHeld(
                lesson.number, around.local_date(look, s.school, lesson.ended_at), lesson.discussed
            )
            for lesson in s.lessons
            if lesson.ended_at is not None
        ),
        complete=s.cycle is not None,
    )


class Criterion(Struct, frozen=True):
    """What a certificate states, and whether it holds."""

    says: str
    met: bool


class CertificateData(Struct, frozen=True):
    """What one's certificate would state: participation, never its quality."""

    dates: tuple[date, ...]
    minutes: int
    criteria: tuple[Criterion, ...]
    issued: bool


def certificate(s: Study, look: Look) -> CertificateData:
    """Data of my own certificate."""
    me = look.viewer.person
    attended = s.attended(me)
    met = (len(attended) >= LESSONS_LEAST, s.cycle is not None)
    return CertificateData(
        dates=tuple(sorted({one.begun_at.date() for one in attended if one.begun_at})),
        minutes=sum(taken(lesson) for lesson in attended),
        criteria=tuple(Criterion(says, holds) for says, holds in zip(CRITERIA, met, strict=True)),
        issued=me in s.certified,
    )
