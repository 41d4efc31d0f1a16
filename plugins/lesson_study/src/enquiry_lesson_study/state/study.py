"""A lesson study: its group, its case pupils, its research lessons, what it came to."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from enquiry import Was
from enquiry.kernel.run import CertificateFacts, Run
from enquiry.kernel.run.state import ConsentPurpose
from enquiry_lesson_study.state.lesson import Cell, Lesson
from enquiry_lesson_study.state.pieces import (
    Audience,
    CasePupil,
    Change,
    Contribution,
    Criterion,
    Cycle,
    Discussion,
    Finding,
    Focus,
    Interview,
    Observation,
    Overall,
    Prediction,
    Sharing,
)

TAKING_PART = (ConsentPurpose.PARTICIPATE, ConsentPurpose.BE_OBSERVED)
"""Without these nobody is a case pupil."""
SHARES = {
    Audience.STAFF: ConsentPurpose.SHARE_SCHOOL,
    Audience.ALLIANCE: ConsentPurpose.SHARE_ALLIANCE,
}
"""The consent that an audience needs."""


class Study(Run):
    """The state of one lesson study."""

    formed: bool = False
    class_teacher: UUID | None = None
    focus: Focus | None = None
    findings: Mapping[UUID, Finding] = {}
    chosen: tuple[str, ...] = ()
    """Labels of the case pupils of the lesson to come."""
    described: Mapping[str, CasePupil] = {}
    tells: Mapping[str, tuple[UUID, ...]] = {}
    """Facts that tell of a pupil, by label: they vanish when the pupil is withdrawn."""
    lessons: tuple[Lesson, ...] = ()
    asides: Mapping[UUID, UUID] = {}
    """Forms and deviations, with whose they are."""
    taken_back: tuple[UUID, ...] = ()
    """What its author took back: unlike what a withdrawal took away, it is missed."""
    overall: tuple[Overall, ...] = ()
    cycle: Cycle | None = None
    sharings: tuple[Sharing, ...] = ()

    # Who takes part

    def members(self) -> tuple[UUID, ...]:
        """Everybody who plans, approves and may teach."""
        return self.holders("member")

    def advisers(self) -> tuple[UUID, ...]:
        """Knowledgeable others."""
        return self.holders("knowledgeable-other")

    def guests(self) -> tuple[UUID, ...]:
        """Colleagues who were invited to a public lesson."""
        return self.holders("guest")

    def is_of_group(self, person: UUID) -> bool:
        """Whether somebody reads what the group wrote: everybody who takes part, but guests."""
        return person in (self.lead, *self.members(), *self.advisers())

    def hosts(self) -> tuple[UUID, ...]:
        """Whoever may teach a research lesson: no text names them."""
        return self.members()

    def successor(self) -> UUID | None:
        """Who leads when the lead leaves: a member, or else a knowledgeable other; no guest."""
        others = (*self.members(), *self.advisers())
        return next((person for person in others if person != self.lead), None)

    # Lessons

    @property
    def lesson(self) -> Lesson | None:
        """The research lesson that was planned last."""
        return self.lessons[-1] if self.lessons else None

    @property
    def discussion(self) -> Discussion | None:
        """The discussion that was opened last."""
        held = [one.discussion for one in self.lessons if one.discussion is not None]
        return held[-1] if held else None

    def numbered(self, number: int) -> Lesson | None:
        """The lesson of this number."""
        return self.lessons[number - 1] if 1 <= number <= len(self.lessons) else None

    def with_lesson(self, lesson: Lesson) -> "Study":
        """The study with this lesson in place of the one of its number."""
        before, after = self.lessons[: lesson.number - 1], self.lessons[lesson.number :]
        return self.but(lessons=(*before, lesson, *after))

    def of_lesson(self, **changes: object) -> "Study":
        """Change the last lesson; a study without one stays as it is."""
        return self if self.lesson is None else self.with_lesson(self.lesson.but(**changes))

    def renewed(self, change: Change, was: Was, **changes: object) -> "Study":
        """The last lesson with a new version of its plan, unless that is locked."""
        lesson = self.lesson
        if lesson is None or lesson.locked:
            return self
        return self.with_lesson(lesson.renewed(change, was, **changes))

    def discussed(self) -> tuple[Lesson, ...]:
        """Research lessons whose discussion is closed."""
        return tuple(lesson for lesson in self.lessons if lesson.discussed)

    # Case pupils

    def is_withdrawn(self, pupil: str) -> bool:
        """Whether somebody said that this pupil is not to be observed, or takes no part."""
        return self.pupil_has_withdrawn(pupil, *TAKING_PART)

    def pupils_of(self, lesson: Lesson | None) -> tuple[str, ...]:
        """Case pupils of a lesson who have not been withdrawn, by label."""
        fixed = lesson is not None and lesson.locked
        labels = lesson.pupils if fixed and lesson is not None else self.chosen
        return tuple(label for label in labels if not self.is_withdrawn(label))

    def present_pupils(self, lesson: Lesson) -> tuple[str, ...]:
        """Case pupils of a lesson who were neither withdrawn nor away."""
        return tuple(label for label in self.pupils_of(lesson) if label not in lesson.absent)

    def looked_at(self, number: int) -> frozenset[str]:
        """Case pupils of the lesson of this number who were not withdrawn."""
        return frozenset(self.pupils_of(self.numbered(number)))

    def telling(self, was: Was, *labels: str) -> "Study":
        """The study, remembering that this fact tells of these pupils."""
        more = {label: (*self.tells.get(label, ()), was.id) for label in labels}
        return self.but(tells={**self.tells, **more})

    def predicted(self, lesson: Lesson, cell: Cell) -> Prediction | None:
        """What was predicted for a stage and a pupil, if it is still there."""
        found = lesson.prediction(*cell)
        return found if found is not None and self.stands(found.id) else None

    def criterion(self, lesson: Lesson, pupil: str) -> Criterion | None:
        """The success criterion of a pupil, if it is still there."""
        found = lesson.criterion(pupil)
        return found if found is not None and self.stands(found.id) else None

    # What was seen and said, as far as it is there

    def stands(self, id_: UUID) -> bool:
        """Whether a fact was not taken out of sight."""
        return id_ not in self.gone

    def observations(self, lesson: Lesson) -> tuple[Observation, ...]:
        """Observations of a lesson that are still there."""
        return tuple(one for one in lesson.observations if self.stands(one.id))

    def interviews(self, lesson: Lesson) -> tuple[Interview, ...]:
        """Interviews after a lesson that are still there."""
        return tuple(one for one in lesson.interviews if self.stands(one.id))

    def contributions(self, lesson: Lesson) -> tuple[Contribution, ...]:
        """Contributions to the discussion of a lesson that are still there."""
        said = lesson.discussion.contributions if lesson.discussion is not None else ()
        return tuple(one for one in said if self.stands(one.id))

    def _items(self) -> Iterable[Any]:
        """Everything that somebody wrote, each with ``id`` and ``by``."""
        yield from self.findings.values()
        yield from self.overall
        if self.cycle is not None:
            yield self.cycle
        for lesson in self.lessons:
            yield from lesson.observations
            yield from lesson.interviews
            yield from _said(lesson.discussion)

    # What the common rules ask

    def author_of(self, contribution: UUID) -> UUID | None:
        """Who wrote something that is still there."""
        if not self.stands(contribution):
            return None
        aside = self.asides.get(contribution)
        return aside or next((i.by for i in self._items() if i.id == contribution), None)

    def may_read(self, contribution: UUID, person: UUID) -> bool:
        """The group reads everything; a guest what was said in a discussion that they were in."""
        if self.is_of_group(person):
            return True
        return any(
            person in lesson.discussion.present
            and any(one.id == contribution for one in lesson.discussion.contributions)
            for lesson in self.lessons
            if lesson.discussion is not None
        )

    def lesson_of(self, contribution: UUID) -> Lesson | None:
        """The lesson in which something was seen, asked or said."""
        return next((one for one in self.lessons if contribution in _recorded(one)), None)

    def may_retract(self, contribution: UUID) -> bool:
        """An observation, an interview or a contribution, until its discussion is closed."""
        lesson = self.lesson_of(contribution)
        return lesson is not None and not lesson.discussed

    def retracted(self, contribution: UUID, was: Was) -> "Study":
        """It is as if it had never been recorded: a cell may be a gap now."""
        s = super().retracted(contribution, was)
        s = s.but(taken_back=(*s.taken_back, contribution))
        lesson = s.lesson_of(contribution)
        if lesson is None or lesson.discussion is None:
            return s
        bare = {(one.stage_no, one.pupil) for one in lesson.observations if one.id == contribution}
        bare -= {(one.stage_no, one.pupil) for one in s.observations(lesson)}
        gaps = tuple(dict.fromkeys((*lesson.discussion.gaps, *sorted(bare))))
        return s.with_lesson(lesson.with_discussion(gaps=gaps))

    def added(self, was: Was) -> "Study":
        """A form or a deviation is its author's, like any contribution."""
        return self.but(asides={**self.asides, was.id: was.by})

    def output_revision(self, output: UUID) -> int | None:
        """Evidence rests on what the group agreed: progress, changes, what the study came to."""
        if not self.stands(output):
            return None
        agreed: list[Any] = [*self.overall, *(() if self.cycle is None else (self.cycle,))]
        for lesson in self.lessons:
            if lesson.discussion is not None:
                agreed += (*lesson.discussion.judgements, *lesson.discussion.adjustments)
        return next((one.revision for one in agreed if one.id == output), None)

    def told_by(self, output: UUID) -> str | None:
        """The pupil of whom an output tells, if of one."""
        return next((label for label, ids in self.tells.items() if output in ids), None)

    def certificate(self, person: UUID) -> CertificateFacts | None:
        """Whoever was in the discussions of at least two research lessons of a completed cycle."""
        attended = self.attended(person)
        if self.cycle is None or len(attended) < LESSONS_LEAST:
            return None
        minutes = sum(taken(lesson) for lesson in attended)
        days = sorted({lesson.begun_at.date() for lesson in attended if lesson.begun_at})
        return CertificateFacts(dates=tuple(days), minutes=minutes, criteria=CRITERIA)

    def attended(self, person: UUID) -> tuple[Lesson, ...]:
        """Discussed lessons that somebody taught or observed, or in whose discussion they were."""
        return tuple(
            lesson
            for lesson in self.discussed()
            if lesson.discussion is not None and person in lesson.discussion.present
        )

    # Leaving and withdrawing

    def departed(self, person: UUID, was: Was) -> "Study":
        """Somebody leaves: what they were to do in a lesson that has not begun is free again."""
        s = super().departed(person, was)
        s = s.but(class_teacher=None if self.class_teacher == person else self.class_teacher)
        lesson = s.lesson
        if lesson is None or lesson.begun_at is not None:
            return s
        observers = {p: pupils for p, pupils in lesson.observers.items() if p != person}
        teacher = None if lesson.teacher == person else lesson.teacher
        approvals = {p: version for p, version in lesson.approvals.items() if p != person}
        return s.of_lesson(observers=observers, teacher=teacher, approvals=approvals)

    def without(self, person: UUID, purposes: tuple[ConsentPurpose, ...], was: Was) -> "Study":
        """Somebody who takes part withdraws from it: what they alone wrote vanishes, and they
        leave. What the group agreed, and wrote together, stays."""
        if ConsentPurpose.PARTICIPATE not in purposes:
            return self
        own = tuple(one.id for one in self._items() if one.by == person and _is_personal(one))
        s = self.hide(own, was)
        if person not in s.people and person != s.lead:
            return s
        left = s.departed(person, was)
        return left.but(lead=s.successor()) if left.lead == person else left

    def without_pupil(self, label: str, purposes: tuple[ConsentPurpose, ...], was: Was) -> "Study":
        """A pupil is withdrawn: whatever is about them vanishes. A plan that is not locked gets a
        new version; a locked one stays as it is, without those cells (LS-E16c)."""
        if set(purposes).isdisjoint(TAKING_PART):
            if ConsentPurpose.BE_INTERVIEWED not in purposes:
                return self
            talks = (i for lesson in self.lessons for i in lesson.interviews if label in i.pupils)
            return self.hide(tuple(talk.id for talk in talks), was)
        s = self.hide(self.tells.get(label, ()), was).but(chosen=_less(self.chosen, label))
        for lesson in s.lessons:
            s = s.with_lesson(lesson.but(pupils=_less(lesson.pupils, label)))
        return s.renewed(Change.PUPILS, was) if label in self.chosen else s


LESSONS_LEAST = 2
CRITERIA = (
    "took part in the discussion of at least two research lessons",
    "the cycle was completed",
)
"""What a certificate states."""


def taken(lesson: Lesson) -> int:
    """Minutes that a lesson and its discussion took."""
    spans = [(lesson.begun_at, lesson.ended_at)]
    if lesson.discussion is not None:
        spans.append((lesson.discussion.opened_at, lesson.discussion.closed_at))
    return sum(int((end - start).total_seconds() // 60) for start, end in spans if start and end)


def _recorded(lesson: Lesson) -> frozenset[UUID]:
    """What was seen, asked and said, there or not."""
    said = lesson.discussion.contributions if lesson.discussion is not None else ()
    return frozenset(one.id for one in (*lesson.observations, *lesson.interviews, *said))


def _said(discussion: Discussion | None) -> Iterable[Any]:
    if discussion is None:
        return ()
    comment = () if discussion.comment is None else (discussion.comment,)
    agreed = (*discussion.judgements, *discussion.adjustments)
    return (*discussion.contributions, *agreed, *comment)


def _less(labels: tuple[str, ...], label: str) -> tuple[str, ...]:
    return tuple(one for one in labels if one != label)


def _is_personal(item: Any) -> bool:
    """Whether somebody wrote it for themselves, and not for the group."""
    return not hasattr(item, "revision")
